// Sets on which terms a party buys: days to pay, price list, tax code, tax id, whether it is on hold. A request, because
// each of them costs money. Absent leaves a term alone, null empties it.
import { ELSEWHERE, command } from '../../kernel/command.ts'
import { code, flag, integer, ref, text } from '../../kernel/field.ts'
import { party } from './party.ts'
import { priceList } from './price.ts'
import { changesOf, mustExist } from './stand.ts'
import { taxCode } from './tax-code.ts'

export const setPartyTerms = command('masters.setPartyTerms', {
  kind: 'request',
  version: 1,
  permission: 'masters.setCredit',
  edits: party,
  args: {
    party: ref('masters.party'),
    termsDays: integer().optional(),
    priceList: ref('masters.priceList').optional(),
    taxCode: code().optional(),
    taxId: text(32).optional().personal(),
    isOnHold: flag().optional(),
  },
  run(ctx, { party: id, ...a }) {
    if ((a.termsDays ?? 0) < 0) ctx.refuse('masters.below-zero', { field: 'termsDays' })
    const found = mustExist(ctx, party, id, 'party')
    if (a.priceList != null) mustExist(ctx, priceList, a.priceList, 'price-list')
    const tax = a.taxCode == null ? ELSEWHERE : ctx.getByKey(taxCode, { code: a.taxCode })
    if (tax === null) ctx.refuse('masters.unknown-tax-code', { code: a.taxCode ?? '' })
    ctx.patch(party, id, changesOf(party, a))
    ctx.describe({ party: found?.name ?? null })
  },
})
