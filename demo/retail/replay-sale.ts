// A sale or return of the file as the arguments of the product's commands: prices as the file has them, the money where
// rules.md §3 puts it, and the origin of what comes back where this device holds it.
import { amountMinor, lineAmount, quantity6, rate6, type AmountMinor, type Quantity6 } from '../../src/kernel/amount.ts'
import type { LineArgs, ReturnLineArgs, TenderArgs } from '../../src/modules/pos/sale-args.ts'
import { originOf } from '../../src/modules/pos/sale-sums.ts'
import type { TaxAmount } from '../../src/modules/pricing/price-types.ts'
import { returnSums } from '../../src/modules/pricing/tax.ts'
import { currency, minorDigits, taxCode } from './replay-company.ts'
import { revenueOf, typeOf } from './replay-classes.ts'
import { originKey, type PlannedDocument, type PlannedInvoice, type PlannedLine } from './replay-plan.ts'

/** A line that was captured, as far as its returns need it. */
export interface Captured {
  readonly device: number
  readonly line: string
  /** Its sale's payment; null where nothing was to pay. */
  readonly tender: string | null
  readonly sold: SoldSums
  readonly returned: SoldSums[]
}
interface SoldSums {
  readonly quantity: Quantity6
  readonly pricedQuantity: null
  readonly gross: AmountMinor
  readonly discount: AmountMinor
  readonly taxes: readonly TaxAmount[]
}

export interface Known {
  /** By item code and customer number. */
  readonly items: ReadonlyMap<string, string>
  readonly parties: ReadonlyMap<string, string>
  /** Sold lines by invoice and position, of all devices. */
  readonly captured: ReadonlyMap<string, Captured>
}

export interface SaleDraft {
  readonly command: 'pos.completeSale' | 'pos.returnSale'
  readonly args: Readonly<Record<string, unknown>>
  /** Planned lines in the order of the command's stored lines. */
  readonly order: readonly PlannedLine[]
  /** Lines linked in this command, with their origin. */
  readonly linked: readonly { readonly line: PlannedLine; readonly origin: Captured }[]
  /** Lines whose origin is on another device: linked when everything has come in. */
  readonly late: readonly PlannedLine[]
  readonly total: AmountMinor
}

const outside = { code: taxCode, percent: rate6(0) }

export const valueOf = ({ quantity, rate }: PlannedLine): AmountMinor => lineAmount(quantity, rate, minorDigits)

export function sumsOf(line: PlannedLine): SoldSums {
  const gross = valueOf(line)
  return {
    quantity: line.quantity,
    pricedQuantity: null,
    gross,
    discount: amountMinor(0),
    taxes: [{ ...outside, base: gross, tax: amountMinor(0) }],
  }
}

/** A price below zero is the same money the other way round: commands know quantities with a sign, prices without. */
const forward = ({ quantity, rate }: PlannedLine): { quantity: Quantity6; rate: PlannedLine['rate'] } =>
  rate < 0 ? { quantity: quantity6(-quantity), rate: rate6(-rate) } : { quantity, rate }

function lineArgs(known: Known, line: PlannedLine): LineArgs {
  const item = known.items.get(line.code)
  if (item === undefined) throw new Error(`The item ${line.code} was not imported.`)
  return {
    item,
    itemCode: line.code,
    itemName: line.about === '' ? line.code : line.about,
    ...forward(line),
    source: 'manual',
    taxes: [outside],
    revenue: revenueOf[typeOf(line.code)],
  }
}

const isBack = (line: PlannedLine): boolean =>
  forward(line).quantity < 0 && (line.document === 'return' || line.kind === 'goods')

/** The origin of a returned line where this device holds it and the proportion comes to the file's own value. */
function originFor(known: Known, line: PlannedLine, device: number): Captured | null {
  const origin = line.origin === null ? undefined : known.captured.get(originKey(line.origin))
  if (origin === undefined || origin.device !== device) return null
  const back = returnSums(originOf(origin.sold, origin.returned), quantity6(-line.quantity))
  return back.gross === -valueOf(line) ? origin : null
}

function returnArgs(known: Known, line: PlannedLine, origin: Captured | null): ReturnLineArgs {
  const args = lineArgs(known, line)
  const linked = origin === null ? {} : { originLine: origin.line, origin: originOf(origin.sold, origin.returned) }
  return { ...args, quantity: quantity6(-args.quantity), ...linked, ...(line.about !== '' && { reason: line.about }) }
}

/** Money goes back the way it came where everything is linked; otherwise in one sum. */
function tendersOf(
  invoice: PlannedInvoice,
  total: AmountMinor,
  refunds: ReadonlyMap<string, number> | null,
): TenderArgs[] {
  if (total === 0) return []
  const way =
    invoice.customer === ''
      ? { method: 'web', kind: 'other' as const }
      : { method: 'account', kind: 'account' as const }
  if (refunds === null) return [{ ...way, amount: total }]
  return [...refunds].map(([refundOf, amount]) => ({ ...way, amount: amountMinor(amount), refundOf }))
}

/** What each original payment gives back; null when some line has no origin here, or nothing was paid for it. */
function refundsOf(linked: SaleDraft['linked'], lineCount: number): Map<string, number> | null {
  if (linked.length < lineCount) return null
  const refunds = new Map<string, number>()
  for (const { line, origin } of linked) {
    const value = valueOf(line)
    if (value === 0) continue
    if (origin.tender === null) return null
    refunds.set(origin.tender, (refunds.get(origin.tender) ?? 0) + value)
  }
  return refunds
}

export function draftSale(
  known: Known,
  invoice: PlannedInvoice,
  document: PlannedDocument,
  at: { readonly shift: string; readonly device: number },
): SaleDraft {
  const back = document.lines.filter(isBack)
  const ahead = document.lines.filter((line) => !isBack(line))
  const origins = new Map(back.map((line) => [line, originFor(known, line, at.device)]))
  const linked = back.flatMap((line) => {
    const origin = origins.get(line) ?? null
    return origin === null ? [] : [{ line, origin }]
  })
  const late = back.filter((line) => line.origin !== null && origins.get(line) === null)
  const total = amountMinor(document.lines.reduce((sum, line) => sum + valueOf(line), 0))
  const party = known.parties.get(invoice.customer)
  const args = {
    shift: at.shift,
    businessDate: invoice.date,
    currency,
    minorDigits,
    pricesIncludeTax: false,
    taxRounding: 'line',
    ...(party !== undefined && { party }),
    ...(ahead.length > 0 && { lines: ahead.map((line) => lineArgs(known, line)) }),
    ...(back.length > 0 && { returns: back.map((line) => returnArgs(known, line, origins.get(line) ?? null)) }),
    tenders: tendersOf(invoice, total, refundsOf(linked, document.lines.length)),
    total,
    tax: amountMinor(0),
    // What the paper says that the goods came back with.
    ...(linked.length < back.length && { originalNumber: invoice.number }),
    remarks: `Country: ${invoice.country}`,
    externalRef: document.ref,
    source: 'import',
  }
  return {
    command: ahead.length === 0 ? 'pos.returnSale' : 'pos.completeSale',
    args,
    order: [...ahead, ...back],
    linked,
    late,
    total,
  }
}
