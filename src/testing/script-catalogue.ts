// The commands of the store contract: dependent finds, hot rows, deltas, natural keys made after a look, removals and
// revivals, merging edits, refusals, exceptions, links, numbers and a posting pass. They obey the rules for handlers.
import { amountMinor, quantity6, type AmountMinor, type Quantity6 } from '../kernel/amount.ts'
import { catalogueOf } from '../kernel/catalogue.ts'
import { command, ELSEWHERE, range, row, type Context } from '../kernel/command.ts'
import { amount, code, date, flag, integer, json, list, quantity, rate, ref, set, text } from '../kernel/field.ts'
import { postJournal, postStock } from '../kernel/ledger.ts'
import type { Pass } from '../kernel/run.ts'
import type { AnyTable, Row } from '../kernel/table.ts'
import { bill, billLine, journal, lineNote, sample, scriptTables, slot, stock, tally } from './script-tables.ts'

const permission = 'script.write'
const version = 1
const there = <T extends AnyTable>(found: Row<T> | null | typeof ELSEWHERE): Row<T> | null => (found === ELSEWHERE ? null : found)

const sampleArgs = {
  kind: code(['red', 'green', 'blue']).optional(),
  unit: code().optional(),
  partner: ref(sample).optional(),
  dueOn: date().optional(),
  seenAt: integer().optional(),
  price: amount().optional(),
  ratio: rate().optional(),
  size: quantity().optional(),
  first: text(64).optional(),
  most: integer().optional(),
  least: integer().optional(),
  tags: set().optional(),
  extra: json().optional(),
  secret: text(64).optional().personal(),
}

const addSample = command('script.addSample', {
  kind: 'fact', version, permission,
  args: { label: text(64), rank: integer(), isHot: flag(), ...sampleArgs },
  run(ctx, a) {
    ctx.insert(sample, { id: ctx.id('sample'), ...a })
  },
})

/** Only what is given is changed; merges field by field. */
const editSample = command('script.editSample', {
  kind: 'edit', version, permission,
  args: { sample: ref(sample), label: text(64).optional(), rank: integer().optional(), isHot: flag().optional(), ...sampleArgs },
  run(ctx, { sample: id, ...fields }) {
    if (there(ctx.get(sample, id, { soft: true })) === null) ctx.refuse('script.unknown-sample', { sample: id })
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null))
    ctx.patch(sample, id, given)
  },
})

/** Follows partners from row to row: a chain of dependent reads, each known only after the one before. */
const walkPartners = command('script.walkPartners', {
  kind: 'fact', version, permission,
  args: { sample: ref(sample), steps: integer() },
  run(ctx, a) {
    let at: string | null = a.sample
    let walked = 0
    while (at !== null && walked < a.steps) {
      const here: Row<typeof sample> | null = there(ctx.get(sample, at))
      if (here === null) break
      walked += 1
      ctx.add(sample, here.id, { total: amountMinor(walked) })
      at = here.partner
    }
    ctx.rule('script.walked-nowhere', walked > 0, { exception: 'NOWHERE' })
  },
})

/** Counts a range in every way that a range can be asked, and keeps what it saw. */
const look = command('script.look', {
  kind: 'fact', version, permission,
  args: { label: text(64), from: date().optional(), to: date().optional(), low: integer(), high: integer(), desc: flag(), limit: integer().optional() },
  reads: (a) => [range(sample, 'byLabel', { label: a.label }, { from: a.low, desc: a.desc })],
  run(ctx, a) {
    const options = { desc: a.desc, ...(a.limit == null ? {} : { limit: a.limit }) }
    const dates = { ...(a.from == null ? {} : { from: a.from }), ...(a.to == null ? {} : { to: a.to }) }
    const seen = [
      ...ctx.find(sample, 'byLabel', { label: a.label }, { ...options, from: a.low }),
      ...ctx.find(sample, 'byLabel', {}, options),
      ...ctx.find(sample, 'byHot', { isHot: a.desc }, { ...options, ...dates }),
      ...ctx.find(sample, 'byHot', { isHot: !a.desc, dueOn: null }, { ...options, from: a.low, to: a.high }),
      ...ctx.find(sample, 'byDue', {}, { ...options, ...dates }),
      ...ctx.find(sample, 'byRank', { kind: 'green' }, { ...options, to: a.high }),
      ...ctx.find(sample, 'byRank', { kind: 'green' }, { desc: a.desc, to: a.high }),
    ]
    ctx.insert(sample, { id: ctx.id('seen'), label: a.label, rank: seen.length, isHot: a.desc, extra: { ids: seen.map(({ id }) => id), ranks: seen.map(({ rank }) => rank) } })
  },
})

