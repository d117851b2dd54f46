// The lines of a sale on their way to be stored: arguments, sums and item put together, with the sign they are kept
// with. It decides what the document's lines are; whether they may be is check-sale.ts's matter.
import { quantity6, type Quantity6 } from '../../kernel/amount.ts'
import { assert } from '../../kernel/assert.ts'
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import { toStock } from '../../kernel/unit.ts'
import { factorOf, item, type Item } from '../masters/item.ts'
import type { DocumentTotals, LineTotals } from '../pricing/price-types.ts'
import { refuse, rule } from './guard.ts'
import type { LineArgs, ReturnLineArgs, SaleArgs } from './sale-args.ts'
import { lineLabel, returnLabel } from './sale-sums.ts'
import { sale, saleLine, type RevenuePurpose, type SaleLine } from './sale.ts'

export interface OpenLine {
  readonly label: string
  readonly id: string
  readonly args: LineArgs
  /** Null for a line towards the customer. */
  readonly back: ReturnLineArgs | null
  /** The sold line that a return takes back, where this side holds it: named by the return, or found by the number. */
  readonly origin: SaleLine | null
  readonly item: Item | null
  readonly unit: string
  /** Signed like the stored line. */
  readonly quantity: Quantity6
  readonly stockQuantity: Quantity6
  readonly pricedQuantity: Quantity6 | null
  readonly sums: LineTotals
  readonly revenue: RevenuePurpose
}

/** Goods and deposits (pallets) move stock; a service, a fee, a voucher doesn't. What isn't known here is taken for goods. */
export const movesStock = (of: Item | null): boolean => of === null || of.type === 'goods' || of.type === 'deposit'

const revenueOf = (of: Item | null): RevenuePurpose =>
  of?.type === 'voucher'
    ? 'voucher-liability'
    : of?.type === 'deposit'
      ? 'deposit-liability'
      : of?.type === 'service' || of?.type === 'fee'
        ? 'service-income'
        : 'sales'

export function openLines(ctx: Context, a: SaleArgs, totals: DocumentTotals): OpenLine[] {
  const forward = (a.lines ?? []).map((args, at) => ({ label: lineLabel(at), args, back: null }))
  const back = (a.returns ?? []).map((args, at) => ({ label: returnLabel(at), args, back: args }))
  const open = [...forward, ...back].map((line, at) => {
    const sums = totals.lines[at]
    assert(sums !== undefined, 'The arithmetic answers one sum a line.')
    return openLine(ctx, line, sums)
  })
  return linkByNumber(ctx, a, open)
}

/**
 * A return whose sale wasn't on its till says the receipt's number. Where the sale is known (on the hub, later) its
 * lines are found by item: the first that has enough left, or else the first, whose rule then tells the excess.
 */
function linkByNumber(ctx: Context, a: SaleArgs, open: OpenLine[]): OpenLine[] {
  const isLoose = (line: OpenLine): boolean => line.back !== null && line.back.originLine == null
  if (a.originalNumber == null || !open.some(isLoose)) return open
  const original = ctx.find(sale, 'byNumber', { number: a.originalNumber }, { limit: 1 })[0]
  if (original === undefined) return open
  const sold = ctx.find(saleLine, 'byParent', { document: original.id })
  const taken = new Map<string, number>()
  return open.map((line) => {
    if (!isLoose(line)) return line
    const wanted = pricedOf(line.args)
    const left = (of: SaleLine): number => pricedOf(of) - of.returned - (taken.get(of.id) ?? 0)
    const alike = sold.filter((of) => of.item === line.args.item && of.quantity > 0)
    const origin = alike.find((of) => left(of) >= wanted) ?? alike[0] ?? null
    if (origin !== null) taken.set(origin.id, (taken.get(origin.id) ?? 0) + wanted)
    return { ...line, origin }
  })
}

/** The quantity that the price counts, and by which returns are counted. */
export const pricedOf = (of: {
  readonly quantity: Quantity6
  readonly pricedQuantity?: Quantity6 | null | undefined
}): Quantity6 => of.pricedQuantity ?? of.quantity

function openLine(ctx: Context, line: Pick<OpenLine, 'label' | 'args' | 'back'>, sums: LineTotals): OpenLine {
  const { label, args, back } = line
  const found = ctx.get(item, args.item)
  if (found === null) refuse(ctx, 'pos.unknown-item', { line: label, item: args.item })
  const known = found === ELSEWHERE ? null : found
  const unit = args.unit ?? known?.stockUnit ?? 'each'
  const [num, den] = [args.factorNum ?? 1, args.factorDen ?? 1]
  const stock = toStock(args.quantity, num, den, 6)
  const stockQuantity = stock.ok ? stock.value : quantity6(0)
  if (known !== null) checkUnit(ctx, { label, unit, num, den, quantity: args.quantity }, known)
  if (back === null && args.quantity < 0 && movesStock(known))
    refuse(ctx, 'pos.negative-goods', { line: label, item: args.item })
  const sign = back === null ? 1 : -1
  return {
    ...line,
    id: ctx.id(label),
    origin: originOfLine(ctx, label, back),
    item: known,
    unit,
    quantity: quantity6(sign * args.quantity),
    stockQuantity: quantity6(sign * stockQuantity),
    pricedQuantity: args.pricedQuantity == null ? null : quantity6(sign * args.pricedQuantity),
    sums,
    revenue: args.revenue ?? revenueOf(known),
  }
}

interface CountedIn {
  readonly label: string
  readonly unit: string
  readonly num: number
  readonly den: number
  readonly quantity: Quantity6
}

/** The factor is frozen on the line; what the item says today is only compared with it. */
function checkUnit(ctx: Context, { label, unit, num, den, quantity }: CountedIn, known: Item): void {
  const factor = factorOf(known, unit)
  const isSame = factor !== null && factor.num * den === num * factor.den
  const isExact = toStock(quantity, num, den, known.decimals).ok
  rule(ctx, 'pos.unit-differs', isSame && isExact, {
    line: label,
    item: known.code,
    unit,
    num,
    den,
    quantity,
    decimals: known.decimals,
  })
}

function originOfLine(ctx: Context, label: string, back: ReturnLineArgs | null): SaleLine | null {
  if (back?.originLine == null) return null
  const found = ctx.get(saleLine, back.originLine)
  if (found === null) return refuse(ctx, 'pos.unknown-sale-line', { line: label, originLine: back.originLine })
  return found === ELSEWHERE ? null : found
}
