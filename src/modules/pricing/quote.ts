// What the lines of a document cost by the company's own rows: prices, pricing rules and taxes read through the
// context, the arithmetic done by the pure functions beside it. It decides nothing: a line without a price says so.
// All its reads are soft, because a fact carries the price that was agreed and doesn't depend on these rows.
import { amountMinor, quantity6, rate6, type AmountMinor, type Quantity6, type Rate6 } from '../../kernel/amount.ts'
import { ELSEWHERE } from '../../kernel/command.ts'
import { toStock, type UnitFactor } from '../../kernel/unit.ts'
import { factorOf, item as itemTable, type Item } from '../masters/item.ts'
import { applyRules } from './apply-rules.ts'
import { choosePrice, stockQuantityByItem } from './choose-price.ts'
import type { Discount, FreeGoods, LineTax, PriceSource, RuleContext, RuleLine } from './price-types.ts'
import { listsOf, priceRowsOf, rulesFor, SOFT, taxOn, type Lists, type PriceReader } from './read-prices.ts'

export type { PriceReader } from './read-prices.ts'

export interface QuoteLineGiven {
  readonly line: string
  readonly item: string
  readonly unit: string
  /** In `unit`; negative towards the shop. */
  readonly quantity: Quantity6
  /** A price set by hand, taken as it is: whether it may be is checkAgreedPrices's matter. */
  readonly manualRate?: Rate6 | null
  /** Agreed elsewhere (a linked return): no pricing rule touches the line. */
  readonly isFixed?: boolean
}

export interface QuoteGiven {
  readonly businessDate: string
  readonly currency: string
  readonly minorDigits: number
  /** Rates come out with tax when true. Where a price row says otherwise it is converted. */
  readonly pricesIncludeTax: boolean
  readonly party?: string | null
  /** The till's or branch's price list. */
  readonly profileList?: string | null
  readonly coupons?: readonly string[]
  readonly lines: readonly QuoteLineGiven[]
}

export type QuoteFlaw =
  | 'pricing.unknown-item'
  | 'pricing.item-disabled'
  | 'pricing.unknown-unit'
  | 'pricing.unit-not-exact'
  | 'pricing.no-price'
  | 'pricing.no-tax-rate'

export interface QuotedLine {
  readonly line: string
  readonly item: string
  /** The item's row; null when this device doesn't hold it. */
  readonly itemRow: Item | null
  readonly unit: string
  readonly quantity: Quantity6
  readonly factor: UnitFactor
  readonly stockQuantity: Quantity6
  /** Per `unit`; 0 with the flaw `pricing.no-price`. */
  readonly rate: Rate6
  readonly source: PriceSource | null
  /** The price row's id; null for a manual price or none. */
  readonly price: string | null
  readonly taxes: readonly LineTax[]
  /** Off the line by rules, 0 or more. */
  readonly ruleDiscount: AmountMinor
  readonly rules: readonly string[]
  /** How much of it a rule gives away; its price is in `ruleDiscount`. */
  readonly free: Quantity6
  readonly flaw: QuoteFlaw | null
}

export interface Quote {
  readonly lines: readonly QuotedLine[]
  /** Goods the customer has earned that are not in the document: the screen offers to add them, and they cost nothing then. */
  readonly offered: readonly FreeGoods[]
  /** The rules' discounts on the document, before any given by hand. */
  readonly documentDiscounts: readonly Discount[]
  readonly documentRules: readonly string[]
}

/** A line with its item, unit and tax found, before it has a price. */
interface FoundLine {
  readonly given: QuoteLineGiven
  readonly itemRow: Item | null
  readonly factor: UnitFactor
  readonly stockQuantity: Quantity6
  readonly tax: LineTax | null
  readonly flaw: QuoteFlaw | null
}

