// Hands a follow-up to somebody else or moves its day; each field merges by itself.
import { ELSEWHERE, command, type Context } from '../../kernel/command.ts'
import { date, ref } from '../../kernel/field.ts'
import { user } from '../masters/people.ts'
import { changesOf } from '../masters/stand.ts'
import { followUp } from './follow-up.ts'

export const reassignFollowUp = command('crm.reassignFollowUp', {
  kind: 'edit',
  version: 1,
  permission: 'crm.followUp',
  edits: followUp,
  args: { followUp: ref('crm.followUp'), owner: ref('masters.user').optional(), dueOn: date().optional() },
  run(ctx: Context, { followUp: id, ...a }) {
    const open = ctx.get(followUp, id)
    if (open === null) ctx.refuse('crm.unknown-follow-up', { followUp: id })
    if (a.owner != null && ctx.get(user, a.owner) === null) ctx.refuse('crm.unknown-user', { user: a.owner })
    ctx.rule('crm.follow-up-closed-already', open === ELSEWHERE || open.state === 'open', {
      followUp: id,
      exception: 'FOLLOW_UP_TWICE',
    })
    ctx.patch(followUp, id, changesOf(followUp, a))
    ctx.describe({ subject: open === ELSEWHERE ? null : open.subject, date: a.dueOn ?? null })
  },
})
