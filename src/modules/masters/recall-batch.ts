// Recalls a batch, or says that the recall is over. A request: quality decides it for every device at once. Until a device
// hears of it, what it sells of the batch stands and is named.
import { ELSEWHERE, command } from '../../kernel/command.ts'
import { flag, ref, text } from '../../kernel/field.ts'
import { batch } from './batch.ts'
import { item } from './item.ts'
import { mustExist } from './stand.ts'

export const recallBatch = command('masters.recallBatch', {
  kind: 'request',
  version: 1,
  permission: 'masters.recallBatch',
  edits: batch,
  args: { item: ref('masters.item'), number: text(64), isRecalled: flag() },
  run(ctx, a) {
    const of = mustExist(ctx, item, a.item, 'item')
    if (a.number.trim() === '') ctx.refuse('masters.batch-unnamed', { item: a.item })
    const key = { item: a.item, number: a.number }
    const known = ctx.getByKey(batch, key)
    if (known === ELSEWHERE) return
    // A batch may be recalled before any of it was received here.
    if (known === null) ctx.insert(batch, { id: ctx.idOf(batch, key), ...key, isRecalled: a.isRecalled })
    else ctx.patch(batch, known.id, { isRecalled: a.isRecalled })
    ctx.describe({ number: a.number, name: of?.name ?? null })
  },
})
