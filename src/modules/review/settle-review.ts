// What people do with a parked command: send it again (edited), force it, or discard it with a reason. Each is a request
// that the hub alone decides, because only it holds the sealed original; a device merely asks.
import { command, type Context } from '../../kernel/command.ts'
import { json, name, ref } from '../../kernel/field.ts'
import { reviewItem } from '../../kernel/kernel-tables.ts'
import { decidedRow } from './decided-row.ts'

/** The open item, or null on a device, which can't know. */
function openItem(ctx: Context, id: string) {
  if (!ctx.isHub) return null
  const item = decidedRow(ctx, ctx.get(reviewItem, id), 'review.unknown-item', { item: id })
  if (item === null) return null
  ctx.rule('review.already-settled', item.state === 'open', { item: id, state: item.state })
  return item
}

/** Runs the original again in its own id and number space, under the sender's authority. `args` replaces its arguments. */
export const resubmit = command('review.resubmit', {
  kind: 'request',
  version: 1,
  permission: 'review.settle',
  args: { item: ref(reviewItem), args: json().optional().personal() },
  run(ctx, a) {
    ctx.describe({ item: a.item })
    openItem(ctx, a.item)
  },
})

/** Runs the original although its author had no authority for it. It gives nobody a right of their own. [REV8] */
export const force = command('review.force', {
  kind: 'request',
  version: 1,
  permission: 'review.force',
  args: { item: ref(reviewItem), reason: name() },
  run(ctx, a) {
    ctx.describe({ item: a.item, reason: a.reason })
    openItem(ctx, a.item)
  },
})

export const discard = command('review.discard', {
  kind: 'request',
  version: 1,
  permission: 'review.settle',
  args: { item: ref(reviewItem), reason: name() },
  run(ctx, a) {
    ctx.describe({ item: a.item, reason: a.reason })
    const item = openItem(ctx, a.item)
    if (item === null) return
    ctx.patch(reviewItem, a.item, {
      state: 'discarded',
      settledBy: ctx.user,
      settledAt: ctx.now,
      remark: a.reason,
    })
    // Nothing will make the rows that these need: from now on they ask people too. [REV4]
    for (const child of ctx.find(reviewItem, 'byParent', { waitsFor: a.item, state: 'open' }))
      ctx.patch(reviewItem, child.id, { isLetGo: true })
  },
})
