// What the arithmetic cannot take, found before it starts: decidable from the arguments alone, so the device refuses it
// and the hub parks it. The bounds keep every later product within 2^53 - 1; they judge no price and no policy.
import { type Unfit, unfit } from '../../kernel/outcome.ts'
import type {
  Discount,
  LineSums,
  LineTax,
  ReturnOrigin,
  TotalsFlaw,
  TotalsLine,
  TotalsSettings,
} from './price-types.ts'

/** Σ |line| of a document, in minor units: with the highest tax below it still fits 2^53 - 1 (8 × 10^14 × 11). */
export const DOCUMENT_AMOUNT_MINOR_MAX = 8e14
/** Σ tax percentages of a line: 1000 %. */
export const TAX_PERCENT_MAX = 1_000_000_000
const HUNDRED_PERCENT = 100_000_000

type Flaw = Unfit<TotalsFlaw>

function discountFlaw(discount: Discount | null | undefined, over: TotalsFlaw, facts: Flaw['facts']): Flaw | null {
  if (discount == null) return null
  const size = discount.kind === 'percent' ? discount.percent : discount.amount
  if (!(size >= 0)) return unfit('pricing.discount-negative', facts)
  return discount.kind === 'percent' && size > HUNDRED_PERCENT ? unfit(over, facts) : null
}

const isTaxInRange = (taxes: readonly LineTax[]): boolean => {
  let sum = 0
  for (const { percent } of taxes) {
    if (!(percent >= 0)) return false
    sum += percent
  }
  return sum <= TAX_PERCENT_MAX
}

// Of what came back, only the quantity is bound: rounding may leave a discount of it a cent off in either direction.
const isSoundOrigin = ({ sold, returned }: ReturnOrigin): boolean =>
  sold.quantity > 0 && sold.discount >= 0 && sold.discount <= sold.gross && returned.quantity >= 0

/** An upper bound of what the line can come to, in minor units; a double's error is far below the bound's slack. */
function sizeOf(line: TotalsLine, minorDigits: number): number {
  const { origin, quantity, rate } = line
  if (origin == null) return (Math.abs(quantity) * Math.abs(rate)) / 10 ** (12 - minorDigits)
  const size = (sums: LineSums): number =>
    sums.taxes.reduce((sum, { tax }) => sum + Math.abs(tax), Math.abs(sums.gross))
  return size(origin.returned) + size(origin.sold) * Math.max(1, -quantity / origin.sold.quantity)
}

/** The first flaw, naming its line; null when the arithmetic may run. */
export function totalsFlaw(lines: readonly TotalsLine[], settings: TotalsSettings): Flaw | null {
  let size = 0
  for (const each of lines) {
    const { line, origin } = each
    const facts = { line }
    if (each.rate < 0) return unfit('pricing.price-negative', { line, rate: each.rate })
    if ((each.ruleDiscount ?? 0) < 0) return unfit('pricing.discount-negative', facts)
    const flaw = discountFlaw(each.lineDiscount, 'pricing.discount-over-line', facts)
    if (flaw !== null) return flaw
    if (!isTaxInRange(each.taxes)) return unfit('pricing.tax-rate-out-of-range', { line, percentMax: TAX_PERCENT_MAX })
    if (origin != null && !(each.quantity < 0 && isSoundOrigin(origin))) return unfit('pricing.origin-malformed', facts)
    size += sizeOf(each, settings.minorDigits)
    if (!(size <= DOCUMENT_AMOUNT_MINOR_MAX)) {
      return unfit('pricing.amount-out-of-range', { line, amountMinorMax: DOCUMENT_AMOUNT_MINOR_MAX })
    }
  }
  for (const [at, discount] of (settings.documentDiscounts ?? []).entries()) {
    const flaw = discountFlaw(discount, 'pricing.discount-over-document', { discount: at })
    if (flaw !== null) return flaw
  }
  return null
}
