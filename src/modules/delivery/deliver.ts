// Goods are handed over. It happened, so beyond the order it stands with an exception, and the customer's exposure moves
// from ordered to delivered with the very quantity that left the warehouse.
import { creditOf, standingOf, useShare } from '../../kernel/allotment.ts'
import { command, row, type Context } from '../../kernel/command.ts'
import { headerOf } from '../../kernel/document.ts'
import { code, date, integer, list, quantity, ref, set, text, type ArgsOf } from '../../kernel/field.ts'
import { quantity6, type Quantity6 } from '../../kernel/amount.ts'
import { exposureOf as partyExposureOf } from '../../kernel/ledger.ts'
import { takeGoods } from '../../kernel/take-goods.ts'
import { batchFault, takeSerialOut } from '../masters/batch.ts'
import { item as itemTable, type Item } from '../masters/item.ts'
import { warehouse } from '../masters/organisation.ts'
import { party, type Party } from '../masters/party.ts'
import { importedId } from '../sales/already-imported.ts'
import { moveOrderLine, orderLineOf } from '../sales/move-order-line.ts'
import { order, orderLine, type Order, type OrderLine } from '../sales/order.ts'
import { deliverableOf, exposureOf } from '../sales/order-sums.ts'
import { delivery, deliveryLine, outcomes, proofFields } from './delivery.ts'
import { branchOf, itemOf, moveGoods, movesStock, recipientOf, stockQuantityOf } from './goods.ts'
import { refuse, rule } from './refusals.ts'

const args = {
  ...proofFields,
  party: ref('masters.party'),
  partyName: text(200).optional().personal(),
  territory: code().optional(),
  businessDate: date(),
  currency: code(),
  /** The store or vehicle that the goods leave. */
  warehouse: ref('masters.warehouse'),
  order: ref('sales.order').optional(),
  outcome: code(outcomes),
  lines: list({
    orderLine: ref('sales.orderLine').optional(),
    item: ref('masters.item'),
    itemName: text(200).optional(),
    unit: code(),
    factorNum: integer().optional(),
    factorDen: integer().optional(),
    /** Handed over. */
    quantity: quantity(),
    refusedQuantity: quantity().optional(),
    refusedReason: text(200).optional(),
    batch: text(64).optional(),
    serials: set().optional(),
  }),
  remarks: text().optional(),
  externalRef: text(128).optional(),
  source: code().optional(),
}
type Args = ArgsOf<typeof args>
type Line = Args['lines'][number]

interface Open {
  readonly line: Line
  readonly at: number
  readonly item: Item | null
  readonly stockQuantity: Quantity6
  readonly origin: { readonly line: OrderLine; readonly order: Order } | null
}

export const deliver = command('delivery.deliver', {
  kind: 'fact',
  version: 2,
  permission: 'delivery.deliver',
  args,
  // The first version had room for names of pictures that no hub could keep.
  upcast: {
    1: (given) =>
      Object.fromEntries(Object.entries(given).filter(([name]) => name !== 'signature' && name !== 'photos')),
  },
  reads: (a) => [
    row(party, a.party),
    row(warehouse, a.warehouse),
    ...(a.order == null ? [] : [row(order, a.order)]),
    ...a.lines.flatMap((line) => [
      row(itemTable, line.item),
      ...(line.orderLine == null ? [] : [row(orderLine, line.orderLine)]),
    ]),
  ],
  run(ctx, a) {
    const { id, isNew } = importedId(ctx, delivery, { ...a, label: 'delivery' })
    if (!isNew) return
    checkShape(ctx, a)
    const to = recipientOf(ctx, a)
    const branch = branchOf(ctx, a.warehouse)
    const lines = a.lines.map((line, at) => openLine(ctx, a, line, at))
    checkOrders(ctx, lines)
    checkCredit(ctx, to.known, lines)
    takeStock(ctx, a, branch, lines)
    for (const line of lines) checkGoods(ctx, a, line)
    const number = ctx.nextNumber('D', a.businessDate)
    ctx.insert(delivery, {
      ...headerOf(ctx, { ...a, branch }),
      ...proofOf(a),
      id,
      number,
      state: 'submitted',
      party: a.party,
      partyName: to.name,
      territory: to.territory,
      warehouse: a.warehouse,
      order: a.order ?? null,
      outcome: a.outcome,
    })
    for (const line of lines) handOver(ctx, a, { id, branch }, line)
    ctx.describe({ number, party: to.name, outcome: a.outcome, lines: a.lines.length })
  },
})

