// Says that two parties are one: the dropped one points at the keeper and is offered no more. Its documents and ledger
// entries stay under its own name; nothing posted is rewritten.
import { command } from '../../kernel/command.ts'
import { ref } from '../../kernel/field.ts'
import { contact, party } from './party.ts'
import { mustExist } from './stand.ts'

export const mergeParties = command('masters.mergeParties', {
  kind: 'request',
  version: 1,
  permission: 'masters.mergeParties',
  args: { keep: ref('masters.party'), drop: ref('masters.party') },
  run(ctx, a) {
    if (a.keep === a.drop) ctx.refuse('masters.merge-with-itself', { party: a.keep })
    const keeper = mustExist(ctx, party, a.keep, 'party')
    const dropped = mustExist(ctx, party, a.drop, 'party')
    if (keeper === null || dropped === null) return
    ctx.rule('masters.already-merged', keeper.mergedInto === null && dropped.mergedInto === null, {
      keep: a.keep,
      drop: a.drop,
    })
    ctx.patch(party, a.drop, { mergedInto: a.keep, isDisabled: true })
    ctx.patch(party, a.keep, {
      roles: [...new Set([...keeper.roles, ...dropped.roles])],
      tags: [...new Set([...keeper.tags, ...dropped.tags])],
      phone: keeper.phone ?? dropped.phone,
      email: keeper.email ?? dropped.email,
      addresses: keeper.addresses.length > 0 ? keeper.addresses : dropped.addresses,
    })
    for (const row of ctx.find(contact, 'byParty', { party: a.drop }))
      ctx.patch(contact, row.id, { party: a.keep, territory: keeper.territory })
    ctx.describe({ party: keeper.name, dropped: dropped.name })
  },
})
