// Rules of deliveries and of goods that come back, one by one.
import { expect, test } from 'vitest'
import { rate6 } from '../../kernel/amount.ts'
import type { ArgsFor } from '../../kernel/command.ts'
import { partyBalance, stockBalance, stockEntry } from '../../kernel/ledger.ts'
import {
  anOrder,
  aTradeWorld,
  BRANCH,
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
import { createItem } from '../masters/create-item.ts'
import { item } from '../masters/item.ts'
import { invoiceDraft } from '../sales/drafts.ts'
import { issueInvoice } from '../sales/issue-invoice.ts'
import { order, orderLine } from '../sales/order.ts'
import { placeOrder } from '../sales/place-order.ts'
import { cancelDelivery } from './cancel-delivery.ts'
import { deliver } from './deliver.ts'
import { delivery, deliveryLine } from './delivery.ts'
import { takeBack } from './take-back.ts'

function ordered() {
  const all = aTradeWorld({ isStocked: true })
  all.office.do(placeOrder, anOrder(10, 5))
  all.world.settle()
  return all
}

const pumpsOf = (device: TestDevice) => {
  const line = device.rows(orderLine).find((row) => row.item === PUMP)
  if (line === undefined) throw new Error('There must be an order.')
  return line
}

const INK = 'M120 80L124 91L130 99M200 80'

function aDelivery(
  device: TestDevice,
  count: number,
  more: Partial<ArgsFor<typeof deliver>['lines'][number]> = {},
): ArgsFor<typeof deliver> {
  return {
    party: CUSTOMER,
    businessDate: DAY,
    currency: 'GBP',
    warehouse: VAN_A,
    outcome: 'delivered',
    recipient: 'Pat',
    signature: INK,
    lines: [{ orderLine: pumpsOf(device).id, item: PUMP, unit: 'each', quantity: pieces(count), ...more }],
  }
}

test('what is handed over leaves the van, and exposure moves from ordered to delivered', () => {
  const { world, vanA } = ordered()
  vanA.do(deliver, aDelivery(vanA, 4))
  expect(world.settle()).toMatchObject([{ outcome: 'accepted' }])
  expect(world.rows(delivery)).toMatchObject([
    { number: 'D-VANAA-26-000001', recipient: 'Pat', signature: INK, outcome: 'delivered' },
  ])
  expect(world.rows(stockBalance).find((row) => row.item === PUMP && row.warehouse === VAN_A)).toMatchObject({
    onHand: pieces(96),
    branch: BRANCH,
  })
  // 10 × 33.33 and 5 × 10.99, with 20 % tax: 399.96 and 65.94.
  expect(world.rows(partyBalance)).toMatchObject([{ ordered: 39_996 + 6_594 - 15_998, delivered: 15_998 }])
})

test.each([
  ['no line', { lines: [] }, 'delivery.no-lines'],
  ['goods where nobody was there', { outcome: 'absent' as const }, 'delivery.outcome-differs'],
  ['an unknown warehouse', { warehouse: 'nowhere' }, 'delivery.unknown-warehouse'],
  ['an unknown customer', { party: 'nobody' }, 'delivery.unknown-party'],
])('with %s it is refused', (_, more, code) => {
  const { vanA } = ordered()
  expect(vanA.run(deliver, { ...aDelivery(vanA, 1), ...more }).refusal?.code).toBe(code)
})

test.each([
  ['less than nothing', { quantity: pieces(-1) }, 'delivery.quantity-negative'],
  ['nothing', { quantity: pieces(0) }, 'delivery.quantity-zero'],
  ['goods refused for no reason', { refusedQuantity: pieces(1) }, 'delivery.refusal-reason-needed'],
  ['another item than was ordered', { item: HOSE }, 'delivery.item-differs'],
  ['an unknown order line', { orderLine: 'none' }, 'delivery.unknown-order-line'],
  ['a serial too few', { quantity: pieces(2), serials: ['S1'] }, 'delivery.serial-count'],
  ['a serial twice', { quantity: pieces(2), serials: ['S1', 'S1'] }, 'delivery.serial-twice'],
])('a line of %s is refused', (_, more, code) => {
  const { vanA } = ordered()
  expect(vanA.run(deliver, aDelivery(vanA, 1, more)).refusal?.code).toBe(code)
})

test('what was refused is kept with its reason and stays in the van', () => {
  const { world, vanA } = ordered()
  vanA.do(deliver, { ...aDelivery(vanA, 3, { refusedQuantity: pieces(7), refusedReason: 'dented' }), outcome: 'part' })
  world.settle()
  expect(world.rows(deliveryLine)).toMatchObject([
    { quantity: pieces(3), refusedQuantity: pieces(7), refusedReason: 'dented' },
  ])
  expect(pumpsOf(vanA)).toMatchObject({ delivered: pieces(3) })
})

test('nobody there: the stop is kept and nothing moves', () => {
  const { world, vanA } = ordered()
  const before = world.rows(stockEntry).length
  vanA.do(deliver, { ...aDelivery(vanA, 0), outcome: 'absent', lines: [] })
  world.settle()
  expect(world.rows(delivery)).toMatchObject([{ outcome: 'absent' }])
  expect(world.rows(stockEntry)).toHaveLength(before)
})

test('within the item’s tolerance it is no excess, and is billed at the order’s price', () => {
  const { world, office, vanA } = ordered()
  office.do(createItem, {
    code: 'PUMP',
    name: 'Pump',
    group: 'pumps',
    stockUnit: 'each',
    taxCode: 'STD',
    tolerancePercent: rate6(10_000_000),
  })
  world.settle()
  expect(world.rows(item).find((row) => row.id === PUMP)?.tolerancePercent).toBe(10_000_000)
  vanA.do(deliver, aDelivery(vanA, 11))
  world.settle()
  expect(world.exceptions.map(({ code }) => code)).toEqual([])
  const of = rowAt(office.rows(order))
  const lines = office.rows(orderLine).map((line) => ({ line, tolerancePercent: rate6(10_000_000) }))
  const args = invoiceDraft({ order: of, lines, businessDate: DAY })
  expect(args?.lines).toMatchObject([{ quantity: pieces(11), rate: pumpsOf(office).rate }])
  office.do(issueInvoice, present(args))
})

test('goods to be delivered again open the order; goods kept back are billed less', () => {
  const { world, office, vanA } = ordered()
  vanA.do(deliver, aDelivery(vanA, 6))
  world.settle()
  const line = rowAt(office.rows(deliveryLine))
  const back = (count: number, isDeliveredAgain: boolean) => ({
    party: CUSTOMER,
    businessDate: DAY,
    currency: 'GBP',
    warehouse: STORE,
    reason: 'wrong size',
    lines: [
      {
        deliveryLine: line.id,
        item: PUMP,
        unit: 'each',
        quantity: pieces(count),
        disposition: 'saleable' as const,
        isDeliveredAgain,
      },
    ],
  })
  office.do(takeBack, back(2, true))
  office.do(takeBack, back(1, false))
  world.settle()
  expect(pumpsOf(office)).toMatchObject({ delivered: pieces(4), returned: pieces(1) })
  const args = invoiceDraft({
    order: rowAt(office.rows(order)),
    lines: office.rows(orderLine).map((each) => ({ line: each, tolerancePercent: null })),
    businessDate: DAY,
  })
  expect(args?.lines).toMatchObject([{ quantity: pieces(3) }])
  expect(office.run(takeBack, back(4, true)).refusal?.code).toBe('delivery.return-exceeds-delivered')
  expect(world.rows(stockBalance).find((row) => row.item === PUMP && row.warehouse === STORE)?.onHand).toBe(pieces(3))
})

test('a delivery captured by mistake is reversed, unless some of it was billed', () => {
  const { world, office, vanA } = ordered()
  const id = vanA.do(deliver, aDelivery(vanA, 4), delivery)
  world.settle()
  office.do(cancelDelivery, { delivery: id, businessDate: '2026-11-21', reason: 'wrong customer' })
  world.settle()
  expect(world.rows(delivery)).toMatchObject([{ state: 'cancelled' }])
  expect(pumpsOf(office)).toMatchObject({ delivered: 0 })
  expect(world.rows(stockBalance).find((row) => row.item === PUMP && row.warehouse === VAN_A)?.onHand).toBe(pieces(100))
  const second = vanA.do(deliver, aDelivery(vanA, 4), delivery)
  world.settle()
  const args = invoiceDraft({
    order: rowAt(office.rows(order)),
    lines: office.rows(orderLine).map((each) => ({ line: each, tolerancePercent: null })),
    businessDate: DAY,
  })
  office.do(issueInvoice, present(args))
  world.settle()
  expect(office.run(cancelDelivery, { delivery: second, businessDate: DAY, reason: 'no' }).refusal?.code).toBe(
    'delivery.already-billed',
  )
})

test('the same proof imported twice is one delivery', () => {
  const { world, vanA } = ordered()
  const lines = aDelivery(vanA, 2)
  vanA.do(deliver, { ...lines, externalRef: 'pod-1' })
  expect(vanA.run(deliver, { ...lines, externalRef: 'pod-1' }).refusal?.code).toBe('kernel.already-imported')
  world.settle()
  expect(pumpsOf(vanA)).toMatchObject({ delivered: pieces(2) })
})
