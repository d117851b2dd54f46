// A person to ask for at a party.
import { command } from '../../kernel/command.ts'
import { name, ref, text } from '../../kernel/field.ts'
import { contact, party } from './party.ts'
import { mustExist } from './stand.ts'

export const addContact = command('masters.addContact', {
  kind: 'fact',
  version: 1,
  permission: 'masters.editParty',
  args: {
    party: ref('masters.party'),
    territory: text(64),
    name: name().personal(),
    role: text(64).optional(),
    phone: text(64).optional().personal(),
    email: text(200).optional().personal(),
  },
  run(ctx, a) {
    const of = mustExist(ctx, party, a.party, 'party')
    ctx.insert(contact, { ...a, id: ctx.id('contact'), territory: of?.territory ?? a.territory })
    ctx.describe({ name: a.name, party: of?.name ?? null })
  },
})
