// Puts a visit on somebody's route. Two plans for one party on one day are both kept: a planner sees them side by side.
import { command } from '../../kernel/command.ts'
import { code, date, integer, ref, text } from '../../kernel/field.ts'
import { calledParty } from './called-party.ts'
import { visit } from './visit.ts'

const MINUTES_A_DAY = 1440

export const planVisit = command('crm.planVisit', {
  kind: 'fact',
  version: 1,
  permission: 'crm.visit',
  args: {
    party: ref('masters.party'),
    territory: code().optional(),
    plannedOn: date(),
    plannedAtMinute: integer().optional(),
    owner: ref('masters.user').optional(),
    purpose: text(200).optional(),
  },
  run(ctx, a) {
    const minute = a.plannedAtMinute ?? null
    if (minute !== null && (minute < 0 || minute >= MINUTES_A_DAY))
      ctx.refuse('crm.minute-out-of-range', { plannedAtMinute: minute })
    const { id: party, name, territory } = calledParty(ctx, a)
    const { plannedOn, purpose } = a
    ctx.insert(visit, {
      id: ctx.id('visit'),
      party,
      territory,
      owner: a.owner ?? ctx.user,
      plannedOn,
      plannedAtMinute: minute,
      purpose: purpose ?? null,
      state: 'planned',
    })
    ctx.describe({ party: name, date: plannedOn })
  },
})
