// Valuation, late documents, journal entries and reports, by hand-worked numbers.
import { expect, test } from 'vitest'
import { amountMinor, rate6 } from '../../kernel/amount.ts'
import { lostValue } from '../../kernel/kernel-tables.ts'
import { glBalance, glEntry } from '../../kernel/ledger.ts'
import { fiscalPeriod } from '../../kernel/period.ts'
import {
  anOrder,
  aTradeWorld,
  COMPANY,
  CUSTOMER,
  DAY,
  HOSE,
  pieces,
  PUMP,
  receiveInto,
  STORE,
  VAN_A,
  present,
  rowAt,
} from '../../testing/trade-world.ts'
import type { TestDevice, TestWorld } from '../../testing/two-sides.ts'
import { deliver } from '../delivery/deliver.ts'
import { delivery, deliveryLine } from '../delivery/delivery.ts'
import { takeBack } from '../delivery/take-back.ts'
import { cancelReceipt } from '../inventory/cancel-receipt.ts'
import { receipt } from '../inventory/receipt.ts'
import { itemCost } from '../masters/item.ts'
import { issueInvoice } from '../sales/issue-invoice.ts'
import { account } from './account.ts'
import { costBalance, costEntry } from './cost.ts'
import { journal } from './journal.ts'
import { averageOf, coveredDifference, issueValue, valueAt } from './moving-average.ts'
import { recordJournal } from './record-journal.ts'
import { ageing, openItems, trialBalance } from './reports.ts'
import { reverseJournal } from './reverse-journal.ts'
import { saveAccount } from './save-account.ts'
import { setPeriod } from './set-period.ts'
import { setPostingProfile } from './set-posting-profile.ts'
import { standardChart, taxAccount } from './standard-chart.ts'

const sumOf = (world: TestWorld, purpose: string): number =>
  world
    .rows(glEntry)
    .filter((e) => e.purpose === purpose)
    .reduce((sum, e) => sum + e.amount, 0)
const handOver = (device: TestDevice, item: string, count: number): void =>
  void device.do(deliver, {
    party: CUSTOMER,
    businessDate: DAY,
    currency: 'GBP',
    warehouse: VAN_A,
    outcome: 'delivered',
    lines: [{ item, unit: 'each', quantity: pieces(count) }],
  })

test('the moving average, to the minor unit', () => {
  const held = { quantity: 3_000_000, value: 1_000 }
  // 10.00 for 3: 3.33, 3.33 and the last takes 3.34.
  expect(averageOf(held, 2)).toBe(3_333_333)
  expect(issueValue(held, 1_000_000, rate6(0), 2)).toBe(333)
  expect(issueValue({ quantity: 1_000_000, value: 334 }, 1_000_000, rate6(0), 2)).toBe(334)
  // 2 of 5 are there; the other 3 at the last known 4.00.
  expect(issueValue({ quantity: 2_000_000, value: 700 }, 5_000_000, rate6(4_000_000), 2)).toBe(700 + 1_200)
  // 3 short at 12.00 in all; 5 come for 25.00: 3 of them cost 15.00, 3.00 more.
  expect(coveredDifference({ quantity: -3_000_000, value: -1_200 }, 5_000_000, 2_500)).toBe(300)
  expect(coveredDifference(held, 5_000_000, 2_500)).toBe(0)
  // A box of 12 for 7.00: 5 pieces are 2.92 (2.9166…).
  expect(valueAt(5_000_000, { rate: 7_000_000, num: 12, den: 1 }, 2)).toBe(292)
})

test('receipts at their cost, issues at the average, and the purchase cost is remembered', () => {
  const { world, office, vanA } = aTradeWorld()
  receiveInto(office, VAN_A, { item: PUMP, count: 10, costMinor: 1_000 })
  receiveInto(office, VAN_A, { item: PUMP, count: 10, costMinor: 2_000 })
  world.settle()
  handOver(vanA, PUMP, 4)
  world.settle()
  expect(world.rows(costEntry).map(({ kind, quantity, amount, purpose }) => [kind, quantity, amount, purpose])).toEqual(
    [
      ['receipt', pieces(10), 10_000, 'received-not-billed'],
      ['receipt', pieces(10), 20_000, 'received-not-billed'],
      ['issue', pieces(-4), -6_000, 'cost-of-sales'],
    ],
  )
  expect(world.rows(costBalance)).toMatchObject([{ quantity: pieces(16), value: 24_000, lastCost: 15_000_000 }])
  expect([sumOf(world, 'stock'), sumOf(world, 'received-not-billed'), sumOf(world, 'cost-of-sales')]).toEqual([
    24_000, -30_000, 6_000,
  ])
  expect(world.rows(itemCost)).toMatchObject([{ item: PUMP, lastCost: 20_000_000, asOf: DAY }])
})

