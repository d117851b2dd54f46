// Writes a note down about a party, or about one of its visits or documents.
import { command } from '../../kernel/command.ts'
import { code, date, name, ref, text } from '../../kernel/field.ts'
import { calledParty } from './called-party.ts'
import { note, noteKinds } from './note.ts'

const NOTE_LENGTH_MAX = 10_000

export const addNote = command('crm.addNote', {
  kind: 'fact',
  version: 1,
  permission: 'crm.note',
  args: {
    party: ref('masters.party'),
    territory: code().optional(),
    businessDate: date(),
    text: name(NOTE_LENGTH_MAX).personal(),
    kind: code(noteKinds).optional(),
    aboutTable: code().optional(),
    about: text(64).optional(),
  },
  run(ctx, a) {
    const { id: party, name, territory } = calledParty(ctx, a)
    const about = { aboutTable: a.aboutTable ?? null, about: a.about ?? null }
    ctx.insert(note, {
      id: ctx.id('note'),
      party,
      territory,
      kind: a.kind ?? 'note',
      ...about,
      text: a.text,
      by: ctx.user,
      writtenAt: ctx.now,
      on: a.businessDate,
    })
    ctx.describe({ party: name })
  },
})
