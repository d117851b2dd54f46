import { expect, test } from 'vitest'
import { quantity6, rate6 } from '../../kernel/amount.ts'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { keyId } from '../../kernel/hash.ts'
import type { Lease } from '../../kernel/lease.ts'
import { stockBalance, stockEntry } from '../../kernel/ledger.ts'
import { TestWorld } from '../../testing/two-sides.ts'
import { batch, serial } from '../masters/batch.ts'
import { createItem } from '../masters/create-item.ts'
import { importParty } from '../masters/import-party.ts'
import { mastersModule } from '../masters/module.ts'
import { saveBranch } from '../masters/save-branch.ts'
import { saveCompany } from '../masters/save-company.ts'
import { saveTaxCode } from '../masters/save-tax-code.ts'
import { saveUnit } from '../masters/save-unit.ts'
import { saveWarehouse } from '../masters/save-warehouse.ts'
import { cancelIssue } from './cancel-issue.ts'
import { cancelReceipt } from './cancel-receipt.ts'
import { issueGoods } from './issue-goods.ts'
import { issue } from './issue.ts'
import { inventoryModule } from './module.ts'
import { receiveGoods } from './receive-goods.ts'
import { receipt, receiptLine } from './receipt.ts'

const catalogue = catalogueOf([mastersModule, inventoryModule])
const pieces = (n: number) => quantity6(n * 1_000_000)
const company = keyId('t1', 'masters.company', ['BW'])
const kendal = keyId('t1', 'masters.branch', [company, 'kendal'])
const main = keyId('t1', 'masters.warehouse', [kendal, 'main'])
const itemId = (code: string) => keyId('t1', 'masters.item', [code])
const bolts = itemId('BOLT')
const pump = itemId('PUMP')
const paint = itemId('PAINT')
const supplier = keyId('t1', 'masters.party', ['S1'])

function aWorld(lease: Partial<Lease> = {}) {
  const world = new TestWorld(catalogue)
  const office = world.device({ dev: 'OFFI', company, branch: kendal })
  office.do(saveCompany, {
    code: 'BW',
    name: 'Brightwater',
    currency: 'GBP',
    minorDigits: 2,
    country: 'GB',
    tz: 'Europe/London',
  })
  office.do(saveBranch, { company, code: 'kendal', name: 'Kendal', tz: 'Europe/London', territory: 'lakes' })
  office.do(saveWarehouse, { branch: kendal, code: 'main', name: 'Main' })
  for (const code of ['each', 'box']) office.do(saveUnit, { code, name: code })
  office.do(saveTaxCode, { code: 'STD', name: 'Standard', treatment: 'standard' })
  const shared = { group: 'x', stockUnit: 'each', taxCode: 'STD' }
  office.do(createItem, { ...shared, code: 'BOLT', name: 'Bolt', units: [{ unit: 'box', num: 250, den: 1 }] })
  office.do(createItem, { ...shared, code: 'PUMP', name: 'Pump', hasSerial: true })
  office.do(createItem, { ...shared, code: 'PAINT', name: 'Paint', hasBatch: true, hasExpiry: true })
  office.do(createItem, { ...shared, code: 'HOUR', name: 'Call-out', type: 'service' })
  office.do(importParty, { code: 'S1', name: 'Northern Metals', roles: ['supplier'], territory: 'suppliers' })
  world.settle()
  const owen = world.device({ dev: 'OWEN', user: 'owen', company, branch: kendal, ...lease })
  return { world, office, owen }
}
const header = { warehouse: main, businessDate: '2026-11-20' }
const receive = (lines: Parameters<typeof receiveGoods.run>[1]['lines']) => ({
  ...header,
  supplier,
  supplierNote: 'N-1',
  lines,
})
const use = (lines: Parameters<typeof issueGoods.run>[1]['lines']) => ({
  ...header,
  reason: 'consumption' as const,
  lines,
})

test('48 of 50 boxes are accepted: only those enter the stock, in stock units', () => {
  const { world, owen } = aWorld()
  owen.do(
    receiveGoods,
    receive([
      {
        item: bolts,
        unit: 'box',
        accepted: pieces(48),
        rejected: pieces(2),
        rejectReason: 'crushed',
        rate: rate6(12_500_000),
      },
    ]),
  )
  expect(world.settle().map((each) => each.outcome)).toEqual(['accepted'])
  expect(world.rows(stockBalance)).toMatchObject([
    { item: bolts, warehouse: main, branch: kendal, onHand: pieces(12_000) },
  ])
  expect(world.rows(receipt)[0]).toMatchObject({
    number: 'G-OWENA-26-000001',
    state: 'submitted',
    branch: kendal,
    currency: 'GBP',
  })
  expect(world.rows(receiptLine)[0]).toMatchObject({ num: 250, den: 1, rejected: pieces(2) })
})

