// Makes a group of parties or changes its price list.
import { command } from '../../kernel/command.ts'
import { code, name, ref } from '../../kernel/field.ts'
import { partyGroup } from './party.ts'
import { priceList } from './price.ts'
import { bringToStand, mustExist } from './stand.ts'

export const savePartyGroup = command('masters.savePartyGroup', {
  kind: 'edit',
  version: 1,
  permission: 'masters.setPrices',
  edits: partyGroup,
  args: { code: code(), name: name(), priceList: ref('masters.priceList').optional() },
  run(ctx, a) {
    if (a.priceList != null) mustExist(ctx, priceList, a.priceList, 'price-list')
    bringToStand(ctx, partyGroup, { code: a.code }, a)
    ctx.describe({ name: a.name })
  },
})
