// Decides about a value that lost a merge: the kept one is right, the lost one is brought back, or another value (both
// combined) takes their place. What stood until then is the next loser, so that a decision can be undone the same way.
import { command, type Command } from '../../kernel/command.ts'
import { flag, json, ref, text } from '../../kernel/field.ts'
import { lostValue } from '../../kernel/kernel-tables.ts'
import { REMOVAL } from '../../kernel/settle-row.ts'
import type { AnyTable } from '../../kernel/table.ts'
import { decidedRow } from './decided-row.ts'

const args = {
  lost: ref(lostValue),
  restore: flag(),
  /** In the place of the lost value: `[value]`, so that an emptied field can be told from none given. */
  instead: json<readonly unknown[]>().optional().personal(),
  remark: text(500).optional(),
}

/** `tables` by name: the rows that a lost value may belong to. */
export const restoreLostOf = (tables: ReadonlyMap<string, AnyTable>): Command<typeof args> =>
  command('review.restoreLost', {
    kind: 'request',
    version: 2,
    permission: 'review.settle',
    args,
    upcast: { 1: (given) => given },
    run(ctx, a) {
      ctx.describe({ item: a.lost })
      ctx.onHub(() => {
        const lost = decidedRow(ctx, ctx.get(lostValue, a.lost), 'review.unknown-item', { item: a.lost })
        if (lost === null) return
        ctx.rule('review.already-settled', lost.state === 'open', { item: a.lost, state: lost.state })
        const table = tables.get(lost.table)
        if (table === undefined) return ctx.refuse('review.unknown-item', { item: lost.table })
        const settled = { settledBy: ctx.user, settledAt: ctx.now, remark: a.remark ?? null }
        ctx.patch(lostValue, a.lost, { state: a.restore ? 'restored' : 'dismissed', ...settled })
        if (!a.restore) return
        const row = decidedRow(ctx, ctx.get(table, lost.rowId), 'review.row-is-gone', {
          table: lost.table,
          row: lost.rowId,
        })
        if (row === null) return
        if (lost.field === REMOVAL) return ctx.remove(table, lost.rowId)
        const value = a.instead == null ? lost.lost : (a.instead[0] ?? null)
        ctx.patch(lostValue, a.lost, { kept: value, lost: row[lost.field] ?? null })
        ctx.patch(table, lost.rowId, { [lost.field]: value })
      })
    },
  })
