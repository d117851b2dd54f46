// Who may decide what, offline (documents.md §19), about money: one test a row, named by the row's words. Two devices work
// apart, the hub settles both, and what must stand then is counted here from the spec, with plain numbers.
import { describe, expect, test } from 'vitest'
import { amountMinor, rate6 } from '../kernel/amount.ts'
import type { ArgsFor } from '../kernel/command.ts'
import { cashBalance, glEntry, partyEntry } from '../kernel/ledger.ts'
import {
  aDecisionWorld,
  aDeliveryOf,
  anOrderOf,
  named,
  shop,
  TODAY,
  type DecisionWorld,
} from '../testing/decision-world.ts'
import { rowAt } from '../testing/trade-world.ts'
import type { TestDevice } from '../testing/two-sides.ts'
import { setPeriod } from './accounting/set-period.ts'
import { deliver } from './delivery/deliver.ts'
import { createParty } from './masters/create-party.ts'
import { party } from './masters/party.ts'
import { setCreditLimit } from './masters/set-credit-limit.ts'
import { setPrice } from './masters/set-price.ts'
import { setTaxRate } from './masters/set-tax-rate.ts'
import { receive } from './payments/receive.ts'
import { closeShift } from './pos/close-shift.ts'
import { completeSale } from './pos/complete-sale.ts'
import { linkReturn } from './pos/link-return.ts'
import { returnSale } from './pos/return-sale.ts'
import { sale, saleLine, tender } from './pos/sale.ts'
import { STORE_CREDIT } from './pos/sale-money.ts'
import { settleTender } from './pos/settle-tender.ts'
import { shift } from './pos/shift.ts'
import { aLine, aSale, backOf, card, cash, onAccount, pieces, pounds, priceOf } from './pos/till-builders.ts'
import { invoiceDraft } from './sales/drafts.ts'
import { invoice } from './sales/invoice.ts'
import { issueInvoice } from './sales/issue-invoice.ts'
import { order, orderLine } from './sales/order.ts'
import { placeOrder } from './sales/place-order.ts'
import { releaseOrder } from './sales/release-order.ts'

const sum = (amounts: readonly number[]): number => amounts.reduce((all, amount) => all + amount, 0)
const drillFor = (shift: string, major: number, more: Partial<ReturnType<typeof aLine>> = {}) =>
  aSale({ shift, lines: [aLine(shop.drill, 1, major, more)] })
const credit = (shift: string, drills: number) =>
  aSale({
    shift,
    party: shop.acme,
    lines: [aLine(shop.drill, drills, 60)],
    tenders: [onAccount(60 * drills)],
  })
const owed = ({ world }: Pick<DecisionWorld, 'world'>): number =>
  sum(world.rows(partyEntry).flatMap(({ account, amount }) => (account === 'receivable' ? [amount] : [])))

describe('discount, price over role', () => {
  // A cashier may give 5 %. The drill costs £60.00 with tax, £50.00 without, and never less than £40.00 without.
  const percent = (value: number) => ({ lineDiscount: { kind: 'percent' as const, percent: rate6(value * 1_000_000) } })

  test('refused at the till, or co-signed; the branch manager is told of both limits', () => {
    const { world, tillA, shiftA } = aDecisionWorld()
    expect(tillA.run(completeSale, drillFor(shiftA, 60, percent(5))).refusal).toBeNull()
    const tooMuch = drillFor(shiftA, 60, percent(21))
    expect(tillA.run(completeSale, tooMuch).refusal?.code).toBe('pricing.discount-over-limit')
    const coSigned = { overrides: ['pricing.discount-over-limit'] }
    expect(tillA.run(completeSale, tooMuch, coSigned).refusal?.code).toBe('pricing.below-floor')
    tillA.do(completeSale, tooMuch, sale, { overrides: [...coSigned.overrides, 'pricing.below-floor'] })
    world.settle()
    expect(named(world)).toEqual(['DISCOUNT_OVER_LIMIT → branchManager', 'BELOW_FLOOR → branchManager'])
    expect(world.rows(sale).map(({ total }) => total)).toEqual([57_00, 47_40])
  })
})

