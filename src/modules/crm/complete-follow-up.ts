// What was promised is done, or given up with a reason. Done twice, the first stands and the second is named.
import { ELSEWHERE, command, type Context } from '../../kernel/command.ts'
import { code, date, ref, text } from '../../kernel/field.ts'
import { followUp } from './follow-up.ts'

export const completeFollowUp = command('crm.completeFollowUp', {
  kind: 'fact',
  version: 1,
  permission: 'crm.followUp',
  args: {
    followUp: ref('crm.followUp'),
    businessDate: date(),
    state: code(['done', 'dropped']).optional(),
    result: text(2000).optional().personal(),
  },
  run(ctx: Context, a) {
    const open = ctx.get(followUp, a.followUp)
    if (open === null) ctx.refuse('crm.unknown-follow-up', { followUp: a.followUp })
    if (a.state === 'dropped' && (a.result ?? '') === '') ctx.refuse('crm.reason-missing', { followUp: a.followUp })
    const isOpen = open === ELSEWHERE || open.state === 'open'
    if (ctx.rule('crm.follow-up-closed-already', isOpen, { followUp: a.followUp, exception: 'FOLLOW_UP_TWICE' })) {
      ctx.patch(followUp, a.followUp, {
        state: a.state ?? 'done',
        result: a.result ?? null,
        doneAt: ctx.now,
        doneBy: ctx.user,
        doneOn: a.businessDate,
      })
    }
    ctx.describe({ subject: open === ELSEWHERE ? null : open.subject })
  },
})
