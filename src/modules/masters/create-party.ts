// A new customer, supplier or lead, usable at once on cash terms. It never checks that the party is new: whether it
// might be one we know is said as an exception, for a person to merge.
import { command, type Context } from '../../kernel/command.ts'
import { code, name, set, text } from '../../kernel/field.ts'
import { party, partyRoles } from './party.ts'
import { partyDetails } from './party-args.ts'
import { changesOf } from './stand.ts'

interface Likeness {
  readonly name: string
  readonly territory: string
  readonly phone: string | null
  readonly taxId: string | null
}

/** Same tax id, same phone, or same name in the territory. */
function findLike(ctx: Context, { name, territory, phone, taxId }: Likeness): string | null {
  const soft = { soft: true, limit: 1 } as const
  const byTaxId = taxId === null ? [] : ctx.find(party, 'byTaxId', { taxId }, soft)
  const byPhone = phone === null ? [] : ctx.find(party, 'byPhone', { phone }, soft)
  return [...byTaxId, ...byPhone, ...ctx.find(party, 'byTerritory', { territory, name }, soft)][0]?.id ?? null
}

export const createParty = command('masters.createParty', {
  kind: 'fact',
  version: 1,
  permission: 'masters.createParty',
  args: {
    name: name().personal(),
    roles: set(),
    territory: code(),
    taxId: text(32).optional().personal(),
    ...partyDetails,
  },
  run(ctx, a) {
    const unknown = a.roles.find((role) => !partyRoles.some((known) => known === role))
    if (unknown !== undefined) ctx.refuse('masters.unknown-party-role', { role: unknown })
    if ((a.visitFrequencyDays ?? 0) < 0) ctx.refuse('masters.below-zero', { field: 'visitFrequencyDays' })
    const like = findLike(ctx, { name: a.name, territory: a.territory, phone: a.phone ?? null, taxId: a.taxId ?? null })
    const id = ctx.id('party')
    if (like !== null) ctx.exception('POSSIBLE_DUPLICATE', { party: id, like })
    ctx.insert(party, { ...changesOf(party, a), id, name: a.name, roles: a.roles, territory: a.territory })
    ctx.describe({ party: a.name })
  },
})