test('sold below zero at the last known cost; the covering receipt posts the difference', () => {
  const { world, office, vanA } = aTradeWorld()
  receiveInto(office, VAN_A, { item: PUMP, count: 2, costMinor: 1_000 })
  world.settle()
  handOver(vanA, PUMP, 5)
  world.settle()
  expect(world.rows(costBalance)).toMatchObject([{ quantity: pieces(-3), value: -3_000 }])
  receiveInto(office, STORE, { item: PUMP, count: 4, costMinor: 1_500 })
  world.settle()
  expect(world.rows(costBalance)).toMatchObject([{ quantity: pieces(1), value: 1_500 }])
  expect([sumOf(world, 'cost-of-sales'), sumOf(world, 'cost-difference'), sumOf(world, 'stock')]).toEqual([
    5_000, 1_500, 1_500,
  ])
})

test('what nobody ever gave a cost is named once, and valued when its cost comes', () => {
  const { world, office, vanA } = aTradeWorld()
  handOver(vanA, HOSE, 1)
  handOver(vanA, HOSE, 1)
  receiveInto(office, STORE, { item: HOSE, count: 2, costMinor: 700 })
  world.settle([vanA, office])
  expect(world.exceptions.map(({ code }) => code)).toEqual(['COST_UNKNOWN'])
  expect([sumOf(world, 'stock'), sumOf(world, 'cost-difference')]).toEqual([0, 1_400])
})

test('what comes back is worth the average; a cancelled receipt takes its own cost back', () => {
  const { world, office, vanA } = aTradeWorld()
  receiveInto(office, VAN_A, { item: PUMP, count: 10, costMinor: 1_000 })
  world.settle()
  vanA.do(
    deliver,
    {
      party: CUSTOMER,
      businessDate: DAY,
      currency: 'GBP',
      warehouse: VAN_A,
      outcome: 'delivered',
      lines: [{ item: PUMP, unit: 'each', quantity: pieces(10) }],
    },
    delivery,
  )
  world.settle()
  const line = rowAt(office.rows(deliveryLine))
  office.do(takeBack, {
    party: CUSTOMER,
    businessDate: DAY,
    currency: 'GBP',
    warehouse: STORE,
    reason: 'wrong',
    lines: [
      {
        deliveryLine: line.id,
        item: PUMP,
        unit: 'each',
        quantity: pieces(3),
        disposition: 'scrap',
        isDeliveredAgain: false,
      },
    ],
  })
  receiveInto(office, STORE, { item: PUMP, count: 1, costMinor: 4_000 })
  world.settle()
  expect([sumOf(world, 'cost-of-sales'), sumOf(world, 'scrap')]).toEqual([7_000, 3_000])
  const last = present(office.rows(receipt).at(-1))
  office.do(cancelReceipt, { receipt: last.id, businessDate: DAY, reason: 'not ours' })
  world.settle()
  expect(world.rows(costBalance)).toMatchObject([{ quantity: 0, value: 0 }])
  expect(sumOf(world, 'received-not-billed')).toBe(-10_000)
})

test('every purpose that the chain posts to has an account in the standard chart', () => {
  const { world, office, vanA } = aTradeWorld({ isStocked: true })
  handOver(vanA, PUMP, 1)
  office.do(issueInvoice, anOrder(1, 0))
  world.settle()
  const known = new Set([...standardChart, taxAccount('STD')].map(({ code }) => code))
  for (const { purpose } of world.rows(glEntry)) expect(known).toContain(purpose)
})

test('a device never holds a cost or a ledger entry', () => {
  const { world, office, vanA } = aTradeWorld({ isStocked: true })
  handOver(vanA, PUMP, 1)
  office.do(issueInvoice, anOrder(1, 0))
  world.settle()
  for (const device of world.devices)
    for (const table of [costEntry, costBalance, glEntry, glBalance, itemCost]) expect(device.rows(table)).toEqual([])
})

test('a late document posts into the first open month, with its own date and an exception', () => {
  const { world, office, vanA } = aTradeWorld({ isStocked: true })
  office.do(setPeriod, { month: '2026-11', state: 'closed', missing: 'VANA' })
  vanA.do(issueInvoice, anOrder(1, 0))
  const before = world.rows(glEntry).length
  world.settle([office, vanA])
  const late = world.rows(glEntry).slice(before)
  expect(late.map(({ businessDate, amount }) => [businessDate, amount])).toEqual([
    ['2026-12-01', 4_000],
    ['2026-12-01', -3_333],
    ['2026-12-01', -667],
  ])
  expect(world.exceptions).toMatchObject([{ code: 'LATE_DOCUMENT', facts: { own: DAY, posted: '2026-12' } }])
  const december = world.rows(glBalance).filter((row) => row.month === '2026-12')
  expect(december.map(({ amount }) => amount).sort((a, b) => a - b)).toEqual([-3_333, -667, 4_000])
  expect(world.rows(glBalance).reduce((sum, row) => sum + row.amount, 0)).toBe(0)
  office.do(setPeriod, { month: '2026-11', state: 'open' }, undefined, { overrides: ['accounting.period-closed'] })
  expect(world.settle()).toMatchObject([{ outcome: 'refused', refusal: { code: 'accounting.period-closed' } }])
})

