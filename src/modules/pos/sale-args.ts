// What a sale or return carries: everything that was agreed with the customer, so that its sums follow from the
// arguments alone and never from a row that may have changed since. Shared by completeSale and returnSale.
import * as z from 'zod/mini'
import {
  amount,
  code,
  date,
  flag,
  integer,
  json,
  list,
  quantity,
  rate,
  ref,
  set,
  text,
  type ArgsOf,
} from '../../kernel/field.ts'
import { taxRoundings, tenderKinds } from '../masters/organisation.ts'
import type { Discount, ReturnOrigin } from '../pricing/price-types.ts'
import { dispositions, lineTaxes, priceSources, revenuePurposes } from './sale.ts'

const discountSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('percent'), percent: z.int() }),
  z.strictObject({ kind: z.literal('amount'), amount: z.int() }),
])
const discount = () => json<Discount>(discountSchema)

const sumsSchema = z.strictObject({
  quantity: z.int(),
  gross: z.int(),
  discount: z.int(),
  taxes: z.array(z.strictObject({ code: z.string(), percent: z.int(), tax: z.int() })),
})
const origin = () => json<ReturnOrigin>(z.strictObject({ sold: sumsSchema, returned: sumsSchema }))

export const lineArgs = {
  item: ref('masters.item'),
  /** As printed: an item renamed before the sale arrives must not change the receipt. */
  itemCode: text(64),
  itemName: text(200),
  /** Above zero; below only for what is no goods (a carriage credited, an adjustment). */
  quantity: quantity(),
  /** Default: the stock unit. */
  unit: code().optional(),
  /** Stock units in one unit, as a fraction; default 1/1. */
  factorNum: integer().optional(),
  factorDen: integer().optional(),
  /** Catch weight: what the price counts. Default: the quantity. */
  pricedQuantity: quantity().optional(),
  rate: rate(),
  source: code(priceSources),
  rules: set().optional(),
  ruleDiscount: amount().optional(),
  /** Given by hand. */
  lineDiscount: discount().optional(),
  taxes: lineTaxes(),
  isDiscountable: flag().optional(),
  batch: text(64).optional(),
  serials: set().optional(),
  /** Default: by the item's type. */
  revenue: code(revenuePurposes).optional(),
}

/** A line that comes back; its quantity is above zero here and below in the stored line. */
export const returnLineArgs = {
  ...lineArgs,
  /** Linked: the sold line, and its sums as this till knew them (see `originOf`). */
  originLine: ref('pos.saleLine').optional(),
  origin: origin().optional(),
  disposition: code(dispositions).optional(),
  reason: text(200).optional(),
}

export const tenderArgs = {
  method: code(),
  kind: code(tenderKinds),
  /** What it pays of the document; negative for a refund. The change is in `given`, never in here. */
  amount: amount(),
  /** Cash: what was handed over, in the document's currency. Default: the amount. */
  given: amount().optional(),
  reference: text(128).optional(),
  /** A card taken on trust, without the terminal's word. */
  isOffline: flag().optional(),
  /** Cash in another currency: `given` is what it came to. */
  foreignCurrency: code().optional(),
  foreignAmount: amount().optional(),
  foreignDigits: integer().optional(),
  exchangeRate: rate().optional(),
  refundOf: ref('pos.tender').optional(),
}

export const saleArgs = {
  shift: ref('pos.shift'),
  businessDate: date(),
  currency: code(),
  minorDigits: integer(),
  pricesIncludeTax: flag(),
  taxRounding: code(taxRoundings),
  party: ref('masters.party').optional(),
  /** As printed; absent prints none. */
  partyName: text(200).optional().personal(),
  /** Of a customer who isn't on this device: it names the bucket of the balance. */
  territory: code().optional(),
  lines: list(lineArgs).optional(),
  returns: list(returnLineArgs).optional(),
  /** What pricing rules took off the document, in their order, and which. */
  ruleDiscounts: json<readonly Discount[]>(z.array(discountSchema)).optional(),
  documentRules: set().optional(),
  coupons: set().optional(),
  /** Given by hand on the whole document. */
  documentDiscount: discount().optional(),
  tenders: list(tenderArgs),
  /** The smallest coin, and what rounding to it added to the total. */
  cashStepMinor: integer().optional(),
  cashRounding: amount().optional(),
  /** As printed: what the one arithmetic made of the lines. */
  total: amount(),
  tax: amount(),
  originalNumber: text(32).optional(),
  reason: text(200).optional(),
  heldSale: ref('pos.heldSale').optional(),
  remarks: text().optional(),
  externalRef: text(128).optional(),
  source: code().optional(),
}

export type SaleArgs = ArgsOf<typeof saleArgs>
export type LineArgs = ArgsOf<typeof lineArgs>
export type ReturnLineArgs = ArgsOf<typeof returnLineArgs>
export type TenderArgs = ArgsOf<typeof tenderArgs>
