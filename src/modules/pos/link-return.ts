// Links a line that came back without its sale (the sale was on another device then) to the line it was sold by: what
// RETURN_UNLINKED asks a person for. No amount changes; what is returnable of the sale does.
import { quantity6 } from '../../kernel/amount.ts'
import { ELSEWHERE, command, row } from '../../kernel/command.ts'
import { ref } from '../../kernel/field.ts'
import { refuse, rule } from './guard.ts'
import { pricedOf } from './sale-lines.ts'
import { saleLine } from './sale.ts'

export const linkReturn = command('pos.linkReturn', {
  kind: 'fact',
  version: 1,
  permission: 'pos.linkReturn',
  args: {
    /** The line that came back. */
    line: ref('pos.saleLine'),
    /** The line it was sold by. */
    originLine: ref('pos.saleLine'),
    /** How much came back, above zero: as on the line. */
    quantity: saleLine.fields.quantity,
  },
  reads: (a) => [row(saleLine, a.line), row(saleLine, a.originLine)],
  run(ctx, a) {
    if (a.quantity <= 0) refuse(ctx, 'pos.quantity-not-positive', { line: a.line, quantity: a.quantity })
    const back = ctx.get(saleLine, a.line)
    if (back === null) refuse(ctx, 'pos.unknown-sale-line', { line: a.line })
    const sold = ctx.get(saleLine, a.originLine)
    if (sold === null) refuse(ctx, 'pos.unknown-sale-line', { originLine: a.originLine })
    if (back !== ELSEWHERE) {
      if (pricedOf(back) !== -a.quantity)
        refuse(ctx, 'pos.quantity-not-exact', { line: a.line, quantity: a.quantity, expected: -pricedOf(back) })
      // A second link would give the same goods back twice: the first one stands.
      const isLoose = rule(ctx, 'pos.return-linked-already', back.originLine === null, {
        line: a.line,
        originLine: back.originLine,
      })
      if (!isLoose) return
    }
    if (sold !== ELSEWHERE) {
      const left = pricedOf(sold) - sold.returned
      rule(ctx, 'pos.return-exceeds-sold', a.quantity <= left, {
        line: a.line,
        item: sold.itemCode,
        sold: pricedOf(sold),
        returnable: left,
        returned: a.quantity,
      })
      rule(ctx, 'pos.origin-differs', back === ELSEWHERE || back.item === sold.item, {
        line: a.line,
        originItem: sold.item,
      })
    }
    ctx.patch(saleLine, a.line, { originLine: a.originLine })
    ctx.add(saleLine, a.originLine, { returned: quantity6(a.quantity) })
    ctx.link({ table: saleLine, id: a.line }, { table: saleLine, id: a.originLine }, 'returns', quantity6(a.quantity))
    ctx.describe({ name: sold === ELSEWHERE ? null : sold.itemName, quantity: a.quantity })
  },
})
