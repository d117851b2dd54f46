// Order → two deliveries at once on two offline devices → invoice of what was delivered → part payment → credit note →
// the rest, under any interleaving. The oracle counts in plain numbers and knows none of the code's own functions.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { amountMinor } from '../../kernel/amount.ts'
import { glEntry, glBalance, partyBalance, partyEntry, stockBalance, stockEntry } from '../../kernel/ledger.ts'
import {
  anOrder,
  aTradeWorld,
  CUSTOMER,
  DAY,
  HOSE,
  HOSE_MINOR,
  pieces,
  PUMP,
  PUMP_MINOR,
  receiveInto,
  STORE,
  VAN_A,
  VAN_B,
} from '../../testing/trade-world.ts'
import type { TestDevice } from '../../testing/two-sides.ts'
import { costBalance, costEntry } from '../accounting/cost.ts'
import { deliver } from '../delivery/deliver.ts'
import { delivery } from '../delivery/delivery.ts'
import { receive } from '../payments/receive.ts'
import { payment } from '../payments/payment.ts'
import { accountingExceptions } from '../accounting/refusals.ts'
import { deliveryExceptions } from '../delivery/refusals.ts'
import { paymentExceptions } from '../payments/refusals.ts'
import { confirmExcess } from './confirm-excess.ts'
import { creditLine, creditNote } from './credit-note.ts'
import { creditDraft, invoiceDraft } from './drafts.ts'
import { invoice, invoiceLine } from './invoice.ts'
import { issueCreditNote } from './issue-credit-note.ts'
import { issueInvoice } from './issue-invoice.ts'
import { order, orderLine } from './order.ts'
import { placeOrder } from './place-order.ts'
import { salesExceptions } from './refusals.ts'
import { times } from '../../testing/properties.ts'

const sum = <T>(rows: readonly T[], pick: (row: T) => number): number => rows.reduce((all, row) => all + pick(row), 0)
const withTax = (count: number, minor: number): number => count * minor + Math.round((count * minor) / 5)
const ONE = 1_000_000

/** What a person with a pencil knows: counts and money by line, as committed so far. */
interface Pencil {
  delivered: Record<string, number>
  billed: Record<string, number>
  invoiced: number
  paid: number
  credited: number
  advance: number
}

type World = ReturnType<typeof aTradeWorld>

