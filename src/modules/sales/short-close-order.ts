// What is left of an order will not be delivered: the customer got it elsewhere, or it can't be had. What was delivered
// stays and is billed. A fact; what a driver delivers meanwhile is over-delivered, and stands.
import { quantity6 } from '../../kernel/amount.ts'
import { command } from '../../kernel/command.ts'
import { date, ref, text } from '../../kernel/field.ts'
import { moveOrderLine } from './move-order-line.ts'
import { order } from './order.ts'
import { linesOf, orderOf } from './order-hold.ts'
import { atLeastZero, openOf, orderedOf } from './order-sums.ts'
import { refuse, rule } from './refusals.ts'

export const shortCloseOrder = command('sales.shortCloseOrder', {
  kind: 'fact',
  version: 1,
  permission: 'sales.order',
  args: { order: ref('sales.order'), businessDate: date(), reason: text(200) },
  run(ctx, a) {
    if (a.reason.trim() === '') refuse(ctx, 'sales.reason-needed')
    const of = orderOf(ctx, a.order)
    if (of === null) return
    if (!rule(ctx, 'sales.order-not-open', of.state === 'submitted' && !of.isShortClosed, { order: of.number })) return
    const document = { table: order, id: of.id }
    for (const line of linesOf(ctx, of.id)) {
      const rest = line.isGoods ? openOf(line) : quantity6(atLeastZero(orderedOf(line) - line.closed - line.billed))
      if (rest > 0)
        moveOrderLine(ctx, line.id, { closed: rest }, { label: 'close', document, businessDate: a.businessDate })
    }
    ctx.patch(order, of.id, { isShortClosed: true, cancelReason: a.reason })
    ctx.describe({ number: of.number, party: of.partyName, reason: a.reason })
  },
})
