// An order that never was delivered is taken back. A request, because a van may be out with it: once something was
// delivered or billed the rest is short-closed instead.
import { command } from '../../kernel/command.ts'
import { date, ref, text } from '../../kernel/field.ts'
import { order } from './order.ts'
import { linesOf, orderOf, recountOrder } from './order-hold.ts'
import { refuse, rule } from './refusals.ts'

export const cancelOrder = command('sales.cancelOrder', {
  kind: 'request',
  version: 1,
  permission: 'sales.order',
  args: { order: ref('sales.order'), businessDate: date(), reason: text(200) },
  run(ctx, a) {
    if (a.reason.trim() === '') refuse(ctx, 'sales.reason-needed')
    const of = orderOf(ctx, a.order)
    if (of === null) return
    rule(ctx, 'sales.order-not-open', of.state === 'submitted', { order: of.number, state: of.state })
    const isUntouched = linesOf(ctx, of.id).every(({ delivered, billed }) => delivered === 0 && billed === 0)
    rule(ctx, 'sales.already-delivered', isUntouched, { order: of.number })
    recountOrder(ctx, of, { state: 'cancelled' }, { label: 'cancel', businessDate: a.businessDate })
    ctx.patch(order, of.id, { state: 'cancelled', cancelReason: a.reason })
    ctx.describe({ number: of.number, party: of.partyName, reason: a.reason })
  },
})
