// The one arithmetic of every priced document: lines and settings in, every sum out. The device prints it and the hub
// computes it again, so it takes nothing from a clock, a table or a setting that isn't passed in. What doesn't fit is
// answered with a flaw, never with a bent number.
import { allocate } from '../../kernel/allocate.ts'
import { type AmountMinor, amountMinor, lineAmount, percentOf, sumAmounts } from '../../kernel/amount.ts'
import { unfit } from '../../kernel/outcome.ts'
import type { Discount, LineTotals, TaxAmount, Totals, TotalsLine, TotalsSettings } from './price-types.ts'
import { returnSums, taxByDocument, taxByLine, taxKey } from './tax.ts'
import { totalsFlaw } from './totals-flaw.ts'

const ZERO = amountMinor(0)
const negated = (amount: AmountMinor): AmountMinor => amountMinor(-amount)

/** A line on its way: sizes are signed like gross. */
interface OpenLine {
  readonly line: TotalsLine
  readonly gross: AmountMinor
  readonly ruleDiscount: AmountMinor
  readonly lineDiscount: AmountMinor
  documentDiscount: AmountMinor
  amount: AmountMinor
  /** Fixed by the origin of a linked return. */
  readonly fixedTaxes:
    | readonly { readonly code: string; readonly percent: TaxAmount['percent']; readonly tax: AmountMinor }[]
    | null
}

/** The size a discount takes off something of size `left`. */
const discountSize = (discount: Discount | null | undefined, left: AmountMinor): AmountMinor =>
  discount == null ? ZERO : discount.kind === 'amount' ? discount.amount : percentOf(left, discount.percent)

function openReturn(line: TotalsLine, origin: NonNullable<TotalsLine['origin']>): OpenLine {
  const back = returnSums(origin, -line.quantity as TotalsLine['quantity'])
  return {
    line,
    gross: negated(back.gross),
    ruleDiscount: ZERO,
    lineDiscount: negated(back.discount),
    documentDiscount: ZERO,
    amount: amountMinor(back.discount - back.gross),
    fixedTaxes: back.taxes.map((tax) => ({ ...tax, tax: negated(tax.tax) })),
  }
}

/** Rule, then line discount; null when they are more than the line. */
function openLine(line: TotalsLine, minorDigits: number): OpenLine | null {
  if (line.origin != null) return openReturn(line, line.origin)
  const gross = lineAmount(line.quantity, line.rate, minorDigits)
  const sign = gross < 0 ? -1 : 1
  const byRule = line.ruleDiscount ?? ZERO
  const left = Math.abs(gross) - byRule
  if (left < 0) return null
  const byHand = discountSize(line.lineDiscount, amountMinor(left))
  if (byHand > left) return null
  return {
    line,
    gross,
    ruleDiscount: amountMinor(sign * byRule),
    lineDiscount: amountMinor(sign * byHand),
    documentDiscount: ZERO,
    amount: amountMinor(sign * (left - byHand)),
    fixedTaxes: null,
  }
}

/**
 * Splits a document discount over what it may touch: the lines towards the customer, or those towards the shop in a
 * document that has no other (so that an unlinked return mirrors its sale). False when it is more than they hold.
 */
function takeDocumentDiscount(lines: readonly OpenLine[], discount: Discount): boolean {
  const open = lines.filter(({ line, amount }) => line.origin == null && line.isDiscountable !== false && amount !== 0)
  const forward = open.filter(({ amount }) => amount > 0)
  const shared = forward.length > 0 ? forward : open
  const sizes = shared.map(({ amount }) => Math.abs(amount))
  const whole = amountMinor(sizes.reduce((sum, size) => sum + size, 0))
  const size = discountSize(discount, whole)
  if (size > whole) return false
  if (size === 0) return true
  const shares = allocate(size, sizes, sizes)
  shared.forEach((each, i) => {
    const share = Math.sign(each.amount) * (shares[i] ?? 0)
    each.documentDiscount = amountMinor(each.documentDiscount + share)
    each.amount = amountMinor(each.amount - share)
  })
  return true
}

/** Prices that include tax hold it in `amount`; the others get it on top. */
function closeLine(open: OpenLine, taxes: readonly Omit<TaxAmount, 'base'>[], pricesIncludeTax: boolean): LineTotals {
  const tax = sumAmounts(taxes.map((each) => each.tax))
  const net = pricesIncludeTax ? amountMinor(open.amount - tax) : open.amount
  const { line, gross, ruleDiscount, lineDiscount, documentDiscount } = open
  return {
    line: line.line,
    gross,
    ruleDiscount,
    lineDiscount,
    documentDiscount,
    discount: amountMinor(gross - open.amount),
    net,
    taxes: taxes.map(({ code, percent, tax: own }) => ({ code, percent, base: net, tax: own })),
    tax,
    total: amountMinor(net + tax),
  }
}

function taxSums(lines: readonly LineTotals[]): TaxAmount[] {
  const sums = new Map<string, TaxAmount>()
  for (const { taxes } of lines) {
    for (const tax of taxes) {
      const key = taxKey([tax])
      const sum = sums.get(key)
      const base = amountMinor((sum?.base ?? 0) + tax.base)
      sums.set(key, { code: tax.code, percent: tax.percent, base, tax: amountMinor((sum?.tax ?? 0) + tax.tax) })
    }
  }
  return [...sums.values()]
}

/**
 * Every line's gross, discounts, net, taxes and total, and the document's sums: rule → line discount → document
 * discounts, split before tax with the remainder to the largest line → tax. Cash rounding is the tender's, not here.
 */
export function computeTotals(lines: readonly TotalsLine[], settings: TotalsSettings): Totals {
  const { minorDigits, pricesIncludeTax, taxRounding, documentDiscounts = [] } = settings
  const flaw = totalsFlaw(lines, settings)
  if (flaw !== null) return flaw
  const opened: OpenLine[] = []
  for (const line of lines) {
    const open = openLine(line, minorDigits)
    if (open === null) return unfit('pricing.discount-over-line', { line: line.line })
    opened.push(open)
  }
  for (const [at, discount] of documentDiscounts.entries()) {
    if (!takeDocumentDiscount(opened, discount)) return unfit('pricing.discount-over-document', { discount: at })
  }
  // A linked return brings its own taxes and stays out of the document's rounding.
  const taxed = opened.map(({ line, amount, fixedTaxes }) => ({ amount, taxes: fixedTaxes === null ? line.taxes : [] }))
  const taxes = (taxRounding === 'line' ? taxByLine : taxByDocument)(taxed, pricesIncludeTax)
  const closed = opened.map((open, i) => closeLine(open, open.fixedTaxes ?? taxes[i] ?? [], pricesIncludeTax))
  const sumOf = (pick: (line: LineTotals) => AmountMinor): AmountMinor => sumAmounts(closed.map(pick))
  return {
    ok: true,
    lines: closed,
    gross: sumOf((line) => line.gross),
    discount: sumOf((line) => line.discount),
    net: sumOf((line) => line.net),
    taxes: taxSums(closed),
    tax: sumOf((line) => line.tax),
    total: sumOf((line) => line.total),
  }
}
