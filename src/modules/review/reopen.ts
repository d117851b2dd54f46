// Undoes a decision of the review: a discarded command, a closed exception or a decided value waits again, and a restored
// value gives way to the one that stood before it. What ran again can't be undone here: that takes a reversal.
import { ELSEWHERE, command, type Command } from '../../kernel/command.ts'
import { code, ref } from '../../kernel/field.ts'
import { exception, lostValue, reviewItem } from '../../kernel/kernel-tables.ts'
import { sameValue } from '../../kernel/merge.ts'
import type { AnyTable } from '../../kernel/table.ts'
import { decidedRow } from './decided-row.ts'

const kinds = { parked: reviewItem, exception, value: lostValue } as const
const args = { kind: code(['parked', 'exception', 'value']), item: ref(reviewItem) }
const undone = { settledBy: null, settledAt: null, remark: null }

/** `tables` by name: the rows that a lost value may belong to. [REV5] */
export const reopenOf = (tables: ReadonlyMap<string, AnyTable>): Command<typeof args> =>
  command('review.reopen', {
    kind: 'request',
    version: 1,
    permission: 'review.settle',
    args,
    run(ctx, a) {
      ctx.describe({ item: a.item })
      ctx.onHub(() => {
        const found = decidedRow(ctx, ctx.get<AnyTable>(kinds[a.kind], a.item), 'review.unknown-item', { item: a.item })
        if (found === null) return
        const state = String(found['state'])
        const mayReopen = ['discarded', 'closed', 'dismissed', 'restored'].includes(state)
        ctx.rule('review.cannot-reopen', mayReopen, { item: a.item, state })
        if (a.kind === 'exception') {
          ctx.patch(exception, a.item, { state: 'open', closedBy: null, closedAt: null, remark: null })
          return
        }
        if (a.kind === 'parked') {
          // What it waited for may have run or been discarded meanwhile: then it waits for nothing.
          const { waitsFor } = found
          const parent = typeof waitsFor === 'string' ? ctx.get(reviewItem, waitsFor) : null
          const isLetGo = parent !== null && parent !== ELSEWHERE && parent.state !== 'open' ? true : null
          ctx.patch(reviewItem, a.item, { state: 'open', isLetGo, ...undone })
          for (const child of ctx.find(reviewItem, 'byParent', { waitsFor: a.item, state: 'open' }))
            ctx.patch(reviewItem, child.id, { isLetGo: null })
          return
        }
        const lost = ctx.get(lostValue, a.item)
        const table = lost === null || lost === ELSEWHERE ? undefined : tables.get(lost.table)
        if (lost === null || lost === ELSEWHERE || table === undefined)
          return ctx.refuse('review.unknown-item', { item: a.item })
        ctx.patch(lostValue, a.item, { state: 'open', ...undone })
        if (state !== 'restored') return
        const row = decidedRow(ctx, ctx.get(table, lost.rowId), 'review.row-is-gone', {
          table: lost.table,
          row: lost.rowId,
        })
        if (row === null) return
        // Changed again since: what stands now is somebody's later work.
        ctx.rule('review.changed-since', sameValue(row[lost.field] ?? null, lost.kept ?? null), { item: a.item })
        ctx.patch(table, lost.rowId, { [lost.field]: lost.lost })
        ctx.patch(lostValue, a.item, { kept: lost.lost, lost: lost.kept })
      })
    },
  })
