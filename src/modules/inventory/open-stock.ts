// Brings an opening balance to stand: the first time it enters the stock, afterwards only the difference does, so that a
// file imported twice, or on two devices, changes nothing. It never writes a cost.
import { quantity6 } from '../../kernel/amount.ts'
import { ELSEWHERE, command } from '../../kernel/command.ts'
import { headerOf } from '../../kernel/document.ts'
import { code, date, integer, quantity, rate, ref, set, text } from '../../kernel/field.ts'
import { postStock } from '../../kernel/ledger.ts'
import { knowBatch, takeSerialIn } from '../masters/batch.ts'
import { currencyOf, goodsOf, placeOf } from './goods.ts'
import { opening } from './opening.ts'

export const openStock = command('inventory.openStock', {
  kind: 'edit',
  version: 1,
  permission: 'inventory.openStock',
  edits: { table: opening, fields: ['quantity', 'serials', 'rate'] },
  args: {
    warehouse: ref('masters.warehouse'),
    businessDate: date(),
    item: ref('masters.item'),
    unit: code(),
    num: integer().optional(),
    den: integer().optional(),
    quantity: quantity(),
    /** What one `unit` is worth, without tax. */
    rate: rate().optional(),
    batch: text(64).optional(),
    expiresOn: date().optional(),
    serials: set().optional(),
  },
  run(ctx, a) {
    if ((a.rate ?? 0) < 0) ctx.refuse('inventory.price-negative', { line: 0 })
    const place = placeOf(ctx, a.warehouse)
    const { branch } = place
    const goods = goodsOf(ctx, a, 0, a.quantity)
    const batch = a.batch ?? ''
    const key = { warehouse: a.warehouse, item: a.item, batch }
    const id = ctx.idOf(opening, key)
    const found = ctx.getByKey(opening, { ...key, branch })
    const standing = found === ELSEWHERE ? null : found
    const fields = { quantity: goods.stockQuantity, serials: goods.serials, rate: a.rate ?? null }
    if (standing === null) {
      const { currency } = currencyOf(ctx)
      ctx.insert(opening, {
        ...headerOf(ctx, { businessDate: a.businessDate, branch, currency }),
        id,
        state: 'submitted',
        ...key,
        ...fields,
      })
    } else {
      ctx.patch(opening, id, fields)
    }
    const difference = goods.stockQuantity - (standing?.quantity ?? 0)
    const move = { document: { table: opening, id }, branch, item: a.item, warehouse: a.warehouse }
    if (batch !== '') knowBatch(ctx, { item: a.item, number: batch, expiresOn: a.expiresOn ?? null })
    for (const number of goods.serials)
      if (standing?.serials.includes(number) !== true) takeSerialIn(ctx, { ...move, number, party: null })
    if (difference !== 0)
      postStock(ctx, {
        ...move,
        label: 'stock',
        businessDate: a.businessDate,
        quantity: quantity6(difference),
        batch: a.batch ?? null,
        reason: 'opening',
      })
    ctx.describe({
      number: goods.item?.code ?? null,
      name: goods.item?.name ?? null,
      quantity: goods.stockQuantity,
      warehouse: place.name,
    })
  },
})
