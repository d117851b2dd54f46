// Who may decide what, offline (documents.md §19), about goods: one test a row, named by the row's words. Two devices work
// apart, the hub settles both, and what must stand then is counted here from the spec, with plain numbers.
import { describe, expect, test } from 'vitest'
import { stockEntry } from '../kernel/ledger.ts'
import type { Row } from '../kernel/table.ts'
import {
  aDecisionWorld,
  aDeliveryOf,
  anOrderOf,
  leaseOf,
  named,
  PAINT,
  shop,
  stockUp,
  TODAY,
} from '../testing/decision-world.ts'
import { rowAt } from '../testing/trade-world.ts'
import { catalogue } from './all.ts'
import { deliver } from './delivery/deliver.ts'
import { deliveryLine } from './delivery/delivery.ts'
import { issueGoods } from './inventory/issue-goods.ts'
import { receiveGoods } from './inventory/receive-goods.ts'
import { receipt } from './inventory/receipt.ts'
import { serial } from './masters/batch.ts'
import { recallBatch } from './masters/recall-batch.ts'
import { completeSale } from './pos/complete-sale.ts'
import { sale, saleLine } from './pos/sale.ts'
import { aLine, aSale, pieces, priceOf } from './pos/till-builders.ts'
import { cancelOrder } from './sales/cancel-order.ts'
import { invoiceDraft } from './sales/drafts.ts'
import { order, orderLine } from './sales/order.ts'
import { placeOrder } from './sales/place-order.ts'

const onHandOf = (entries: readonly Row<typeof stockEntry>[], item: string): number =>
  entries.filter((entry) => entry.item === item).reduce((sum, { quantity }) => sum + quantity, 0) / 1_000_000

describe('too little stock', () => {
  const drill = (shift: string) => aSale({ shift, lines: [aLine(shop.drill, 1, 60)] })

  test('two tills sell the last one: both sales stand, the storekeeper is told', () => {
    const of = aDecisionWorld({ policy: { stockPolicy: 'warn' } }, 1)
    const { world, tillA, tillB, shiftA, shiftB } = of
    expect(tillA.run(completeSale, drill(shiftA)).exceptions).toEqual([])
    tillB.do(completeSale, drill(shiftB))
    // The third is warned of: this till knows that it has none left.
    expect(tillA.run(completeSale, drill(shiftA)).exceptions.map(({ code }) => code)).toEqual(['OVERSOLD'])
    world.settle([tillA, tillB])
    expect(world.rows(sale)).toHaveLength(3)
    expect(onHandOf(world.rows(stockEntry), shop.drill)).toBe(1 - 3)
    expect(named(world)).toEqual(['OVERSOLD → storekeeper', 'OVERSOLD → storekeeper'])
  })

  test('where the company blocks, the till refuses what it knows to be gone', () => {
    const of = aDecisionWorld({ policy: { stockPolicy: 'block' } }, 1)
    of.tillA.do(completeSale, drill(of.shiftA))
    const refused = of.tillA.run(completeSale, drill(of.shiftA))
    expect(refused.refusal).toMatchObject({ code: 'pos.out-of-stock', check: 'rule' })
    expect(of.tillA.rows(sale)).toHaveLength(1)
  })
})

describe('serial twice', () => {
  test.each(['A first', 'B first'])('both sales stand and the first commit holds it (%s)', (first) => {
    const of = aDecisionWorld()
    stockUp(of, shop.pump, 1, { serials: ['P-1'] })
    const { world, tillA, tillB, shiftA, shiftB } = of
    const pump = (shift: string) => aSale({ shift, lines: [aLine(shop.pump, 1, 90, { serials: ['P-1'] })] })
    const byA = tillA.do(completeSale, pump(shiftA), sale)
    const byB = tillB.do(completeSale, pump(shiftB), sale)
    // Known here: refused.
    expect(tillA.run(completeSale, pump(shiftA)).refusal?.code).toBe('masters.serial-not-in-stock')
    world.settle(first === 'A first' ? [tillA, tillB] : [tillB, tillA])
    const [holder, other] = first === 'A first' ? [byA, byB] : [byB, byA]
    expect(world.rows(serial)).toMatchObject([{ number: 'P-1', state: 'out', documentId: holder }])
    const lineOf = (id: string) => world.rows(saleLine).find((line) => line.document === id)
    expect(lineOf(holder)).toMatchObject({ serials: ['P-1'], unconfirmedSerials: [] })
    expect(lineOf(other)).toMatchObject({ serials: ['P-1'], unconfirmedSerials: ['P-1'] })
    expect(named(world)).toEqual(['SERIAL_TWICE → stockController'])
    // Every device is told the same.
    for (const device of world.devices) expect(device.rows(saleLine)).toEqual(world.rows(saleLine))
  })
})

