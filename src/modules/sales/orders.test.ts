// Rules of orders, invoices and credit notes, one by one.
import { describe, expect, test } from 'vitest'
import { amountMinor, rate6 } from '../../kernel/amount.ts'
import { partyBalance } from '../../kernel/ledger.ts'
import {
  anOrder,
  aTradeWorld,
  CUSTOMER,
  DAY,
  HOSE,
  pieces,
  PUMP,
  STORE,
  VAN_A,
  present,
  rowAt,
} from '../../testing/trade-world.ts'
import type { TestDevice } from '../../testing/two-sides.ts'
import { deliver } from '../delivery/deliver.ts'
import { cancelOrder } from './cancel-order.ts'
import { changeQuantity } from './change-quantity.ts'
import { confirmExcess } from './confirm-excess.ts'
import { creditLine, creditNote } from './credit-note.ts'
import { creditDraft, invoiceDraft } from './drafts.ts'
import { editOrder } from './edit-order.ts'
import { invoice, invoiceLine } from './invoice.ts'
import { issueCreditNote } from './issue-credit-note.ts'
import { issueInvoice, type InvoiceArgs } from './issue-invoice.ts'
import { order, orderLine } from './order.ts'
import { billingOf, fulfilmentOf, paymentOf } from './order-sums.ts'
import { placeOrder } from './place-order.ts'
import { releaseOrder } from './release-order.ts'
import { shortCloseOrder } from './short-close-order.ts'

const balanceOf = (world: ReturnType<typeof aTradeWorld>['world']) =>
  world.rows(partyBalance).find((row) => row.party === CUSTOMER)

function deliverPumps(device: TestDevice, count: number): void {
  const line = device.rows(orderLine).find((row) => row.item === PUMP)
  if (line === undefined) throw new Error('There must be an order line.')
  device.do(deliver, {
    party: CUSTOMER,
    businessDate: DAY,
    currency: 'GBP',
    warehouse: VAN_A,
    order: line.document,
    outcome: 'delivered',
    lines: [{ orderLine: line.id, item: PUMP, unit: 'each', quantity: pieces(count) }],
  })
}

function draftOf(device: TestDevice): InvoiceArgs {
  const of = device.rows(order)[0]
  const args =
    of === undefined
      ? null
      : invoiceDraft({
          order: of,
          lines: device.rows(orderLine).map((line) => ({ line, tolerancePercent: null })),
          businessDate: DAY,
        })
  if (args === null) throw new Error('There must be something to bill.')
  return args
}

