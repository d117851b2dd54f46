// Promises something to a party by a day.
import { command } from '../../kernel/command.ts'
import { code, date, name, ref, text } from '../../kernel/field.ts'
import { calledParty } from './called-party.ts'
import { followUp } from './follow-up.ts'

export const createFollowUp = command('crm.createFollowUp', {
  kind: 'fact',
  version: 1,
  permission: 'crm.followUp',
  args: {
    party: ref('masters.party'),
    territory: code().optional(),
    subject: name(500).personal(),
    dueOn: date(),
    owner: ref('masters.user').optional(),
    about: text(64).optional(),
  },
  run(ctx, a) {
    const { id: party, name, territory } = calledParty(ctx, a)
    const { subject, dueOn } = a
    ctx.insert(followUp, {
      id: ctx.id('follow-up'),
      party,
      territory,
      subject,
      dueOn,
      owner: a.owner ?? ctx.user,
      about: a.about ?? null,
      createdBy: ctx.user,
    })
    ctx.describe({ party: name, date: dueOn })
  },
})
