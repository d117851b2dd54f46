// Expenses, debts written off and listed lines: to the penny on both sides, once for one imported document.
import { expect, test } from 'vitest'
import { amountMinor, quantity6, rate6 } from '../../kernel/amount.ts'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { glEntry, partyBalance } from '../../kernel/ledger.ts'
import { TestWorld } from '../../testing/two-sides.ts'
import { importParty } from '../masters/import-party.ts'
import { mastersModule } from '../masters/module.ts'
import { party } from '../masters/party.ts'
import { debtAdjustment } from './debt-adjustment.ts'
import { expense } from './expense.ts'
import { listLines } from './list-lines.ts'
import { listedLine } from './listed-line.ts'
import { accountingModule } from './module.ts'
import { recordExpense } from './record-expense.ts'
import { writeOffDebt } from './write-off-debt.ts'

const aBook = () => {
  const world = new TestWorld(catalogueOf([mastersModule, accountingModule]))
  const device = world.device({ dev: 'AAAA' })
  device.do(importParty, { code: '17850', name: 'Customer 17850', roles: ['customer'], territory: 'all' })
  world.settle()
  return { world, device, customer: world.rows(party)[0]?.id ?? '' }
}
const one = quantity6(1_000_000)
const settings = { businessDate: '2011-08-12', currency: 'GBP', minorDigits: 2 } as const
const ledger = (world: TestWorld) =>
  Object.fromEntries(
    world
      .rows(glEntry)
      .map(({ account, amount, party: by }) => [`${account}${by === null ? '' : ' of a customer'}`, amount]),
  )

const aFee = (more: object = {}) => ({
  ...settings,
  paidFrom: 'web-clearing',
  lines: [{ about: 'Platform fee', purpose: 'fees', quantity: one, rate: rate6(13_541_330_000) }],
  total: amountMinor(13_541_33),
  externalRef: 'C540117',
  ...more,
})

test('an expense debits its purpose and credits where the money came from', () => {
  const { world, device } = aBook()
  device.do(recordExpense, aFee())
  expect(world.settle()).toMatchObject([{ outcome: 'accepted' }])
  expect(ledger(world)).toEqual({ fees: 13_541_33, 'web-clearing': -13_541_33 })
  expect(world.rows(expense)).toMatchObject([{ number: 'E-AAAAA-11-000001', total: 13_541_33, externalRef: 'C540117' }])
})

test('an expense taken back, charged to a customer’s account, is the same with the signs turned', () => {
  const { world, device, customer } = aBook()
  const lines = [{ about: 'Bank charges', purpose: 'fees', quantity: quantity6(-1_000_000), rate: rate6(15_000_000) }]
  device.do(recordExpense, aFee({ party: customer, paidFrom: 'receivable', lines, total: amountMinor(-15_00) }))
  world.settle()
  expect(ledger(world)).toEqual({ fees: -15_00, 'receivable of a customer': 15_00 })
  expect(world.rows(partyBalance)).toMatchObject([{ party: customer, receivable: 15_00 }])
})

test('one imported document is recorded once, on whichever devices it is imported', () => {
  const { world, device } = aBook()
  const other = world.device({ dev: 'BBBB' })
  device.do(recordExpense, aFee())
  other.do(recordExpense, aFee())
  expect(device.run(recordExpense, aFee()).refusal?.code).toBe('kernel.already-imported')
  expect(world.settle().map(({ outcome }) => outcome)).toEqual(['accepted', 'adjusted'])
  expect(world.exceptions.map(({ code }) => code)).toEqual(['ALREADY_IMPORTED'])
  expect(world.rows(expense)).toHaveLength(1)
})

test('a debt written off without a customer credits the receivable in total; with one, the customer’s account', () => {
  const { world, device, customer } = aBook()
  const lines = [{ about: 'Adjust bad debt', quantity: one, rate: rate6(-11_062_060_000) }]
  device.do(writeOffDebt, { ...settings, lines, total: amountMinor(-11_062_06), externalRef: 'A563186' })
  world.settle()
  expect(ledger(world)).toEqual({ receivable: -11_062_06, 'bad-debt': 11_062_06 })
  expect(world.rows(partyBalance)).toEqual([])
  device.do(writeOffDebt, { ...settings, party: customer, lines, total: amountMinor(-11_062_06) })
  world.settle()
  expect(world.rows(partyBalance)).toMatchObject([{ receivable: -11_062_06 }])
  expect(world.rows(debtAdjustment)).toHaveLength(2)
})

test('listed lines book nothing, are named once each, and once for two imports', () => {
  const { world, device } = aBook()
  const other = world.device({ dev: 'BBBB' })
  const lines = [
    { position: 1, reason: 'not-stock', itemCode: 'POST', quantity: quantity6(1_000_000_000), rate: rate6(0) },
    { position: 2, reason: 'unknown-code', itemCode: 'DCGS0003', quantity: one, rate: rate6(2_500_000) },
  ] as const
  for (const each of [device, other])
    each.do(listLines, { externalRef: '536545', businessDate: '2010-12-01', minorDigits: 2, lines })
  expect(world.settle().map(({ outcome }) => outcome)).toEqual(['accepted', 'adjusted'])
  expect(world.exceptions.map(({ code }) => code)).toEqual(['LISTED_NOT_STOCK', 'LISTED_UNKNOWN_CODE'])
  const listed = world.rows(listedLine).map(({ itemCode, amount, device: by }) => `${itemCode} ${amount} ${by}`)
  expect(new Set(listed)).toEqual(new Set(['DCGS0003 250 AAAA', 'POST 0 AAAA']))
  expect(world.rows(glEntry)).toEqual([])
})

test('what the arguments alone show to be wrong is refused', () => {
  const { device } = aBook()
  const code = (more: object): unknown => device.run(recordExpense, aFee(more)).refusal?.code
  expect(code({ lines: [] })).toBe('accounting.nothing-given')
  expect(code({ total: amountMinor(1) })).toBe('accounting.total-differs')
  expect(code({ party: 'nobody' })).toBe('accounting.unknown-party')
  expect(device.run(writeOffDebt, { ...settings, lines: [], total: amountMinor(0) }).refusal?.code).toBe(
    'accounting.nothing-given',
  )
})
