// A sale at a till, a return, or both in one document. Quantities and amounts are signed: positive towards the customer.
// What was printed is what is stored: nothing here changes after the command that wrote it, but the sums of what came
// back and the state of a card payment.
import * as z from 'zod/mini'
import { lines, monthOf } from '../../kernel/document.ts'
import {
  amount,
  amountDelta,
  code,
  flag,
  integer,
  json,
  quantity,
  quantityDelta,
  rate,
  ref,
  set,
  text,
} from '../../kernel/field.ts'
import type { Row } from '../../kernel/table.ts'
import { unconfirmedSerials } from '../masters/batch.ts'
import { taxRoundings, tenderKinds } from '../masters/organisation.ts'
import type { LineTax, PriceSource, TaxAmount } from '../pricing/price-types.ts'
import { tillDocument } from './till-document.ts'

export const saleKinds = ['sale', 'return', 'exchange'] as const
export const priceSources = [
  'manual',
  'party',
  'party-list',
  'group-list',
  'profile-list',
  'item',
] as const satisfies readonly PriceSource[]
/** saleable: on the shelf again · quarantine: to be looked at · scrap: came back and was thrown away. */
export const dispositions = ['saleable', 'quarantine', 'scrap'] as const
export const tenderStates = ['taken', 'settled', 'declined'] as const

/** What the money of a line is, for the ledger: a voucher sold is owed, not earned. */
export const revenuePurposes = [
  'sales',
  'carriage-income',
  'service-income',
  'sales-adjustments',
  'discounts',
  'samples',
  'other-income',
  'voucher-liability',
  'deposit-liability',
] as const
export type RevenuePurpose = (typeof revenuePurposes)[number]

const codeSchema = z.string().check(z.minLength(1), z.maxLength(64))
export const lineTaxes = () => json<readonly LineTax[]>(z.array(z.strictObject({ code: codeSchema, percent: z.int() })))
export const taxAmounts = () =>
  json<readonly TaxAmount[]>(
    z.array(z.strictObject({ code: codeSchema, percent: z.int(), base: z.int(), tax: z.int() })),
  )

export const sale = tillDocument('pos.sale', {
  key: ['company', 'externalRef'],
  fields: {
    kind: code(saleKinds),
    till: ref('masters.till'),
    shift: ref('pos.shift'),
    warehouse: ref('masters.warehouse'),
    /** Null for a walk-in. */
    party: ref('masters.party').optional(),
    /** As printed; it stays when the party is renamed or merged. */
    partyName: text(200).optional().personal(),
    pricesIncludeTax: flag(),
    taxRounding: code(taxRoundings),
    minorDigits: integer(),
    gross: amount(),
    discount: amount(),
    net: amount(),
    tax: amount(),
    taxes: taxAmounts(),
    total: amount(),
    /** Added to the total so that it can be paid in coins. */
    cashRounding: amount(),
    change: amount(),
    /** Rules that gave a discount on the whole document. */
    documentRules: set().default([]),
    /** The receipt number that the customer showed, for a return whose sale isn't on this device. */
    originalNumber: text(32).optional(),
    reason: text(200).optional(),
    heldName: text(200).optional(),
  },
  subject: ['party'],
  indexes: {
    byShift: ['shift', 'number'],
    byNumber: ['number'],
    byParty: ['party', 'businessDate'],
    byTill: ['till', 'businessDate'],
  },
  buckets: (row) => [`sales:${row.branch}:${monthOf(row.businessDate)}`],
})

export const saleLine = lines('pos.saleLine', sale, {
  fields: {
    position: integer(),
    item: ref('masters.item'),
    /** As printed. */
    itemCode: text(64),
    itemName: text(200),
    quantity: quantity(),
    unit: code(),
    factorNum: integer().default(1),
    factorDen: integer().default(1),
    stockQuantity: quantity(),
    /** Catch weight: what the price is for (kg), beside the quantity handled (pieces). */
    pricedQuantity: quantity().optional(),
    rate: rate(),
    source: code(priceSources),
    rules: set().default([]),
    gross: amount(),
    ruleDiscount: amount(),
    lineDiscount: amount(),
    documentDiscount: amount(),
    discount: amount(),
    net: amount(),
    tax: amount(),
    taxes: taxAmounts(),
    total: amount(),
    revenue: code(revenuePurposes),
    batch: text(64).optional(),
    serials: set().default([]),
    unconfirmedSerials: unconfirmedSerials(),
    /** The sold line that this one takes back. */
    originLine: ref('pos.saleLine').optional(),
    disposition: code(dispositions).optional(),
    reason: text(200).optional(),
    /** How much of this line came back, in its own priced quantity. */
    returned: quantityDelta(),
  },
  indexes: { byOriginLine: ['originLine'], byItem: ['item'] },
})

export const tender = lines('pos.tender', sale, {
  fields: {
    position: integer(),
    method: code(),
    kind: code(tenderKinds),
    /** What it pays of the document, in its currency; negative for a refund. */
    amount: amount(),
    given: amount().optional(),
    change: amount(),
    /** The terminal's or voucher's own reference. */
    reference: text(128).optional(),
    state: code(tenderStates),
    foreignCurrency: code().optional(),
    foreignAmount: amount().optional(),
    /** Minor digits of the foreign currency. */
    foreignDigits: integer().optional(),
    exchangeRate: rate().optional(),
    /** The payment that this one gives back. */
    refundOf: ref('pos.tender').optional(),
    refunded: amountDelta(),
  },
})

export type Sale = Row<typeof sale>
export type SaleLine = Row<typeof saleLine>
export type Tender = Row<typeof tender>