describe('an order', () => {
  test('beyond the credit is kept on hold and counts only when it is released', () => {
    const { world, office, vanA } = aTradeWorld({ creditLimitMinor: 10_000 })
    const id = vanA.do(placeOrder, anOrder(10, 0), order)
    expect(vanA.rows(order)).toMatchObject([{ isOnHold: true }])
    world.settle()
    expect(world.exceptions.map(({ code }) => code)).toEqual(['CREDIT_EXCEEDED'])
    expect(balanceOf(world)?.ordered ?? 0).toBe(0)
    const line = rowAt(vanA.rows(orderLine))
    const held = vanA.run(deliver, {
      party: CUSTOMER,
      businessDate: DAY,
      currency: 'GBP',
      warehouse: VAN_A,
      outcome: 'delivered',
      lines: [{ orderLine: line.id, item: PUMP, unit: 'each', quantity: pieces(1) }],
    })
    expect(held.refusal?.code).toBe('delivery.order-on-hold')
    office.do(releaseOrder, { order: id, businessDate: DAY })
    world.settle()
    expect(world.rows(order)).toMatchObject([{ isOnHold: false, releasedBy: 'sam' }])
    expect(balanceOf(world)?.ordered).toBe(39_996)
    expect(office.run(releaseOrder, { order: id, businessDate: DAY }).refusal?.code).toBe('sales.order-not-on-hold')
  })

  test('two orders at once on two devices: the hub holds the one that goes beyond', () => {
    const { world, vanA, vanB } = aTradeWorld({ creditLimitMinor: 40_000 })
    vanA.do(placeOrder, anOrder(10, 0))
    vanB.do(placeOrder, anOrder(9, 0))
    expect(vanB.rows(order)).toMatchObject([{ isOnHold: false }])
    expect(world.settle([vanA, vanB]).map(({ outcome }) => outcome)).toEqual(['accepted', 'adjusted'])
    expect(world.rows(order).map(({ isOnHold }) => isOnHold)).toEqual([false, true])
  })

  test('of a customer on cash terms is not held: it is paid when it is handed over', () => {
    const { world, vanA } = aTradeWorld({ creditLimitMinor: null })
    vanA.do(placeOrder, anOrder(10, 5))
    world.settle()
    expect(world.rows(order)).toMatchObject([{ isOnHold: false }])
  })

  test.each([
    ['no line', { lines: [] }, 'sales.no-lines'],
    ['a total that is not what its lines come to', { total: amountMinor(1) }, 'sales.totals-differ'],
    ['an unknown customer', { party: 'nobody' }, 'sales.unknown-party'],
    ['another currency', { currency: 'EUR' }, 'sales.currency-differs'],
    ['terms below zero', { termsDays: -1 }, 'sales.terms-negative'],
  ])('with %s is refused', (_, more, code) => {
    const { office } = aTradeWorld({ isStocked: true })
    expect(office.run(placeOrder, { ...anOrder(1, 1), ...more }).refusal?.code).toBe(code)
  })

  test('with nothing, less than nothing or an unknown item on a line is refused', () => {
    const { office } = aTradeWorld({ isStocked: true })
    const of = anOrder(1, 0)
    const withLine = (more: object) =>
      office.run(placeOrder, { ...of, lines: [{ ...rowAt(of.lines), ...more }] }).refusal?.code
    expect(withLine({ quantity: pieces(0) })).toBe('sales.quantity-not-positive')
    expect(withLine({ quantity: pieces(-1) })).toBe('sales.quantity-not-positive')
    expect(withLine({ item: 'nothing' })).toBe('sales.unknown-item')
    expect(withLine({ factorDen: 0 })).toBe('sales.quantity-not-exact')
    expect(withLine({ rate: rate6(-1) })).toBe('pricing.price-negative')
  })

  test('under a number that the customer used before is named, not refused', () => {
    const { world, office } = aTradeWorld({ isStocked: true })
    office.do(placeOrder, anOrder(1, 0, { customerOrderNumber: 'PO-7' }))
    office.do(placeOrder, anOrder(1, 0, { customerOrderNumber: 'PO-7' }))
    world.settle()
    expect(world.exceptions.map(({ code }) => code)).toEqual(['ORDER_NUMBER_TWICE'])
  })

  test('imported twice, on whichever devices, is one order', () => {
    const { world, vanA, vanB } = aTradeWorld({ isStocked: true })
    const of = anOrder(2, 1, { externalRef: 'web-1' })
    vanA.do(placeOrder, of)
    expect(vanA.run(placeOrder, of).refusal?.code).toBe('kernel.already-imported')
    vanB.do(placeOrder, of)
    world.settle([vanB, vanA])
    expect(world.rows(order)).toHaveLength(1)
    expect(world.rows(orderLine)).toHaveLength(2)
    expect(world.exceptions.map(({ code }) => code)).toEqual(['ALREADY_IMPORTED'])
  })

  test('is edited field by field by two people at once', () => {
    const { world, office, vanA } = aTradeWorld({ isStocked: true })
    const id = office.do(placeOrder, anOrder(1, 0), order)
    world.settle()
    vanA.do(editOrder, { order: id, deliverOn: '2026-11-25' })
    office.do(editOrder, { order: id, customerOrderNumber: 'PO-8', remarks: 'side door' })
    world.settle([office, vanA])
    expect(world.rows(order)).toMatchObject([
      { deliverOn: '2026-11-25', customerOrderNumber: 'PO-8', remarks: 'side door' },
    ])
  })

  test('changes by differences, never below what was delivered', () => {
    const { world, office, vanA } = aTradeWorld({ isStocked: true })
    office.do(placeOrder, anOrder(10, 0))
    world.settle()
    const line = rowAt(office.rows(orderLine))
    deliverPumps(vanA, 6)
    office.do(changeQuantity, { orderLine: line.id, by: pieces(-5), businessDate: DAY })
    expect(world.settle([vanA, office]).map(({ outcome, refusal }) => [outcome, refusal?.code])).toEqual([
      ['accepted', undefined],
      ['refused', 'sales.below-delivered'],
    ])
    office.do(changeQuantity, { orderLine: line.id, by: pieces(-4), businessDate: DAY })
    world.settle()
    expect(world.rows(orderLine)).toMatchObject([{ quantity: pieces(10), amended: pieces(-4), delivered: pieces(6) }])
    expect(balanceOf(world)).toMatchObject({ ordered: 0, delivered: Math.round(39_996 * 0.6) })
    expect(office.run(changeQuantity, { orderLine: line.id, by: pieces(0), businessDate: DAY }).refusal?.code).toBe(
      'sales.change-zero',
    )
  })

  test('is cancelled while nothing was delivered; a driver who has it out with him still delivers', () => {
    const { world, office, vanA } = aTradeWorld({ isStocked: true })
    const id = office.do(placeOrder, anOrder(10, 5), order)
    world.settle()
    office.do(cancelOrder, { order: id, businessDate: DAY, reason: 'changed his mind' })
    deliverPumps(vanA, 4)
    expect(world.settle([office, vanA]).map(({ outcome }) => outcome)).toEqual(['accepted', 'adjusted'])
    expect(world.exceptions.map(({ code }) => code)).toEqual(['CANCELLED_BUT_DELIVERED'])
    expect(balanceOf(world)).toMatchObject({ ordered: 0, delivered: Math.round(39_996 * 0.4) })
    expect(office.run(cancelOrder, { order: id, businessDate: DAY, reason: 'again' }).refusal?.code).toBe(
      'sales.order-not-open',
    )
  })

  test('is short-closed: what was delivered stays, what comes after it is too much', () => {
    const { world, office, vanA } = aTradeWorld({ isStocked: true })
    const id = office.do(placeOrder, anOrder(10, 5), order)
    world.settle()
    deliverPumps(vanA, 4)
    world.settle()
    expect(office.run(cancelOrder, { order: id, businessDate: DAY, reason: 'no' }).refusal?.code).toBe(
      'sales.already-delivered',
    )
    office.do(shortCloseOrder, { order: id, businessDate: DAY, reason: 'sold out' })
    deliverPumps(vanA, 1)
    world.settle([office, vanA])
    expect(world.exceptions.map(({ code }) => code)).toEqual(['OVER_DELIVERED'])
    const pumps = present(world.rows(orderLine).find((line) => line.item === PUMP))
    expect(pumps).toMatchObject({ closed: pieces(6), delivered: pieces(5) })
    expect(world.rows(orderLine).find((line) => line.item === HOSE)).toMatchObject({ closed: pieces(5) })
    expect(balanceOf(world)?.ordered).toBe(0)
    office.do(confirmExcess, { orderLine: pumps.id, businessDate: DAY })
    world.settle()
    expect(draftOf(office).lines.map(({ quantity }) => quantity)).toEqual([pieces(5)])
    expect(office.run(confirmExcess, { orderLine: pumps.id, businessDate: DAY }).refusal?.code).toBe(
      'sales.nothing-in-excess',
    )
  })
})

