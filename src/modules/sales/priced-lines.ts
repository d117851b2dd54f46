// Orders and invoices alike: shape of the lines, the sums of the whole, and the stored form of a line. Everything comes
// from the arguments; a row is read only to know that it exists.
import { amountMinor, quantity6, sumAmounts, type AmountMinor } from '../../kernel/amount.ts'
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import { isFactor, toStock } from '../../kernel/unit.ts'
import { item, type Item } from '../masters/item.ts'
import { company } from '../masters/organisation.ts'
import { party } from '../masters/party.ts'
import { checkAgreedPrices } from '../pricing/check-agreed-prices.ts'
import type { DocumentTotals, Totals } from '../pricing/price-types.ts'
import { computeTotals } from '../pricing/totals.ts'
import type { PartyArgs, PricedArgs, PricedLineArgs } from './priced-args.ts'
import { refuse } from './refusals.ts'

const SOFT = { soft: true } as const
const DECIMALS_MAX = 6

type Summed = Pick<
  PricedArgs,
  'minorDigits' | 'pricesIncludeTax' | 'taxRounding' | 'ruleDiscounts' | 'documentDiscount' | 'lines'
>

export const lineLabel = (at: number): string => `line/${at}`

/** Every sum of an order or invoice: what the screen shows and the command computes again. */
export function totalsOf(a: Summed): Totals {
  const lines = a.lines.map((line, at) => ({
    line: lineLabel(at),
    quantity: line.quantity,
    rate: line.rate,
    taxes: line.taxes,
    ruleDiscount: line.ruleDiscount ?? amountMinor(0),
    lineDiscount: line.lineDiscount ?? null,
  }))
  const byHand = a.documentDiscount == null ? [] : [a.documentDiscount]
  const { minorDigits, pricesIncludeTax, taxRounding } = a
  return computeTotals(lines, {
    minorDigits,
    pricesIncludeTax,
    taxRounding,
    documentDiscounts: [...(a.ruleDiscounts ?? []), ...byHand],
  })
}

/** The document's sums, when everything about its arguments fits. */
export function checkedTotals(ctx: Context, a: PricedArgs): DocumentTotals {
  if (a.lines.length === 0) refuse(ctx, 'sales.no-lines')
  a.lines.forEach((line, at) => checkLine(ctx, line, at))
  const totals = totalsOf(a)
  if (!totals.ok) return ctx.refuse(totals.code, totals.facts)
  if (totals.total !== a.total || totals.tax !== a.tax) {
    refuse(ctx, 'sales.totals-differ', {
      total: a.total,
      expectedTotal: totals.total,
      tax: a.tax,
      expectedTax: totals.tax,
    })
  }
  return totals
}

function checkLine(ctx: Context, line: PricedLineArgs, at: number): void {
  if (line.quantity <= 0) refuse(ctx, 'sales.quantity-not-positive', { line: at, quantity: line.quantity })
  const factor = { num: line.factorNum ?? 1, den: line.factorDen ?? 1 }
  if (!isFactor(factor) || !toStock(line.quantity, factor.num, factor.den, DECIMALS_MAX).ok) {
    refuse(ctx, 'sales.quantity-not-exact', { line: at, quantity: line.quantity, ...factor })
  }
}

/** Money and rounding as the company has them; an old setting on a printed document stands and is said. */
export function checkSettings(ctx: Context, a: Pick<PricedArgs, 'currency' | 'minorDigits' | 'taxRounding'>): void {
  const own = ctx.get(company, ctx.lease.company, SOFT)
  if (own === null) refuse(ctx, 'sales.unknown-company', { company: ctx.lease.company })
  if (own === ELSEWHERE) return
  if (own.currency !== a.currency || own.minorDigits !== a.minorDigits) {
    refuse(ctx, 'sales.currency-differs', {
      currency: a.currency,
      minorDigits: a.minorDigits,
      companyCurrency: own.currency,
    })
  }
  if (own.taxRounding !== a.taxRounding)
    ctx.exception('SETTINGS_DIFFER', { setting: 'taxRounding', agreed: a.taxRounding, expected: own.taxRounding })
}

