import { expect, test } from 'vitest'
import { amountMinor, quantity6, rate6 } from '../../kernel/amount.ts'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { keyId } from '../../kernel/hash.ts'
import { lostValue } from '../../kernel/kernel-tables.ts'
import { TestWorld } from '../../testing/two-sides.ts'
import { createItem } from './create-item.ts'
import { createParty } from './create-party.ts'
import { editItem } from './edit-item.ts'
import { editParty } from './edit-party.ts'
import { importParty } from './import-party.ts'
import { barcode, factorOf, item, unit } from './item.ts'
import { mergeParties } from './merge-parties.ts'
import { mastersModule } from './module.ts'
import { company } from './organisation.ts'
import { party } from './party.ts'
import { price } from './price.ts'
import { saveBarcode } from './save-barcode.ts'
import { saveCompany } from './save-company.ts'
import { savePriceList } from './save-price-list.ts'
import { saveTaxCode } from './save-tax-code.ts'
import { saveUnit } from './save-unit.ts'
import { setCreditLimit } from './set-credit-limit.ts'
import { setPrice } from './set-price.ts'
import { setUser } from './set-user.ts'

const catalogue = catalogueOf([mastersModule])
const sealant = {
  code: 'Seal-1',
  name: 'Sealant',
  group: 'sealants',
  stockUnit: 'tube',
  taxCode: 'STD',
  units: [{ unit: 'box', num: 12, den: 1 }],
}
const itemId = keyId('t1', 'masters.item', ['SEAL-1'])

function aWorld() {
  const world = new TestWorld(catalogue)
  const office = world.device({ dev: 'OFFI', user: 'sam', company: keyId('t1', 'masters.company', ['BW']) })
  office.do(saveCompany, {
    code: 'BW',
    name: 'Brightwater',
    currency: 'GBP',
    minorDigits: 2,
    country: 'GB',
    tz: 'Europe/London',
  })
  for (const code of ['tube', 'box']) office.do(saveUnit, { code, name: code })
  office.do(saveTaxCode, { code: 'STD', name: 'Standard', treatment: 'standard' })
  office.do(createItem, sealant)
  world.settle()
  return { world, office }
}

test('the same item again changes nothing; another spelling of its code is the same item', () => {
  const { office } = aWorld()
  expect([...office.run(createItem, sealant).effects]).toEqual([])
  const run = office.run(createItem, { ...sealant, code: 'SEAL-1', name: 'Sealant clear' })
  expect([...run.effects].map((op) => [op.id, op.patch])).toEqual([[itemId, { code: 'SEAL-1', name: 'Sealant clear' }]])
})

test('two devices that make the same item offline make one row', () => {
  const { world } = aWorld()
  const a = world.device({ dev: 'AAAA' })
  const b = world.device({ dev: 'BBBB' })
  a.do(createItem, { ...sealant, code: 'NEW', name: 'New' })
  b.do(createItem, { ...sealant, code: 'new', name: 'New' })
  world.settle()
  expect(world.rows(item).filter((row) => row.codeKey === 'NEW')).toHaveLength(1)
})

test.each([
  ['an unknown unit', { stockUnit: 'crate' }, 'masters.unknown-unit'],
  ['a unit of no size', { units: [{ unit: 'box', num: 0, den: 1 }] }, 'masters.unit-factor-invalid'],
  ['a unit twice', { units: [...sealant.units, ...sealant.units] }, 'masters.unit-twice'],
  ['an unknown tax code', { taxCode: 'NIL' }, 'masters.unknown-tax-code'],
  ['decimals out of range', { decimals: 7 }, 'masters.decimals-out-of-range'],
  ['a floor below zero', { floorRate: rate6(-1) }, 'masters.below-zero'],
  ['another stock unit', { code: 'SEAL-1', stockUnit: 'box' }, 'masters.stock-unit-frozen'],
])('an item with %s is refused', (_, more, code) => {
  const { office } = aWorld()
  expect(office.run(createItem, { ...sealant, code: 'X', ...more }).refusal?.code).toBe(code)
})