describe('an invoice', () => {
  test('of more than was delivered is refused, and stands with an exception when two were made at once', () => {
    const { world, office, vanA, vanB } = aTradeWorld({ isStocked: true })
    office.do(placeOrder, anOrder(10, 0))
    world.settle()
    const early = rowAt(office.rows(orderLine))
    const all = office.run(issueInvoice, {
      ...anOrder(1, 0),
      lines: [{ ...rowAt(anOrder(1, 0).lines), orderLine: early.id }],
    })
    expect(all.refusal?.code).toBe('sales.billed-over-delivered')
    deliverPumps(vanA, 4)
    world.settle()
    vanA.do(issueInvoice, draftOf(vanA))
    vanB.do(issueInvoice, draftOf(vanB))
    world.settle([vanA, vanB])
    expect(world.exceptions.map(({ code }) => code)).toEqual(['BILLED_OVER_DELIVERED'])
    expect(world.rows(invoice).map(({ number }) => number)).toEqual(['I-VANAA-26-000001', 'I-VANBA-26-000001'])
  })

  test('falls due by its terms or its instalments, which must add up', () => {
    const { world, office } = aTradeWorld({ isStocked: true })
    const of = anOrder(1, 0)
    office.do(issueInvoice, of)
    const half = { dueOn: '2027-01-31', amountMinor: 2_000 }
    expect(office.run(issueInvoice, { ...of, schedule: [half] }).refusal?.code).toBe('sales.schedule-differs')
    office.do(issueInvoice, { ...of, schedule: [half, { dueOn: '2026-12-31', amountMinor: 2_000 }] })
    world.settle()
    expect(world.rows(invoice).map(({ dueOn }) => dueOn)).toEqual(['2026-12-20', '2027-01-31'])
  })

  test('whose price is not the order’s says so', () => {
    const { world, office, vanA } = aTradeWorld({ isStocked: true })
    office.do(placeOrder, anOrder(10, 0))
    world.settle()
    deliverPumps(vanA, 1)
    world.settle()
    const line = rowAt(office.rows(orderLine))
    const of = anOrder(1, 0)
    const args = {
      ...of,
      lines: [{ ...rowAt(of.lines), orderLine: line.id, rate: rate6(10_000_000) }],
      total: amountMinor(1_200),
      tax: amountMinor(200),
    }
    office.do(issueInvoice, args)
    world.settle()
    expect(world.exceptions.map(({ code }) => code)).toEqual(['PRICE_DIFFERS'])
  })
})