const openBill = command('script.openBill', {
  kind: 'fact', version, permission,
  args: {
    territory: code(), party: text(64), dueOn: date().optional(), businessDate: date(),
    lines: list({ item: text(64), quantity: quantity(), amount: amount(), note: text(200).optional() }),
    from: ref(bill).optional(), isNumbered: flag(),
  },
  reads: (a) => a.lines.map(({ item }) => range(stock, 'byItem', { item }, { limit: 1 })),
  run(ctx, a) {
    if (a.lines.length === 0) ctx.refuse('script.no-lines')
    const id = ctx.id('bill')
    const total = amountMinor(a.lines.reduce((sum, line) => sum + line.amount, 0))
    const number = a.isNumbered ? ctx.nextNumber('I', a.businessDate) : null
    ctx.insert(bill, { id, number, state: 'open', territory: a.territory, party: a.party, dueOn: a.dueOn ?? null, businessDate: a.businessDate, amount: total })
    for (const [index, line] of a.lines.entries()) {
      const { note, ...fields } = line
      const lineId = ctx.insert(billLine, { id: ctx.id(`line/${index}`), document: id, ...fields })
      if (note != null) ctx.insert(lineNote, { id: ctx.id(`line/${index}/note`), document: lineId, text: note })
      ctx.add(stock, { item: line.item, place: 'shop', rank: 3 }, { onHand: quantity6(-line.quantity), value: amountMinor(-line.amount) })
      postStock(ctx, { label: `stock/${index}`, document: { table: bill, id }, businessDate: a.businessDate, branch: a.territory, item: line.item, warehouse: 'shop', quantity: quantity6(-line.quantity) })
      if (a.from != null) ctx.link({ table: bill, id: a.from }, { table: billLine, id: lineId }, 'billed', line.quantity)
    }
    postJournal(ctx, { label: 'gl', document: { table: bill, id }, company: 'co', branch: a.territory, businessDate: a.businessDate, lines: [{ purpose: 'due', amount: total }, { purpose: 'sales', amount: amountMinor(-total) }] })
  },
})

/** Dependent find: whichever open bill is the oldest now. */
const closeOldest = command('script.closeOldest', {
  kind: 'fact', version, permission,
  args: { desc: flag(), from: date().optional(), isBounded: flag() },
  run(ctx, a) {
    const bounds = a.isBounded && a.from != null ? { from: a.from } : {}
    const oldest = ctx.find(bill, 'byState', { state: 'open' }, { ...bounds, desc: a.desc, limit: 1 })[0]
    if (!ctx.rule('script.nothing-open', oldest !== undefined, { exception: 'NOTHING_OPEN' })) return
    if (oldest !== undefined) ctx.patch(bill, oldest.id, { state: 'closed' })
  },
})

/** Pays bill after bill, each found only after the one before was paid by this very command. */
const payOldest = command('script.payOldest', {
  kind: 'fact', version, permission,
  args: { party: text(64), amount: amount() },
  reads: (a) => [range(bill, 'byParty', { party: a.party, state: 'open' }, { limit: 1 })],
  run(ctx, a) {
    let left: number = a.amount
    while (left > 0) {
      const [open] = ctx.find(bill, 'byParty', { party: a.party, state: 'open' }, { limit: 1 })
      if (open === undefined) break
      const due = open.amount - open.paid
      const pays = Math.min(left, Math.max(due, 0))
      ctx.add(bill, open.id, { paid: amountMinor(pays) })
      left -= pays
      if (open.paid + pays >= open.amount) ctx.patch(bill, open.id, { state: 'closed' })
      else break
    }
    ctx.rule('script.overpaid', left === 0, { exception: 'OVERPAID', left })
  },
})