function lawsHold({ world }: World, pencil: Pencil): void {
  const gl = world.rows(glEntry)
  expect(
    sum(gl, (e) => e.amount),
    'trial balance',
  ).toBe(0)
  expect(sum(world.rows(glBalance), (b) => b.amount)).toBe(0)
  const account = (purpose: string): number =>
    sum(
      gl.filter((e) => e.purpose === purpose),
      (e) => e.amount,
    )
  // What is open lives where no retention reaches it, and nothing else does.
  for (const of of world.rows(order)) {
    const own = world.rows(orderLine).filter((line) => line.document === of.id)
    const left = sum(own, (line) => {
      const toDeliver = Math.max(0, line.quantity + line.amended - line.closed - line.delivered)
      return toDeliver + Math.max(0, line.delivered - line.returned - line.billed)
    })
    expect(of.pending, 'pending of an order').toBe(left)
    expect(order.bucketsOf(of)).toEqual([`orders:${of.branch}:${left > 0 ? 'open' : of.businessDate.slice(0, 7)}`])
  }
  for (const of of world.rows(invoice)) {
    const isOwed = of.total !== of.paid + of.credited
    expect(invoice.bucketsOf(of)).toEqual([`orders:${of.branch}:${isOwed ? 'open' : of.businessDate.slice(0, 7)}`])
  }
  const entries = world.rows(partyEntry)
  const party = (name: string): number =>
    sum(
      entries.filter((e) => e.account === name),
      (e) => e.amount,
    )
  const balance = world.rows(partyBalance).find((row) => row.party === CUSTOMER)
  const invoices = world.rows(invoice)
  const owed = sum(invoices, (i) => i.total - i.paid - i.credited)
  expect(account('receivable'), 'receivable account').toBe(owed)
  expect(party('receivable'), 'receivable entries').toBe(owed)
  expect(balance?.receivable ?? 0, 'receivable balance').toBe(owed)
  for (const each of invoices) {
    const item = sum(
      entries.filter((e) => e.account === 'receivable' && e.item === each.id),
      (e) => e.amount,
    )
    expect(item, 'open item').toBe(each.total - each.paid - each.credited)
    expect(item).toBeGreaterThanOrEqual(0)
  }
  expect(owed).toBe(pencil.invoiced - pencil.paid - pencil.credited)
  expect(balance?.advance ?? 0, 'advance').toBe(pencil.advance)
  expect(account('customer-advance') + pencil.advance).toBe(0)
  expect(account('stock'), 'stock account').toBe(sum(world.rows(costEntry), (e) => e.amount))
  expect(account('stock')).toBe(sum(world.rows(costBalance), (b) => b.value))
  for (const of of world.rows(costBalance)) {
    expect(of.quantity).toBe(
      sum(
        world.rows(stockEntry).filter((e) => e.item === of.item),
        (e) => e.quantity,
      ),
    )
    expect(of.quantity).toBe(
      sum(
        world.rows(stockBalance).filter((e) => e.item === of.item),
        (e) => e.onHand,
      ),
    )
    expect(of.value * of.quantity, 'value has the sign of its quantity').toBeGreaterThanOrEqual(0)
    if (of.quantity === 0) expect(of.value).toBe(0)
  }
  const lines = world.rows(orderLine)
  let ordered = 0
  let out = 0
  for (const line of lines) {
    expect(line.delivered).toBe((pencil.delivered[line.item] ?? 0) * ONE)
    expect(line.billed).toBe((pencil.billed[line.item] ?? 0) * ONE)
    const worth = (count: number): number => Math.round((line.total * count) / (line.quantity / ONE))
    ordered += worth(Math.max(0, line.quantity / ONE - (pencil.delivered[line.item] ?? 0)))
    out += worth(Math.max(0, (pencil.delivered[line.item] ?? 0) - (pencil.billed[line.item] ?? 0)))
  }
  expect(balance?.ordered ?? 0, 'ordered').toBe(ordered)
  expect(balance?.delivered ?? 0, 'delivered, not invoiced').toBe(out)
  expect([party('ordered'), party('delivered')]).toEqual([ordered, out])
}

/** Devices that have nothing waiting hold what the hub holds. */
function sidesAgree({ world }: World): void {
  const sorted = (rows: readonly { readonly id: string }[]) => [...rows].sort((a, b) => (a.id < b.id ? -1 : 1))
  for (const device of world.devices) {
    if (device.outbox.length > 0) continue
    for (const table of [
      order,
      orderLine,
      invoice,
      invoiceLine,
      creditNote,
      creditLine,
      payment,
      delivery,
      partyBalance,
      stockBalance,
    ]) {
      expect(sorted(device.rows(table))).toEqual(sorted(world.rows(table)))
    }
  }
}

function deliverOn(
  device: TestDevice,
  warehouse: string,
  orderId: string,
  counts: { readonly pumps: number; readonly hoses: number },
): void {
  const lines = device.rows(orderLine).flatMap((line) => {
    const count = line.item === PUMP ? counts.pumps : counts.hoses
    return count === 0 ? [] : [{ orderLine: line.id, item: line.item, unit: line.unit, quantity: pieces(count) }]
  })
  device.do(deliver, {
    party: CUSTOMER,
    businessDate: DAY,
    currency: 'GBP',
    warehouse,
    order: orderId,
    outcome: 'part',
    recipient: 'Pat',
    lines,
  })
}

