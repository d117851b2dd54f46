// What an order line's sums mean: what is still to deliver, what may be billed, what it counts towards credit exposure,
// and the three axes that screens show. Pure functions of stored sums, the same on device and hub.
import {
  amountMinor,
  mulDivRound,
  quantity6,
  type AmountMinor,
  type Quantity6,
  type Rate6,
} from '../../kernel/amount.ts'
import type { Order, OrderLine } from './order.ts'

const HUNDRED_PERCENT = 100_000_000

export type LineSums = Pick<
  OrderLine,
  'quantity' | 'total' | 'amended' | 'closed' | 'delivered' | 'returned' | 'billed' | 'excessConfirmed' | 'isGoods'
>

export const atLeastZero = (value: number): number => Math.max(0, value)

/** What the customer wants now. */
export const orderedOf = (line: Pick<OrderLine, 'quantity' | 'amended'>): Quantity6 =>
  quantity6(line.quantity + line.amended)

export const openOf = (line: LineSums): Quantity6 =>
  quantity6(atLeastZero(orderedOf(line) - line.closed - line.delivered))

/** How much may be delivered without asking: ordered and the item's tolerance, less what was closed. */
export const deliverableOf = (line: LineSums, tolerancePercent: Rate6 | null): Quantity6 => {
  const ordered = orderedOf(line)
  return quantity6(ordered + mulDivRound(ordered, tolerancePercent ?? 0, HUNDRED_PERCENT, 'A tolerance') - line.closed)
}

/** Billable in all: goods that were delivered and kept, up to the order, its tolerance and what was confirmed beyond. */
export function billableOf(line: LineSums, tolerancePercent: Rate6 | null): Quantity6 {
  if (!line.isGoods) return quantity6(orderedOf(line) - line.closed)
  const wanted = deliverableOf(line, tolerancePercent) + line.excessConfirmed
  return quantity6(Math.min(line.delivered, wanted) - line.returned)
}

/** The share of the line's agreed total (with tax) that a quantity is worth. */
export const valueOf = (line: Pick<OrderLine, 'quantity' | 'total'>, quantity: number): AmountMinor =>
  amountMinor(mulDivRound(line.total, quantity, line.quantity, 'The value of a part of a line'))

export interface Exposure {
  /** Still to be delivered. */
  readonly ordered: AmountMinor
  /** With the customer and not invoiced. */
  readonly delivered: AmountMinor
}

/** What a line counts towards credit: nothing to come while its order is held or gone, but always what is out there. */
export function exposureOf(order: Pick<Order, 'state' | 'isOnHold'>, line: LineSums): Exposure {
  const isComing = order.state === 'submitted' && !order.isOnHold
  const open = line.isGoods ? openOf(line) : atLeastZero(orderedOf(line) - line.closed - line.billed)
  const out = line.isGoods ? atLeastZero(line.delivered - line.returned - line.billed) : 0
  return { ordered: isComing ? valueOf(line, open) : amountMinor(0), delivered: valueOf(line, out) }
}

/** What of a line is still to do: to deliver and to bill; of a service, to bill. */
export const pendingOf = (line: LineSums): Quantity6 =>
  line.isGoods
    ? quantity6(openOf(line) + atLeastZero(line.delivered - line.returned - line.billed))
    : quantity6(atLeastZero(orderedOf(line) - line.closed - line.billed))

export type Progress = 'none' | 'part' | 'all'

function progressOf(done: number, wanted: number): Progress {
  return done <= 0 ? 'none' : done < wanted ? 'part' : 'all'
}

/** By quantity, over the lines that are delivered at all. */
export function fulfilmentOf(lines: readonly LineSums[]): Progress {
  const goods = lines.filter(({ isGoods }) => isGoods)
  const open = goods.reduce((sum, line) => sum + openOf(line), 0)
  const delivered = goods.reduce((sum, line) => sum + atLeastZero(line.delivered), 0)
  return open === 0 ? 'all' : progressOf(delivered, Infinity)
}

/** By amount, at the order's prices. */
export function billingOf(lines: readonly LineSums[]): Progress {
  const wanted = lines.reduce((sum, line) => sum + valueOf(line, atLeastZero(orderedOf(line) - line.closed)), 0)
  return progressOf(
    lines.reduce((sum, line) => sum + valueOf(line, line.billed), 0),
    wanted,
  )
}

/** Of an invoice: what was paid or credited of its total. */
export function paymentOf(invoice: {
  readonly total: number
  readonly paid: number
  readonly credited: number
}): Progress {
  return progressOf(invoice.paid + invoice.credited, invoice.total)
}
