// Brings back a value that lost a merge, or says that the kept one is right. The value that stood until now is the next
// loser, so that a restoration can be undone the same way.
import { ELSEWHERE, command, type Command } from '../../kernel/command.ts'
import { flag, ref } from '../../kernel/field.ts'
import { lostValue } from '../../kernel/kernel-tables.ts'
import type { AnyTable } from '../../kernel/table.ts'

const args = { lost: ref(lostValue), restore: flag() }

/** `tables` by name: the rows that a lost value may belong to. */
export const restoreLostOf = (tables: ReadonlyMap<string, AnyTable>): Command<typeof args> =>
  command('review.restoreLost', {
    kind: 'request',
    version: 1,
    permission: 'review.settle',
    args,
    run(ctx, a) {
      ctx.describe({ item: a.lost })
      if (!ctx.isHub) return
      const lost = ctx.get(lostValue, a.lost)
      if (lost === null || lost === ELSEWHERE) return ctx.refuse('review.unknown-item', { item: a.lost })
      ctx.rule('review.already-settled', lost.state === 'open', { item: a.lost, state: lost.state })
      const table = tables.get(lost.table)
      if (table === undefined) return ctx.refuse('review.unknown-item', { item: lost.table })
      ctx.patch(lostValue, a.lost, { state: a.restore ? 'restored' : 'dismissed' })
      if (!a.restore) return
      const row = ctx.get(table, lost.rowId)
      if (row === null || row === ELSEWHERE)
        return ctx.refuse('review.row-is-gone', { table: lost.table, row: lost.rowId })
      ctx.patch(lostValue, a.lost, { kept: lost.lost, lost: row[lost.field] ?? null })
      ctx.patch(table, lost.rowId, { [lost.field]: lost.lost })
    },
  })