/** Invoices what this device knows as billable; returns the counts and the total, or null. */
function invoiceOn(device: TestDevice): { readonly counts: Record<string, number>; readonly total: number } | null {
  const of = device.rows(order)[0]
  if (of === undefined) throw new Error('There must be an order.')
  const args = invoiceDraft({
    order: of,
    lines: device.rows(orderLine).map((line) => ({ line, tolerancePercent: null })),
    businessDate: DAY,
  })
  if (args === null) return null
  device.do(issueInvoice, args)
  return { counts: Object.fromEntries(args.lines.map((line) => [line.item, line.quantity / ONE])), total: args.total }
}

const pay = (device: TestDevice, to: string, amount: number): void =>
  void device.do(receive, {
    party: CUSTOMER,
    businessDate: DAY,
    currency: 'GBP',
    method: 'bank',
    methodKind: 'bank',
    amount: amountMinor(amount),
    allocations: [{ invoice: to, amount: amountMinor(amount) }],
  })

/** Every fact stands: nothing is parked or refused. */
function settle(of: World, inOrder?: readonly TestDevice[]): void {
  for (const { outcome, refusal } of of.world.settle(inOrder))
    expect([outcome, refusal]).toEqual([expect.stringMatching(/^(accepted|adjusted)$/), null])
}

const named: readonly string[] = [
  ...Object.keys(salesExceptions),
  ...Object.keys(deliveryExceptions),
  ...Object.keys(paymentExceptions),
  ...Object.keys(accountingExceptions),
]

const small = { min: 0, max: 9 }
const scenario = fc.record({
  a: fc.record({ pumps: fc.integer({ min: 1, max: 9 }), hoses: fc.integer(small) }),
  b: fc.record({ pumps: fc.integer({ min: 1, max: 9 }), hoses: fc.integer(small) }),
  stock: fc.integer({ min: 0, max: 20 }),
  bFirst: fc.boolean(),
  /** The second van reports only after the first invoice. */
  bLate: fc.boolean(),
  invoiceOn: fc.constantFrom('office', 'vanA'),
  partPercent: fc.integer({ min: 1, max: 99 }),
  paidTwice: fc.boolean(),
  payFirst: fc.boolean(),
  coverAtMinor: fc.integer({ min: 1, max: 5_000 }),
})

