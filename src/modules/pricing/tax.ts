// Tax: which rate is in force, how much of an amount is tax, and what a return takes back. Rounding is half away from
// zero, per line or per code over the document. It never decides which code applies.
import { allocate } from '../../kernel/allocate.ts'
import { type AmountMinor, type Rate6, amountMinor, mulDivRound, percentOf, rate6 } from '../../kernel/amount.ts'
import type { BusinessDate, LineSums, LineTax, ReturnOrigin, TaxAmount, TaxCode } from './price-types.ts'

const HUNDRED_PERCENT = 100_000_000

/** The percentage in force on a day; null when the code has none that early. Untaxed treatments are always 0. */
export function taxRateOn(code: TaxCode, day: BusinessDate): Rate6 | null {
  if (code.treatment !== 'standard' && code.treatment !== 'reduced') return rate6(0)
  let inForce: { from: BusinessDate; percent: Rate6 } | null = null
  for (const rate of code.rates) {
    if (rate.from <= day && (inForce === null || rate.from > inForce.from)) inForce = rate
  }
  return inForce?.percent ?? null
}

const percentSum = (taxes: readonly LineTax[]): number => taxes.reduce((sum, { percent }) => sum + percent, 0)

/** Tax inside an amount that includes it: gross − round(gross ÷ (1 + Σ rates)), split over the codes by their rates. */
export function includedTax(gross: AmountMinor, taxes: readonly LineTax[]): TaxAmount[] {
  const sum = percentSum(taxes)
  const net = amountMinor(mulDivRound(gross, HUNDRED_PERCENT, HUNDRED_PERCENT + sum, 'An amount without its tax'))
  const shares = allocate(
    amountMinor(gross - net),
    sum === 0 ? taxes.map(() => 1) : taxes.map(({ percent }) => percent),
  )
  return taxes.map(({ code, percent }, i) => ({ code, percent, base: net, tax: shares[i] ?? amountMinor(0) }))
}

/** Tax on top of an amount without it: each code rounded by itself. */
export const addedTax = (net: AmountMinor, taxes: readonly LineTax[]): TaxAmount[] =>
  taxes.map(({ code, percent }) => ({ code, percent, base: net, tax: percentOf(net, percent) }))

/** A key for "the same taxes"; a code may appear with two percentages when lines have different tax points. */
export const taxKey = (taxes: readonly LineTax[]): string =>
  taxes.map(({ code, percent }) => `${code.length}:${code}=${percent}`).join('+')

export interface TaxedLine {
  /** After all discounts; with tax if prices include it. */
  readonly amount: AmountMinor
  readonly taxes: readonly LineTax[]
}

/** Every line's taxes, rounded line by line. */
export const taxByLine = (lines: readonly TaxedLine[], pricesIncludeTax: boolean): TaxAmount[][] =>
  lines.map(({ amount, taxes }) => (pricesIncludeTax ? includedTax(amount, taxes) : addedTax(amount, taxes)))

/**
 * Every line's taxes such that they add up to the tax on the document's sum. A line takes what it adds to the rounded
 * tax of the lines up to it, so that no line strays by more than one minor unit; "the rest to the largest line" was
 * rejected, because many small lines could leave it more tax than money. Tax on top is summed by code; tax inside by
 * the same set of taxes, since two codes in one price can only be taken out together.
 */
export function taxByDocument(lines: readonly TaxedLine[], pricesIncludeTax: boolean): TaxAmount[][] {
  const sums = new Map<string, AmountMinor>()
  const growth = (amount: AmountMinor, taxes: readonly LineTax[]): AmountMinor[] => {
    const key = taxKey(taxes)
    const before = sums.get(key) ?? amountMinor(0)
    const after = amountMinor(before + amount)
    sums.set(key, after)
    const taxOf = pricesIncludeTax ? includedTax : addedTax
    const old = taxOf(before, taxes)
    return taxOf(after, taxes).map(({ tax }, i) => amountMinor(tax - (old[i]?.tax ?? 0)))
  }
  return lines.map(({ amount, taxes }) => {
    const own = pricesIncludeTax ? growth(amount, taxes) : taxes.flatMap((tax) => growth(amount, [tax]))
    const inside = pricesIncludeTax ? own.reduce((sum, tax) => sum + tax, 0) : 0
    const base = amountMinor(amount - inside)
    return taxes.map(({ code, percent }, i) => ({ code, percent, base, tax: own[i] ?? amountMinor(0) }))
  })
}

/**
 * What `quantity` of a sold line takes back of `whole`, of which `taken` is back already: in proportion, never past
 * what is left, and all that is left when it empties the line. Returning more than was sold goes on in proportion: that
 * is an exception for people, not an arithmetic error.
 */
function takeBack(whole: number, taken: number, origin: ReturnOrigin, quantity: number): AmountMinor {
  const before = origin.returned.quantity
  if (before + quantity === origin.sold.quantity) return amountMinor(whole - taken)
  const part = mulDivRound(whole, quantity, origin.sold.quantity, 'The share of a return')
  if (before + quantity > origin.sold.quantity) return amountMinor(part)
  const left = whole - taken
  return amountMinor(whole < 0 ? Math.max(Math.min(left, 0), part) : Math.min(Math.max(left, 0), part))
}

/**
 * The sums that a return of `quantity` (positive) takes from its origin; the caller gives them the opposite sign. What
 * was paid is taken in proportion, and the discount is what gross and payment leave: the refund must be right first.
 */
export function returnSums(origin: ReturnOrigin, quantity: LineSums['quantity']): LineSums {
  const { sold, returned } = origin
  const gross = takeBack(sold.gross, returned.gross, origin, quantity)
  const paid = takeBack(sold.gross - sold.discount, returned.gross - returned.discount, origin, quantity)
  const taxes = sold.taxes.map(({ code, percent, tax }) => {
    const back = returned.taxes.find((other) => other.code === code && other.percent === percent)
    return { code, percent, tax: takeBack(tax, back?.tax ?? 0, origin, quantity) }
  })
  return { quantity, gross, discount: amountMinor(gross - paid), taxes }
}