describe('stale price, tax', () => {
  test('what was printed stays as it is; pricing and the accountant are told', () => {
    const { world, office, tillA, shiftA } = aDecisionWorld()
    office.do(setPrice, { scope: 'item', item: shop.drill, rate: priceOf(66), isTaxIncluded: true })
    office.do(setTaxRate, { code: 'standard', from: '2026-11-01', percent: rate6(25_000_000) })
    // The till hasn't heard: it uses what it has.
    const printed = tillA.run(completeSale, drillFor(shiftA, 60))
    expect([printed.refusal, printed.exceptions]).toEqual([null, []])
    world.settle([office, tillA])
    expect(named(world)).toEqual(['PRICE_DIFFERS → pricing', 'TAX_RATE_STALE → accountant'])
    expect(world.rows(sale)).toMatchObject([{ total: 60_00, tax: 10_00 }])
    expect(world.rows(sale)).toEqual(tillA.rows(sale))
  })
})

describe('credit, order', () => {
  test('beyond the limit an order is kept on hold, and letting it go is asked of the hub', () => {
    const { world, office, tillA, vanA, vanB } = aDecisionWorld({ permissions: ['pos.*', 'sales.order', 'delivery.*'] })
    // £500.00 of credit; two orders of £300.00 made at once.
    for (const device of [vanA, vanB]) expect(device.run(placeOrder, anOrderOf(5)).about['isOnHold']).toBe(false)
    world.settle([vanB, vanA])
    expect(named(world)).toEqual(['CREDIT_EXCEEDED → creditControl'])
    const held = rowAt(world.rows(order).filter(({ isOnHold }) => isOnHold))
    expect(held.device).toBe('VANA')
    // On the device too: the next one is held where it is made.
    expect(vanA.run(placeOrder, anOrderOf(5)).about['isOnHold']).toBe(true)
    const release = { order: held.id, businessDate: TODAY }
    expect(tillA.run(releaseOrder, release).refusal?.code).toBe('kernel.not-permitted')
    const second = world.device({ ...office.lease, dev: 'OFF2' })
    for (const device of [office, second]) device.do(releaseOrder, release)
    expect(world.settle([office, second]).map(({ outcome }) => outcome)).toEqual(['accepted', 'refused'])
    expect(world.rows(order).find(({ id }) => id === held.id)?.isOnHold).toBe(false)
  })
})

describe('on-account sale, delivery', () => {
  test('inside the credit that the till knows, and inside its own cap; together beyond it stands', () => {
    const of = aDecisionWorld()
    const { world, tillA, tillB, shiftA, shiftB } = of
    expect(tillA.run(completeSale, credit(shiftA, 9)).refusal?.code).toBe('pos.credit-exceeded')
    tillA.do(completeSale, credit(shiftA, 5), sale)
    tillB.do(completeSale, credit(shiftB, 5), sale)
    world.settle([tillA, tillB])
    expect(named(world)).toEqual(['CREDIT_EXCEEDED → creditControl'])
    expect(owed(of)).toBe(600_00)
    const capped = aDecisionWorld({ limits: { onAccountMinor: 100_00 } })
    expect(capped.tillA.run(completeSale, credit(capped.shiftA, 1)).refusal).toBeNull()
    expect(capped.tillA.run(completeSale, credit(capped.shiftA, 2)).refusal).toMatchObject({
      code: 'pos.credit-exceeded',
      facts: { capMinor: 100_00 },
    })
  })

  test('goods on credit leave the van inside it; what left unseen beyond it stands', () => {
    const of = aDecisionWorld()
    const { world, office, tillA, shiftA, vanA } = of
    const placed = office.do(placeOrder, anOrderOf(4), order)
    world.settle()
    tillA.do(completeSale, credit(shiftA, 4), sale)
    office.do(setCreditLimit, { party: shop.acme, creditLimitMinor: amountMinor(300_00) })
    vanA.do(deliver, aDeliveryOf(vanA, placed, 1))
    world.settle([office, tillA, vanA])
    expect(named(world)).toEqual(['CREDIT_EXCEEDED → creditControl', 'CREDIT_EXCEEDED → creditControl'])
    expect(world.exceptions.map(({ command }) => command)).toEqual(['pos.completeSale', 'delivery.deliver'])
    expect(vanA.run(deliver, aDeliveryOf(vanA, placed, 1)).refusal).toMatchObject({
      code: 'delivery.credit-exceeded',
      facts: { exposureMinor: 480_00, limitMinor: 300_00 },
    })
  })
})

