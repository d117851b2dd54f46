// Makes a price list or renames it. Its currency and whether it includes tax stay what they were: prices hang on them.
import { ELSEWHERE, command } from '../../kernel/command.ts'
import { code, flag, name } from '../../kernel/field.ts'
import { priceList } from './price.ts'
import { bringToStand } from './stand.ts'

export const savePriceList = command('masters.savePriceList', {
  kind: 'request',
  version: 1,
  permission: 'masters.setPrices',
  edits: priceList,
  args: { code: code(), name: name(), currency: code(), isTaxIncluded: flag(), isDisabled: flag().optional() },
  run(ctx, a) {
    const standing = ctx.getByKey(priceList, { code: a.code })
    const isSame =
      standing === null ||
      standing === ELSEWHERE ||
      (standing.currency === a.currency && standing.isTaxIncluded === a.isTaxIncluded)
    if (!isSame) ctx.refuse('masters.price-list-frozen', { code: a.code })
    bringToStand(ctx, priceList, { code: a.code }, a)
    ctx.describe({ name: a.name })
  },
})
