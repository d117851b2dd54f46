// Changes named fields of a contact, each merged by itself.
import { command } from '../../kernel/command.ts'
import { flag, name, ref, text } from '../../kernel/field.ts'
import { contact } from './party.ts'
import { changesOf, mustExist } from './stand.ts'

export const editContact = command('masters.editContact', {
  kind: 'edit',
  version: 1,
  permission: 'masters.editParty',
  edits: contact,
  args: {
    contact: ref('masters.contact'),
    name: name().optional().personal(),
    role: text(64).optional(),
    phone: text(64).optional().personal(),
    email: text(200).optional().personal(),
    isDisabled: flag().optional(),
  },
  run(ctx, { contact: id, ...a }) {
    const found = mustExist(ctx, contact, id, 'contact')
    ctx.patch(contact, id, changesOf(contact, a))
    ctx.describe({ name: a.name ?? found?.name ?? null })
  },
})
