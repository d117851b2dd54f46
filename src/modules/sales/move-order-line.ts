// The one way an order line's sums change: the deltas, and with them what the line counts towards the customer's credit
// exposure. Delivery uses it too. It never checks whether the change is allowed; that is the caller's rule.
import { amountMinor, quantity6 } from '../../kernel/amount.ts'
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import { postParty } from '../../kernel/ledger.ts'
import type { AnyTable, Deltas } from '../../kernel/table.ts'
import { order, orderLine, type Order, type OrderLine } from './order.ts'
import { exposureOf, pendingOf, type Exposure, type LineSums } from './order-sums.ts'

export interface Moving {
  /** Stable within the command: names the entries. */
  readonly label: string
  readonly document: { readonly table: AnyTable; readonly id: string }
  readonly businessDate: string
}

type SumDeltas = Pick<
  Deltas<typeof orderLine>,
  'amended' | 'closed' | 'delivered' | 'returned' | 'billed' | 'excessConfirmed'
>

const sums = ['amended', 'closed', 'delivered', 'returned', 'billed', 'excessConfirmed'] as const

/** The line and its order; null for one that this device doesn't hold. A line that exists nowhere is undefined. */
export function orderLineOf(ctx: Context, id: string): { line: OrderLine; order: Order } | null | undefined {
  const line = ctx.get(orderLine, id)
  if (line === null) return undefined
  if (line === ELSEWHERE) return null
  const of = ctx.get(order, line.document)
  return of === ELSEWHERE || of === null ? null : { line, order: of }
}

/** Adds to a line's sums and posts the change of exposure. A line elsewhere gets its deltas and entries on the hub. */
export function moveOrderLine(ctx: Context, id: string, deltas: SumDeltas, by: Moving): void {
  const found = orderLineOf(ctx, id)
  ctx.add(orderLine, id, deltas)
  if (found == null) return
  const { line, order: of } = found
  const after: Record<string, unknown> = { ...line }
  for (const sum of sums) after[sum] = quantity6(line[sum] + (deltas[sum] ?? 0))
  const done = quantity6(pendingOf(after as LineSums) - pendingOf(line))
  if (done !== 0) ctx.add(order, of.id, { pending: done })
  postExposure(
    ctx,
    of,
    { before: exposureOf(of, line), after: exposureOf(of, after as LineSums) },
    { ...by, label: `${by.label}/${id}` },
  )
}

/** Posts the difference between two exposures of one order. */
export function postExposure(ctx: Context, of: Order, change: { before: Exposure; after: Exposure }, by: Moving): void {
  for (const account of ['ordered', 'delivered'] as const) {
    const amount = amountMinor(change.after[account] - change.before[account])
    if (amount === 0) continue
    const { company, branch, party, territory } = of
    postParty(ctx, {
      ...by,
      label: `${by.label}/${account}`,
      branch,
      company,
      party,
      territory,
      account,
      amount,
      item: of.id,
    })
  }
}
