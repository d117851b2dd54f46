// Arriving at a party's place: where the device was, how far from the address, when. A visit that nobody planned is made
// here. How far is recorded and shown; it never stops anybody from working.
import { ELSEWHERE, command, type Context } from '../../kernel/command.ts'
import { code, date, ref, text } from '../../kernel/field.ts'
import { calledParty } from './called-party.ts'
import { distanceToParty } from './distance.ts'
import { position, visit } from './visit.ts'

export const checkIn = command('crm.checkIn', {
  kind: 'fact',
  version: 1,
  permission: 'crm.visit',
  args: {
    /** A planned visit, or none and then the party. */
    visit: ref('crm.visit').optional(),
    party: ref('masters.party'),
    territory: code().optional(),
    businessDate: date(),
    place: position().optional().personal(),
    purpose: text(200).optional(),
  },
  run(ctx: Context, a) {
    const { id: party, name, territory, addresses } = calledParty(ctx, a)
    const place = a.place ?? null
    const arrival = {
      checkedInAt: ctx.now,
      place,
      distanceM: place === null ? null : distanceToParty(place, addresses),
    }
    ctx.describe({ party: name, date: a.businessDate })
    if (a.visit == null) {
      const { businessDate: plannedOn, purpose } = a
      ctx.insert(visit, {
        id: ctx.id('visit'),
        party,
        territory,
        owner: ctx.user,
        plannedOn,
        isPlanned: false,
        purpose: purpose ?? null,
        state: 'checked-in',
        ...arrival,
      })
      return
    }
    const planned = ctx.get(visit, a.visit)
    if (planned === null) ctx.refuse('crm.unknown-visit', { visit: a.visit })
    const isOpen = planned === ELSEWHERE || planned.state === 'planned' || planned.state === 'missed'
    if (!ctx.rule('crm.checked-in-already', isOpen, { visit: a.visit, exception: 'VISIT_TWICE' })) return
    ctx.patch(visit, a.visit, { state: 'checked-in', ...arrival })
  },
})
