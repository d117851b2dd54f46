// Changes named fields of a party, each merged by itself. A party that was merged away passes the edit to its keeper.
import { ELSEWHERE, command } from '../../kernel/command.ts'
import { code, name, ref, set } from '../../kernel/field.ts'
import { codeKeyOf } from './item.ts'
import { contact, party } from './party.ts'
import { partyDetails } from './party-args.ts'
import { price } from './price.ts'
import { changesOf, mustExist } from './stand.ts'

export const editParty = command('masters.editParty', {
  kind: 'edit',
  version: 1,
  permission: 'masters.editParty',
  edits: party,
  args: {
    party: ref('masters.party'),
    name: name().optional().personal(),
    roles: set().optional(),
    code: code().optional(),
    territory: code().optional(),
    ...partyDetails,
  },
  run(ctx, { party: given, ...a }) {
    if ((a.visitFrequencyDays ?? 0) < 0) ctx.refuse('masters.below-zero', { field: 'visitFrequencyDays' })
    const found = mustExist(ctx, party, given, 'party')
    const id = found?.mergedInto ?? given
    const changes = changesOf(party, a)
    if (a.code != null) {
      const codeKey = codeKeyOf(a.code)
      const holder = ctx.find(party, 'byCode', { codeKey }, { soft: true }).find((row) => row.id !== id)
      ctx.rule('masters.party-code-taken', holder === undefined, {
        code: a.code,
        party: holder?.id ?? null,
        exception: 'POSSIBLE_DUPLICATE',
      })
      ctx.patch(party, id, { codeKey }, { inPlaceOf: given })
    }
    ctx.patch(party, id, changes, { inPlaceOf: given })
    if (a.territory != null && found !== null && found.territory !== a.territory) {
      // What hangs on the party travels with it into the new territory's bucket.
      for (const row of ctx.find(contact, 'byParty', { party: id }, { soft: true }))
        ctx.patch(contact, row.id, { territory: a.territory })
      for (const row of ctx.find(price, 'byScope', { scope: 'party', scopeId: id }, { soft: true }))
        ctx.patch(price, row.id, { territory: a.territory })
    }
    const named = ctx.get(party, id)
    ctx.describe({ party: a.name ?? (named === null || named === ELSEWHERE ? null : named.name) })
  },
})