test.each([
  ['no line', [], 'inventory.no-lines'],
  ['a quantity below zero', [{ item: bolts, unit: 'each', accepted: pieces(-1) }], 'inventory.quantity-negative'],
  ['nothing on a line', [{ item: bolts, unit: 'each', accepted: pieces(0) }], 'inventory.quantity-zero'],
  ['an unknown item', [{ item: 'x', unit: 'each', accepted: pieces(1) }], 'inventory.unknown-item'],
  ['an unknown unit', [{ item: bolts, unit: 'pallet', accepted: pieces(1) }], 'inventory.unknown-unit'],
  ['a part of a piece', [{ item: bolts, unit: 'each', accepted: quantity6(1_500_000) }], 'inventory.unit-not-exact'],
  [
    'a unit of no size',
    [{ item: bolts, unit: 'bag', num: 1, den: 0, accepted: pieces(1) }],
    'inventory.unit-factor-invalid',
  ],
  [
    'a reject without its reason',
    [{ item: bolts, unit: 'each', accepted: pieces(1), rejected: pieces(1) }],
    'inventory.reject-reason-missing',
  ],
  [
    'fewer serials than pieces',
    [{ item: pump, unit: 'each', accepted: pieces(2), serials: ['A'] }],
    'inventory.serial-count',
  ],
  [
    'a serial twice',
    [{ item: pump, unit: 'each', accepted: pieces(2), serials: ['A', 'A'] }],
    'inventory.serial-given-twice',
  ],
  ['no serials', [{ item: pump, unit: 'each', accepted: pieces(1) }], 'inventory.serials-missing'],
  ['no batch', [{ item: paint, unit: 'each', accepted: pieces(1) }], 'inventory.batch-missing'],
  ['a service', [{ item: itemId('HOUR'), unit: 'each', accepted: pieces(1) }], 'inventory.not-kept-in-stock'],
])('a receipt with %s is refused', (_, lines, code) => {
  expect(aWorld().owen.run(receiveGoods, receive(lines)).refusal?.code).toBe(code)
})

test('the factor counted with at the door stays, whatever the item says later', () => {
  const { world, owen } = aWorld()
  owen.do(receiveGoods, receive([{ item: bolts, unit: 'sack', num: 40, den: 1, accepted: pieces(2) }]))
  expect(world.settle().map((each) => each.outcome)).toEqual(['accepted'])
  expect(world.rows(stockBalance)[0]?.onHand).toBe(pieces(80))
})

test('the same paper twice: refused where it is known, an exception where it was not', () => {
  const { world, owen } = aWorld()
  const lena = world.device({ dev: 'LENA', company, branch: kendal })
  const paper = receive([{ item: bolts, unit: 'each', accepted: pieces(5) }])
  owen.do(receiveGoods, paper)
  expect(owen.run(receiveGoods, paper).refusal?.code).toBe('inventory.supplier-note-twice')
  lena.do(receiveGoods, paper)
  world.settle()
  expect(world.exceptions.map((raised) => raised.code)).toEqual(['RECEIPT_TWICE'])
  expect(world.rows(stockBalance)[0]?.onHand).toBe(pieces(10))
})

test('an imported receipt twice is one receipt, also when two devices bring it', () => {
  const { world, owen, office } = aWorld()
  const imported = {
    ...receive([{ item: bolts, unit: 'each', accepted: pieces(5) }]),
    supplierNote: null,
    externalRef: 'opening/main',
  }
  owen.do(receiveGoods, imported)
  office.do(receiveGoods, imported)
  expect([...owen.run(receiveGoods, imported).effects]).toEqual([])
  world.settle()
  expect(world.rows(stockBalance)[0]?.onHand).toBe(pieces(5))
})

test('without an order, the role has a limit', () => {
  const { world, owen } = aWorld({ permissions: ['inventory.receive'], limits: { receiveWithoutOrderMinor: 10_000 } })
  const lines = [{ item: bolts, unit: 'box', accepted: pieces(9), rate: rate6(12_500_000) }]
  expect(owen.run(receiveGoods, receive(lines)).refusal).toMatchObject({
    code: 'inventory.receipt-without-order',
    facts: { valueMinor: 11_250 },
  })
  owen.do(receiveGoods, receive(lines), undefined, { overrides: ['inventory.receipt-without-order'] })
  owen.do(receiveGoods, { ...receive(lines), supplierNote: 'N-2', order: 'po-1' })
  world.settle()
  expect(world.exceptions.map((raised) => raised.code)).toEqual(['NO_PO'])
})

test('taking more than is there stands, and the storekeeper hears of it', () => {
  const { world, owen } = aWorld()
  const dan = world.device({ dev: 'DANV', company, branch: kendal })
  owen.do(receiveGoods, receive([{ item: bolts, unit: 'each', accepted: pieces(5) }]))
  world.settle()
  owen.do(issueGoods, use([{ item: bolts, unit: 'each', quantity: pieces(4) }]))
  dan.do(issueGoods, use([{ item: bolts, unit: 'each', quantity: pieces(4) }]))
  expect(world.settle().map((each) => each.outcome)).toEqual(['accepted', 'accepted'])
  expect(world.exceptions).toMatchObject([{ code: 'OVERSOLD', facts: { onHand: pieces(1), taken: pieces(4) } }])
  expect(world.rows(stockBalance)[0]?.onHand).toBe(pieces(-3))
})

