// A planned visit didn't take place, and why. One that did take place stays completed.
import { ELSEWHERE, command, type Context } from '../../kernel/command.ts'
import { name, ref } from '../../kernel/field.ts'
import { visit } from './visit.ts'

export const missVisit = command('crm.missVisit', {
  kind: 'fact',
  version: 1,
  permission: 'crm.visit',
  args: { visit: ref('crm.visit'), reason: name(200) },
  run(ctx: Context, a) {
    const planned = ctx.get(visit, a.visit)
    if (planned === null) ctx.refuse('crm.unknown-visit', { visit: a.visit })
    const hasNotBegun = planned === ELSEWHERE || planned.state === 'planned'
    if (ctx.rule('crm.visit-begun-already', hasNotBegun, { visit: a.visit, exception: 'VISIT_TWICE' })) {
      ctx.patch(visit, a.visit, { state: 'missed', missedReason: a.reason })
    }
    ctx.describe({ reason: a.reason })
  },
})
