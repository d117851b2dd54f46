// Rules of payments, one by one.
import { expect, test } from 'vitest'
import { amountMinor } from '../../kernel/amount.ts'
import { cashBalance, glEntry, partyBalance, partyEntry } from '../../kernel/ledger.ts'
import { anOrder, aTradeWorld, CUSTOMER, DAY } from '../../testing/trade-world.ts'
import type { TestWorld } from '../../testing/two-sides.ts'
import { allocationDraft } from '../sales/drafts.ts'
import { invoice } from '../sales/invoice.ts'
import { issueInvoice } from '../sales/issue-invoice.ts'
import { allocate } from './allocate.ts'
import { pay } from './pay.ts'
import { allocation, payment } from './payment.ts'
import { receive } from './receive.ts'
import { reversePayment } from './reverse-payment.ts'

/** An invoice of 119.99 (3 × 33.33 and 20 % tax). */
function billed() {
  const all = aTradeWorld({ isStocked: true })
  const id = all.office.do(issueInvoice, anOrder(3, 0), invoice)
  all.world.settle()
  return { ...all, id }
}

const money = (amount: number) => ({
  party: CUSTOMER,
  businessDate: DAY,
  currency: 'GBP',
  method: 'bank',
  methodKind: 'bank' as const,
  amount: amountMinor(amount),
})
const account = (world: TestWorld, purpose: string): number =>
  world
    .rows(glEntry)
    .filter((e) => e.purpose === purpose)
    .reduce((sum, e) => sum + e.amount, 0)
const balance = (world: TestWorld) => world.rows(partyBalance).find((row) => row.party === CUSTOMER)