test('two people who edit different fields of an item both have their way; a clash keeps the loser', () => {
  const { world } = aWorld()
  const a = world.device({ dev: 'AAAA' })
  const b = world.device({ dev: 'BBBB' })
  a.do(editItem, { item: itemId, name: 'Sealant white' })
  b.do(editItem, { item: itemId, group: 'adhesives', name: 'Sealant clear' })
  world.settle([b, a])
  expect(world.rows(item)[0]).toMatchObject({ name: 'Sealant white', group: 'adhesives' })
  expect(world.rows(lostValue)).toMatchObject([{ field: 'name', lost: 'Sealant clear' }])
})

test('a barcode is one thing, whatever its spelling', () => {
  const { world, office } = aWorld()
  office.do(saveBarcode, { value: '4006381333931', item: itemId })
  expect([...office.run(saveBarcode, { value: '04006381333931', item: itemId }).effects]).toEqual([])
  office.do(saveBarcode, { value: '4006381333931', item: itemId, unit: 'box' })
  world.settle()
  expect(world.rows(barcode)).toMatchObject([{ value: '04006381333931', unit: 'box' }])
  expect(office.run(saveBarcode, { value: 'A', item: itemId, unit: 'pallet' }).refusal?.code).toBe(
    'masters.unknown-unit',
  )
})

test('the factor of a unit', () => {
  const { world } = aWorld()
  const factors = world.rows(item).flatMap((row) => ['tube', 'box', 'pallet'].map((unit) => factorOf(row, unit)))
  expect(factors).toEqual([{ num: 1, den: 1 }, { num: 12, den: 1 }, null])
})

test('a price takes currency and tax from its list, and the same price again changes nothing', () => {
  const { world, office } = aWorld()
  office.do(savePriceList, { code: 'retail', name: 'Retail', currency: 'GBP', isTaxIncluded: true })
  const list = keyId('t1', 'masters.priceList', ['retail'])
  const given = { scope: 'list', scopeId: list, item: itemId, rate: rate6(5_990_000) } as const
  office.do(setPrice, given)
  expect([...office.run(setPrice, given).effects]).toEqual([])
  office.do(setPrice, { ...given, rate: rate6(4_990_000), minQuantity: quantity6(12_000_000) })
  world.settle()
  expect(world.rows(price).map((row) => [row.currency, row.isTaxIncluded, row.unit, row.rate])).toEqual([
    ['GBP', true, 'tube', 5_990_000],
    ['GBP', true, 'tube', 4_990_000],
  ])
  expect(office.run(setPrice, { ...given, currency: 'EUR' }).refusal?.code).toBe('masters.price-currency-differs')
  expect(office.run(setPrice, { ...given, rate: rate6(-1) }).refusal?.code).toBe('masters.price-negative')
  expect(office.run(setPrice, { scope: 'list', item: itemId, rate: rate6(1) }).refusal?.code).toBe(
    'masters.price-scope-malformed',
  )
  expect(
    office.run(savePriceList, { code: 'retail', name: 'Retail', currency: 'GBP', isTaxIncluded: false }).refusal?.code,
  ).toBe('masters.price-list-frozen')
})

test('a new party stands on cash terms, and its likeness to another is said', () => {
  const { world, office } = aWorld()
  const marta = world.device({ dev: 'MART', user: 'marta' })
  const cafe = { name: 'Harbour Café', roles: ['customer'], territory: 'whitby', phone: '01947 600100' }
  marta.do(createParty, cafe)
  office.do(createParty, { ...cafe, name: 'The Harbour Cafe' })
  const [first, second] = world.settle()
  expect([first?.outcome, second?.outcome]).toEqual(['accepted', 'accepted'])
  expect(world.exceptions.map((raised) => raised.code)).toEqual(['POSSIBLE_DUPLICATE'])
  expect(world.rows(party)).toMatchObject([{ creditLimitMinor: null, termsDays: 0 }, { creditLimitMinor: null }])
})

