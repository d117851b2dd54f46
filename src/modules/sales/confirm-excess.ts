// The customer keeps what was delivered beyond the order and its tolerance, and pays for it at the order's price. Until
// then it can't be billed. A request: it turns a driver's mistake into money.
import { quantity6 } from '../../kernel/amount.ts'
import { command } from '../../kernel/command.ts'
import { date, ref } from '../../kernel/field.ts'
import { moveOrderLine, orderLineOf } from './move-order-line.ts'
import { order } from './order.ts'
import { deliverableOf } from './order-sums.ts'
import { itemOf } from './priced-lines.ts'
import { refuse, rule } from './refusals.ts'

export const confirmExcess = command('sales.confirmExcess', {
  kind: 'request',
  version: 1,
  permission: 'sales.order',
  args: { orderLine: ref('sales.orderLine'), businessDate: date() },
  run(ctx, a) {
    const found = orderLineOf(ctx, a.orderLine)
    if (found === undefined) refuse(ctx, 'sales.unknown-order-line', { orderLine: a.orderLine })
    if (found == null) return
    const { line, order: of } = found
    const tolerance = itemOf(ctx, line.item, line.position)?.tolerancePercent ?? null
    const excess = quantity6(line.delivered - deliverableOf(line, tolerance) - line.excessConfirmed)
    rule(ctx, 'sales.nothing-in-excess', excess > 0, { order: of.number, line: line.position })
    moveOrderLine(
      ctx,
      line.id,
      { excessConfirmed: excess },
      { label: 'excess', document: { table: order, id: of.id }, businessDate: a.businessDate },
    )
    ctx.describe({ number: of.number, party: of.partyName, quantity: excess })
  },
})