/** A drill sold at till A and known everywhere. */
function aSold(of: DecisionWorld) {
  const { world, tillA, shiftA } = of
  tillA.do(completeSale, aSale({ shift: shiftA, lines: [aLine(shop.drill, 2, 60)] }), sale)
  world.settle()
  return { line: rowAt(world.rows(saleLine)), paid: rowAt(world.rows(tender)).id }
}

describe('return, original here', () => {
  test('over what was sold it is refused; two tills that take it back at once both paid, and it is named', () => {
    const of = aDecisionWorld()
    const { line, paid } = aSold(of)
    const { world, tillA, tillB, shiftA, shiftB } = of
    const back = (shift: string, count: number) =>
      aSale({ shift, returns: [backOf(line, count)], tenders: [{ ...cash(-60 * count), refundOf: paid }] })
    expect(tillA.run(returnSale, back(shiftA, 3)).refusal?.code).toBe('pos.return-exceeds-sold')
    tillA.do(returnSale, back(shiftA, 2))
    tillB.do(returnSale, back(shiftB, 2))
    world.settle([tillB, tillA])
    expect(named(world)).toEqual(['RETURN_EXCEEDS_SOLD → branchManager', 'REFUND_EXCEEDS_PAID → branchManager'])
    expect(world.rows(saleLine).find(({ id }) => id === line.id)?.returned).toBe(pieces(4))
    expect(sum(world.rows(cashBalance).map(({ amount }) => amount))).toBe(120_00 - 2 * 120_00)
  })
})

describe('return, original elsewhere', () => {
  const loose = { ...aLine(shop.sealant, 1, 4.8), reason: 'wrong colour' }
  const byNumber = (shift: string, originalNumber: string | null, of = loose, major = 4.8) =>
    aSale({ shift, originalNumber, returns: [of], tenders: [cash(-major)] })

  test('the role’s limit with the receipt’s number, store credit and an approval without', () => {
    const { world, tillB, shiftB } = aDecisionWorld()
    const drill = { ...loose, ...aLine(shop.drill, 1, 60) }
    expect(tillB.run(returnSale, byNumber(shiftB, 'S-ZZZZA-26-000001', drill, 60)).refusal).toMatchObject({
      code: 'pos.return-over-limit',
      facts: { amountMinor: 60_00, limitMinor: 50_00 },
    })
    expect(tillB.run(returnSale, byNumber(shiftB, null)).refusal?.code).toBe('pos.return-needs-approval')
    const approved = { overrides: ['pos.return-needs-approval'] }
    expect(tillB.run(returnSale, byNumber(shiftB, null), approved).refusal?.code).toBe('pos.store-credit-only')
    const inCredit = [{ method: STORE_CREDIT, kind: 'voucher' as const, amount: pounds(-4.8) }]
    tillB.do(returnSale, { ...byNumber(shiftB, null), tenders: inCredit }, sale, approved)
    world.settle()
    expect(named(world)).toEqual(['RETURN_UNLINKED → branchManager'])
  })

  test.each(['the sale first', 'the return first'])('it finds its sale by the number (%s)', (first) => {
    const { world, tillA, tillB, shiftA, shiftB } = aDecisionWorld()
    tillA.do(completeSale, aSale({ shift: shiftA, lines: [aLine(shop.sealant, 1, 4.8)] }))
    const sold = rowAt(tillA.rows(saleLine)).id
    tillB.do(returnSale, byNumber(shiftB, rowAt(tillA.rows(sale)).number))
    world.settle(first === 'the sale first' ? [tillA, tillB] : [tillB, tillA])
    const backLine = () => rowAt(world.rows(saleLine).filter(({ quantity }) => quantity < 0))
    if (first === 'the return first') {
      expect(named(world)).toEqual(['RETURN_UNLINKED → branchManager'])
      expect(backLine().originLine).toBeNull()
      // The manager links it when the sale has come in.
      const manager = world.device({ ...tillA.lease, dev: 'MGRS', permissions: ['pos.*'] })
      manager.do(linkReturn, { line: backLine().id, originLine: sold, quantity: pieces(1) })
      world.settle()
    } else expect(named(world)).toEqual([])
    expect(backLine().originLine).toBe(sold)
    expect(world.rows(saleLine).find(({ id }) => id === sold)?.returned).toBe(pieces(1))
  })
})