export interface Customer {
  readonly id: string
  readonly name: string
  readonly territory: string
  /** Null: cash terms, no credit to watch. */
  readonly creditLimitMinor: AmountMinor | null
  readonly isOnHold: boolean
  readonly needsOrderNumber: boolean
}

/** The customer by its row, or by the arguments where the row isn't held. */
export function customerOf(ctx: Context, a: Pick<PartyArgs, 'party' | 'partyName' | 'territory'>): Customer {
  const found = ctx.get(party, a.party)
  if (found === null) return refuse(ctx, 'sales.unknown-party', { party: a.party })
  if (found !== ELSEWHERE) {
    const { creditLimitMinor, isOnHold, needsOrderNumber } = found
    return {
      id: a.party,
      name: a.partyName ?? found.name,
      territory: found.territory,
      creditLimitMinor,
      isOnHold,
      needsOrderNumber,
    }
  }
  if (a.territory == null) return refuse(ctx, 'sales.territory-needed', { party: a.party })
  return {
    id: a.party,
    name: a.partyName ?? a.party,
    territory: a.territory,
    creditLimitMinor: null,
    isOnHold: false,
    needsOrderNumber: false,
  }
}

/** The item of a line; null where this device doesn't hold it. */
export function itemOf(ctx: Context, id: string, at: number): Item | null {
  const found = ctx.get(item, id)
  if (found === null) return refuse(ctx, 'sales.unknown-item', { line: at, item: id })
  return found === ELSEWHERE ? null : found
}

/** The priced part of a stored line, and the parts of its discount. */
export function storedLine(line: PricedLineArgs, known: Item | null, totals: DocumentTotals, at: number) {
  const sums = totals.lines[at]
  const zero = amountMinor(0)
  return {
    position: at,
    item: line.item,
    itemCode: line.itemCode ?? known?.code ?? line.item,
    itemName: line.itemName ?? known?.name ?? line.item,
    quantity: quantity6(line.quantity),
    unit: line.unit,
    factorNum: line.factorNum ?? 1,
    factorDen: line.factorDen ?? 1,
    rate: line.rate,
    gross: sums?.gross ?? zero,
    discount: sums?.discount ?? zero,
    net: sums?.net ?? zero,
    tax: sums?.tax ?? zero,
    taxes: sums?.taxes ?? [],
    total: sums?.total ?? zero,
  }
}

/** What rules alone took off the document. */
function ruleDocumentDiscount(a: Summed): AmountMinor {
  if ((a.ruleDiscounts ?? []).length === 0) return amountMinor(0)
  const totals = totalsOf({ ...a, documentDiscount: null })
  return totals.ok ? sumAmounts(totals.lines.map((line) => line.documentDiscount)) : amountMinor(0)
}

/** Compares with the company's own prices; `isAgreed` says of a line that an order agreed its price before. */
export function checkPrices(ctx: Context, a: PricedArgs, isAgreed: (at: number) => boolean): void {
  checkAgreedPrices(ctx, {
    businessDate: a.businessDate,
    currency: a.currency,
    minorDigits: a.minorDigits,
    pricesIncludeTax: a.pricesIncludeTax,
    party: a.party,
    coupons: a.coupons ?? [],
    ruleDocumentDiscount: ruleDocumentDiscount(a),
    documentDiscount: a.documentDiscount ?? null,
    lines: a.lines.map((line, at) => ({
      line: lineLabel(at),
      item: line.item,
      unit: line.unit,
      quantity: line.quantity,
      rate: line.rate,
      source: line.source,
      ruleDiscount: line.ruleDiscount ?? null,
      lineDiscount: line.lineDiscount ?? null,
      taxes: line.taxes,
      isLinked: isAgreed(at),
    })),
  })
}

/** The fields of the header that hold the sums. */
export const storedTotals = (
  a: Pick<PricedArgs, 'pricesIncludeTax' | 'taxRounding' | 'minorDigits'>,
  totals: DocumentTotals,
) => ({
  pricesIncludeTax: a.pricesIncludeTax,
  taxRounding: a.taxRounding,
  minorDigits: a.minorDigits,
  gross: totals.gross,
  discount: totals.discount,
  net: totals.net,
  tax: totals.tax,
  taxes: totals.taxes,
  total: totals.total,
})