test('duplicates become one: late edits go to the keeper', () => {
  const { world, office } = aWorld()
  const keep = office.do(createParty, { name: 'A', roles: ['customer'], territory: 'leeds', tags: ['trade'] }, party)
  const drop = office.do(
    createParty,
    { name: 'B', roles: ['supplier'], territory: 'leeds', phone: '1', tags: ['north'] },
    party,
  )
  world.settle()
  const marta = world.device({ dev: 'MART' })
  marta.do(editParty, { party: drop, email: 'b@example.com' })
  office.do(mergeParties, { keep, drop })
  world.settle([office, marta])
  const rows = new Map(world.rows(party).map((row) => [row.id, row]))
  expect(rows.get(keep)).toMatchObject({
    roles: ['customer', 'supplier'],
    tags: ['trade', 'north'],
    phone: '1',
    email: 'b@example.com',
  })
  expect(rows.get(drop)).toMatchObject({ mergedInto: keep, isDisabled: true, email: null })
  expect(office.run(mergeParties, { keep, drop }).refusal?.code).toBe('masters.already-merged')
})

test('an imported party twice is one party; its limit changes by request only', () => {
  const { world, office } = aWorld()
  const row = {
    code: 'C-100',
    name: 'Dale Plumbing',
    roles: ['customer'],
    territory: 'leeds',
    creditLimitMinor: amountMinor(500_000),
    termsDays: 30,
  }
  office.do(importParty, row)
  expect([...office.run(importParty, row).effects]).toEqual([])
  const id = keyId('t1', 'masters.party', ['C-100'])
  office.do(setCreditLimit, { party: id, creditLimitMinor: null })
  world.settle()
  expect(world.rows(party)).toMatchObject([{ creditLimitMinor: null, termsDays: 30 }])
  expect(office.run(setCreditLimit, { party: 'nobody', creditLimitMinor: null }).refusal?.code).toBe(
    'masters.unknown-party',
  )
})

test('nobody gets a role that does not exist, and nothing without the right to it', () => {
  const { world, office } = aWorld()
  const given = { signInName: 'priya', name: 'Priya', roles: ['cashier'], branch: 'nowhere' }
  expect(office.run(setUser, given).refusal?.code).toBe('masters.unknown-branch')
  const till = world.device({ dev: 'TILL', permissions: ['pos.*'] })
  expect(till.run(setUser, given).refusal?.code).toBe('kernel.not-permitted')
  expect(world.rows(company)).toHaveLength(1)
})

function twoOffices() {
  const { world, office: a } = aWorld()
  world.settle()
  return { world, a, b: world.device({ dev: 'OFF2', user: 'ray' }) }
}

test('[MRG4] a form sent whole undoes nothing that it left alone', () => {
  const { world, a, b } = twoOffices()
  a.do(saveUnit, { code: 'pallet', name: 'Pallet', decimals: 0 })
  world.settle()
  a.do(saveUnit, { code: 'pallet', name: 'Euro pallet', decimals: 0 })
  b.do(saveUnit, { code: 'pallet', name: 'Pallet', decimals: 1 })
  world.settle([a, b])
  expect(world.rows(unit).find(({ code }) => code === 'pallet')).toMatchObject({ name: 'Euro pallet', decimals: 1 })
  expect(world.rows(lostValue)).toEqual([])
})

test('[MRG4] two people make one thing at once: the later name stands and the other is kept', () => {
  const { world, a, b } = twoOffices()
  a.do(saveUnit, { code: 'pallet', name: 'Pallet' })
  b.do(saveUnit, { code: 'pallet', name: 'Euro pallet' })
  world.settle([b, a])
  expect(world.rows(unit).find(({ code }) => code === 'pallet')?.name).toBe('Pallet')
  expect(world.rows(lostValue)).toMatchObject([{ field: 'name', base: null, kept: 'Pallet', lost: 'Euro pallet' }])
})

test('[MRG4] what a command sets in two steps was seen in both', () => {
  const { world, a, b } = twoOffices()
  a.do(importParty, { code: 'C-9', name: 'Nine', roles: ['customer'], territory: 'leeds' })
  world.settle()
  const nine = world.rows(party).find(({ code }) => code === 'C-9')?.id ?? ''
  a.do(editParty, { party: nine, phone: '1' })
  b.do(editParty, { party: nine, code: 'C-10', name: 'Ten' })
  world.settle([a, b])
  expect(world.rows(party).find(({ id }) => id === nine)).toMatchObject({ codeKey: 'C-10', code: 'C-10', phone: '1' })
  expect(world.rows(lostValue)).toEqual([])
})
