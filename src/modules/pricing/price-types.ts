// What pricing's arithmetic takes and gives: plain values, so that device, hub and tests run the same functions
// without a table between them. Nothing here reads, stores or decides.
import type { AmountMinor, Quantity6, Rate6 } from '../../kernel/amount.ts'
import type { Unfit } from '../../kernel/outcome.ts'
import type { UnitFactor } from '../../kernel/unit.ts'

/** A calendar day `YYYY-MM-DD` in the branch's zone. Days compare as text. */
export type BusinessDate = string

/** Both days included; an absent end is open. */
export interface Validity {
  readonly validFrom?: BusinessDate | null
  readonly validTo?: BusinessDate | null
}

export const isValidOn = ({ validFrom, validTo }: Validity, day: BusinessDate): boolean =>
  (validFrom == null || validFrom <= day) && (validTo == null || day <= validTo)

// ── Price choice ──────────────────────────────────────────────────────────────────────────────────────────────────

/** One price: of a party for an item, of a price list, or the item's own. */
export interface PriceRow extends Validity {
  readonly id: string
  readonly item: string
  readonly of:
    | { readonly kind: 'party'; readonly party: string }
    | { readonly kind: 'list'; readonly list: string }
    | { readonly kind: 'item' }
  readonly unit: string
  readonly rate: Rate6
  readonly currency: string
  /** In the price's own unit, compared with the item's quantity over the whole document. Absent: from the first. */
  readonly minQuantity?: Quantity6 | null
}

export type PriceSource = 'manual' | 'party' | 'party-list' | 'group-list' | 'profile-list' | 'item'

export interface PriceQuery {
  readonly item: string
  readonly unit: string
  readonly stockUnit: string
  /** Stock units in one `unit`. */
  readonly factor: UnitFactor
  /** The item's quantity over the whole document, in stock units. */
  readonly stockQuantityInDocument: Quantity6
  readonly currency: string
  readonly businessDate: BusinessDate
  readonly party?: string | null
  readonly partyList?: string | null
  readonly groupList?: string | null
  readonly profileList?: string | null
  /** A price typed by hand counts only if the lease permits it. */
  readonly manual?: { readonly rate: Rate6; readonly isPermitted: boolean } | null
}

export interface ChosenPrice {
  /** Per `unit` of the query. */
  readonly rate: Rate6
  readonly source: PriceSource
  /** The price row; null for a manual price. */
  readonly price: string | null
  /** True when it was computed from the stock unit's price. */
  readonly isFromStockUnit: boolean
}

// ── Pricing rules ─────────────────────────────────────────────────────────────────────────────────────────────────

export type RuleScope =
  | { readonly kind: 'item'; readonly item: string }
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'brand'; readonly brand: string }
  | { readonly kind: 'document' }

export type RuleBenefit =
  /** A lower price per unit; on lines only. */
  | { readonly kind: 'rate'; readonly rate: Rate6 }
  | { readonly kind: 'percent'; readonly percent: Rate6 }
  /** Major units of money: off each unit of a line, or off the document once. */
  | { readonly kind: 'amount'; readonly off: Rate6 }
  /** Goods on top, once or for each full `forEach`; `worth` is their price per unit, to compare benefits. */
  | {
      readonly kind: 'free'
      readonly item: string
      readonly unit: string
      readonly quantity: Quantity6
      readonly forEach?: Quantity6 | null
      readonly worth: Rate6
    }

export interface PricingRule extends Validity {
  readonly id: string
  readonly scope: RuleScope
  readonly benefit: RuleBenefit
  /** The higher goes first. */
  readonly priority: number
  /** May be combined with other stackable rules; others stand alone. */
  readonly isStackable: boolean
  /** Only for this party, group of parties, or holder of this coupon. */
  readonly party?: string | null
  readonly partyGroup?: string | null
  readonly coupon?: string | null
  /** Bounds, both included, over all lines in the rule's scope: stock quantity, and amount at the chosen price. */
  readonly quantityMin?: Quantity6 | null
  readonly quantityMax?: Quantity6 | null
  readonly amountMin?: AmountMinor | null
  readonly amountMax?: AmountMinor | null
}

export interface RuleContext {
  readonly businessDate: BusinessDate
  readonly minorDigits: number
  readonly party?: string | null
  readonly partyGroup?: string | null
  readonly coupons?: readonly string[]
}

