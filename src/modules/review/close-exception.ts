// Closes a named exception: somebody looked at it and says what came of it. The fact it names stands as it was.
import { command } from '../../kernel/command.ts'
import { name, ref } from '../../kernel/field.ts'
import { hasDuty } from '../../kernel/exception-owner.ts'
import { exception } from '../../kernel/kernel-tables.ts'
import { mayDo } from '../../kernel/lease.ts'
import { decidedRow } from './decided-row.ts'

export const closeException = command('review.closeException', {
  kind: 'request',
  version: 1,
  permission: 'review.closeException',
  args: { exception: ref(exception), remark: name() },
  run(ctx, a) {
    ctx.describe({ item: a.exception, reason: a.remark })
    if (!ctx.isHub) return
    const raised = decidedRow(ctx, ctx.get(exception, a.exception), 'review.unknown-item', { item: a.exception })
    if (raised === null) return
    const isTheirs = mayDo(ctx.lease, 'review.settle') || (raised.owner !== null && hasDuty(ctx.lease, raised.owner))
    ctx.rule('review.not-your-duty', isTheirs, { item: a.exception, owner: raised.owner })
    ctx.rule('review.already-settled', raised.state === 'open', { item: a.exception, state: raised.state })
    ctx.patch(exception, a.exception, { state: 'closed', closedBy: ctx.user, closedAt: ctx.now, remark: a.remark })
  },
})