describe('expired, recalled', () => {
  const paint = (shift: string) => aSale({ shift, lines: [aLine(PAINT, 1, 12, { batch: 'B7' })] })
  const byOverride = { overrides: ['pos.batch-expired', 'pos.batch-recalled'] }

  test('expired goods leave no till, van or store but by an override, and then quality is told at once', () => {
    const of = aDecisionWorld()
    stockUp(of, PAINT, 9, { batch: 'B7', expiresOn: '2026-11-19' })
    const { world, office, tillA, shiftA, vanA } = of
    const handedOver = {
      ...aDeliveryOf(vanA, 'none', 0),
      order: null,
      lines: [{ item: PAINT, unit: 'each', quantity: pieces(1), batch: 'B7' }],
    }
    const used = { warehouse: shop.warehouse, businessDate: TODAY, lines: handedOver.lines }
    expect(tillA.run(completeSale, paint(shiftA)).refusal?.code).toBe('pos.batch-expired')
    expect(vanA.run(deliver, handedOver).refusal?.code).toBe('delivery.batch-expired')
    expect(office.run(issueGoods, { ...used, reason: 'sample' }).refusal?.code).toBe('inventory.batch-expired')
    // To throw it away is what has to happen with it.
    expect(office.run(issueGoods, { ...used, reason: 'expired' }).refusal).toBeNull()
    tillA.do(completeSale, paint(shiftA), sale, byOverride)
    world.settle()
    expect(world.exceptions).toMatchObject([{ code: 'RECALLED_SOLD', owner: 'quality', facts: { batch: 'B7' } }])
    expect(catalogue.exceptions.get('RECALLED_SOLD')?.isUrgent).toBe(true)
    expect(onHandOf(world.rows(stockEntry), PAINT)).toBe(9 - 1 - 1)
  })

  test('a recall that a till hasn’t heard of: its sale stands and is named; once it has, the goods are blocked', () => {
    const of = aDecisionWorld()
    stockUp(of, PAINT, 9, { batch: 'B7', expiresOn: '2027-11-19' })
    const { world, office, tillA, shiftA, tillB, shiftB } = of
    expect(tillA.run(recallBatch, { item: PAINT, number: 'B7', isRecalled: true }).refusal?.code).toBe(
      'kernel.not-permitted',
    )
    office.do(recallBatch, { item: PAINT, number: 'B7', isRecalled: true })
    tillA.do(completeSale, paint(shiftA), sale)
    world.settle([office, tillA])
    expect(named(world)).toEqual(['RECALLED_SOLD → quality'])
    expect(tillB.run(completeSale, paint(shiftB)).refusal?.code).toBe('pos.batch-recalled')
  })
})

describe('delivered, order changed or cancelled', () => {
  test('what was handed over stands and is billed as ordered; the dispatcher is told', () => {
    const { world, office, vanA } = aDecisionWorld()
    const placed = office.do(placeOrder, anOrderOf(5), order)
    world.settle()
    office.do(cancelOrder, { order: placed, businessDate: TODAY, reason: 'changed his mind' })
    vanA.do(deliver, aDeliveryOf(vanA, placed, 2))
    world.settle([office, vanA])
    expect(named(world)).toEqual(['CANCELLED_BUT_DELIVERED → dispatcher'])
    expect(world.rows(deliveryLine)).toMatchObject([{ quantity: pieces(2) }])
    expect(vanA.run(deliver, aDeliveryOf(vanA, placed, 1)).refusal?.code).toBe('delivery.order-cancelled')
    const lines = world.rows(orderLine).map((line) => ({ line, tolerancePercent: null }))
    const bill = invoiceDraft({ order: rowAt(world.rows(order)), lines, businessDate: TODAY })
    expect(bill).toMatchObject({ total: 2 * 60_00, lines: [{ quantity: pieces(2), rate: priceOf(60) }] })
  })

  test('two vans deliver the whole order at once: the excess stands, unbilled until somebody confirms it', () => {
    const { world, office, vanA, vanB } = aDecisionWorld()
    const placed = office.do(placeOrder, anOrderOf(3), order)
    world.settle()
    for (const van of [vanA, vanB]) van.do(deliver, aDeliveryOf(van, placed, 3))
    world.settle([vanB, vanA])
    expect(named(world)).toEqual(['OVER_DELIVERED → dispatcher'])
    expect(rowAt(world.rows(orderLine)).delivered).toBe(pieces(6))
    expect(onHandOf(world.rows(stockEntry), shop.drill)).toBe(50 - 6)
    const lines = world.rows(orderLine).map((line) => ({ line, tolerancePercent: null }))
    expect(invoiceDraft({ order: rowAt(world.rows(order)), lines, businessDate: TODAY })?.total).toBe(3 * 60_00)
  })
})

describe('receipt over or without order', () => {
  // £500.00 is the storekeeper's own limit; over an order waits for purchase orders.
  const without = (count: number) => ({
    warehouse: shop.warehouse,
    businessDate: TODAY,
    lines: [{ item: shop.sealant, unit: 'each', accepted: pieces(count), rate: priceOf(100) }],
  })

  test('without an order to the role’s limit; beyond it the goods are in all the same, and the buyer is told', () => {
    const { world } = aDecisionWorld()
    const { company, branch } = shop
    const store = world.device({ ...leaseOf('storekeeper'), company, branch, dev: 'STOR', user: 'olu' })
    store.do(receiveGoods, without(5), receipt)
    expect(store.run(receiveGoods, without(6)).refusal).toMatchObject({
      code: 'inventory.receipt-without-order',
      facts: { valueMinor: 600_00, limitMinor: 500_00 },
    })
    store.do(receiveGoods, without(6), receipt, { overrides: ['inventory.receipt-without-order'] })
    world.settle()
    expect(named(world)).toEqual(['NO_PO → buyer'])
    expect(onHandOf(world.rows(stockEntry), shop.sealant)).toBe(50 + 5 + 6)
  })
})
