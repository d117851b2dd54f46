// What a priced document carries: everything that was agreed with the customer, so that its sums follow from the
// arguments alone and never from a row that may have changed since.
import {
  amount,
  code,
  date,
  flag,
  integer,
  list,
  quantity,
  rate,
  ref,
  set,
  text,
  type ArgsOf,
} from '../../kernel/field.ts'
import { taxRoundings } from '../masters/organisation.ts'
import { discount, discounts, lineTaxes, priceSources } from './price-fields.ts'

export const pricedLineArgs = {
  item: ref('masters.item'),
  /** As printed. Default: what the item says. */
  itemCode: text(64).optional(),
  itemName: text(200).optional(),
  quantity: quantity(),
  unit: code(),
  /** Stock units in one unit, as a fraction; default 1/1. */
  factorNum: integer().optional(),
  factorDen: integer().optional(),
  rate: rate(),
  source: code(priceSources),
  rules: set().optional(),
  ruleDiscount: amount().optional(),
  /** Given by hand. */
  lineDiscount: discount().optional(),
  taxes: lineTaxes(),
}

/** Who, when and in which money. */
export const partyArgs = {
  businessDate: date(),
  party: ref('masters.party'),
  /** As printed. Default: the party's name. */
  partyName: text(200).optional().personal(),
  /** Of a customer who isn't on this device: it names the bucket of the balance. */
  territory: code().optional(),
  currency: code(),
  remarks: text().optional(),
  externalRef: text(128).optional(),
  source: code().optional(),
}

export const pricedArgs = {
  ...partyArgs,
  minorDigits: integer(),
  pricesIncludeTax: flag(),
  taxRounding: code(taxRoundings),
  /** What pricing rules took off the document, and which. */
  ruleDiscounts: discounts().optional(),
  documentRules: set().optional(),
  coupons: set().optional(),
  /** Given by hand on the whole document. */
  documentDiscount: discount().optional(),
  /** As printed: what the one arithmetic made of the lines. */
  total: amount(),
  tax: amount(),
}

const pricedLines = { ...pricedArgs, lines: list(pricedLineArgs) }
export type PricedLineArgs = ArgsOf<typeof pricedLineArgs>
export type PricedArgs = ArgsOf<typeof pricedLines>
export type PartyArgs = ArgsOf<typeof partyArgs>