function findLine(reader: PriceReader, line: QuoteLineGiven, lists: Lists, businessDate: string): FoundLine {
  const one = { num: 1, den: 1 }
  const found = reader.get(itemTable, line.item, SOFT)
  if (found === ELSEWHERE || found === null) {
    return {
      given: line,
      itemRow: null,
      factor: one,
      stockQuantity: line.quantity,
      tax: null,
      flaw: 'pricing.unknown-item',
    }
  }
  const factor = factorOf(found, line.unit)
  const stock = factor === null ? null : toStock(line.quantity, factor.num, factor.den, found.decimals)
  const tax = taxOn(reader, lists.partyRow?.taxCode ?? found.taxCode, businessDate)
  const flaw: QuoteFlaw | null = found.isDisabled
    ? 'pricing.item-disabled'
    : factor === null
      ? 'pricing.unknown-unit'
      : stock?.ok !== true
        ? 'pricing.unit-not-exact'
        : tax === null
          ? 'pricing.no-tax-rate'
          : null
  return {
    given: line,
    itemRow: found,
    factor: factor ?? one,
    stockQuantity: stock?.ok === true ? stock.value : quantity6(0),
    tax,
    flaw,
  }
}

/** Prices, rules and taxes of a whole document: what the screen shows while it is made and the hub compares with. */
export function resolvePrices(reader: PriceReader, given: QuoteGiven): Quote {
  const { businessDate, currency, minorDigits } = given
  const lists = listsOf(reader, given)
  const found = given.lines.map((line) => findLine(reader, line, lists, businessDate))
  const stockByItem = stockQuantityByItem(
    found.map(({ given: line, stockQuantity }) => ({ item: line.item, stockQuantity })),
  )
  const priced = found.map((line) => {
    const { given: own, itemRow, factor, tax } = line
    const chosen =
      itemRow === null
        ? null
        : choosePrice(priceRowsOf(reader, own.item, lists, given, tax?.percent ?? 0), {
            item: own.item,
            unit: own.unit,
            stockUnit: itemRow.stockUnit,
            factor,
            stockQuantityInDocument: stockByItem.get(own.item) ?? quantity6(0),
            currency,
            businessDate,
            party: given.party ?? null,
            partyList: lists.partyList,
            groupList: lists.groupList,
            profileList: lists.profileList,
            manual: own.manualRate == null ? null : { rate: own.manualRate, isPermitted: true },
          })
    return { ...line, chosen, flaw: line.flaw ?? (chosen === null ? ('pricing.no-price' as const) : null) }
  })
  const rules = rulesFor(reader, found, given.pricesIncludeTax)
  const context: RuleContext = {
    businessDate,
    minorDigits,
    party: given.party ?? null,
    partyGroup: lists.partyRow?.group ?? null,
    coupons: given.coupons ?? [],
  }
  const ruleLines: RuleLine[] = priced.map(({ given: own, itemRow, stockQuantity, chosen, flaw }) => ({
    line: own.line,
    item: own.item,
    group: itemRow?.group ?? null,
    brand: itemRow?.brand ?? null,
    unit: own.unit,
    quantity: own.quantity,
    stockQuantity,
    rate: chosen?.rate ?? rate6(0),
    isFixed: own.isFixed === true || own.manualRate != null || flaw !== null,
  }))
  const ruled = applyRules(rules, ruleLines, context)
  const lines = priced.map(({ given: own, itemRow, factor, stockQuantity, tax, chosen, flaw }, at): QuotedLine => ({
    line: own.line,
    item: own.item,
    itemRow,
    unit: own.unit,
    quantity: own.quantity,
    factor,
    stockQuantity,
    rate: chosen?.rate ?? rate6(0),
    source: chosen?.source ?? null,
    price: chosen?.price ?? null,
    taxes: tax === null ? [] : [tax],
    ruleDiscount: ruled.lines[at]?.ruleDiscount ?? amountMinor(0),
    rules: ruled.lines[at]?.rules ?? [],
    free: ruled.lines[at]?.free ?? quantity6(0),
    flaw,
  }))
  const { offered, documentDiscounts, documentRules } = ruled
  return { lines, offered, documentDiscounts, documentRules }
}

/** One line by itself: what a scanned item costs before it meets the others of its document. */
export const quoteLine = (
  reader: PriceReader,
  given: Omit<QuoteGiven, 'lines'>,
  line: Omit<QuoteLineGiven, 'line'>,
): QuotedLine => resolvePrices(reader, { ...given, lines: [{ ...line, line: '0' }] }).lines[0] as QuotedLine
