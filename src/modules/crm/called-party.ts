// The party that CRM work is about. A party made in the field may be on another device only: then the territory given
// by the caller stands; a party that was merged away answers for its keeper.
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import type { Address } from '../masters/organisation.ts'
import { party } from '../masters/party.ts'

export interface Called {
  readonly id: string
  readonly name: string | null
  readonly territory: string
  readonly addresses: readonly Address[]
}

export function calledParty(
  ctx: Context,
  given: { readonly party: string; readonly territory?: string | null | undefined },
): Called {
  const found = ctx.get(party, given.party)
  if (found === null) ctx.refuse('crm.unknown-party', { party: given.party })
  if (found === ELSEWHERE) {
    if (given.territory == null) ctx.refuse('crm.territory-missing', { party: given.party })
    return { id: given.party, name: null, territory: given.territory, addresses: [] }
  }
  return { id: found.mergedInto ?? found.id, name: found.name, territory: found.territory, addresses: found.addresses }
}
