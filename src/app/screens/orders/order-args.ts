// From an order's draft and its quote to the command's arguments and sums, by the one arithmetic. Pure.
import { amountMinor } from '../../../kernel/amount.ts'
import type { ArgsFor } from '../../../kernel/command.ts'
import type { placeOrder } from '../../../modules/sales/place-order.ts'
import { totalsOf } from '../../../modules/sales/priced-lines.ts'
import type { Totals } from '../../../modules/pricing/price-types.ts'
import { ELSEWHERE } from '../../../kernel/command.ts'
import { party as partyTable, partyGroup } from '../../../modules/masters/party.ts'
import { priceList } from '../../../modules/masters/price.ts'
import type { PriceReader, Quote, QuoteGiven } from '../../../modules/pricing/quote.ts'
import { linesToQuote, quotedLine } from '../sell/quoted-line.ts'
import type { TicketLine } from '../sell/ticket.ts'

export type OrderArgs = ArgsFor<typeof placeOrder>

export interface OrderDraft {
  readonly id: string
  readonly lines: readonly TicketLine[]
  readonly made: number
  readonly orderNumber: string
  readonly deliverOn: string
  readonly remarks: string
}

export const newOrderDraft = (id: string): OrderDraft => ({
  id,
  lines: [],
  made: 0,
  orderNumber: '',
  deliverOn: '',
  remarks: '',
})

export interface OrderSettings {
  readonly businessDate: string
  readonly currency: string
  readonly minorDigits: number
  readonly taxRounding: 'line' | 'document'
  readonly pricesIncludeTax: boolean
}

/** Whether a customer's prices are with tax: as their list says, or their group's; trade prices are without. */
export function pricesIncludeTaxFor(reader: PriceReader | null, party: string): boolean {
  if (reader === null) return false
  const present = <T>(found: T | null | typeof ELSEWHERE): T | null => (found === ELSEWHERE ? null : found)
  const row = present(reader.get(partyTable, party))
  const group = row?.group == null ? null : present(reader.getByKey(partyGroup, { code: row.group }))
  const list = row?.priceList ?? group?.priceList ?? null
  return list === null ? false : (present(reader.get(priceList, list))?.isTaxIncluded ?? false)
}

export const orderQuote = (draft: OrderDraft, party: string, of: OrderSettings): QuoteGiven => ({
  businessDate: of.businessDate,
  currency: of.currency,
  minorDigits: of.minorDigits,
  pricesIncludeTax: of.pricesIncludeTax,
  party,
  lines: linesToQuote(draft.lines),
})

export interface PricedOrder {
  readonly lines: OrderArgs['lines']
  readonly totals: Totals
  readonly isReady: boolean
}

export function priceOrder(draft: OrderDraft, quote: Quote, of: OrderSettings): PricedOrder {
  const quoted = new Map(quote.lines.map((line) => [line.line, line]))
  const lines = draft.lines.map((line): OrderArgs['lines'][number] => {
    const price = quoted.get(line.key)
    return {
      ...quotedLine(line, price),
      rules: price?.rules ?? [],
      ruleDiscount: price?.ruleDiscount ?? amountMinor(0),
      ...(line.discount !== null && { lineDiscount: line.discount }),
    }
  })
  const { minorDigits, pricesIncludeTax, taxRounding } = of
  const totals = totalsOf({ minorDigits, pricesIncludeTax, taxRounding, lines, ruleDiscounts: quote.documentDiscounts })
  const isReady =
    totals.ok &&
    lines.length > 0 &&
    draft.lines.every((line) => quoted.get(line.key)?.flaw === null && quoted.get(line.key)?.source !== null)
  return { lines, totals, isReady }
}

export interface OrderParty {
  readonly id: string
  readonly name: string
  readonly territory: string
  readonly termsDays: number
}

export function orderArgs(
  draft: OrderDraft,
  priced: PricedOrder,
  quote: Quote,
  party: OrderParty,
  of: OrderSettings,
): OrderArgs | null {
  if (!priced.totals.ok) return null
  const { businessDate, currency, minorDigits, pricesIncludeTax, taxRounding } = of
  return {
    businessDate,
    currency,
    minorDigits,
    pricesIncludeTax,
    taxRounding,
    party: party.id,
    partyName: party.name,
    territory: party.territory,
    termsDays: party.termsDays,
    lines: priced.lines,
    ...(quote.documentDiscounts.length > 0 && {
      ruleDiscounts: quote.documentDiscounts,
      documentRules: quote.documentRules,
    }),
    ...(draft.orderNumber.trim() !== '' && { customerOrderNumber: draft.orderNumber.trim() }),
    ...(draft.deliverOn !== '' && { deliverOn: draft.deliverOn }),
    ...(draft.remarks.trim() !== '' && { remarks: draft.remarks.trim() }),
    total: priced.totals.total,
    tax: priced.totals.tax,
  }
}
