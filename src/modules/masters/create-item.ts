// Makes an item by its code; the same code again sets only what differs, so that an import may run twice.
import { ELSEWHERE, command } from '../../kernel/command.ts'
import { code, integer, name } from '../../kernel/field.ts'
import { checkItemDetails, itemDetails } from './item-args.ts'
import { codeKeyOf, item, unit } from './item.ts'
import { bringToStand } from './stand.ts'
import { taxCode } from './tax-code.ts'

export const createItem = command('masters.createItem', {
  kind: 'edit',
  version: 1,
  permission: 'masters.edit',
  edits: item,
  args: {
    code: code(),
    name: name(),
    group: code(),
    stockUnit: code(),
    decimals: integer().optional(),
    taxCode: code(),
    ...itemDetails,
  },
  run(ctx, a) {
    const codeKey = codeKeyOf(a.code)
    if (codeKey === '') ctx.refuse('masters.code-empty')
    checkItemDetails(ctx, a.code, a, a.decimals ?? 0)
    for (const code of [a.stockUnit, ...(a.units ?? []).map((each) => each.unit)]) {
      if (ctx.getByKey(unit, { code }) === null) ctx.refuse('masters.unknown-unit', { item: a.code, unit: code })
    }
    if (ctx.getByKey(taxCode, { code: a.taxCode }) === null)
      ctx.refuse('masters.unknown-tax-code', { item: a.code, code: a.taxCode })
    const standing = ctx.getByKey(item, { codeKey })
    if (standing !== null && standing !== ELSEWHERE && standing.stockUnit !== a.stockUnit) {
      // Every balance and entry counts in it.
      ctx.refuse('masters.stock-unit-frozen', { item: a.code, unit: standing.stockUnit })
    }
    bringToStand(ctx, item, { codeKey }, a)
    ctx.describe({ number: a.code, name: a.name })
  },
})
