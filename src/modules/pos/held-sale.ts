// A sale parked at the till under a name: a basket, not a document. It holds no number, no stock and no money.
import { workBucket } from '../../kernel/document.ts'
import { code, date, instant, json, name, ref, text } from '../../kernel/field.ts'
import { table, type Row } from '../../kernel/table.ts'
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import { refuse, rule } from './guard.ts'

/** In the order they win in: a basket that was sold stays sold, whatever another till did with it. */
export const heldStates = ['held', 'resumed', 'dropped', 'completed'] as const

export const heldSale = table('pos.heldSale', {
  fields: {
    branch: ref('masters.branch'),
    till: ref('masters.till'),
    shift: ref('pos.shift'),
    businessDate: date(),
    name: name(),
    party: ref('masters.party').optional(),
    /** The basket as the screen keeps it; read by nobody but the screen. */
    basket: json(),
    state: code(heldStates),
    user: ref('masters.user'),
    heldAt: instant(),
    /** Why it was dropped. */
    reason: text(200).optional(),
  },
  indexes: { byShift: ['shift', 'state'], byTill: ['till', 'state', 'heldAt'] },
  buckets: (row) => [
    workBucket('sales', row.branch, { day: row.businessDate, isOpen: row.state === 'held' || row.state === 'resumed' }),
  ],
  bucketsSince: 2,
})

/** Moves a held sale on. Two tills that take the same basket both go on, and it is said. */
export function leaveHeld(
  ctx: Context,
  id: string,
  state: (typeof heldStates)[number],
  reason: string | null,
): Row<typeof heldSale> | null {
  const found = ctx.get(heldSale, id)
  if (found === null) return refuse(ctx, 'pos.unknown-held-sale', { heldSale: id })
  const known = found === ELSEWHERE ? null : found
  const mayLeave = known === null || known.state === 'held' || (known.state === 'resumed' && state !== 'resumed')
  rule(ctx, 'pos.held-sale-gone', mayLeave, { heldSale: id, name: known?.name ?? null, state: known?.state ?? null })
  const isForward = known === null || heldStates.indexOf(state) >= heldStates.indexOf(known.state)
  if (isForward) ctx.patch(heldSale, id, { state, reason })
  return known
}
