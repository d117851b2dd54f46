// Credit control lets an order go that was kept on hold. A request: the hub decides with every branch's work in view.
import { command } from '../../kernel/command.ts'
import { date, ref, text } from '../../kernel/field.ts'
import { order } from './order.ts'
import { orderOf, recountOrder } from './order-hold.ts'
import { rule } from './refusals.ts'

export const releaseOrder = command('sales.releaseOrder', {
  kind: 'request',
  version: 1,
  permission: 'accounting.releaseOrder',
  args: { order: ref('sales.order'), businessDate: date(), remark: text(200).optional() },
  run(ctx, a) {
    const of = orderOf(ctx, a.order)
    if (of === null) return
    rule(ctx, 'sales.order-not-on-hold', of.state === 'submitted' && of.isOnHold, { order: of.number, state: of.state })
    recountOrder(ctx, of, { isOnHold: false }, { label: 'release', businessDate: a.businessDate })
    ctx.patch(order, of.id, { isOnHold: false, releasedAt: ctx.now, releasedBy: ctx.user })
    ctx.describe({
      number: of.number,
      party: of.partyName,
      amountMinor: of.total,
      currency: of.currency,
      remark: a.remark ?? null,
    })
  },
})