test('journal entries balance, post to accounts that exist, and are taken back by another', () => {
  const { world, office } = aTradeWorld()
  for (const { code, name, type } of [...standardChart, taxAccount('STD')]) office.do(saveAccount, { code, name, type })
  world.settle()
  const line = (to: string, amount: number) => ({ account: to, amount: amountMinor(amount) })
  const entry = {
    businessDate: DAY,
    currency: 'GBP',
    kind: 'opening' as const,
    text: 'Opening',
    lines: [line('bank', 5_000), line('opening-balance', -5_000)],
  }
  const id = office.do(recordJournal, { ...entry, externalRef: 'o-1' }, journal)
  expect(office.run(recordJournal, { ...entry, externalRef: 'o-1' }).refusal?.code).toBe('kernel.already-imported')
  expect(
    office.run(recordJournal, { ...entry, lines: [line('bank', 5_000), line('sales', -4_999)] }).refusal?.code,
  ).toBe('accounting.not-balanced')
  expect(office.run(recordJournal, { ...entry, lines: [line('bank', 1), line('nowhere', -1)] }).refusal?.code).toBe(
    'accounting.unknown-account',
  )
  office.do(reverseJournal, { journal: id, businessDate: DAY, reason: 'typed twice' })
  world.settle()
  expect(trialBalance(world.rows(glEntry))).toEqual([
    { account: 'bank', debit: 5_000, credit: 5_000, balance: 0 },
    { account: 'opening-balance', debit: 5_000, credit: 5_000, balance: 0 },
  ])
  expect(office.run(reverseJournal, { journal: id, businessDate: DAY, reason: 'again' }).refusal?.code).toBe(
    'accounting.already-reversed',
  )
  expect(office.run(saveAccount, { code: 'bank', name: 'Bank', type: 'expense' }).refusal?.code).toBe(
    'accounting.account-in-use',
  )
  office.do(setPeriod, { month: '2026-11', state: 'closed' })
  world.settle()
  expect(office.run(recordJournal, entry).refusal?.code).toBe('accounting.period-not-open')
})

test('a posting profile sends a purpose to an account of its own from then on', () => {
  const { world, office } = aTradeWorld()
  office.do(saveAccount, { code: '4000', name: 'Sales of pumps', type: 'income' })
  world.settle()
  expect(office.run(setPostingProfile, { purpose: 'sales', account: '4001' }).refusal?.code).toBe(
    'accounting.unknown-account',
  )
  office.do(setPostingProfile, { purpose: 'sales', account: '4000' })
  office.do(issueInvoice, anOrder(1, 0))
  world.settle()
  expect(trialBalance(world.rows(glEntry)).map(({ account: to, balance }) => [to, balance])).toEqual([
    ['4000', -3_333],
    ['receivable', 4_000],
    ['tax-STD', -667],
  ])
  expect(world.rows(account)).toMatchObject([{ code: '4000', company: COMPANY }])
})

test('the age of what is owed: settlements take the oldest instalment first', () => {
  const entry = (amount: number, dueOn: string | null, item = 'i1') => ({
    party: 'p',
    company: 'c',
    account: 'receivable',
    amount,
    item,
    businessDate: '2026-06-01',
    dueOn,
  })
  const items = openItems([
    entry(1_000, '2026-07-01'),
    entry(1_000, '2026-10-15'),
    entry(1_000, '2026-12-31'),
    entry(-1_200, null),
    entry(500, '2026-09-01', 'i2'),
    entry(-500, null, 'i2'),
    entry(-30, null, 'i3'),
  ])
  expect(items).toEqual([
    {
      party: 'p',
      item: 'i1',
      owed: 1_800,
      parts: [
        { dueOn: '2026-10-15', owed: 800 },
        { dueOn: '2026-12-31', owed: 1_000 },
      ],
    },
    { party: 'p', item: 'i3', owed: -30, parts: [] },
  ])
  expect(ageing(items, '2026-11-20')).toEqual([
    { party: 'p', notDue: 970, days30: 0, days60: 800, days90: 0, older: 0, owed: 1_770 },
  ])
})

test('[MRG1] two requests for one thing: the later commit stands and the loser is kept; who and when are nobody’s loss', () => {
  const month = { month: '2026-10', missing: 'till 2' }
  const { world, vanA: a, vanB: b } = aTradeWorld()
  a.do(setPeriod, { ...month, state: 'open' })
  world.settle()
  a.do(setPeriod, { ...month, state: 'soft-closed' })
  b.do(setPeriod, { ...month, state: 'closed' })
  world.settle([a, b])
  expect(world.rows(fiscalPeriod)).toMatchObject([{ state: 'closed' }])
  expect(world.rows(lostValue).map(({ field, base, kept, lost }) => ({ field, base, kept, lost }))).toEqual([
    { field: 'state', base: 'open', kept: 'closed', lost: 'soft-closed' },
  ])
})
