// What every line of delivered or returned goods needs: item, warehouse, an exact stock quantity, serials that count up.
// Shape faults come from the arguments alone.
import { ONE6, quantity6, type Quantity6 } from '../../kernel/amount.ts'
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import { postStock, type StockPosting } from '../../kernel/ledger.ts'
import { isFactor, toStock } from '../../kernel/unit.ts'
import { item, type Item } from '../masters/item.ts'
import { warehouse } from '../masters/organisation.ts'
import { party, type Party } from '../masters/party.ts'
import { refuse } from './refusals.ts'

const DECIMALS_MAX = 6

export interface GoodsGiven {
  readonly item: string
  readonly quantity: Quantity6
  readonly factorNum?: number | null | undefined
  readonly factorDen?: number | null | undefined
  readonly serials?: readonly string[] | null | undefined
}

/** Goods and deposits are kept in stock; what isn't known here is taken for goods. */
export const movesStock = (of: Item | null): boolean => of === null || of.type === 'goods' || of.type === 'deposit'

export function itemOf(ctx: Context, id: string, at: number): Item | null {
  const found = ctx.get(item, id)
  if (found === null) return refuse(ctx, 'delivery.unknown-item', { line: at, item: id })
  return found === ELSEWHERE ? null : found
}

export function branchOf(ctx: Context, id: string): string {
  const found = ctx.get(warehouse, id)
  if (found === null) return refuse(ctx, 'delivery.unknown-warehouse', { warehouse: id })
  return found === ELSEWHERE ? ctx.lease.branch : found.branch
}

export function recipientOf(
  ctx: Context,
  a: {
    readonly party: string
    readonly partyName?: string | null | undefined
    readonly territory?: string | null | undefined
  },
): { name: string; territory: string; known: Party | null } {
  const found = ctx.get(party, a.party)
  if (found === null) return refuse(ctx, 'delivery.unknown-party', { party: a.party })
  if (found !== ELSEWHERE) return { name: a.partyName ?? found.name, territory: found.territory, known: found }
  return {
    known: null,
    name: a.partyName ?? a.party,
    territory: a.territory ?? refuse(ctx, 'delivery.territory-needed', { party: a.party }),
  }
}

/** The quantity in stock units; the serials, if any, must count up to it. */
export function stockQuantityOf(ctx: Context, line: GoodsGiven, at: number): Quantity6 {
  if (line.quantity < 0) refuse(ctx, 'delivery.quantity-negative', { line: at, quantity: line.quantity })
  const factor = { num: line.factorNum ?? 1, den: line.factorDen ?? 1 }
  const stock = isFactor(factor) ? toStock(line.quantity, factor.num, factor.den, DECIMALS_MAX) : null
  if (stock?.ok !== true)
    return refuse(ctx, 'delivery.quantity-not-exact', { line: at, quantity: line.quantity, ...factor })
  const serials = line.serials ?? []
  if (new Set(serials).size < serials.length) refuse(ctx, 'delivery.serial-twice', { line: at })
  if (serials.length > 0 && serials.length * ONE6 !== stock.value)
    refuse(ctx, 'delivery.serial-count', { line: at, serials: serials.length, quantity: stock.value })
  return stock.value
}

/** One movement, or one a serial. `sign` is -1 out of the warehouse, 1 into it. */
export function moveGoods(
  ctx: Context,
  posting: Omit<StockPosting, 'quantity' | 'serial'>,
  goods: { readonly quantity: Quantity6; readonly serials: readonly string[]; readonly sign: 1 | -1 },
): void {
  const { quantity, serials, sign } = goods
  if (quantity === 0) return
  const parts =
    serials.length > 0 ? serials.map((serial) => ({ serial, part: ONE6 })) : [{ serial: null, part: quantity }]
  parts.forEach(({ serial, part }, at) =>
    postStock(ctx, { ...posting, label: `${posting.label}/${at}`, quantity: quantity6(sign * part), serial }),
  )
}