describe('a credit note', () => {
  function billed() {
    const all = aTradeWorld({ isStocked: true })
    all.office.do(issueInvoice, anOrder(3, 0))
    all.world.settle()
    const [of] = all.office.rows(invoice)
    const [line] = all.office.rows(invoiceLine)
    if (of === undefined || line === undefined) throw new Error('There must be an invoice.')
    return { ...all, of, line }
  }

  test('by quantity takes its share, and the last one the rest', () => {
    const { world, office, of, line } = billed()
    for (let unit = 0; unit < 3; unit++) {
      const before = office.rows(creditLine).filter((each) => each.invoiceLine === line.id)
      const args = creditDraft({
        invoice: of,
        lines: [{ line, quantity: pieces(1), before }],
        reason: 'return',
        businessDate: DAY,
      })
      office.do(issueCreditNote, present(args))
      world.settle()
    }
    // 3 × 33.33 = 99.99 and 20.00 tax: 6.67 + 6.67 + 6.66.
    expect(world.rows(creditNote).map(({ net, tax, total }) => [net, tax, total])).toEqual([
      [3_333, 667, 4_000],
      [3_333, 667, 4_000],
      [3_333, 666, 3_999],
    ])
    expect(world.rows(invoice)).toMatchObject([{ total: 11_999, credited: 11_999 }])
    const more = creditDraft({
      invoice: of,
      lines: [{ line, quantity: pieces(1), before: [] }],
      reason: 'return',
      businessDate: DAY,
    })
    expect(office.run(issueCreditNote, present(more)).refusal?.code).toBe('sales.credit-exceeds-invoice')
  })

  test('by amount takes what was agreed, with its tax', () => {
    const { world, office, of, line } = billed()
    const { party, currency, minorDigits, pricesIncludeTax, taxRounding } = of
    const taxes = [{ code: 'STD', percent: rate6(20_000_000) }]
    const args = {
      party,
      currency,
      minorDigits,
      pricesIncludeTax,
      taxRounding,
      businessDate: DAY,
      invoice: of.id,
      reason: 'price' as const,
      lines: [{ invoiceLine: line.id, item: PUMP, unit: 'each', amount: amountMinor(1_000), taxes }],
      total: amountMinor(1_200),
      tax: amountMinor(200),
    }
    office.do(issueCreditNote, args)
    world.settle()
    expect(world.rows(creditNote)).toMatchObject([{ net: 1_000, tax: 200, total: 1_200, applied: 1_200 }])
    expect(
      office.run(issueCreditNote, { ...args, lines: [{ invoiceLine: line.id, item: PUMP, unit: 'each' }] }).refusal
        ?.code,
    ).toBe('sales.credit-incomplete')
    expect(office.run(issueCreditNote, { ...args, invoice: 'none' }).refusal?.code).toBe('sales.unknown-invoice')
    expect(office.run(issueCreditNote, { ...args, total: amountMinor(1) }).refusal?.code).toBe('sales.totals-differ')
  })

  test('to be billed again opens the order line', () => {
    const { world, office, vanA } = aTradeWorld({ isStocked: true })
    office.do(placeOrder, anOrder(2, 0))
    world.settle()
    deliverPumps(vanA, 2)
    world.settle()
    office.do(issueInvoice, draftOf(office))
    world.settle()
    const [of] = office.rows(invoice)
    const [line] = office.rows(invoiceLine)
    const args = creditDraft({
      invoice: present(of),
      lines: [{ line: present(line), quantity: pieces(1), before: [], more: { billAgain: true } }],
      reason: 'error',
      businessDate: DAY,
      warehouse: STORE,
    })
    office.do(issueCreditNote, present(args))
    world.settle()
    expect(world.rows(orderLine)).toMatchObject([{ delivered: pieces(2), billed: pieces(1) }])
    expect(draftOf(office).lines).toMatchObject([{ quantity: pieces(1) }])
  })
})

test('the axes of a document are functions of its sums', () => {
  const line = {
    quantity: pieces(10),
    total: amountMinor(1_000),
    amended: pieces(0),
    closed: pieces(0),
    delivered: pieces(0),
    returned: pieces(0),
    billed: pieces(0),
    excessConfirmed: pieces(0),
    isGoods: true,
  }
  expect([fulfilmentOf([line]), billingOf([line])]).toEqual(['none', 'none'])
  const part = { ...line, delivered: pieces(4), billed: pieces(4) }
  expect([fulfilmentOf([part]), billingOf([part])]).toEqual(['part', 'part'])
  const closed = { ...part, closed: pieces(6) }
  expect([fulfilmentOf([closed]), billingOf([closed])]).toEqual(['all', 'all'])
  expect([0, 50, 100].map((paid) => paymentOf({ total: 100, paid, credited: 0 }))).toEqual(['none', 'part', 'all'])
})
