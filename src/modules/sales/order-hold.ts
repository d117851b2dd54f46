// Orders as their commands meet them: the header and its lines, and what changes when the whole order starts or stops to
// count towards credit. It never decides whether it may.
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import type { AnyTable } from '../../kernel/table.ts'
import { order, orderLine, type Order, type OrderLine } from './order.ts'
import { exposureOf } from './order-sums.ts'
import { postExposure, type Moving } from './move-order-line.ts'
import { refuse } from './refusals.ts'

/** The order; null where this device doesn't hold it. */
export function orderOf(ctx: Context, id: string): Order | null {
  const found = ctx.get(order, id)
  if (found === null) return refuse(ctx, 'sales.unknown-order', { order: id })
  return found === ELSEWHERE ? null : found
}

export const linesOf = (ctx: Context, id: string): OrderLine[] => ctx.find(orderLine, 'byParent', { document: id })

/** Posts what every line counts after the header's flags change. Call it before the header is patched. */
export function recountOrder(
  ctx: Context,
  of: Order,
  after: Partial<Pick<Order, 'state' | 'isOnHold'>>,
  by: Omit<Moving, 'document'>,
): void {
  const document = { table: order as AnyTable, id: of.id }
  for (const line of linesOf(ctx, of.id)) {
    const change = { before: exposureOf(of, line), after: exposureOf({ ...of, ...after }, line) }
    postExposure(ctx, of, change, { ...by, document, label: `${by.label}/${line.id}` })
  }
}
