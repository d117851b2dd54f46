// The sums of a sale from its arguments alone: the screen shows them before the sale, the command computes them again
// and takes no other. Pure; it reads nothing and rounds nothing by itself.
import { amountMinor, cashRounding, quantity6, sumAmounts, type AmountMinor } from '../../kernel/amount.ts'
import type { Discount, LineSums, ReturnOrigin, Totals, TotalsLine, TotalsSettings } from '../pricing/price-types.ts'
import { computeTotals } from '../pricing/totals.ts'
import type { LineArgs, ReturnLineArgs, SaleArgs, TenderArgs } from './sale-args.ts'
import type { SaleLine } from './sale.ts'

const ZERO = amountMinor(0)

type Priced = Pick<
  SaleArgs,
  'minorDigits' | 'pricesIncludeTax' | 'taxRounding' | 'ruleDiscounts' | 'documentDiscount' | 'lines' | 'returns'
>

/** Labels of the stored lines: stable positions in the arguments. */
export const lineLabel = (at: number): string => `line/${at}`
export const returnLabel = (at: number): string => `return/${at}`

const totalsLine = (label: string, line: LineArgs): TotalsLine => ({
  line: label,
  quantity: line.pricedQuantity ?? line.quantity,
  rate: line.rate,
  taxes: line.taxes,
  ruleDiscount: line.ruleDiscount ?? ZERO,
  lineDiscount: line.lineDiscount ?? null,
  isDiscountable: line.isDiscountable ?? true,
})

const totalsReturn = (label: string, line: ReturnLineArgs): TotalsLine => ({
  ...totalsLine(label, line),
  quantity: quantity6(-(line.pricedQuantity ?? line.quantity)),
  origin: line.origin ?? null,
})

const settingsOf = (a: Priced, documentDiscounts: readonly Discount[]): TotalsSettings => ({
  minorDigits: a.minorDigits,
  pricesIncludeTax: a.pricesIncludeTax,
  taxRounding: a.taxRounding,
  documentDiscounts,
})

/** Every sum of the document: first its lines, then its returns. */
export function saleTotals(a: Priced): Totals {
  const byHand = a.documentDiscount == null ? [] : [a.documentDiscount]
  return computeTotals(totalsLines(a), settingsOf(a, [...(a.ruleDiscounts ?? []), ...byHand]))
}

const totalsLines = (a: Priced): TotalsLine[] => [
  ...(a.lines ?? []).map((line, at) => totalsLine(lineLabel(at), line)),
  ...(a.returns ?? []).map((line, at) => totalsReturn(returnLabel(at), line)),
]

/** What the rules alone take off the whole document: 0 or more. */
export function ruleDiscountOf(a: Priced): AmountMinor {
  if ((a.ruleDiscounts ?? []).length === 0) return ZERO
  const totals = computeTotals(totalsLines(a), settingsOf(a, a.ruleDiscounts ?? []))
  return totals.ok ? sumAmounts(totals.lines.map((line) => line.documentDiscount)) : ZERO
}

/** What is left for cash after the other tenders, rounded to the smallest coin; rounding is what that adds. */
export function cashDue(
  total: AmountMinor,
  tenders: readonly Pick<TenderArgs, 'kind' | 'amount'>[],
  stepMinor: number,
): { payable: AmountMinor; rounding: AmountMinor } {
  const others = sumAmounts(tenders.filter(({ kind }) => kind !== 'cash').map(({ amount }) => amount))
  const due = amountMinor(total - others)
  return stepMinor > 0 ? cashRounding(due, stepMinor) : { payable: due, rounding: ZERO }
}

type SoldLine = Pick<SaleLine, 'quantity' | 'pricedQuantity' | 'gross' | 'discount' | 'taxes'>

const sumsOf = (lines: readonly SoldLine[], sign: 1 | -1): LineSums => {
  const taxes = new Map<string, LineSums['taxes'][number]>()
  for (const { code, percent, tax } of lines.flatMap((line) => line.taxes)) {
    const key = `${percent} ${code}`
    taxes.set(key, { code, percent, tax: amountMinor((taxes.get(key)?.tax ?? 0) + sign * tax) })
  }
  const sum = (pick: (line: SoldLine) => number): number => lines.reduce((all, line) => all + sign * pick(line), 0)
  return {
    quantity: quantity6(sum((line) => line.pricedQuantity ?? line.quantity)),
    gross: amountMinor(sum((line) => line.gross)),
    discount: amountMinor(sum((line) => line.discount)),
    taxes: [...taxes.values()],
  }
}

/** The origin that a linked return carries: the sold line's sums, and those of what came back of it before. */
export const originOf = (sold: SoldLine, returned: readonly SoldLine[]): ReturnOrigin => ({
  sold: sumsOf([sold], 1),
  returned: sumsOf(returned, -1),
})
