// Brings a party of another system in by its code, with its terms; the same row again changes nothing. For imports and
// the office: in the field a party is made by createParty, on cash terms.
import { command } from '../../kernel/command.ts'
import { amount, code, flag, integer, name, ref, set, text } from '../../kernel/field.ts'
import { codeKeyOf } from './item.ts'
import { party } from './party.ts'
import { partyDetails } from './party-args.ts'
import { bringToStand } from './stand.ts'

export const importParty = command('masters.importParty', {
  kind: 'request',
  version: 1,
  permission: 'masters.import',
  edits: party,
  args: {
    code: code(),
    name: name().personal(),
    roles: set(),
    territory: code(),
    taxId: text(32).optional().personal(),
    priceList: ref('masters.priceList').optional(),
    taxCode: code().optional(),
    creditLimitMinor: amount().optional(),
    termsDays: integer().optional(),
    isOnHold: flag().optional(),
    isDisabled: flag().optional(),
    ...partyDetails,
  },
  run(ctx, a) {
    for (const field of ['creditLimitMinor', 'termsDays', 'visitFrequencyDays'] as const) {
      if ((a[field] ?? 0) < 0) ctx.refuse('masters.below-zero', { field, code: a.code })
    }
    bringToStand(ctx, party, { codeKey: codeKeyOf(a.code) }, a)
    ctx.describe({ number: a.code, party: a.name })
  },
})
