// A stock controller decides what the clocks could not: whether a movement near a count had already left the shelf when
// it was counted. Books follow the decision; a later count of the same goods has settled it by itself.
import { quantity6 } from '../../kernel/amount.ts'
import { command, ELSEWHERE, type Context } from '../../kernel/command.ts'
import { date, flag, text } from '../../kernel/field.ts'
import { enterStock } from '../../kernel/ledger.ts'
import { countMark, countQuestion, stockMove } from '../../kernel/stock-count.ts'
import type { Row } from '../../kernel/table.ts'
import { count } from './count.ts'

export const decideMovement = command('inventory.decideMovement', {
  kind: 'request',
  version: 1,
  permission: 'inventory.settleCount',
  args: { move: text(64), isInCount: flag(), businessDate: date() },
  run(ctx, a) {
    ctx.describe({ item: a.move, isInCount: a.isInCount })
    ctx.onHub(() => {
      const id = ctx.idOf(countQuestion, { move: a.move })
      const asked = ctx.get(countQuestion, id)
      if (asked === null || asked === ELSEWHERE) return ctx.refuse('inventory.unknown-movement', { move: a.move })
      ctx.rule('inventory.decided-already', asked.state === 'open', { move: a.move })
      ctx.patch(countQuestion, id, { state: 'decided', isInCount: a.isInCount, decidedBy: ctx.user })
      if (asked.isInCount !== a.isInCount && isLatest(ctx, asked)) rebook(ctx, asked, a)
    })
  },
})

/** Whether no later count of the same goods has made the question idle. */
function isLatest(ctx: Context, { item, warehouse, batch, count: of }: Row<typeof countQuestion>): boolean {
  return ['', ...(batch === null ? [] : [batch])].some((each) => {
    const mark = ctx.getByKey(countMark, { item, warehouse, batch: each })
    return mark !== null && mark !== ELSEWHERE && mark.count === of
  })
}

function rebook(
  ctx: Context,
  asked: Row<typeof countQuestion>,
  a: { readonly isInCount: boolean; readonly businessDate: string },
): void {
  const { item, warehouse, branch, batch, move, quantity: moved } = asked
  enterStock(ctx, {
    label: `decided/${move}`,
    document: { table: count, id: asked.count },
    businessDate: a.businessDate,
    branch,
    item,
    warehouse,
    batch,
    quantity: quantity6(a.isInCount ? -moved : moved),
    reason: 'in-count',
  })
  ctx.patch(stockMove, move, { quantity: a.isInCount ? quantity6(0) : moved })
}
