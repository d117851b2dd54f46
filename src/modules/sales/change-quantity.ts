// The customer wants more or less of an order line. A request, because less than what was delivered meanwhile can't be
// taken back; it is said as a difference, so that two who change a line don't overwrite each other.
import { amountMinor } from '../../kernel/amount.ts'
import { command } from '../../kernel/command.ts'
import { date, quantity, ref } from '../../kernel/field.ts'
import { isBeyondCredit } from './credit.ts'
import { moveOrderLine, orderLineOf } from './move-order-line.ts'
import { order } from './order.ts'
import { orderedOf, valueOf } from './order-sums.ts'
import { customerOf } from './priced-lines.ts'
import { refuse, rule } from './refusals.ts'

export const changeQuantity = command('sales.changeQuantity', {
  kind: 'request',
  version: 1,
  permission: 'sales.order',
  args: {
    orderLine: ref('sales.orderLine'),
    /** In the line's unit; above zero for more. */
    by: quantity(),
    businessDate: date(),
  },
  run(ctx, a) {
    if (a.by === 0) refuse(ctx, 'sales.change-zero', { orderLine: a.orderLine })
    const found = orderLineOf(ctx, a.orderLine)
    if (found === undefined) refuse(ctx, 'sales.unknown-order-line', { orderLine: a.orderLine })
    if (found == null) return
    const { line, order: of } = found
    rule(ctx, 'sales.order-not-open', of.state === 'submitted' && !of.isShortClosed, { order: of.number })
    const least = line.isGoods ? line.delivered + line.closed : line.billed + line.closed
    rule(ctx, 'sales.below-delivered', orderedOf(line) + a.by >= least, {
      order: of.number,
      line: line.position,
      delivered: line.delivered,
      by: a.by,
    })
    if (a.by > 0 && !of.isOnHold) isBeyondCredit(ctx, customerOf(ctx, of), amountMinor(valueOf(line, a.by)))
    moveOrderLine(
      ctx,
      a.orderLine,
      { amended: a.by },
      { label: 'change', document: { table: order, id: of.id }, businessDate: a.businessDate },
    )
    ctx.describe({ number: of.number, party: of.partyName, by: a.by })
  },
})