/** Between two rows that are both found: refused when the richer has too little. */
const transfer = command('script.transfer', {
  kind: 'request', version, permission,
  args: { item: text(64), quantity: quantity() },
  run(ctx, a) {
    const [rich] = ctx.find(stock, 'byItem', { item: a.item }, { desc: true, limit: 1 })
    const [poor] = ctx.find(stock, 'byItem', { item: a.item }, { limit: 1 })
    ctx.rule('script.too-little', rich !== undefined && rich.onHand >= a.quantity, { item: a.item, exception: 'TOO_LITTLE' })
    if (rich === undefined || poor === undefined) return
    ctx.add(stock, rich.id, { onHand: quantity6(-a.quantity) })
    ctx.add(stock, poor.id, { onHand: a.quantity })
  },
})

/** The whole of a range of which other commands ask for the beginning. */
const countStock = command('script.countStock', {
  kind: 'fact', version, permission,
  args: { item: text(64) },
  run(ctx, a) {
    const held = ctx.find(stock, 'byItem', { item: a.item })
    ctx.insert(sample, { id: ctx.id('count'), label: 'count', rank: held.length, isHot: true, extra: { onHand: held.map(({ onHand }) => onHand) } })
  },
})

/** A hot row: only a delta, never read. */
const receive = command('script.receive', {
  kind: 'fact', version, permission,
  args: { item: text(64), place: code(), quantity: quantity() },
  reads: (a) => [range(stock, 'byPlace', { place: a.place, item: a.item })],
  run(ctx, a) {
    ctx.add(stock, { item: a.item, place: a.place }, { onHand: a.quantity, value: amountMinor(1) })
    const here = there(ctx.getByKey(stock, { item: a.item, place: a.place }, { soft: true }))
    if (here !== null && here.onHand < 0) ctx.exception('STILL_NEGATIVE', { onHand: here.onHand })
  },
})

/** Looks for a natural key and makes it where there is none, also where it was removed. */
const useSlot = command('script.useSlot', {
  kind: 'fact', version, permission,
  args: { zone: code(), name: text(64), note: text(200).optional() },
  run(ctx, a) {
    const key = { zone: a.zone, name: a.name }
    const found = ctx.getByKey(slot, key)
    if (found === null) ctx.insert(slot, { id: ctx.idOf(slot, key), ...key, note: a.note ?? null })
    else if (found !== ELSEWHERE && a.note != null) ctx.patch(slot, found.id, { note: a.note })
    ctx.add(slot, key, { uses: quantity6(1) })
  },
})

const dropSlot = command('script.dropSlot', {
  kind: 'fact', version, permission,
  args: { zone: code(), name: text(64), isBack: flag() },
  run(ctx, a) {
    const id = ctx.idOf(slot, { zone: a.zone, name: a.name })
    if (there(ctx.get(slot, id)) === null) return ctx.exception('NO_SLOT', { zone: a.zone })
    ctx.remove(slot, id)
    if (a.isBack) ctx.patch(slot, id, { note: 'came back' })
  },
})

/** An edit revives what was removed. */
const renoteSlot = command('script.renoteSlot', {
  kind: 'edit', version, permission,
  args: { zone: code(), name: text(64), note: text(200) },
  run(ctx, a) {
    const key = { zone: a.zone, name: a.name }
    if (ctx.find(slot, 'byZone', { zone: a.zone }, { limit: 3 }).length === 0) ctx.refuse('script.empty-zone', { zone: a.zone })
    ctx.add(slot, key, { uses: quantity6(1) })
    ctx.patch(slot, ctx.idOf(slot, key), { note: a.note })
  },
})

const changeBill = command('script.changeBill', {
  kind: 'fact', version, permission,
  args: { bill: ref(bill), territory: code().optional(), isOpen: flag(), isGone: flag() },
  run(ctx, a) {
    const held = there(ctx.get(bill, a.bill))
    if (held === null) return ctx.exception('NO_BILL', { bill: a.bill })
    ctx.patch(bill, a.bill, { state: a.isOpen ? 'open' : 'closed', ...(a.territory == null ? {} : { territory: a.territory }) })
    if (a.isGone) ctx.remove(bill, a.bill)
  },
})

