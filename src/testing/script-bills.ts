// Commands of the store contract on bills and stock: dependent finds, hot rows, deltas, lines that move, links, numbers,
// ledgers, and a posting pass.
import { amountMinor, quantity6, type AmountMinor } from '../kernel/amount.ts'
import { command, ELSEWHERE, range, row } from '../kernel/command.ts'
import { amount, code, date, flag, list, quantity, ref, text } from '../kernel/field.ts'
import { postJournal, postStock } from '../kernel/ledger.ts'
import type { Pass } from '../kernel/run.ts'
import type { AnyTable, Row } from '../kernel/table.ts'
import { bill, billLine, lineNote, sample, stock, tally } from './script-tables.ts'

const permission = 'script.write'
const version = 1
const there = <T extends AnyTable>(found: Row<T> | null | typeof ELSEWHERE): Row<T> | null =>
  found === ELSEWHERE ? null : found

export const openBill = command('script.openBill', {
  kind: 'fact',
  version,
  permission,
  args: {
    territory: code(),
    party: text(64),
    dueOn: date().optional(),
    businessDate: date(),
    lines: list({ item: text(64), quantity: quantity(), amount: amount(), note: text(200).optional() }),
    from: ref(bill).optional(),
    isNumbered: flag(),
  },
  reads: (a) => a.lines.map(({ item }) => range(stock, 'byItem', { item }, { limit: 1 })),
  run(ctx, a) {
    if (a.lines.length === 0) ctx.refuse('script.no-lines')
    const id = ctx.id('bill')
    const total = amountMinor(a.lines.reduce((sum, line) => sum + line.amount, 0))
    const number = a.isNumbered ? ctx.nextNumber('I', a.businessDate) : null
    ctx.insert(bill, {
      id,
      number,
      state: 'open',
      territory: a.territory,
      party: a.party,
      dueOn: a.dueOn ?? null,
      businessDate: a.businessDate,
      amount: total,
    })
    for (const [index, line] of a.lines.entries()) {
      const { note, ...fields } = line
      const lineId = ctx.insert(billLine, { id: ctx.id(`line/${index}`), document: id, ...fields })
      if (note != null) ctx.insert(lineNote, { id: ctx.id(`line/${index}/note`), document: lineId, text: note })
      ctx.add(
        stock,
        { item: line.item, place: 'shop', rank: 3 },
        { onHand: quantity6(-line.quantity), value: amountMinor(-line.amount) },
      )
      postStock(ctx, {
        label: `stock/${index}`,
        document: { table: bill, id },
        businessDate: a.businessDate,
        branch: a.territory,
        item: line.item,
        warehouse: 'shop',
        quantity: quantity6(-line.quantity),
      })
      if (a.from != null)
        ctx.link({ table: bill, id: a.from }, { table: billLine, id: lineId }, 'billed', line.quantity)
    }
    postJournal(ctx, {
      label: 'gl',
      document: { table: bill, id },
      company: 'co',
      branch: a.territory,
      businessDate: a.businessDate,
      lines: [
        { purpose: 'due', amount: total },
        { purpose: 'sales', amount: amountMinor(-total) },
      ],
    })
  },
})

/** Dependent find: whichever open bill is the oldest now. */
export const closeOldest = command('script.closeOldest', {
  kind: 'fact',
  version,
  permission,
  args: { desc: flag(), from: date().optional(), isBounded: flag() },
  run(ctx, a) {
    const bounds = a.isBounded && a.from != null ? { from: a.from } : {}
    const oldest = ctx.find(bill, 'byState', { state: 'open' }, { ...bounds, desc: a.desc, limit: 1 })[0]
    if (!ctx.rule('script.nothing-open', oldest !== undefined, { exception: 'NOTHING_OPEN' })) return
    if (oldest !== undefined) ctx.patch(bill, oldest.id, { state: 'closed' })
  },
})

