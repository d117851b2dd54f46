// Closes what is provisional before every device has reported: an authorised person names the devices that are missing,
// and answers for it. What those send later is named when it comes.
import { cut } from '../../kernel/completeness.ts'
import { command } from '../../kernel/command.ts'
import { name, ref, set } from '../../kernel/field.ts'
import { decidedRow } from './decided-row.ts'

const exceptions = { count: 'COUNT_INCOMPLETE', day: 'CLOSE_INCOMPLETE', period: 'PERIOD_INCOMPLETE' } as const

export const closeCut = command('review.closeCut', {
  kind: 'request',
  version: 1,
  permission: 'review.closeCut',
  args: { cut: ref(cut), missing: set(), remark: name() },
  run(ctx, a) {
    ctx.describe({ item: a.cut, reason: a.remark, devices: a.missing })
    ctx.onHub(() => {
      const open = decidedRow(ctx, ctx.get(cut, a.cut), 'review.unknown-item', { item: a.cut })
      if (open === null) return
      ctx.rule('review.already-settled', open.state === 'provisional', { item: a.cut, state: open.state })
      const unnamed = open.missing.filter((device) => !a.missing.includes(device))
      ctx.rule('review.missing-not-named', open.isKnown && unnamed.length === 0, { item: a.cut, devices: unnamed })
      ctx.patch(cut, a.cut, { state: 'closed', closedBy: ctx.user, remark: a.remark })
      ctx.exception(exceptions[open.purpose], { document: open.documentId, devices: open.missing, asOf: open.asOf })
    })
  },
})