/** Moves the first line of a bill below another bill, or removes it. */
const moveLine = command('script.moveLine', {
  kind: 'fact', version, permission,
  args: { from: ref(bill), to: ref(bill), isGone: flag() },
  run(ctx, a) {
    const [line] = ctx.find(billLine, 'byParent', { document: a.from })
    const to = there(ctx.get(bill, a.to))
    if (line === undefined || to === null) return ctx.exception('NO_LINE', { from: a.from })
    if (a.isGone) ctx.remove(billLine, line.id)
    else ctx.patch(billLine, line.id, { document: to.id })
  },
})

/** Changes a row without a look: where there is none, that is a bug of this handler, and the command is parked. */
const changeBlindly = command('script.changeBlindly', {
  kind: 'fact', version, permission,
  args: { sample: text(64), how: code(['patch', 'add', 'remove', 'insert', 'insert-key']), zone: code() },
  run(ctx, a) {
    ctx.add(tally, { account: 'blind' }, { commands: quantity6(1) })
    if (a.how === 'patch') ctx.patch(sample, a.sample, { rank: 7 })
    if (a.how === 'add') ctx.add(sample, a.sample, { total: amountMinor(7) })
    if (a.how === 'remove') ctx.remove(sample, a.sample)
    if (a.how === 'insert') ctx.insert(sample, { id: a.sample, label: 'twice', rank: 1, isHot: false })
    if (a.how === 'insert-key') ctx.insert(slot, { id: ctx.idOf(slot, { zone: a.zone, name: 'a' }), zone: a.zone, name: 'a' })
  },
})

const book = command('script.book', {
  kind: 'request', version, permission,
  args: { account: code(), amount: amount(), max: amount() },
  run(ctx, a) {
    ctx.insert(journal, { id: ctx.id('journal'), account: a.account, amount: a.amount, facts: { max: a.max } })
    ctx.add(tally, { account: a.account }, { amount: a.amount })
    if (a.amount === 0) ctx.refuse('script.nothing-to-book')
    ctx.rule('script.above-limit', sumOf(ctx, a.account) <= a.max, { account: a.account })
  },
})

function sumOf(ctx: Context, account: string): number {
  if (!ctx.isHub) return 0
  return ctx.find(journal, 'byAccount', { account }, { from: 1 }).reduce((sum, { amount: each }) => sum + each, 0)
}

/** A posting pass: what each command did to stock, on the hub. */
const tallyPass: Pass = {
  name: 'script.tally',
  run(ctx, effects) {
    let moved = 0
    for (const op of effects) if (op.table === stock) moved += op.add?.['onHand'] ?? 0
    if (moved !== 0) ctx.add(tally, { account: 'moved' }, { amount: moved as AmountMinor, commands: quantity6(1) as Quantity6 })
  },
}

/** The simplest sale there is, with everything it reads declared ahead. */
const sellOne = command('script.sellOne', {
  kind: 'fact', version, permission,
  args: { item: text(64), stockId: text(64), sample: ref(sample) },
  reads: (a) => [row(stock, a.stockId), row(sample, a.sample)],
  run(ctx, a) {
    const product = there(ctx.get(sample, a.sample))
    if (product === null) return ctx.refuse('script.unknown-sample', { sample: a.sample })
    ctx.insert(bill, { id: ctx.id('bill'), state: 'closed', territory: 'north', party: 'walk-in', businessDate: '2026-11-20', amount: product.price ?? amountMinor(0) })
    ctx.insert(billLine, { id: ctx.id('line/0'), document: ctx.id('bill'), item: a.item, quantity: quantity6(1), amount: product.price ?? amountMinor(0) })
    ctx.add(stock, a.stockId, { onHand: quantity6(-1_000_000) })
  },
})

export const scriptCommands = {
  addSample, editSample, walkPartners, look, openBill, closeOldest, payOldest, transfer, countStock, receive, useSlot, dropSlot,
  renoteSlot, changeBill, moveLine, changeBlindly, book, sellOne,
}

const scriptModule = { name: 'script', tables: scriptTables, commands: Object.values(scriptCommands), passes: [tallyPass] }
export const scriptCatalogue = catalogueOf([scriptModule])
export const scriptCatalogueWithoutPasses = catalogueOf([{ ...scriptModule, passes: [] }])