/** Pays bill after bill, each found only after the one before was paid by this very command. */
export const payOldest = command('script.payOldest', {
  kind: 'fact',
  version,
  permission,
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
export const transfer = command('script.transfer', {
  kind: 'request',
  version,
  permission,
  args: { item: text(64), quantity: quantity() },
  run(ctx, a) {
    const [rich] = ctx.find(stock, 'byItem', { item: a.item }, { desc: true, limit: 1 })
    const [poor] = ctx.find(stock, 'byItem', { item: a.item }, { limit: 1 })
    ctx.rule('script.too-little', rich !== undefined && rich.onHand >= a.quantity, {
      item: a.item,
      exception: 'TOO_LITTLE',
    })
    if (rich === undefined || poor === undefined) return
    ctx.add(stock, rich.id, { onHand: quantity6(-a.quantity) })
    ctx.add(stock, poor.id, { onHand: a.quantity })
  },
})

/** The whole of a range of which other commands ask for the beginning. */
export const countStock = command('script.countStock', {
  kind: 'fact',
  version,
  permission,
  args: { item: text(64) },
  run(ctx, a) {
    const held = ctx.find(stock, 'byItem', { item: a.item })
    ctx.insert(sample, {
      id: ctx.id('count'),
      label: 'count',
      rank: held.length,
      isHot: true,
      extra: { onHand: held.map(({ onHand }) => onHand) },
    })
  },
})

/** A hot row: only a delta, never read. */
export const receive = command('script.receive', {
  kind: 'fact',
  version,
  permission,
  args: { item: text(64), place: code(), quantity: quantity() },
  reads: (a) => [range(stock, 'byPlace', { place: a.place, item: a.item })],
  run(ctx, a) {
    ctx.add(stock, { item: a.item, place: a.place }, { onHand: a.quantity, value: amountMinor(1) })
    const here = there(ctx.getByKey(stock, { item: a.item, place: a.place }, { soft: true }))
    if (here !== null && here.onHand < 0) ctx.exception('STILL_NEGATIVE', { onHand: here.onHand })
  },
})

export const changeBill = command('script.changeBill', {
  kind: 'fact',
  version,
  permission,
  args: { bill: ref(bill), territory: code().optional(), isOpen: flag(), isGone: flag() },
  run(ctx, a) {
    const held = there(ctx.get(bill, a.bill))
    if (held === null) return ctx.exception('NO_BILL', { bill: a.bill })
    ctx.patch(bill, a.bill, {
      state: a.isOpen ? 'open' : 'closed',
      ...(a.territory == null ? {} : { territory: a.territory }),
    })
    if (a.isGone) ctx.remove(bill, a.bill)
  },
})

/** Moves the first line of a bill below another bill, or removes it. */
export const moveLine = command('script.moveLine', {
  kind: 'fact',
  version,
  permission,
  args: { from: ref(bill), to: ref(bill), isGone: flag() },
  run(ctx, a) {
    const [line] = ctx.find(billLine, 'byParent', { document: a.from })
    const to = there(ctx.get(bill, a.to))
    if (line === undefined || to === null) return ctx.exception('NO_LINE', { from: a.from })
    if (a.isGone) ctx.remove(billLine, line.id)
    else ctx.patch(billLine, line.id, { document: to.id })
  },
})

/** A posting pass: what each command did to stock, on the hub. */
export const tallyPass: Pass = {
  name: 'script.tally',
  run(ctx, effects) {
    let moved = 0
    for (const op of effects) if (op.table === stock) moved += op.add?.['onHand'] ?? 0
    if (moved !== 0) ctx.add(tally, { account: 'moved' }, { amount: moved as AmountMinor, commands: quantity6(1) })
  },
}

/** The simplest sale there is, with everything it reads declared ahead. */
export const sellOne = command('script.sellOne', {
  kind: 'fact',
  version,
  permission,
  args: { item: text(64), stockId: text(64), sample: ref(sample) },
  reads: (a) => [row(stock, a.stockId), row(sample, a.sample)],
  run(ctx, a) {
    const product = there(ctx.get(sample, a.sample))
    if (product === null) return ctx.refuse('script.unknown-sample', { sample: a.sample })
    ctx.insert(bill, {
      id: ctx.id('bill'),
      state: 'closed',
      territory: 'north',
      party: 'walk-in',
      businessDate: '2026-11-20',
      amount: product.price ?? amountMinor(0),
    })
    ctx.insert(billLine, {
      id: ctx.id('line/0'),
      document: ctx.id('bill'),
      item: a.item,
      quantity: quantity6(1),
      amount: product.price ?? amountMinor(0),
    })
    ctx.add(stock, a.stockId, { onHand: quantity6(-1_000_000) })
  },
})
