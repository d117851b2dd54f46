// Goods came in: they are counted, accepted or rejected, and enter the stock at once. It stands with or without an
// order; how much may come without one is the role's limit. It never writes a cost.
import { amountMinor, lineAmount, quantity6, rate6 } from '../../kernel/amount.ts'
import { ELSEWHERE, command, type Context } from '../../kernel/command.ts'
import { headerOf } from '../../kernel/document.ts'
import { amount, code, date, integer, list, quantity, rate, ref, set, text, type ArgsOf } from '../../kernel/field.ts'
import { link } from '../../kernel/kernel-tables.ts'
import { mayDo } from '../../kernel/lease.ts'
import { postStock } from '../../kernel/ledger.ts'
import { knowBatch, takeSerialIn } from '../masters/batch.ts'
import { party } from '../masters/party.ts'
import { currencyOf, goodsOf, placeOf, type Goods } from './goods.ts'
import { receipt, receiptLine } from './receipt.ts'

export const receiveLine = {
  item: ref('masters.item'),
  unit: code(),
  num: integer().optional(),
  den: integer().optional(),
  accepted: quantity(),
  rejected: quantity().optional(),
  rejectReason: text(200).optional(),
  batch: text(64).optional(),
  expiresOn: date().optional(),
  serials: set().optional(),
  rate: rate().optional(),
  orderLine: text(64).optional(),
}

const args = {
  warehouse: ref('masters.warehouse'),
  businessDate: date(),
  currency: code().optional(),
  supplier: ref('masters.party').optional(),
  supplierNote: text(64).optional(),
  order: text(64).optional(),
  /** What the goods are worth by the paper that came with them, without tax. */
  valueMinor: amount().optional(),
  remarks: text().optional(),
  externalRef: text(128).optional(),
  lines: list(receiveLine),
}
type Args = ArgsOf<typeof args>
type Line = Args['lines'][number]

/** The paper's own value, else what the lines' prices come to. */
function valueOf(a: Args, minorDigits: number): number {
  return (
    a.valueMinor ??
    a.lines.reduce((sum, line) => sum + lineAmount(line.accepted, line.rate ?? rate6(0), minorDigits), 0)
  )
}

function checkOrigin(ctx: Context, a: Args, minorDigits: number): void {
  const value = valueOf(a, minorDigits)
  if (a.order == null) {
    const limit = ctx.lease.limits['receiveWithoutOrderMinor'] ?? null
    const isFree = limit === null ? mayDo(ctx.lease, 'inventory.receiveWithoutOrder') : value <= limit
    ctx.rule('inventory.receipt-without-order', isFree, {
      valueMinor: value,
      limitMinor: limit ?? 0,
      exception: 'NO_PO',
    })
  }
  if (a.supplier == null || a.supplierNote == null) return
  const same = ctx.find(
    receipt,
    'bySupplierNote',
    { supplier: a.supplier, supplierNote: a.supplierNote },
    { soft: true },
  )
  const twice = same.find((row) => row.state === 'submitted')
  ctx.rule('inventory.supplier-note-twice', twice === undefined, {
    supplierNote: a.supplierNote,
    receipt: twice?.number ?? null,
    exception: 'RECEIPT_TWICE',
  })
}

/** A line's own shape; the goods themselves are checked by goodsOf. */
function checkLine(ctx: Context, line: Line, at: number): void {
  const rejected = line.rejected ?? 0
  if (rejected < 0 || line.accepted < 0)
    ctx.refuse('inventory.quantity-negative', { line: at, accepted: line.accepted, rejected })
  if (line.accepted + rejected === 0) ctx.refuse('inventory.quantity-zero', { line: at })
  if (rejected > 0 && (line.rejectReason ?? '') === '') ctx.refuse('inventory.reject-reason-missing', { line: at })
  if ((line.rate ?? 0) < 0) ctx.refuse('inventory.price-negative', { line: at })
}