test('where the policy blocks, the device refuses and counts the lines of one item together', () => {
  const { world, owen } = aWorld({ policy: { stockPolicy: 'block' } })
  owen.do(receiveGoods, receive([{ item: bolts, unit: 'each', accepted: pieces(5) }]))
  world.settle()
  const line = { item: bolts, unit: 'each', quantity: pieces(3) }
  expect(owen.run(issueGoods, use([line])).refusal).toBeNull()
  expect(owen.run(issueGoods, use([line, line])).refusal?.code).toBe('inventory.not-enough-stock')
})

test('one pump cannot be taken twice: both papers stand, the first commit holds it', () => {
  const { world, owen } = aWorld()
  owen.do(receiveGoods, receive([{ item: pump, unit: 'each', accepted: pieces(1), serials: ['P-1'] }]))
  world.settle()
  const dan = world.device({ dev: 'DANV', company, branch: kendal })
  const taken = use([{ item: pump, unit: 'each', quantity: pieces(1), serials: ['P-1'] }])
  const first = dan.do(issueGoods, taken, issue)
  expect(dan.run(issueGoods, taken).refusal?.code).toBe('masters.serial-not-in-stock')
  owen.do(issueGoods, taken)
  world.settle([dan, owen])
  expect(world.exceptions.map((raised) => raised.code)).toEqual(['OVERSOLD', 'SERIAL_TWICE'])
  expect(world.rows(serial)).toMatchObject([{ number: 'P-1', state: 'withdrawn', documentId: first }])
})

test('a batch has one date of expiry; another one is named, not taken', () => {
  const { world, owen } = aWorld()
  const line = { item: paint, unit: 'each', accepted: pieces(1), batch: 'B7', expiresOn: '2028-01-31' }
  owen.do(receiveGoods, receive([line]))
  owen.do(receiveGoods, { ...receive([{ ...line, expiresOn: '2029-01-31' }]), supplierNote: 'N-2' })
  world.settle()
  expect(world.rows(batch)).toMatchObject([{ number: 'B7', expiresOn: '2028-01-31' }])
  expect(world.exceptions.map((raised) => raised.code)).toEqual(['BATCH_DATE_DIFFERS'])
  expect(world.rows(stockEntry).map((entry) => entry.batch)).toEqual(['B7', 'B7'])
})

test('cancelling reverses every entry, once', () => {
  const { world, owen } = aWorld()
  const id = owen.do(
    receiveGoods,
    receive([
      { item: bolts, unit: 'each', accepted: pieces(5) },
      { item: pump, unit: 'each', accepted: pieces(1), serials: ['P-1'] },
    ]),
    receipt,
  )
  const used = owen.do(issueGoods, use([{ item: bolts, unit: 'each', quantity: pieces(2) }]), issue)
  const undo = { receipt: id, businessDate: '2026-11-21', reason: 'wrong supplier' }
  expect(owen.run(cancelReceipt, { ...undo, businessDate: '2026-11-19' }).refusal?.code).toBe(
    'inventory.cancelled-before-it-was',
  )
  owen.do(cancelReceipt, undo)
  expect(owen.run(cancelReceipt, undo).refusal?.code).toBe('inventory.cancelled-already')
  world.settle()
  expect(world.exceptions).toMatchObject([{ code: 'OVERSOLD', facts: { onHand: pieces(-2) } }])
  owen.do(cancelIssue, { issue: used, businessDate: '2026-11-21', reason: 'never used' })
  world.settle()
  expect(world.rows(stockBalance).map((row) => row.onHand)).toEqual([0, 0])
  expect(world.rows(stockEntry).reduce((sum, entry) => sum + entry.quantity, 0)).toBe(0)
  expect(world.rows(receipt)[0]).toMatchObject({ state: 'cancelled', reversedOn: '2026-11-21' })
  expect(world.rows(serial)[0]?.state).toBe('withdrawn')
})

test('what two people cancel at once is cancelled once', () => {
  const { world, owen } = aWorld()
  const id = owen.do(receiveGoods, receive([{ item: bolts, unit: 'each', accepted: pieces(5) }]), receipt)
  world.settle()
  const lena = world.device({ dev: 'LENA', company, branch: kendal })
  const undo = { receipt: id, businessDate: '2026-11-21', reason: 'twice' }
  owen.do(cancelReceipt, undo)
  lena.do(cancelReceipt, undo)
  expect(world.settle().map((each) => each.outcome)).toEqual(['accepted', 'refused'])
  expect(world.rows(stockBalance)[0]?.onHand).toBe(0)
})