describe('card without network', () => {
  const byCard = (shift: string, count: number) =>
    aSale({
      shift,
      lines: [aLine(shop.sealant, count, 4.8)],
      tenders: [card(4.8 * count, { isOffline: true })],
    })

  test('to the floor limit; what the bank declines later leaves the sale as printed, and receivables are told', () => {
    const { world, office, tillA, shiftA } = aDecisionWorld()
    // The till's floor limit is £30.00.
    expect(tillA.run(completeSale, byCard(shiftA, 7)).refusal?.code).toBe('pos.over-floor-limit')
    tillA.do(completeSale, byCard(shiftA, 2), sale)
    world.settle()
    const before = world.rows(sale)
    const taken = rowAt(world.rows(tender))
    expect(taken.state).toBe('taken')
    office.do(settleTender, { tender: taken.id, outcome: 'declined', businessDate: TODAY })
    world.settle()
    expect(named(world)).toEqual(['CARD_DECLINED → receivables'])
    expect(world.rows(tender)).toMatchObject([{ state: 'declined' }])
    expect(world.rows(sale)).toEqual(before)
    expect(sum(world.rows(glEntry).map(({ amount }) => amount))).toBe(0)
  })
})

describe('shift close', () => {
  const closing = (device: TestDevice, of: string, counted: number): ArgsFor<typeof closeShift> => ({
    shift: of,
    businessDate: TODAY,
    minorDigits: 2,
    counts: [{ method: 'cash', kind: 'cash', currency: 'GBP', expected: pounds(60), counted: pounds(counted) }],
    documents: device
      .rows(sale)
      .filter((row) => row.shift === of)
      .map((row) => ({ kind: 'sale' as const, id: row.id, amountMinor: row.total })),
  })

  test('the till closes by itself; a difference over its limit goes to the supervisor', () => {
    const { world, tillA, shiftA } = aDecisionWorld()
    tillA.do(completeSale, drillFor(shiftA, 60))
    expect(tillA.run(closeShift, closing(tillA, shiftA, 53)).refusal).toMatchObject({
      code: 'pos.difference-over-limit',
      facts: { differenceMinor: -7_00 },
    })
    tillA.do(closeShift, closing(tillA, shiftA, 53), undefined, { overrides: ['pos.difference-over-limit'] })
    world.settle()
    expect(named(world)).toEqual(['CASH_DIFFERENCE → supervisor'])
    expect(world.rows(shift).find(({ id }) => id === shiftA)).toMatchObject({ state: 'submitted', isSettled: true })
    expect(sum(world.rows(cashBalance).map(({ amount }) => amount))).toBe(53_00)
  })

  test('settled when all that it lists is in; what it doesn’t list stands and is named', () => {
    const { world, tillA, tillB, shiftA } = aDecisionWorld()
    tillA.do(completeSale, drillFor(shiftA, 60))
    // Another device sells on that till's shift, unseen by it.
    tillB.do(completeSale, drillFor(shiftA, 60), sale, { overrides: ['pos.shift-of-other-device'] })
    tillA.do(closeShift, closing(tillA, shiftA, 60))
    const late = tillA.outbox.splice(0, 1)
    world.settle([tillA])
    const closed = () => world.rows(shift).find(({ id }) => id === shiftA)
    expect(closed()).toMatchObject({ state: 'submitted', isSettled: false })
    tillA.outbox.push(...late)
    world.settle([tillA, tillB])
    expect(closed()?.isSettled).toBe(true)
    expect(named(world)).toEqual(['CLOSE_INCOMPLETE → supervisor', 'TILL_TWICE → supervisor'])
    expect(world.rows(sale)).toHaveLength(2)
  })
})

