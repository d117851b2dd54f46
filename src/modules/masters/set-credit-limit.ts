// Sets how much a party may owe; null means cash terms. A request: a limit is never decided on a device.
import { command } from '../../kernel/command.ts'
import { amount, ref } from '../../kernel/field.ts'
import { party } from './party.ts'
import { mustExist } from './stand.ts'

export const setCreditLimit = command('masters.setCreditLimit', {
  kind: 'request',
  version: 1,
  permission: 'masters.setCredit',
  edits: party,
  args: { party: ref('masters.party'), creditLimitMinor: amount().optional() },
  run(ctx, a) {
    const limit = a.creditLimitMinor ?? null
    if (limit !== null && limit < 0) ctx.refuse('masters.below-zero', { field: 'creditLimitMinor' })
    const found = mustExist(ctx, party, a.party, 'party')
    ctx.patch(party, a.party, { creditLimitMinor: limit })
    ctx.describe({ party: found?.name ?? null, amountMinor: limit })
  },
})
