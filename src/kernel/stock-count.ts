// Stock counts against movements: which movement a count has already seen. A count tells what lay there at a moment, and
// what arrives later may have moved before it. Order comes from sequences and watermarks; only where those say nothing the
// clocks do, and inside their uncertainty people are asked. All of it is kept on the hub; devices never judge.
import { ELSEWHERE, type Context, type Moment } from './command.ts'
import { code, flag, instant, integer, quantity, quantityDelta, ref, text } from './field.ts'
import { table, type Row } from './table.ts'

const momentFields = {
  dev: text(16),
  ep: integer(),
  seq: integer(),
  at: instant(),
  error: integer().optional(),
  seen: integer(),
  /** Its place in the tenant's commit order. */
  commit: integer(),
}
const placeFields = { item: ref('masters.item'), warehouse: ref('masters.warehouse') }

/** When each movement of goods on hand was captured, and how much of it counts on hand: none where a count has it already. */
export const stockMove = table('kernel.stockMove', {
  side: 'hub',
  fields: { ...placeFields, batch: text(64).optional(), quantity: quantity(), ...momentFields },
  indexes: { byPlace: ['item', 'warehouse', 'commit'] },
})

/** On hand by batch, where goods have one. */
export const batchBalance = table('kernel.batchBalance', {
  side: 'hub',
  key: ['item', 'warehouse', 'batch'],
  fields: { ...placeFields, batch: text(64), onHand: quantityDelta() },
})

/** The latest count of an item (or of one batch of it) in a warehouse. */
export const countMark = table('kernel.countMark', {
  side: 'hub',
  key: ['item', 'warehouse', 'batch'],
  fields: { ...placeFields, batch: text(64), count: text(64), ...momentFields },
})

/** A movement of which the clocks can't tell whether the count saw it: how it stands, until a stock controller decides. */
export const countQuestion = table('kernel.countQuestion', {
  side: 'hub',
  key: ['move'],
  fields: {
    ...placeFields,
    /** The stock entry. */
    move: text(64),
    count: text(64),
    branch: ref('masters.branch'),
    batch: text(64).optional(),
    quantity: quantity(),
    movedAt: instant(),
    countedAt: instant(),
    isInCount: flag(),
    state: code(['open', 'decided']),
    decidedBy: text(64).optional(),
  },
  indexes: { byState: ['state', 'movedAt'] },
  buckets: (row) => [`stock:${row.branch}`],
})

export type Counted = Pick<Moment, 'dev' | 'ep' | 'seq' | 'at' | 'error' | 'seen' | 'commit'>

/** Where no clock was ever compared with the hub's, only sequences and watermarks can tell. */
const isApart = (a: Counted, b: Counted): boolean =>
  a.error !== null && b.error !== null && Math.abs(a.at - b.at) > a.error + b.error

/** Whether the movement happened before the count, after it, or perhaps one and perhaps the other (then by the clocks). */
export function sideOf(move: Counted, count: Counted): { readonly isBefore: boolean; readonly isSure: boolean } {
  // `<=`: a line is counted after the device's last command.
  if (move.dev === count.dev && move.ep === count.ep) return { isBefore: move.seq <= count.seq, isSure: true }
  if (count.commit !== null && move.seen >= count.commit) return { isBefore: false, isSure: true }
  if (move.commit !== null && count.seen >= move.commit) return { isBefore: true, isSure: true }
  return { isBefore: move.at < count.at, isSure: isApart(move, count) }
}

export interface Move {
  readonly entry: string
  readonly item: string
  readonly warehouse: string
  readonly batch: string | null
  readonly quantity: Row<typeof stockMove>['quantity']
  /** Of a count's difference: when the goods were counted, not when it was booked. */
  readonly moment: Counted
}

const WHOLE = ''
const stored = ({ dev, ep, seq, at, error, seen }: Counted, ctx: Context) => ({
  dev,
  ep,
  seq,
  at,
  error,
  seen,
  commit: ctx.moment.commit ?? 0,
})