describe('money for a paid invoice', () => {
  test('both receipts stand; the second is the customer’s advance', () => {
    const of = aDecisionWorld({ permissions: ['pos.*', 'sales.receivePayment'], limits: {} })
    const { world, office, vanA, vanB } = of
    const placed = office.do(placeOrder, anOrderOf(2), order)
    office.do(deliver, aDeliveryOf(office, placed, 2))
    const lines = office.rows(orderLine).map((line) => ({ line, tolerancePercent: null }))
    const bill = invoiceDraft({ order: rowAt(office.rows(order)), lines, businessDate: TODAY })
    if (bill === null) throw new Error('There must be something to bill.')
    const billed = office.do(issueInvoice, bill, invoice)
    world.settle()
    const money = {
      party: shop.acme,
      businessDate: TODAY,
      currency: 'GBP',
      method: 'bank',
      methodKind: 'bank' as const,
      amount: pounds(120),
      allocations: [{ invoice: billed, amount: pounds(120) }],
    }
    for (const van of [vanA, vanB]) van.do(receive, money)
    world.settle([vanB, vanA])
    expect(named(world)).toEqual(['PAID_TWICE → receivables'])
    const balance = (account: string) =>
      sum(world.rows(partyEntry).flatMap((entry) => (entry.account === account ? [entry.amount] : [])))
    expect([balance('receivable'), balance('advance')]).toEqual([0, 120_00])
  })
})

describe('new customer', () => {
  test('usable at once on cash terms; the same one made twice is told to sales admin, and both stay', () => {
    const { world, tillA, tillB, shiftA } = aDecisionWorld()
    const person = { name: 'Dale Plumbing', roles: ['customer'], territory: 'leeds', phone: '0113 4960000' }
    tillA.do(createParty, person)
    tillB.do(createParty, { ...person, name: 'D. Plumbing' })
    const mine = rowAt(tillA.rows(party).filter(({ name }) => name === person.name))
    const sold = { ...credit(shiftA, 1), party: mine.id }
    expect(tillA.run(completeSale, sold).refusal).toMatchObject({
      code: 'pos.credit-exceeded',
      facts: { limitMinor: 0 },
    })
    tillA.do(completeSale, { ...drillFor(shiftA, 60), party: mine.id }, sale)
    world.settle([tillA, tillB])
    expect(named(world)).toEqual(['POSSIBLE_DUPLICATE → salesAdmin'])
    expect(world.exceptions[0]?.facts['like']).toBe(mine.id)
    expect(world.rows(party).filter(({ phone }) => phone === person.phone)).toHaveLength(2)
  })
})

describe('closed period', () => {
  test('a day that the device knows to be closed is refused; one closed meanwhile posts in the open month, under its own date', () => {
    const { world, office, tillA, tillB, shiftA, shiftB } = aDecisionWorld()
    const october = (shift: string) => ({ ...drillFor(shift, 60), businessDate: '2026-10-31' })
    office.do(setPeriod, { month: '2026-10', state: 'closed' })
    tillA.do(completeSale, october(shiftA), sale)
    world.settle([office, tillA])
    expect(named(world)).toEqual(['LATE_DOCUMENT → accountant'])
    expect(world.rows(sale)).toMatchObject([{ businessDate: '2026-10-31' }])
    expect([
      ...new Set(world.rows(glEntry).flatMap((entry) => (entry.document === 'pos.sale' ? [entry.businessDate] : []))),
    ]).toEqual(['2026-11-01'])
    expect(tillB.run(completeSale, october(shiftB)).refusal).toMatchObject({
      code: 'kernel.period-closed',
      facts: { month: '2026-10' },
    })
  })
})
