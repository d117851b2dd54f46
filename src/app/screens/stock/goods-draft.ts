// Goods while they are counted, before they are a receipt or an issue: pure functions over plain JSON, so that a count survives a reload. It
// moves nothing and knows no stock.
import { ONE6, quantity6 } from '../../../kernel/amount.ts'
import type { UnitFactor } from '../../../kernel/unit.ts'

export interface GoodsUnit extends UnitFactor {
  readonly unit: string
}

export interface GoodsLine {
  /** Stable while the draft lives. */
  readonly key: string
  readonly item: string
  readonly code: string
  readonly name: string
  readonly unit: string
  readonly units: readonly GoodsUnit[]
  /** Decimals of a quantity in the stock unit. */
  readonly decimals: number
  /** Quantity6 of `unit`, 0 or more. */
  readonly quantity: number
  readonly rejected: number
  readonly rejectReason: string
  readonly hasBatch: boolean
  readonly hasExpiry: boolean
  readonly hasSerial: boolean
  readonly batch: string
  readonly expiresOn: string
  /** As typed, with commas between them. */
  readonly serials: string
  /** When it was counted last, after which work of this device. */
  readonly counted?: Counted
}

export interface Counted {
  readonly at: number
  readonly seq: number
  readonly seen: number
}

export interface GoodsDraft {
  /** Names the document to come: a resend gives the first answer again. */
  readonly id: string
  readonly lines: readonly GoodsLine[]
  /** How many lines were ever added: the next line's key. */
  readonly made: number
  /** The line of the last scan. */
  readonly last: string | null
  readonly supplier: { readonly id: string; readonly name: string } | null
  readonly supplierNote: string
  readonly reason: string
  readonly purpose: string
}

export const newGoods = (id: string): GoodsDraft => ({
  id,
  lines: [],
  made: 0,
  last: null,
  supplier: null,
  supplierNote: '',
  reason: 'consumption',
  purpose: '',
})

export interface CountableItem {
  readonly id: string
  readonly code: string
  readonly name: string
  readonly stockUnit: string
  readonly decimals: number
  /** JSON text: the units beside the stock unit. */
  readonly units: string
  readonly hasBatch: number
  readonly hasExpiry: number
  readonly hasSerial: number
}

/** One more of an item; goods that aren't tracked one by one are counted on the line that is there. */
export function addGoods(draft: GoodsDraft, item: CountableItem, unit = item.stockUnit): GoodsDraft {
  const same = draft.lines.find(
    (line) => line.item === item.id && line.unit === unit && !line.hasBatch && !line.hasSerial,
  )
  if (same !== undefined) return { ...changeGoods(draft, same.key, { quantity: same.quantity + ONE6 }), last: same.key }
  const key = String(draft.made + 1)
  const line: GoodsLine = {
    key,
    item: item.id,
    code: item.code,
    name: item.name,
    unit,
    units: [{ unit: item.stockUnit, num: 1, den: 1 }, ...(JSON.parse(item.units) as GoodsUnit[])],
    decimals: item.decimals,
    quantity: ONE6,
    rejected: 0,
    rejectReason: '',
    hasBatch: item.hasBatch === 1,
    hasExpiry: item.hasExpiry === 1,
    hasSerial: item.hasSerial === 1,
    batch: '',
    expiresOn: '',
    serials: '',
  }
  return { ...draft, lines: [...draft.lines, line], made: draft.made + 1, last: key }
}

export const changeGoods = (draft: GoodsDraft, key: string, change: Partial<GoodsLine>): GoodsDraft => ({
  ...draft,
  lines: draft.lines.map((line) => (line.key === key ? { ...line, ...change } : line)),
})

export const removeGoods = (draft: GoodsDraft, key: string): GoodsDraft => ({
  ...draft,
  lines: draft.lines.filter((line) => line.key !== key),
  last: draft.last === key ? null : draft.last,
})

/** Takes the last scan back: one less, or the line when it was its first. */
export function undoScan(draft: GoodsDraft, key: string): GoodsDraft {
  const line = draft.lines.find((each) => each.key === key)
  if (line === undefined) return draft
  return line.quantity > ONE6 ? changeGoods(draft, key, { quantity: line.quantity - ONE6 }) : removeGoods(draft, key)
}

/** Lines whose quantity is another one than before were counted now. */
export function stampCounted(before: GoodsDraft, after: GoodsDraft, now: Counted): GoodsDraft {
  const was = new Map(before.lines.map((line) => [line.key, line]))
  return {
    ...after,
    lines: after.lines.map((line) => {
      const last = was.get(line.key)
      const isSame = last !== undefined && last.quantity === line.quantity && last.unit === line.unit
      return isSame ? line : { ...line, counted: now }
    }),
  }
}

const serialsOf = (line: GoodsLine): readonly string[] =>
  line.serials
    .split(',')
    .map((serial) => serial.trim())
    .filter((serial) => serial !== '')

/** What the arguments of both commands share. */
const lineOf = (line: GoodsLine) => {
  const factor = line.units.find(({ unit }) => unit === line.unit)
  const serials = serialsOf(line)
  return {
    item: line.item,
    unit: line.unit,
    ...(factor !== undefined && { num: factor.num, den: factor.den }),
    ...(line.batch.trim() !== '' && { batch: line.batch.trim() }),
    ...(serials.length > 0 && { serials }),
  }
}

export const receiveLineOf = (line: GoodsLine) => ({
  ...lineOf(line),
  accepted: quantity6(line.quantity),
  ...(line.rejected > 0 && { rejected: quantity6(line.rejected), rejectReason: line.rejectReason.trim() }),
  ...(line.expiresOn !== '' && { expiresOn: line.expiresOn }),
})

export const issueLineOf = (line: GoodsLine) => ({ ...lineOf(line), quantity: quantity6(line.quantity) })

export const countLineOf = (line: GoodsLine) => {
  const { item, unit, counted } = line
  const factor = line.units.find((each) => each.unit === unit)
  return {
    item,
    unit,
    ...(factor !== undefined && { num: factor.num, den: factor.den }),
    ...(line.batch.trim() !== '' && { batch: line.batch.trim() }),
    quantity: quantity6(line.quantity),
    ...(counted !== undefined && { countedAt: counted.at, afterSeq: counted.seq, seen: counted.seen }),
  }
}