test('[BKT4] the chain adds up under any interleaving of two offline devices', { timeout: times(60_000) }, () => {
  fc.assert(
    fc.property(scenario, (given) => {
      const all = aTradeWorld()
      const { world, office, vanA, vanB } = all
      const pencil: Pencil = { delivered: {}, billed: {}, invoiced: 0, paid: 0, credited: 0, advance: 0 }
      const check = (): void => {
        lawsHold(all, pencil)
        sidesAgree(all)
      }
      const deliveredBy = (counts: { pumps: number; hoses: number }): void => {
        pencil.delivered = {
          [PUMP]: (pencil.delivered[PUMP] ?? 0) + counts.pumps,
          [HOSE]: (pencil.delivered[HOSE] ?? 0) + counts.hoses,
        }
      }
      const billedBy = (done: NonNullable<ReturnType<typeof invoiceOn>>): void => {
        const { counts, total } = done
        pencil.billed = {
          [PUMP]: (pencil.billed[PUMP] ?? 0) + (counts[PUMP] ?? 0),
          [HOSE]: (pencil.billed[HOSE] ?? 0) + (counts[HOSE] ?? 0),
        }
        const expected = withTax(counts[PUMP] ?? 0, PUMP_MINOR) + withTax(counts[HOSE] ?? 0, HOSE_MINOR)
        expect(total).toBe(expected)
        pencil.invoiced += expected
      }
      if (given.stock > 0) {
        receiveInto(office, VAN_A, { item: PUMP, count: given.stock, costMinor: 1_777 })
        receiveInto(office, VAN_B, { item: HOSE, count: given.stock, costMinor: 333 })
      }
      const orderId = office.do(placeOrder, anOrder(10, 5), order)
      settle(all)
      check()

      // Both vans are offline and deliver at once; neither knows of the other.
      deliverOn(vanA, VAN_A, orderId, given.a)
      deliverOn(vanB, VAN_B, orderId, given.b)
      const firstOnes = given.bLate ? [vanA] : given.bFirst ? [vanB, vanA] : [vanA, vanB]
      settle(all, firstOnes)
      deliveredBy(given.a)
      if (!given.bLate) deliveredBy(given.b)
      check()

      const biller = given.invoiceOn === 'office' ? office : vanA
      const confirm = (): void => {
        for (const line of office.rows(orderLine))
          if (line.delivered > line.quantity) office.do(confirmExcess, { orderLine: line.id, businessDate: DAY })
        settle(all, [office])
      }
      if (!given.bLate) confirm()
      const first = invoiceOn(biller)
      settle(all, [biller])
      if (first !== null) billedBy(first)
      check()
      if (given.bLate) {
        settle(all, [vanB])
        deliveredBy(given.b)
        check()
        confirm()
        const second = invoiceOn(office)
        settle(all, [office])
        if (second !== null) billedBy(second)
        check()
      }
      const overPumps = given.a.pumps + given.b.pumps > 10
      const overHoses = given.a.hoses + given.b.hoses > 5
      const over = new Set(
        world.exceptions.filter(({ code }) => code === 'OVER_DELIVERED').map(({ facts }) => facts['item']),
      )
      expect([over.has(PUMP), over.has(HOSE)]).toEqual([overPumps, overHoses])
      expect(pencil.billed).toEqual(pencil.delivered)

      // Part of the first invoice is paid; perhaps on both vans at once, and then what is too much is an advance.
      const target = [...office.rows(invoice)].sort((x, y) => y.total - x.total)[0]
      if (target === undefined) throw new Error('There must be an invoice.')
      const part = Math.max(1, Math.floor((target.total * given.partPercent) / 100))
      pay(vanA, target.id, part)
      if (given.paidTwice) pay(vanB, target.id, part)
      const pumpLine =
        office.rows(invoiceLine).find((line) => line.document === target.id && line.item === PUMP) ??
        office.rows(invoiceLine).find((line) => line.document === target.id)
      if (pumpLine === undefined) throw new Error('There must be a line.')
      const credit = creditDraft({
        invoice: target,
        lines: [{ line: pumpLine, quantity: pieces(1), before: [], more: { disposition: 'saleable' } }],
        reason: 'return',
        businessDate: DAY,
        warehouse: STORE,
      })
      if (credit === null) throw new Error('The credit note must add up.')
      office.do(issueCreditNote, credit)
      const settleNow = given.payFirst ? [vanA, vanB, office] : [office, vanB, vanA]
      // In commit order: each takes what the invoice still owes, and the rest is an advance.
      let owed: number = target.total
      for (const device of settleNow) {
        const money = device === office ? credit.total : device === vanB && !given.paidTwice ? 0 : part
        const applied = Math.min(money, owed)
        owed -= applied
        pencil.advance += money - applied
        if (device === office) pencil.credited += applied
        else pencil.paid += applied
      }
      settle(all, settleNow)
      check()
      const quantity = pumpLine.quantity / ONE
      const net = pumpLine.item === PUMP ? PUMP_MINOR : HOSE_MINOR
      expect(credit.total).toBe(
        Math.round((quantity * net) / quantity) + Math.round(Math.round((quantity * net) / 5) / quantity),
      )

      // The rest of every invoice is paid, and goods arrive that cover what was sold below zero.
      for (const each of vanA.rows(invoice)) {
        const rest = each.total - each.paid - each.credited
        if (rest > 0) pay(vanA, each.id, rest)
        pencil.paid += rest
      }
      receiveInto(office, STORE, { item: PUMP, count: 30, costMinor: given.coverAtMinor })
      receiveInto(office, STORE, { item: HOSE, count: 30, costMinor: given.coverAtMinor })
      settle(all, [office, vanA])
      check()
      for (const { code } of world.exceptions) expect(named).toContain(code)
      expect(world.rows(invoice).every((each) => each.total === each.paid + each.credited)).toBe(true)
    }),
    { numRuns: times(60) },
  )
})