export interface RuleLine {
  readonly line: string
  readonly item: string
  readonly group?: string | null
  readonly brand?: string | null
  readonly unit: string
  readonly quantity: Quantity6
  readonly stockQuantity: Quantity6
  readonly rate: Rate6
  /** A price set by hand or taken from the original: no rule touches the line. Nor one with quantity ≤ 0. */
  readonly isFixed?: boolean
}

export interface RuledLine {
  readonly line: string
  /** What the rules take off the line; 0 or more. Goes into the line's `ruleDiscount`. */
  readonly ruleDiscount: AmountMinor
  /** In the order they were applied. */
  readonly rules: readonly string[]
}

export interface FreeGoods {
  readonly rule: string
  readonly item: string
  readonly unit: string
  readonly quantity: Quantity6
  readonly worth: Rate6
}

// ── Tax and totals ────────────────────────────────────────────────────────────────────────────────────────────────

export type TaxTreatment = 'standard' | 'reduced' | 'zero' | 'exempt' | 'reverse-charge' | 'outside-scope'

export interface TaxCode {
  readonly code: string
  readonly treatment: TaxTreatment
  /** In force from a day until the next one's; percent, 20 % is 20 000 000. */
  readonly rates: readonly { readonly from: BusinessDate; readonly percent: Rate6 }[]
}

export interface LineTax {
  readonly code: string
  readonly percent: Rate6
}

export interface TaxAmount extends LineTax {
  /** What the tax is on, without tax. */
  readonly base: AmountMinor
  readonly tax: AmountMinor
}

/** A size taken off, never below 0; it brings a line nearer to zero whatever the line's sign. */
export type Discount =
  | { readonly kind: 'percent'; readonly percent: Rate6 }
  | { readonly kind: 'amount'; readonly amount: AmountMinor }

/** Sums of a line as it was sold, or of what has been returned of it; positive for a sale. */
export interface LineSums {
  readonly quantity: Quantity6
  readonly gross: AmountMinor
  readonly discount: AmountMinor
  readonly taxes: readonly (LineTax & { readonly tax: AmountMinor })[]
}

/** A linked return's origin as its till knew it at capture. It travels with the fact, so that the sums never change. */
export interface ReturnOrigin {
  readonly sold: LineSums
  readonly returned: LineSums
}

export interface TotalsLine {
  readonly line: string
  /** The priced quantity (kg for catch weight); negative towards the shop. */
  readonly quantity: Quantity6
  readonly rate: Rate6
  readonly taxes: readonly LineTax[]
  readonly ruleDiscount?: AmountMinor
  readonly lineDiscount?: Discount | null
  /** False keeps the document's discounts off it (vouchers, deposits). */
  readonly isDiscountable?: boolean
  /** A linked return: gross, discount and tax come from here in proportion; rate, discounts and `taxes` don't count. */
  readonly origin?: ReturnOrigin | null
}

export interface TotalsSettings {
  readonly minorDigits: number
  readonly pricesIncludeTax: boolean
  /** A company setting, stored on the document. */
  readonly taxRounding: 'line' | 'document'
  /** Rules' first, then the one given by hand; each takes from what the one before left. */
  readonly documentDiscounts?: readonly Discount[]
}

export interface LineTotals {
  readonly line: string
  /** Quantity × rate, before discounts (with tax if prices include it). */
  readonly gross: AmountMinor
  readonly ruleDiscount: AmountMinor
  readonly lineDiscount: AmountMinor
  readonly documentDiscount: AmountMinor
  /** The three together, with the sign of gross. */
  readonly discount: AmountMinor
  /** Without tax. */
  readonly net: AmountMinor
  readonly taxes: readonly TaxAmount[]
  readonly tax: AmountMinor
  /** net + tax */
  readonly total: AmountMinor
}

export interface DocumentTotals {
  readonly ok: true
  readonly lines: readonly LineTotals[]
  readonly gross: AmountMinor
  readonly discount: AmountMinor
  readonly net: AmountMinor
  /** By code and percentage, in the order of first appearance. */
  readonly taxes: readonly TaxAmount[]
  readonly tax: AmountMinor
  readonly total: AmountMinor
}

export type TotalsFlaw =
  | 'pricing.price-negative'
  | 'pricing.discount-negative'
  | 'pricing.discount-over-line'
  | 'pricing.discount-over-document'
  | 'pricing.tax-rate-out-of-range'
  | 'pricing.amount-out-of-range'
  | 'pricing.origin-malformed'

export type Totals = DocumentTotals | Unfit<TotalsFlaw>