export const receiveGoods = command('inventory.receiveGoods', {
  kind: 'fact',
  version: 1,
  permission: 'inventory.receive',
  args,
  run(ctx, a) {
    if (a.lines.length === 0) ctx.refuse('inventory.no-lines')
    a.lines.forEach((line, at) => checkLine(ctx, line, at))
    const id =
      a.externalRef == null
        ? ctx.id('receipt')
        : ctx.idOf(receipt, { company: ctx.lease.company, externalRef: a.externalRef })
    const standing = a.externalRef == null ? null : ctx.get(receipt, id)
    if (standing !== null && standing !== ELSEWHERE) return
    const place = placeOf(ctx, a.warehouse)
    const supplier = a.supplier == null ? null : ctx.get(party, a.supplier)
    if (a.supplier != null && supplier === null) ctx.refuse('inventory.unknown-supplier', { supplier: a.supplier })
    const { currency, minorDigits } = currencyOf(ctx)
    checkOrigin(ctx, a, minorDigits)
    const received = a.lines.map((line, at) => ({ line, at, goods: goodsOf(ctx, line, at, line.accepted) }))
    const number = ctx.nextNumber('G', a.businessDate)
    ctx.insert(receipt, {
      ...headerOf(ctx, { ...a, branch: place.branch, currency: a.currency ?? currency }),
      id,
      number,
      state: 'submitted',
      warehouse: a.warehouse,
      supplier: a.supplier ?? null,
      supplierNote: a.supplierNote ?? null,
      order: a.order ?? null,
    })
    for (const each of received) receive(ctx, { a, id, branch: place.branch, ...each })
    const name = supplier === null || supplier === ELSEWHERE ? null : supplier.name
    ctx.describe({
      number,
      party: name,
      lines: a.lines.length,
      amountMinor: amountMinor(valueOf(a, minorDigits)),
      warehouse: place.name,
    })
  },
})

interface Receiving {
  readonly a: Args
  readonly id: string
  readonly branch: string
  readonly line: Line
  readonly at: number
  readonly goods: Goods
}

function receive(ctx: Context, { a, id, branch, line, at, goods }: Receiving): void {
  const lineId = ctx.insert(receiptLine, {
    id: ctx.id(`line/${at}`),
    document: id,
    line: at,
    item: line.item,
    unit: line.unit,
    ...goods.factor,
    accepted: line.accepted,
    rejected: line.rejected ?? quantity6(0),
    rejectReason: line.rejectReason ?? null,
    stockQuantity: goods.stockQuantity,
    batch: line.batch ?? null,
    expiresOn: line.expiresOn ?? null,
    serials: goods.serials,
    rate: line.rate ?? null,
    orderLine: line.orderLine ?? null,
  })
  if (line.orderLine != null) {
    const chain = {
      fromTable: 'inventory.receiptLine',
      fromId: lineId,
      toTable: 'purchasing.orderLine',
      toId: line.orderLine,
      kind: 'receives',
    }
    ctx.insert(link, { id: ctx.id(`link/${at}`), ...chain, quantity: line.accepted, branch })
  }
  if (goods.stockQuantity === 0) return
  const { item, batch } = line
  if (batch != null) knowBatch(ctx, { item, number: batch, expiresOn: line.expiresOn ?? null })
  const document = { table: receipt, id }
  const move = { document, branch, item, warehouse: a.warehouse }
  const unconfirmed = goods.serials.filter(
    (number) => !takeSerialIn(ctx, { ...move, number, party: a.supplier ?? null }),
  )
  if (unconfirmed.length > 0) ctx.patch(receiptLine, lineId, { unconfirmedSerials: unconfirmed })
  postStock(ctx, {
    ...move,
    label: `stock/${at}`,
    businessDate: a.businessDate,
    quantity: goods.stockQuantity,
    line: lineId,
    batch: batch ?? null,
  })
}
