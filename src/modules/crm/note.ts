// A note: what somebody wrote down about a party. Notes are appended and never rewritten, so two people who write at
// once both stay; a correction is another note.
import { blobs } from '../../kernel/blob.ts'
import { code, date, instant, ref, text } from '../../kernel/field.ts'
import { monthOf } from '../../kernel/document.ts'
import { table } from '../../kernel/table.ts'

export const noteKinds = ['note', 'call', 'email', 'complaint'] as const

export const note = table('crm.note', {
  fields: {
    party: ref('masters.party'),
    territory: code(),
    kind: code(noteKinds).default('note'),
    /** The visit, sale, order … it is about, and its table. */
    aboutTable: code().optional(),
    about: text(64).optional(),
    /** Empty where photos say it all. */
    text: text().personal(),
    photos: blobs().optional().personal(),
    by: ref('masters.user'),
    writtenAt: instant(),
    /** Its local day: the month names the bucket. */
    on: date(),
  },
  subject: ['party'],
  indexes: { byParty: ['party', 'on'], byAbout: ['about', 'writtenAt'] },
  buckets: (row) => [`crm:${row.territory}:${monthOf(row.on)}`],
})