function proofOf(a: Args): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(proofFields).map((field) => [field, a[field as keyof typeof proofFields] ?? null]),
  )
}

function checkShape(ctx: Context, a: Args): void {
  const handedOver = a.lines.reduce((sum, { quantity: part }) => sum + part, 0)
  const mayDeliver = a.outcome === 'delivered' || a.outcome === 'part'
  if (!mayDeliver && handedOver > 0) refuse(ctx, 'delivery.outcome-differs', { outcome: a.outcome })
  if (mayDeliver && a.lines.length === 0) refuse(ctx, 'delivery.no-lines')
  a.lines.forEach((line, at) => {
    const refused = line.refusedQuantity ?? 0
    if (refused < 0) refuse(ctx, 'delivery.quantity-negative', { line: at, quantity: refused })
    if (refused > 0 && (line.refusedReason ?? '').trim() === '')
      refuse(ctx, 'delivery.refusal-reason-needed', { line: at })
    if (mayDeliver && line.quantity === 0 && refused === 0) refuse(ctx, 'delivery.quantity-zero', { line: at })
  })
}

function openLine(ctx: Context, a: Args, line: Line, at: number): Open {
  const item = itemOf(ctx, line.item, at)
  const stockQuantity = stockQuantityOf(ctx, line, at)
  const open = { line, at, item, stockQuantity }
  if (line.orderLine == null) return { ...open, origin: null }
  const origin = orderLineOf(ctx, line.orderLine)
  if (origin === undefined) return refuse(ctx, 'delivery.unknown-order-line', { line: at, orderLine: line.orderLine })
  if (origin !== null) {
    const facts = { line: at, order: origin.order.number }
    if (origin.order.party !== a.party) refuse(ctx, 'delivery.party-differs', facts)
    if (origin.line.item !== line.item) refuse(ctx, 'delivery.item-differs', facts)
    if (origin.line.unit !== line.unit) refuse(ctx, 'delivery.unit-differs', { ...facts, unit: origin.line.unit })
  }
  return { ...open, origin }
}

function checkOrders(ctx: Context, lines: readonly Open[]): void {
  const orders = new Map(
    lines.flatMap(({ origin }) => (origin === null ? [] : [[origin.order.id, origin.order] as const])),
  )
  for (const order of orders.values()) {
    rule(ctx, 'delivery.order-cancelled', order.state === 'submitted', { order: order.number, state: order.state })
    rule(ctx, 'delivery.order-on-hold', !order.isOnHold, { order: order.number })
  }
  const sums = new Map<string, number>()
  for (const { line, item, origin } of lines) {
    if (origin === null) continue
    const sum = (sums.get(origin.line.id) ?? origin.line.delivered) + line.quantity
    sums.set(origin.line.id, sum)
    const most = deliverableOf(origin.line, item?.tolerancePercent ?? null)
    if (line.quantity > 0 && sum > most) {
      ctx.exception('OVER_DELIVERED', {
        order: origin.order.number,
        line: origin.line.position,
        item: line.item,
        delivered: sum,
        deliverable: most,
      })
    }
  }
}

/** Goods on credit leave only inside it: what is owed and out already, and what this adds to it. */
function checkCredit(ctx: Context, customer: Party | null, lines: readonly Open[]): void {
  const origins = lines.flatMap(({ line, origin }) => (origin === null ? [] : [{ ...origin, quantity: line.quantity }]))
  // An order on hold has said so already, and what credit control has let go isn't asked again.
  if (customer === null || origins.some(({ order }) => order.isOnHold || order.releasedAt !== null)) return
  const more = origins.reduce((sum, of) => {
    const after = { ...of.line, delivered: quantity6(of.line.delivered + of.quantity) }
    return sum + totalExposure(of.order, after) - totalExposure(of.order, of.line)
  }, 0)
  const place = { party: customer.id, company: ctx.lease.company, territory: customer.territory }
  const exposure = partyExposureOf(ctx, place) ?? 0
  const limit = customer.creditLimitMinor
  const standing = limit === null ? null : standingOf(ctx, creditOf(place), limit - exposure)
  const isInside = standing === null || more <= (standing.available ?? 0)
  if (standing !== null) useShare(ctx, creditOf(place), more, standing)
  rule(ctx, 'delivery.credit-exceeded', !customer.isOnHold && isInside, {
    party: customer.id,
    amountMinor: more,
    exposureMinor: exposure,
    limitMinor: limit,
    isOnHold: customer.isOnHold,
  })
}

