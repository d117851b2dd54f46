// The sums of a credit note from its arguments alone: a quantity takes its share of the invoiced line, with the line's own
// discount and tax; an amount takes what was agreed. Pure; stored and printed above zero.
import { amountMinor, quantity6, rate6, type AmountMinor } from '../../kernel/amount.ts'
import { amount, code, flag, integer, list, quantity, ref, set, text, type ArgsOf } from '../../kernel/field.ts'
import { taxRoundings } from '../masters/organisation.ts'
import type { LineSums, LineTotals, ReturnOrigin, TaxAmount, Totals, TotalsLine } from '../pricing/price-types.ts'
import { computeTotals } from '../pricing/totals.ts'
import { creditReasons, dispositions, type CreditLine } from './credit-note.ts'
import type { InvoiceLine } from './invoice.ts'
import { lineTaxes, returnOrigin } from './price-fields.ts'
import { partyArgs } from './priced-args.ts'

export const creditArgs = {
  ...partyArgs,
  invoice: ref('sales.invoice'),
  minorDigits: integer(),
  pricesIncludeTax: flag(),
  taxRounding: code(taxRoundings),
  reason: code(creditReasons),
  /** Goods that came back go here; absent: none came back. */
  warehouse: ref('masters.warehouse').optional(),
  lines: list({
    invoiceLine: ref('sales.invoiceLine'),
    item: ref('masters.item'),
    unit: code(),
    factorNum: integer().optional(),
    factorDen: integer().optional(),
    /** By quantity: with the sums of the invoiced line as this device knew them. */
    quantity: quantity().optional(),
    origin: returnOrigin().optional(),
    /** By amount (with tax where prices include it): with the line's taxes. */
    amount: amount().optional(),
    taxes: lineTaxes().optional(),
    billAgain: flag().optional(),
    disposition: code(dispositions).optional(),
    batch: text(64).optional(),
    serials: set().optional(),
  }),
  /** As printed, above zero. */
  total: amount(),
  tax: amount(),
}
export type CreditArgs = ArgsOf<typeof creditArgs>
export type CreditLineArgs = CreditArgs['lines'][number]

const ONE = 1_000_000

/** An amount as one unit's price. */
const rateOf = (of: AmountMinor, minorDigits: number) => rate6(of * 10 ** (6 - minorDigits))

export const isByQuantity = (line: CreditLineArgs): boolean => line.quantity != null && line.origin != null

const totalsLine = (line: CreditLineArgs, at: number, minorDigits: number): TotalsLine => ({
  line: `line/${at}`,
  quantity: quantity6(isByQuantity(line) ? -(line.quantity ?? 0) : -ONE),
  rate: isByQuantity(line) ? rate6(0) : rateOf(line.amount ?? amountMinor(0), minorDigits),
  taxes: line.taxes ?? [],
  origin: isByQuantity(line) ? (line.origin ?? null) : null,
})

const turned = (value: number): AmountMinor => amountMinor(-value)
const turnedTaxes = (taxes: readonly TaxAmount[]): TaxAmount[] =>
  taxes.map((tax) => ({ ...tax, base: turned(tax.base), tax: turned(tax.tax) }))
const turnedLine = (line: LineTotals): LineTotals => ({
  ...line,
  gross: turned(line.gross),
  ruleDiscount: turned(line.ruleDiscount),
  lineDiscount: turned(line.lineDiscount),
  documentDiscount: turned(line.documentDiscount),
  discount: turned(line.discount),
  net: turned(line.net),
  taxes: turnedTaxes(line.taxes),
  tax: turned(line.tax),
  total: turned(line.total),
})

/** Every sum of the note, above zero. */
export function creditTotalsOf(
  a: Pick<CreditArgs, 'lines' | 'minorDigits' | 'pricesIncludeTax' | 'taxRounding'>,
): Totals {
  const { minorDigits, pricesIncludeTax, taxRounding } = a
  const totals = computeTotals(
    a.lines.map((line, at) => totalsLine(line, at, minorDigits)),
    { minorDigits, pricesIncludeTax, taxRounding },
  )
  if (!totals.ok) return totals
  const { gross, discount, net, tax, total } = totals
  return {
    ok: true,
    lines: totals.lines.map(turnedLine),
    gross: turned(gross),
    discount: turned(discount),
    net: turned(net),
    taxes: turnedTaxes(totals.taxes),
    tax: turned(tax),
    total: turned(total),
  }
}

type Priced = Pick<InvoiceLine, 'quantity' | 'gross' | 'discount' | 'taxes'>

export function sumsOf(lines: readonly Priced[]): LineSums {
  const taxes = new Map<string, LineSums['taxes'][number]>()
  for (const { code: taxCode, percent, tax } of lines.flatMap((line) => line.taxes)) {
    const key = `${percent} ${taxCode}`
    taxes.set(key, { code: taxCode, percent, tax: amountMinor((taxes.get(key)?.tax ?? 0) + tax) })
  }
  const sum = (pick: (line: Priced) => number): number => lines.reduce((all, line) => all + pick(line), 0)
  return {
    quantity: quantity6(sum((l) => l.quantity)),
    gross: amountMinor(sum((l) => l.gross)),
    discount: amountMinor(sum((l) => l.discount)),
    taxes: [...taxes.values()],
  }
}

/** The origin that a credited quantity carries: the invoiced line, and what credit notes took of it by quantity before. */
export const creditOrigin = (invoiced: InvoiceLine, credited: readonly CreditLine[]): ReturnOrigin => ({
  sold: sumsOf([invoiced]),
  returned: sumsOf(credited.filter(({ quantity: taken }) => taken > 0)),
})