/** Notes a movement of goods on hand. Returns the latest count that has it already, and whether that is sure. */
export function noteMove(
  ctx: Context,
  move: Move,
): { readonly mark: Row<typeof countMark>; readonly isBefore: boolean; readonly isSure: boolean } | null {
  const { entry, item, warehouse, batch, quantity: moved, moment } = move
  ctx.insert(stockMove, { id: entry, item, warehouse, batch, quantity: moved, ...stored(moment, ctx) })
  const marks = [WHOLE, ...(batch === null ? [] : [batch])].flatMap((of) => {
    const mark = ctx.getByKey(countMark, { item, warehouse, batch: of })
    return mark === null || mark === ELSEWHERE ? [] : [{ mark, ...sideOf(moment, mark) }]
  })
  // A later count that is sure outweighs an earlier one that isn't.
  return marks.find(({ isBefore, isSure }) => isBefore && isSure) ?? marks.find(({ isSure }) => !isSure) ?? null
}

export interface Counting extends Omit<Move, 'entry' | 'quantity'> {
  readonly count: string
  readonly counted: Row<typeof stockMove>['quantity']
}

export interface Expected {
  /** What the books had at the moment of the count. */
  readonly expected: number
  readonly unsure: readonly { readonly move: Row<typeof stockMove>; readonly isInCount: boolean }[]
}

/** What should have lain there, from all that is known now: `onHand` less what moved after the count. */
export function expectedAt(ctx: Context, { item, warehouse, batch, moment }: Counting, onHand: number): Expected {
  const unseen = ctx.find(stockMove, 'byPlace', { item, warehouse }, { from: moment.seen + 1 })
  let expected = onHand
  const unsure: { move: Row<typeof stockMove>; isInCount: boolean }[] = []
  for (const move of unseen) {
    if (batch !== null && move.batch !== batch) continue
    const { isBefore, isSure } = sideOf(move, { ...moment, commit: null })
    if (!isBefore) expected -= move.quantity
    if (!isSure) unsure.push({ move, isInCount: isBefore })
  }
  return { expected, unsure }
}

/** From now on movements are held against this count, unless a later one stands. */
export function markCounted(ctx: Context, { item, warehouse, batch, count, moment }: Counting): void {
  const key = { item, warehouse, batch: batch ?? WHOLE }
  const mark = ctx.getByKey(countMark, key)
  if (mark === ELSEWHERE) return
  const fields = { count, ...stored(moment, ctx) }
  if (mark === null) ctx.insert(countMark, { id: ctx.idOf(countMark, key), ...key, ...fields })
  else if (!sideOf(moment, mark).isBefore) ctx.patch(countMark, mark.id, fields)
}

export interface Doubt extends Pick<Move, 'item' | 'warehouse' | 'batch' | 'quantity'> {
  readonly entry: string
  readonly movedAt: number
}

/** Asks the stock controller; once for a movement. */
export function askAbout(
  ctx: Context,
  { entry, movedAt, ...place }: Doubt,
  of: { readonly count: string; readonly countedAt: number; readonly branch: string; readonly isInCount: boolean },
): void {
  const { item, warehouse, batch, quantity: moved } = place
  const id = ctx.idOf(countQuestion, { move: entry })
  const fields = { ...of, item, warehouse, batch, quantity: moved, movedAt, state: 'open' as const, decidedBy: null }
  const asked = ctx.get(countQuestion, id)
  if (asked === ELSEWHERE) return
  if (asked === null) ctx.insert(countQuestion, { id, move: entry, ...fields })
  else ctx.patch(countQuestion, id, fields)
  ctx.exception('MOVED_NEAR_COUNT', {
    move: entry,
    item,
    warehouse,
    quantity: moved,
    movedAt,
    countedAt: of.countedAt,
    isInCount: of.isInCount,
  })
}

export const stockCountTables = [stockMove, batchBalance, countMark, countQuestion]