function totalExposure(order: Order, line: OrderLine): number {
  const { ordered, delivered } = exposureOf(order, line)
  return ordered + delivered
}

/** allow: nobody is told · warn: it goes on and the shortage is named · block: refused unless overridden. */
function takeStock(ctx: Context, a: Args, branch: string, lines: readonly Open[]): void {
  const takings = lines
    .filter(({ item }) => movesStock(item))
    .map(({ line, item, stockQuantity }) => ({
      item: line.item,
      name: item?.name ?? line.itemName ?? line.item,
      quantity: stockQuantity,
      isAllotted: item?.isAllotted ?? false,
    }))
  takeGoods(ctx, { warehouse: a.warehouse, branch }, takings, {
    policy: ctx.lease.policy['stockPolicy'] ?? 'warn',
    facts: ({ item, warehouse, onHand, quantity }) => ({ item, warehouse, onHand, delivered: quantity }),
    block: (facts) => rule(ctx, 'delivery.out-of-stock', false, facts),
  })
}

function checkGoods(ctx: Context, a: Args, { line, at, item, stockQuantity }: Open): void {
  if (item?.hasSerial === true && stockQuantity > 0)
    rule(ctx, 'delivery.serials-missing', (line.serials ?? []).length > 0, { line: at, item: item.code })
  if (line.batch == null || stockQuantity === 0) return
  const fault = batchFault(ctx, { item: line.item, number: line.batch, businessDate: a.businessDate })
  if (fault !== null)
    rule(ctx, fault.isRecalled ? 'delivery.batch-recalled' : 'delivery.batch-expired', false, {
      line: at,
      ...fault.facts,
    })
}

function handOver(ctx: Context, a: Args, of: { readonly id: string; readonly branch: string }, open: Open): void {
  const { line, at, item, stockQuantity, origin } = open
  const serials = line.serials ?? []
  const document = { table: delivery, id: of.id }
  const lineId = ctx.insert(deliveryLine, {
    id: ctx.id(`line/${at}`),
    document: of.id,
    position: at,
    item: line.item,
    itemName: line.itemName ?? origin?.line.itemName ?? item?.name ?? line.item,
    unit: line.unit,
    factorNum: line.factorNum ?? 1,
    factorDen: line.factorDen ?? 1,
    quantity: line.quantity,
    stockQuantity,
    batch: line.batch ?? null,
    serials,
    orderLine: line.orderLine ?? null,
    refusedQuantity: line.refusedQuantity ?? quantity6(0),
    refusedReason: line.refusedReason ?? null,
  })
  if (line.quantity === 0) return
  if (movesStock(item)) {
    const { branch } = of
    const unconfirmed = serials.filter(
      (number) =>
        !takeSerialOut(ctx, { item: line.item, number, branch, warehouse: a.warehouse, document, party: a.party }),
    )
    if (unconfirmed.length > 0) ctx.patch(deliveryLine, lineId, { unconfirmedSerials: unconfirmed })
    const posting = {
      label: `stock/${at}`,
      document,
      businessDate: a.businessDate,
      branch,
      item: line.item,
      warehouse: a.warehouse,
      line: lineId,
      batch: line.batch ?? null,
      reason: 'delivery',
    }
    moveGoods(ctx, posting, { quantity: stockQuantity, serials, sign: -1 })
  }
  if (line.orderLine == null) return
  moveOrderLine(
    ctx,
    line.orderLine,
    { delivered: line.quantity },
    { label: `deliver/${at}`, document, businessDate: a.businessDate },
  )
  ctx.link({ table: deliveryLine, id: lineId }, { table: orderLine, id: line.orderLine }, 'delivers', line.quantity)
}
