// A follow-up: something promised to a party, by a day, by somebody. Open ones travel with the party, not with a month.
import { code, date, instant, ref, text } from '../../kernel/field.ts'
import { table } from '../../kernel/table.ts'

export const followUp = table('crm.followUp', {
  fields: {
    party: ref('masters.party'),
    territory: code(),
    subject: text(500).personal(),
    dueOn: date(),
    owner: ref('masters.user'),
    state: code(['open', 'done', 'dropped']).default('open'),
    /** The visit or document it came from. */
    about: text(64).optional(),
    result: text(2000).optional().personal(),
    doneAt: instant().optional(),
    doneBy: ref('masters.user').optional(),
    doneOn: date().optional(),
    createdBy: ref('masters.user'),
  },
  subject: ['party'],
  indexes: { byOwner: ['owner', 'state', 'dueOn'], byParty: ['party', 'dueOn'] },
  buckets: (row) => [`parties:${row.territory}`, 'parties'],
  whole: ['parties'],
})
