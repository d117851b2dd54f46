// A delivery that was captured by mistake is reversed: goods back, order open again, with entries of the day it is
// reversed. A request: once any of it was billed or came back, a return or a credit note is the way.
import { quantity6 } from '../../kernel/amount.ts'
import { ELSEWHERE, command } from '../../kernel/command.ts'
import { date, ref, text } from '../../kernel/field.ts'
import { takeSerialIn } from '../masters/batch.ts'
import { moveOrderLine, orderLineOf } from '../sales/move-order-line.ts'
import { delivery, deliveryLine } from './delivery.ts'
import { itemOf, moveGoods, movesStock } from './goods.ts'
import { refuse, rule } from './refusals.ts'

export const cancelDelivery = command('delivery.cancelDelivery', {
  kind: 'request',
  version: 1,
  permission: 'delivery.cancelDelivery',
  args: { delivery: ref('delivery.delivery'), businessDate: date(), reason: text(200) },
  run(ctx, a) {
    if (a.reason.trim() === '') refuse(ctx, 'delivery.reason-needed')
    const of = ctx.get(delivery, a.delivery)
    if (of === null) refuse(ctx, 'delivery.unknown-delivery', { delivery: a.delivery })
    if (of === null || of === ELSEWHERE) return
    rule(ctx, 'delivery.not-open', of.state === 'submitted', { number: of.number, state: of.state })
    const document = { table: delivery, id: of.id }
    for (const line of ctx.find(deliveryLine, 'byParent', { document: of.id })) {
      rule(ctx, 'delivery.partly-returned', line.returned === 0, { number: of.number, line: line.position })
      const origin = line.orderLine === null ? null : orderLineOf(ctx, line.orderLine)
      if (origin != null) {
        const left = origin.line.delivered - origin.line.returned - line.quantity
        rule(ctx, 'delivery.already-billed', origin.line.billed <= left, { number: of.number, line: line.position })
      }
      if (movesStock(itemOf(ctx, line.item, line.position))) {
        const { branch, warehouse } = of
        const posting = {
          label: `stock/${line.position}`,
          document,
          businessDate: a.businessDate,
          branch,
          warehouse,
          item: line.item,
          line: line.id,
          batch: line.batch,
          reason: 'cancelled',
        }
        moveGoods(ctx, posting, { quantity: line.stockQuantity, serials: line.serials, sign: 1 })
      }
      for (const number of line.serials)
        takeSerialIn(ctx, {
          item: line.item,
          number,
          branch: of.branch,
          warehouse: of.warehouse,
          document,
          party: of.party,
        })
      if (line.orderLine !== null && line.quantity > 0) {
        moveOrderLine(
          ctx,
          line.orderLine,
          { delivered: quantity6(-line.quantity) },
          { label: `cancel/${line.position}`, document, businessDate: a.businessDate },
        )
      }
    }
    ctx.patch(delivery, of.id, { state: 'cancelled', cancelReason: a.reason })
    ctx.describe({ number: of.number, party: of.partyName, reason: a.reason })
  },
})
