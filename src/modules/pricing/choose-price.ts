// Which price a line gets, of all that could apply: the same answer on the till and on the hub for the same rows.
// It reads nothing and knows no permission; no price is a null for the caller to deal with, never a zero.
import { type Quantity6, type Rate6, quantity6, rate6, roundDiv } from '../../kernel/amount.ts'
import { compareUtf8 } from '../../kernel/bytes.ts'
import type { UnitFactor } from '../../kernel/unit.ts'
import { type ChosenPrice, type PriceQuery, type PriceRow, type PriceSource, isValidOn } from './price-types.ts'

const ONE: UnitFactor = { num: 1, den: 1 }

/** A unit's price from the stock unit's: × factor, to 6 decimals, half away from zero. */
export const rateOfUnit = (stockRate: Rate6, { num, den }: UnitFactor): Rate6 =>
  rate6(Number(roundDiv(BigInt(stockRate) * BigInt(num), BigInt(den))))

/** The stock quantity of each item over the whole document, for price breaks. */
export function stockQuantityByItem(
  lines: Iterable<{ readonly item: string; readonly stockQuantity: Quantity6 }>,
): ReadonlyMap<string, Quantity6> {
  const sums = new Map<string, Quantity6>()
  for (const { item, stockQuantity } of lines) {
    sums.set(item, quantity6((sums.get(item) ?? 0) + stockQuantity))
  }
  return sums
}

// A break of 2 boxes of 12 is met by 24 pieces anywhere in the document. A return counts by its size.
function isBreakMet(row: PriceRow, factor: UnitFactor, stockQuantity: Quantity6): boolean {
  const size = stockQuantity < 0 ? -stockQuantity : stockQuantity
  return BigInt(row.minQuantity ?? 0) * BigInt(factor.num) <= BigInt(size) * BigInt(factor.den)
}

/** Largest minimum quantity, then newest start, then lowest id. */
function isBetter(a: PriceRow, b: PriceRow): boolean {
  const byBreak = (a.minQuantity ?? 0) - (b.minQuantity ?? 0)
  if (byBreak !== 0) return byBreak > 0
  const byStart = compareUtf8(a.validFrom ?? '', b.validFrom ?? '')
  return byStart === 0 ? compareUtf8(a.id, b.id) < 0 : byStart > 0
}

function best(rows: Iterable<PriceRow>, query: PriceQuery, unit: string, factor: UnitFactor): PriceRow | null {
  let found: PriceRow | null = null
  for (const row of rows) {
    if (row.unit !== unit || !isBreakMet(row, factor, query.stockQuantityInDocument)) continue
    if (found === null || isBetter(row, found)) found = row
  }
  return found
}

/**
 * Manual (if permitted) → party + item → the party's list → its group's → the profile's → the item's own price. At the
 * first of these that has one valid on the day: a price of the line's unit, otherwise the stock unit's × factor.
 */
export function choosePrice(rows: Iterable<PriceRow>, query: PriceQuery): ChosenPrice | null {
  if (query.manual?.isPermitted === true) {
    return { rate: query.manual.rate, source: 'manual', price: null, isFromStockUnit: false }
  }
  const usable: PriceRow[] = []
  for (const row of rows) {
    if (row.item === query.item && row.currency === query.currency && isValidOn(row, query.businessDate))
      usable.push(row)
  }
  const ofList =
    (list: string | null | undefined) =>
    (row: PriceRow): boolean =>
      list != null && row.of.kind === 'list' && row.of.list === list
  const sources: [PriceSource, (row: PriceRow) => boolean][] = [
    ['party', (row) => query.party != null && row.of.kind === 'party' && row.of.party === query.party],
    ['party-list', ofList(query.partyList)],
    ['group-list', ofList(query.groupList)],
    ['profile-list', ofList(query.profileList)],
    ['item', (row) => row.of.kind === 'item'],
  ]
  for (const [source, belongs] of sources) {
    const own = usable.filter(belongs)
    const isStock = query.unit === query.stockUnit
    const explicit = best(own, query, query.unit, isStock ? ONE : query.factor)
    if (explicit !== null) return { rate: explicit.rate, source, price: explicit.id, isFromStockUnit: false }
    const stock = isStock ? null : best(own, query, query.stockUnit, ONE)
    if (stock !== null) {
      return { rate: rateOfUnit(stock.rate, query.factor), source, price: stock.id, isFromStockUnit: true }
    }
  }
  return null
}
