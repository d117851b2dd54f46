// Goods left a store without a sale: used, broken, sampled, lost. It happened, so it stands; taking more than is there
// is OVERSOLD for the storekeeper. It never writes a cost.
import { quantity6 } from '../../kernel/amount.ts'
import { ELSEWHERE, command } from '../../kernel/command.ts'
import { headerOf } from '../../kernel/document.ts'
import { code, date, integer, list, quantity, ref, set, text } from '../../kernel/field.ts'
import { postStock } from '../../kernel/ledger.ts'
import { takeSerialOut } from '../masters/batch.ts'
import { checkBatch, takeEnough, currencyOf, goodsOf, placeOf } from './goods.ts'
import { issue, issueLine, issueReasons } from './issue.ts'

export const issueGoods = command('inventory.issueGoods', {
  kind: 'fact',
  version: 1,
  permission: 'inventory.issue',
  args: {
    warehouse: ref('masters.warehouse'),
    businessDate: date(),
    reason: code(issueReasons),
    purpose: text(200).optional(),
    remarks: text().optional(),
    externalRef: text(128).optional(),
    lines: list({
      item: ref('masters.item'),
      unit: code(),
      num: integer().optional(),
      den: integer().optional(),
      quantity: quantity(),
      batch: text(64).optional(),
      serials: set().optional(),
    }),
  },
  run(ctx, a) {
    if (a.lines.length === 0) ctx.refuse('inventory.no-lines')
    const nothing = a.lines.findIndex((line) => line.quantity === 0)
    if (nothing >= 0) ctx.refuse('inventory.quantity-zero', { line: nothing })
    const id =
      a.externalRef == null
        ? ctx.id('issue')
        : ctx.idOf(issue, { company: ctx.lease.company, externalRef: a.externalRef })
    const standing = a.externalRef == null ? null : ctx.get(issue, id)
    if (standing !== null && standing !== ELSEWHERE) return
    const place = placeOf(ctx, a.warehouse)
    const moving = a.lines.map((line, at) => ({ line, at, goods: goodsOf(ctx, line, at, line.quantity) }))
    const isCleaning = a.reason === 'expired' || a.reason === 'breakage'
    for (const { line, at } of moving) {
      // Taking recalled goods off the shelf is what a recall asks for.
      if (!isCleaning)
        checkBatch(ctx, { item: line.item, batch: line.batch ?? null, line: at, businessDate: a.businessDate })
    }
    takeEnough(
      ctx,
      { warehouse: a.warehouse, branch: place.branch },
      moving.map(({ line, goods }) => ({
        item: line.item,
        code: goods.item?.code ?? line.item,
        stockQuantity: goods.stockQuantity,
        isAllotted: goods.item?.isAllotted ?? false,
      })),
    )
    const number = ctx.nextNumber('W', a.businessDate)
    ctx.insert(issue, {
      ...headerOf(ctx, { ...a, branch: place.branch, currency: currencyOf(ctx).currency }),
      id,
      number,
      state: 'submitted',
      warehouse: a.warehouse,
      reason: a.reason,
      purpose: a.purpose ?? null,
    })
    for (const { line, at, goods } of moving) {
      const { item, unit } = line
      const batch = line.batch ?? null
      const lineId = ctx.insert(issueLine, {
        id: ctx.id(`line/${at}`),
        document: id,
        line: at,
        item,
        unit,
        ...goods.factor,
        quantity: line.quantity,
        stockQuantity: goods.stockQuantity,
        batch,
        serials: goods.serials,
      })
      const move = { document: { table: issue, id }, branch: place.branch, item, warehouse: a.warehouse }
      const unconfirmed = goods.serials.filter((number) => !takeSerialOut(ctx, { ...move, number }, 'withdrawn'))
      if (unconfirmed.length > 0) ctx.patch(issueLine, lineId, { unconfirmedSerials: unconfirmed })
      postStock(ctx, {
        ...move,
        label: `stock/${at}`,
        businessDate: a.businessDate,
        quantity: quantity6(-goods.stockQuantity),
        line: lineId,
        batch,
        reason: a.reason,
      })
    }
    ctx.describe({ number, reason: a.reason, lines: a.lines.length, warehouse: place.name })
  },
})
