// A small shop for tests of the wire: items with a stock that is added to, names that are edited, orders with lines that
// are paid oldest first and move between places, a request that the hub may refuse. Every kind of read and write once.
import { quantity6, type AmountMinor, type Quantity6 } from '../kernel/amount.ts'
import { catalogueOf } from '../kernel/catalogue.ts'
import { command } from '../kernel/command.ts'
import {
  amount,
  amountDelta,
  code,
  integer,
  json,
  list,
  name,
  quantity,
  quantityDelta,
  set,
  text,
} from '../kernel/field.ts'
import { table, type AnyRow } from '../kernel/table.ts'
import { view } from '../kernel/view.ts'

export const item = table('wire.item', {
  fields: {
    name: name(),
    phone: text(50_000).personal().optional(),
    tags: set().default([]),
    stock: quantityDelta(),
    reserved: quantityDelta(),
  },
  indexes: { byName: ['name'] },
  buckets: () => ['company'],
  whole: ['company'],
})
/** Lives in the bucket that its place names, so that a move takes it from one device to another. */
export const order = table('wire.order', {
  fields: {
    place: code(),
    number: text(40),
    state: code(['open', 'paid']),
    rank: integer(),
    due: amount(),
    paid: amountDelta(),
    extra: json<unknown>().optional(),
  },
  indexes: { byState: ['place', 'state', 'rank'] },
  buckets: (row) => [row.place],
})
export const orderLine = table('wire.orderLine', {
  fields: { order: text(64), item: text(64), quantity: quantity() },
  parent: { table: order, field: 'order' },
})
export const tally = table('wire.tally', {
  fields: { day: code(), sold: quantityDelta() },
  key: ['day'],
  buckets: () => ['catalogue'],
  whole: ['catalogue'],
})

const fact = { kind: 'fact', version: 1, permission: 'wire.work' } as const

export const addItem = command('wire.addItem', {
  ...fact,
  args: { name: name(), phone: text(50_000).personal().optional() },
  run(ctx, a) {
    ctx.insert(item, { id: ctx.id('item'), name: a.name, phone: a.phone ?? null })
    ctx.describe({ number: ctx.nextNumber('I', '2026-11-21') })
  },
})

export const sell = command('wire.sell', {
  ...fact,
  args: { item: text(64), day: code(), quantity: quantity() },
  run(ctx, a) {
    if (a.quantity <= 0) ctx.refuse('wire.no-quantity')
    const row = ctx.get(item, a.item, { soft: true })
    ctx.rule('wire.no-stock', typeof row === 'symbol' || row === null || row.stock >= a.quantity, {
      exception: 'OVERSOLD',
    })
    ctx.add(item, a.item, { stock: -a.quantity as Quantity6 })
    ctx.add(tally, { day: a.day }, { sold: a.quantity })
  },
})

export const receive = command('wire.receive', {
  ...fact,
  args: { item: text(64), quantity: quantity() },
  run: (ctx, a) => void ctx.add(item, a.item, { stock: a.quantity }),
})

export const rename = command('wire.rename', {
  kind: 'edit',
  version: 1,
  permission: 'wire.work',
  args: { item: text(64), name: name(), tags: set().optional() },
  run(ctx, a) {
    if (ctx.get(item, a.item) === null) ctx.refuse('wire.unknown-item')
    ctx.patch(item, a.item, { name: a.name, ...(a.tags != null && { tags: a.tags }) })
  },
})

export const reserve = command('wire.reserve', {
  kind: 'request',
  version: 1,
  permission: 'wire.work',
  args: { item: text(64), quantity: quantity() },
  run(ctx, a) {
    const row = ctx.get(item, a.item)
    if (row === null || typeof row === 'symbol') return ctx.refuse('wire.unknown-item')
    ctx.rule('wire.not-enough', row.stock - row.reserved >= a.quantity, { stock: row.stock })
    ctx.add(item, a.item, { reserved: a.quantity })
  },
})

/** `total` is claimed by the device and computed again: a forged one is a shape fault. */
export const openOrder = command('wire.openOrder', {
  ...fact,
  args: {
    place: code(),
    rank: integer(),
    total: amount(),
    lines: list({ item: text(64), quantity: quantity(), price: amount() }),
    extra: json<unknown>().optional(),
  },
  run(ctx, a) {
    const due = a.lines.reduce(
      (sum, line) => sum + (line.quantity / quantity6(1_000_000)) * line.price,
      0,
    ) as AmountMinor
    if (due !== a.total) ctx.refuse('wire.total-differs', { total: a.total, due })
    const id = ctx.insert(order, {
      id: ctx.id('order'),
      place: a.place,
      number: ctx.nextNumber('O', '2026-11-21'),
      state: 'open',
      rank: a.rank,
      due,
      extra: a.extra ?? null,
    })
    for (const [index, line] of a.lines.entries())
      ctx.insert(orderLine, { id: ctx.id(`line/${index}`), order: id, item: line.item, quantity: line.quantity })
    ctx.describe({ amountMinor: due })
  },
})

/** Pays the open order of lowest rank: a hard read of a range. */
export const payOldest = command('wire.payOldest', {
  ...fact,
  args: { place: code() },
  run(ctx, a) {
    const [oldest] = ctx.find(order, 'byState', { place: a.place, state: 'open' }, { limit: 1 })
    if (oldest === undefined) return ctx.exception('NOTHING_TO_PAY')
    ctx.patch(order, oldest.id, { state: 'paid' })
    ctx.add(order, oldest.id, { paid: oldest.due })
  },
})

export const moveOrder = command('wire.moveOrder', {
  ...fact,
  args: { order: text(64), place: code() },
  run: (ctx, a) => ctx.patch(order, a.order, { place: a.place }),
})

export const wireTables = [item, order, orderLine, tally]
const commands = [addItem, sell, receive, rename, reserve, openOrder, payOldest, moveOrder]
const items = view<{ id: string; name: string; stock: number }>()('wire.items', [item], () => ({
  text: `SELECT id, name, stock FROM ${item.sqlName} WHERE gone_at IS NULL ORDER BY id`,
  params: [],
}))
export const wireCatalogue = catalogueOf([{ name: 'wire', tables: wireTables, commands, views: [items] }])

/** A row of an item as the hub has it. */
export const anItem = (id: string, more: Partial<Record<string, unknown>> = {}): AnyRow => ({
  id,
  goneAt: null,
  name: id,
  phone: null,
  tags: [],
  stock: 0,
  reserved: 0,
  ...more,
})
