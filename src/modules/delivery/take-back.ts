// Goods that were delivered come back. Those to be delivered again count as not delivered; the others stay delivered,
// and are billed less or credited. Where they go is said line by line.
import { quantity6 } from '../../kernel/amount.ts'
import { ELSEWHERE, command, type Context } from '../../kernel/command.ts'
import { headerOf } from '../../kernel/document.ts'
import { code, date, flag, integer, list, quantity, ref, set, text, type ArgsOf } from '../../kernel/field.ts'
import { takeSerialIn } from '../masters/batch.ts'
import { importedId } from '../sales/already-imported.ts'
import { moveOrderLine } from '../sales/move-order-line.ts'
import { deliveryLine, dispositions, goodsReturn, goodsReturnLine, type DeliveryLine } from './delivery.ts'
import { branchOf, itemOf, moveGoods, movesStock, recipientOf, stockQuantityOf } from './goods.ts'
import { refuse, rule } from './refusals.ts'

const args = {
  party: ref('masters.party'),
  partyName: text(200).optional().personal(),
  territory: code().optional(),
  businessDate: date(),
  currency: code(),
  /** Where the goods go. */
  warehouse: ref('masters.warehouse'),
  reason: text(200),
  lines: list({
    deliveryLine: ref('delivery.deliveryLine'),
    item: ref('masters.item'),
    unit: code(),
    factorNum: integer().optional(),
    factorDen: integer().optional(),
    quantity: quantity(),
    disposition: code(dispositions),
    isDeliveredAgain: flag(),
    batch: text(64).optional(),
    serials: set().optional(),
  }),
  remarks: text().optional(),
  externalRef: text(128).optional(),
}
type Args = ArgsOf<typeof args>
type Line = Args['lines'][number]

export const takeBack = command('delivery.takeBack', {
  kind: 'fact',
  version: 1,
  permission: 'delivery.takeBack',
  args,
  run(ctx, a) {
    const { id, isNew } = importedId(ctx, goodsReturn, { ...a, label: 'goodsReturn' })
    if (!isNew) return
    if (a.lines.length === 0) refuse(ctx, 'delivery.no-lines')
    if (a.reason.trim() === '') refuse(ctx, 'delivery.reason-needed')
    const from = recipientOf(ctx, a)
    const branch = branchOf(ctx, a.warehouse)
    const number = ctx.nextNumber('D', a.businessDate)
    ctx.insert(goodsReturn, {
      ...headerOf(ctx, { ...a, branch }),
      id,
      number,
      state: 'submitted',
      party: a.party,
      partyName: from.name,
      territory: from.territory,
      warehouse: a.warehouse,
      reason: a.reason,
    })
    a.lines.forEach((line, at) => takeLine(ctx, a, { id, branch }, { line, at }))
    ctx.describe({ number, party: from.name, reason: a.reason })
  },
})

function originOf(ctx: Context, line: Line, at: number): DeliveryLine | null {
  const found = ctx.get(deliveryLine, line.deliveryLine)
  if (found === null)
    return refuse(ctx, 'delivery.unknown-delivery-line', { line: at, deliveryLine: line.deliveryLine })
  if (found === ELSEWHERE) return null
  if (found.item !== line.item) refuse(ctx, 'delivery.item-differs', { line: at })
  if (found.unit !== line.unit) refuse(ctx, 'delivery.unit-differs', { line: at, unit: found.unit })
  const facts = { line: at, item: line.item, returned: found.returned + line.quantity, delivered: found.quantity }
  rule(ctx, 'delivery.return-exceeds-delivered', found.returned + line.quantity <= found.quantity, facts)
  return found
}

function takeLine(
  ctx: Context,
  a: Args,
  of: { readonly id: string; readonly branch: string },
  { line, at }: { line: Line; at: number },
): void {
  if (line.quantity <= 0) refuse(ctx, 'delivery.quantity-zero', { line: at })
  const item = itemOf(ctx, line.item, at)
  const stockQuantity = stockQuantityOf(ctx, line, at)
  const origin = originOf(ctx, line, at)
  const serials = line.serials ?? []
  const { branch } = of
  const document = { table: goodsReturn, id: of.id }
  const lineId = ctx.insert(goodsReturnLine, {
    id: ctx.id(`line/${at}`),
    document: of.id,
    position: at,
    item: line.item,
    itemName: origin?.itemName ?? item?.name ?? line.item,
    unit: line.unit,
    factorNum: line.factorNum ?? 1,
    factorDen: line.factorDen ?? 1,
    quantity: line.quantity,
    stockQuantity,
    batch: line.batch ?? null,
    serials,
    deliveryLine: line.deliveryLine,
    disposition: line.disposition,
    isDeliveredAgain: line.isDeliveredAgain,
  })
  ctx.add(deliveryLine, line.deliveryLine, { returned: line.quantity })
  ctx.link(
    { table: goodsReturnLine, id: lineId },
    { table: deliveryLine, id: line.deliveryLine },
    'returns',
    line.quantity,
  )
  if (movesStock(item)) {
    const unconfirmed = serials.filter(
      (number) =>
        !takeSerialIn(ctx, { item: line.item, number, branch, warehouse: a.warehouse, document, party: a.party }),
    )
    if (unconfirmed.length > 0) ctx.patch(goodsReturnLine, lineId, { unconfirmedSerials: unconfirmed })
    const state = line.disposition === 'quarantine' ? ('quarantine' as const) : ('onHand' as const)
    const posting = {
      document,
      businessDate: a.businessDate,
      branch,
      item: line.item,
      warehouse: a.warehouse,
      line: lineId,
      batch: line.batch ?? null,
      state,
    }
    moveGoods(
      ctx,
      { ...posting, label: `stock/${at}`, reason: 'return' },
      { quantity: stockQuantity, serials, sign: 1 },
    )
    if (line.disposition === 'scrap')
      moveGoods(
        ctx,
        { ...posting, label: `scrap/${at}`, reason: 'scrap' },
        { quantity: stockQuantity, serials, sign: -1 },
      )
  }
  if (origin?.orderLine == null) return
  const deltas = line.isDeliveredAgain ? { delivered: quantity6(-line.quantity) } : { returned: line.quantity }
  moveOrderLine(ctx, origin.orderLine, deltas, { label: `return/${at}`, document, businessDate: a.businessDate })
}
