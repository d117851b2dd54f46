// From what comes back to the return's arguments: original prices and taxes from the sold lines, refunds the way the money came. Pure; the
// sums are the one arithmetic's.
import { amountMinor, quantity6, type AmountMinor } from '../../../kernel/amount.ts'
import type { ReturnLineArgs, SaleArgs, TenderArgs } from '../../../modules/pos/sale-args.ts'
import { cashDue, originOf, saleTotals } from '../../../modules/pos/sale-sums.ts'
import type { Sale, SaleLine, Tender } from '../../../modules/pos/sale.ts'
import type { Totals } from '../../../modules/pricing/price-types.ts'
import type { SaleSettings } from './ticket-sale.ts'

export type Disposition = 'saleable' | 'quarantine' | 'scrap'

export interface Returning {
  readonly quantity: number
  readonly disposition: Disposition
}

export const counted = (line: Pick<SaleLine, 'quantity' | 'pricedQuantity'>): number =>
  line.pricedQuantity ?? line.quantity

/** How much of a sold line may still come back; 0 for a line that was itself a return. */
export const returnable = (line: SaleLine): number => (line.quantity <= 0 ? 0 : counted(line) - line.returned)

/** One line of a linked return; `before` are the stored lines of earlier returns of the same sale. */
export function linkedLine(line: SaleLine, of: Returning, before: readonly SaleLine[], reason: string): ReturnLineArgs {
  return {
    item: line.item,
    itemCode: line.itemCode,
    itemName: line.itemName,
    quantity: quantity6(of.quantity),
    unit: line.unit,
    factorNum: line.factorNum,
    factorDen: line.factorDen,
    ...(line.pricedQuantity !== null && { pricedQuantity: quantity6(of.quantity) }),
    rate: line.rate,
    source: line.source,
    taxes: line.taxes.map(({ code, percent }) => ({ code, percent })),
    revenue: line.revenue,
    originLine: line.id,
    origin: originOf(
      line,
      before.filter((each) => each.originLine === line.id),
    ),
    disposition: of.disposition,
    ...(reason !== '' && { reason }),
    ...(line.batch !== null && { batch: line.batch }),
    ...(line.serials.length > 0 && { serials: line.serials.slice(0, Math.ceil(of.quantity / 1_000_000)) }),
  }
}

type Money = Pick<SaleSettings, 'minorDigits' | 'taxRounding'> & { readonly pricesIncludeTax: boolean }

export const returnTotals = (
  returns: readonly ReturnLineArgs[],
  { minorDigits, taxRounding, pricesIncludeTax }: Money,
): Totals => saleTotals({ minorDigits, taxRounding, pricesIncludeTax, lines: [], returns })

export interface Refund {
  readonly tenders: readonly TenderArgs[]
  readonly cashRounding: AmountMinor
}

/** Gives `total` (below zero) back the way it was paid: cards and the like first, each up to what it paid, the rest in cash. */
export function refundOf(total: AmountMinor, paid: readonly Tender[], cashStepMinor: number): Refund {
  const tenders: TenderArgs[] = []
  let left = -total
  for (const tender of paid.filter(({ kind }) => kind !== 'cash')) {
    const back = Math.min(left, tender.amount - tender.refunded)
    if (back <= 0) continue
    tenders.push({ method: tender.method, kind: tender.kind, amount: amountMinor(-back), refundOf: tender.id })
    left -= back
  }
  if (left <= 0) return { tenders, cashRounding: amountMinor(0) }
  const { payable, rounding } = cashDue(total, tenders, cashStepMinor)
  let rest = -payable
  for (const tender of paid.filter(({ kind }) => kind === 'cash')) {
    const back = Math.min(rest, tender.amount - tender.refunded)
    if (back <= 0) continue
    tenders.push({ method: tender.method, kind: 'cash', amount: amountMinor(-back), refundOf: tender.id })
    rest -= back
  }
  return { tenders, cashRounding: rounding }
}

/** The arguments that a linked and an unlinked return share. */
export function returnArgs(
  till: SaleSettings,
  returns: readonly ReturnLineArgs[],
  refund: Refund,
  totals: Extract<Totals, { ok: true }>,
  pricesIncludeTax: boolean,
): SaleArgs {
  const hasCash = refund.tenders.some(({ kind }) => kind === 'cash')
  return {
    shift: till.shift,
    businessDate: till.businessDate,
    currency: till.currency,
    minorDigits: till.minorDigits,
    pricesIncludeTax,
    taxRounding: till.taxRounding,
    returns,
    tenders: refund.tenders,
    ...(hasCash && till.cashStepMinor > 0 && { cashStepMinor: till.cashStepMinor, cashRounding: refund.cashRounding }),
    total: totals.total,
    tax: totals.tax,
  }
}

/** Whose sale it was, for the return's header. */
export const partyOfSale = (of: Pick<Sale, 'party' | 'partyName'>): Pick<SaleArgs, 'party' | 'partyName'> =>
  of.party === null ? {} : { party: of.party, ...(of.partyName !== null && { partyName: of.partyName }) }
