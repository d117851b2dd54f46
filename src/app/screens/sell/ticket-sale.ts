// From a ticket and its quote to the sale's arguments and sums, by the one arithmetic that the command runs again. It rounds nothing itself
// and never changes a price.
import { amountMinor, sumAmounts, type AmountMinor } from '../../../kernel/amount.ts'
import type { LineArgs, SaleArgs, TenderArgs } from '../../../modules/pos/sale-args.ts'
import { cashDue, saleTotals } from '../../../modules/pos/sale-sums.ts'
import type { Totals } from '../../../modules/pricing/price-types.ts'
import type { Quote, QuoteGiven, QuotedLine } from '../../../modules/pricing/quote.ts'
import { linesToQuote, quotedLine } from './quoted-line.ts'
import type { Ticket, TicketTender } from './ticket.ts'

export interface SaleSettings {
  readonly shift: string
  readonly businessDate: string
  readonly currency: string
  readonly minorDigits: number
  readonly taxRounding: 'line' | 'document'
  readonly pricesIncludeTax: boolean
  readonly priceList: string | null
  /** The smallest coin; 0 for none. */
  readonly cashStepMinor: number
}

export const quoteGiven = (ticket: Ticket, of: SaleSettings): QuoteGiven => ({
  businessDate: of.businessDate,
  currency: of.currency,
  minorDigits: of.minorDigits,
  pricesIncludeTax: of.pricesIncludeTax,
  party: ticket.party?.id ?? null,
  profileList: of.priceList,
  lines: linesToQuote(ticket.lines),
})

/** A line can be sold when it has a price, a tax and a unit; an item that isn't on this device can't. */
export const isSellable = (quoted: QuotedLine | undefined): boolean =>
  quoted !== undefined && quoted.flaw === null && quoted.source !== null

export interface PricedTicket {
  readonly lines: readonly LineArgs[]
  readonly ruleDiscounts: NonNullable<SaleArgs['ruleDiscounts']>
  readonly documentRules: readonly string[]
  readonly totals: Totals
  /** Every line can be sold and the sums fit. */
  readonly isReady: boolean
}

export function priceTicket(ticket: Ticket, quote: Quote, of: SaleSettings): PricedTicket {
  const quoted = new Map(quote.lines.map((line) => [line.line, line]))
  const lines = ticket.lines.map((line): LineArgs => {
    const price = quoted.get(line.key)
    return {
      ...quotedLine(line, price),
      rules: price?.rules ?? [],
      ruleDiscount: price?.ruleDiscount ?? amountMinor(0),
      ...(line.discount !== null && { lineDiscount: line.discount }),
      isDiscountable: line.type !== 'voucher' && line.type !== 'deposit',
      ...(line.batch !== null && { batch: line.batch }),
      ...(line.serials.length > 0 && { serials: line.serials }),
    }
  })
  const { minorDigits, pricesIncludeTax, taxRounding } = of
  const ruleDiscounts = quote.documentDiscounts
  const totals = saleTotals({
    minorDigits,
    pricesIncludeTax,
    taxRounding,
    lines,
    ruleDiscounts,
    documentDiscount: ticket.discount,
  })
  const isReady = totals.ok && lines.length > 0 && ticket.lines.every((line) => isSellable(quoted.get(line.key)))
  return { lines, ruleDiscounts, documentRules: quote.documentRules, totals, isReady }
}

export interface Due {
  /** What all tenders together must come to, coins rounded where cash is among them. */
  readonly payable: AmountMinor
  readonly rounding: AmountMinor
  readonly paid: AmountMinor
  /** payable − paid. */
  readonly left: AmountMinor
  readonly change: AmountMinor
}

/** What is left to pay. `withCash` rounds as if the rest were paid in coins. */
export function dueOf(total: AmountMinor, tenders: readonly TicketTender[], stepMinor: number, withCash = false): Due {
  const hasCash = withCash || tenders.some(({ kind }) => kind === 'cash')
  const given = tenders.map(({ kind, amount }) => ({ kind, amount: amountMinor(amount) }))
  const rounding = hasCash ? cashDue(total, given, stepMinor).rounding : amountMinor(0)
  const paid = sumAmounts(given.map(({ amount }) => amount))
  const change = tenders.reduce((sum, tender) => sum + Math.max(0, (tender.given ?? tender.amount) - tender.amount), 0)
  const payable = amountMinor(total + rounding)
  return { payable, rounding, paid, left: amountMinor(payable - paid), change: amountMinor(change) }
}

/** A tender of what was handed over: never more than is left, the rest is change (cash) or nothing. */
export function tenderOf(
  method: { code: string; kind: TicketTender['kind'] },
  handedMinor: number,
  leftMinor: number,
  reference: string | null,
): TicketTender {
  const amount = Math.min(handedMinor, leftMinor)
  const isCash = method.kind === 'cash'
  return {
    method: method.code,
    kind: method.kind,
    amount,
    given: isCash && handedMinor > amount ? handedMinor : null,
    reference,
  }
}

/** Amounts people hand over for a sum: exact, and the next round notes; at most four, rising. */
export function quickAmounts(dueMinor: number, minorDigits: number): readonly number[] {
  const unit = 10 ** minorDigits
  const steps = [5, 10, 20, 50, 100].map((step) => Math.ceil(dueMinor / (step * unit)) * step * unit)
  return [...new Set([dueMinor, ...steps])]
    .filter((amount) => amount > 0)
    .sort((a, b) => a - b)
    .slice(0, 4)
}

const tenderArgs = (tender: TicketTender): TenderArgs => ({
  method: tender.method,
  kind: tender.kind,
  amount: amountMinor(tender.amount),
  ...(tender.given !== null && { given: amountMinor(tender.given) }),
  ...(tender.reference !== null && { reference: tender.reference }),
})

/** The command's arguments of a priced and paid ticket. */
export function saleArgsOf(ticket: Ticket, priced: PricedTicket, of: SaleSettings): SaleArgs | null {
  if (!priced.totals.ok) return null
  const { rounding } = dueOf(priced.totals.total, ticket.tenders, of.cashStepMinor)
  const hasCash = ticket.tenders.some(({ kind }) => kind === 'cash')
  return {
    shift: of.shift,
    businessDate: of.businessDate,
    currency: of.currency,
    minorDigits: of.minorDigits,
    pricesIncludeTax: of.pricesIncludeTax,
    taxRounding: of.taxRounding,
    ...(ticket.party !== null && {
      party: ticket.party.id,
      partyName: ticket.party.name,
      territory: ticket.party.territory,
    }),
    lines: priced.lines,
    ...(priced.ruleDiscounts.length > 0 && {
      ruleDiscounts: priced.ruleDiscounts,
      documentRules: priced.documentRules,
    }),
    ...(ticket.discount !== null && { documentDiscount: ticket.discount }),
    tenders: ticket.tenders.map(tenderArgs),
    ...(hasCash && of.cashStepMinor > 0 && { cashStepMinor: of.cashStepMinor, cashRounding: rounding }),
    total: priced.totals.total,
    tax: priced.totals.tax,
    ...(ticket.heldSale !== null && { heldSale: ticket.heldSale }),
  }
}