test('part payments settle the invoice; the rest of the last one is an advance', () => {
  const { world, vanA, id } = billed()
  vanA.do(receive, { ...money(5_000), allocations: [{ invoice: id, amount: amountMinor(5_000) }] })
  vanA.do(receive, { ...money(8_000), allocations: [{ invoice: id, amount: amountMinor(6_999) }] })
  expect(world.settle().map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted'])
  expect(world.rows(invoice)).toMatchObject([{ total: 11_999, paid: 11_999 }])
  expect(balance(world)).toMatchObject({ receivable: 0, advance: 1_001 })
  expect([account(world, 'bank'), account(world, 'receivable'), account(world, 'customer-advance')]).toEqual([
    13_000, 0, -1_001,
  ])
})

test('paid twice on two devices: what is too much is an advance, and it is said', () => {
  const { world, vanA, vanB, id } = billed()
  for (const van of [vanA, vanB])
    van.do(receive, { ...money(11_999), allocations: [{ invoice: id, amount: amountMinor(11_999) }] })
  expect(world.settle([vanB, vanA]).map(({ outcome }) => outcome)).toEqual(['accepted', 'adjusted'])
  expect(world.exceptions.map(({ code }) => code)).toEqual(['PAID_TWICE'])
  expect(balance(world)).toMatchObject({ receivable: 0, advance: 11_999 })
})

test('an advance is allocated by request, once', () => {
  const { world, office, vanA, id } = billed()
  const paid = vanA.do(receive, money(5_000), payment)
  world.settle()
  const half = { payment: paid, businessDate: DAY, allocations: [{ invoice: id, amount: amountMinor(3_000) }] }
  office.do(allocate, half)
  vanA.do(allocate, half)
  expect(world.settle([office, vanA]).map(({ outcome, refusal }) => [outcome, refusal?.code])).toEqual([
    ['accepted', undefined],
    ['refused', 'payments.advance-too-small'],
  ])
  expect(world.rows(payment)).toMatchObject([{ allocated: 3_000 }])
  expect(balance(world)).toMatchObject({ receivable: 8_999, advance: 2_000 })
})

test('a discount for early payment and a write-off settle without money, within limits', () => {
  const { world, office, vanA, id } = billed()
  const cashier = world.device({ ...vanA.lease, dev: 'CASH', permissions: ['sales.*'] })
  const args = {
    ...money(11_000),
    allocations: [{ invoice: id, amount: amountMinor(11_000), discount: amountMinor(900), writeOff: amountMinor(99) }],
  }
  expect(cashier.run(receive, args).refusal?.code).toBe('payments.write-off-over-limit')
  office.do(receive, args)
  world.settle()
  expect(world.rows(invoice)).toMatchObject([{ paid: 11_999 }])
  expect([account(world, 'discount-allowed'), account(world, 'bad-debt'), account(world, 'receivable')]).toEqual([
    900, 99, 0,
  ])
})

test('money into a drawer is in the shift’s balance', () => {
  const { world, vanA } = billed()
  const cash = { ...money(2_500), method: 'cash', methodKind: 'cash' as const }
  expect(vanA.run(receive, { ...cash, till: 'till-1' }).refusal?.code).toBe('payments.till-incomplete')
  vanA.do(receive, { ...cash, till: 'till-1', shift: 'shift-1', shiftDate: DAY })
  world.settle()
  expect(world.rows(cashBalance)).toMatchObject([{ shift: 'shift-1', method: 'cash', amount: 2_500 }])
  expect(account(world, 'till-cash')).toBe(2_500)
})

test('a bounced cheque is reversed: the invoice is owed again and nothing is left over', () => {
  const { world, office, vanA, id } = billed()
  const paid = vanA.do(
    receive,
    {
      ...money(12_500),
      method: 'cheque',
      methodKind: 'cheque',
      reference: '000417',
      allocations: [{ invoice: id, amount: amountMinor(11_999) }],
    },
    payment,
  )
  world.settle()
  office.do(reversePayment, { payment: paid, businessDate: '2026-11-25', reason: 'bounced' })
  vanA.do(reversePayment, { payment: paid, businessDate: '2026-11-25', reason: 'bounced' })
  world.settle()
  expect(world.exceptions.map(({ code }) => code)).toEqual(['STATE_CONFLICT'])
  expect(world.rows(invoice)).toMatchObject([{ paid: 0 }])
  expect(world.rows(payment)).toMatchObject([{ state: 'cancelled', allocated: 0 }])
  expect(balance(world)).toMatchObject({ receivable: 11_999, advance: 0 })
  expect([account(world, 'cheques-in-hand'), account(world, 'receivable'), account(world, 'customer-advance')]).toEqual(
    [0, 11_999, 0],
  )
  expect(
    world
      .rows(partyEntry)
      .filter((e) => e.item === id)
      .reduce((sum, e) => sum + e.amount, 0),
  ).toBe(11_999)
})

test('a refund pays out no more than was paid ahead; a supplier is paid by request', () => {
  const { world, office, vanA } = billed()
  vanA.do(receive, money(5_000))
  world.settle()
  expect(office.run(pay, { ...money(5_001), outPurpose: 'refund' }).refusal?.code).toBe('payments.advance-too-small')
  office.do(pay, { ...money(2_000), outPurpose: 'refund' })
  office.do(pay, { ...money(700), outPurpose: 'supplier', items: [{ item: 'bill-1', amount: amountMinor(500) }] })
  world.settle()
  expect(balance(world)).toMatchObject({ advance: 3_000, payable: -700 })
  expect([account(world, 'bank'), account(world, 'payable')]).toEqual([5_000 - 2_000 - 700, 700])
})

test.each([
  ['nothing', { amount: amountMinor(0) }, 'payments.amount-not-positive'],
  ['another currency', { currency: 'EUR' }, 'payments.currency-differs'],
  ['an unknown customer', { party: 'nobody' }, 'payments.unknown-party'],
  [
    'more allocated than paid',
    { allocations: [{ invoice: 'x', amount: amountMinor(101) }] },
    'payments.allocation-over-amount',
  ],
  [
    'an invoice twice',
    { allocations: [1, 2].map(() => ({ invoice: 'x', amount: amountMinor(1) })) },
    'payments.invoice-twice',
  ],
  ['an unknown invoice', { allocations: [{ invoice: 'x', amount: amountMinor(1) }] }, 'payments.unknown-invoice'],
])('with %s it is refused', (_, more, code) => {
  const { office } = billed()
  expect(office.run(receive, { ...money(100), ...more }).refusal?.code).toBe(code)
})

test('imported twice is one payment', () => {
  const { world, vanA, vanB, id } = billed()
  const args = {
    ...money(100),
    externalRef: 'bank-2026-11-20-7',
    allocations: [{ invoice: id, amount: amountMinor(100) }],
  }
  vanA.do(receive, args)
  vanB.do(receive, args)
  world.settle()
  expect([world.rows(payment).length, world.rows(allocation).length]).toEqual([1, 1])
  expect(world.rows(invoice)).toMatchObject([{ paid: 100 }])
})

test('a payment without a word about it settles the oldest invoice first', () => {
  const owed = [
    { invoice: 'b', dueOn: '2026-12-20', owedMinor: 500 },
    { invoice: 'a', dueOn: '2026-11-01', owedMinor: 300 },
    { invoice: 'c', dueOn: '2026-10-01', owedMinor: 0 },
  ]
  expect(allocationDraft(700, owed)).toEqual([
    { invoice: 'a', amount: 300 },
    { invoice: 'b', amount: 400 },
  ])
})
