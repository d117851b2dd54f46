// The fields by which a priced document carries what was agreed: discounts, taxes, the sums of an original. They only
// declare shapes; the arithmetic is pricing's.
import * as z from 'zod/mini'
import { amount, code, flag, integer, json, quantity, rate, ref, set, text } from '../../kernel/field.ts'
import type { Discount, LineTax, PriceSource, ReturnOrigin, TaxAmount } from '../pricing/price-types.ts'

export const priceSources = [
  'manual',
  'party',
  'party-list',
  'group-list',
  'profile-list',
  'item',
] as const satisfies readonly PriceSource[]

/** What the money of a line is, for the ledger. */
export const revenuePurposes = [
  'sales',
  'service-income',
  'carriage-income',
  'voucher-liability',
  'deposit-liability',
  'other-income',
] as const

const codeSchema = z.string().check(z.minLength(1), z.maxLength(64))
const discountSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('percent'), percent: z.int() }),
  z.strictObject({ kind: z.literal('amount'), amount: z.int() }),
])
export const discount = () => json<Discount>(discountSchema)
export const discounts = () => json<readonly Discount[]>(z.array(discountSchema))
export const lineTaxes = () => json<readonly LineTax[]>(z.array(z.strictObject({ code: codeSchema, percent: z.int() })))
export const taxAmounts = () =>
  json<readonly TaxAmount[]>(
    z.array(z.strictObject({ code: codeSchema, percent: z.int(), base: z.int(), tax: z.int() })),
  )

const sumsSchema = z.strictObject({
  quantity: z.int(),
  gross: z.int(),
  discount: z.int(),
  taxes: z.array(z.strictObject({ code: codeSchema, percent: z.int(), tax: z.int() })),
})
export const returnOrigin = () => json<ReturnOrigin>(z.strictObject({ sold: sumsSchema, returned: sumsSchema }))

/** A part of an invoice and the day it falls due. */
export interface Instalment {
  readonly dueOn: string
  readonly amountMinor: number
}
const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/))
export const schedule = () => json<readonly Instalment[]>(z.array(z.strictObject({ dueOn: day, amountMinor: z.int() })))

/** What every priced line stores: as agreed and as printed. */
export const pricedLineFields = {
  position: integer(),
  item: ref('masters.item'),
  itemCode: text(64),
  itemName: text(200),
  quantity: quantity(),
  unit: code(),
  /** Stock units in one unit, frozen. */
  factorNum: integer().default(1),
  factorDen: integer().default(1),
  rate: rate(),
  gross: amount(),
  discount: amount(),
  net: amount(),
  tax: amount(),
  taxes: taxAmounts(),
  total: amount(),
}

/** The document's own sums. */
export const totalFields = {
  pricesIncludeTax: flag(),
  taxRounding: code(['line', 'document']),
  minorDigits: integer(),
  gross: amount(),
  discount: amount(),
  net: amount(),
  tax: amount(),
  taxes: taxAmounts(),
  total: amount(),
}

export const ruleFields = { source: code(priceSources), rules: set().default([]), ruleDiscount: amount() }
