// Changes named fields of an item. Its code and stock unit stay: codes are printed, and every balance counts in the unit.
import { command } from '../../kernel/command.ts'
import { code, name, ref } from '../../kernel/field.ts'
import { checkItemDetails, itemDetails } from './item-args.ts'
import { item, unit } from './item.ts'
import { changesOf, mustExist } from './stand.ts'
import { taxCode } from './tax-code.ts'

export const editItem = command('masters.editItem', {
  kind: 'edit',
  version: 1,
  permission: 'masters.edit',
  edits: item,
  args: {
    item: ref('masters.item'),
    name: name().optional(),
    group: code().optional(),
    taxCode: code().optional(),
    ...itemDetails,
  },
  run(ctx, { item: id, ...a }) {
    checkItemDetails(ctx, id, a, 0)
    const standing = mustExist(ctx, item, id, 'item')
    for (const each of a.units ?? []) {
      if (ctx.getByKey(unit, { code: each.unit }) === null)
        ctx.refuse('masters.unknown-unit', { item: id, unit: each.unit })
    }
    if (a.taxCode != null && ctx.getByKey(taxCode, { code: a.taxCode }) === null)
      ctx.refuse('masters.unknown-tax-code', { code: a.taxCode })
    ctx.patch(item, id, changesOf(item, a))
    ctx.describe({ number: standing?.code ?? null, name: a.name ?? standing?.name ?? null })
  },
})
