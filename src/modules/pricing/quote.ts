// What the lines of a document cost by the company's own rows: prices, pricing rules and taxes read through the
// context, the arithmetic done by the pure functions beside it. It decides nothing: a line without a price says so.
// All its reads are soft, because a fact carries the price that was agreed and doesn't depend on these rows.
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import {
  amountMinor,
  lineAmount,
  mulDivRound,
  quantity6,
  rate6,
  type AmountMinor,
  type Quantity6,
  type Rate6,
} from '../../kernel/amount.ts'
import { toStock, type UnitFactor } from '../../kernel/unit.ts'
import { factorOf, item as itemTable, type Item } from '../masters/item.ts'
import { party as partyTable, partyGroup } from '../masters/party.ts'
import { price as priceTable, priceList as priceListTable } from '../masters/price.ts'
import { taxCode, taxRate } from '../masters/tax-code.ts'
import { choosePrice, stockQuantityByItem } from './choose-price.ts'
import { applyDocumentRules, applyLineRules } from './pricing-rules.ts'
import { pricingRule, pricingRuleOf, type ScopeKind } from './stored-rule.ts'
import type {
  Discount,
  FreeGoods,
  LineTax,
  PriceRow,
  PriceSource,
  PricingRule,
  RuleBenefit,
  RuleContext,
  RuleLine,
} from './price-types.ts'
import { taxRateOn } from './tax.ts'

/** The reads that pricing needs: a command's context, or a screen's reader of the same shape. */
export type PriceReader = Pick<Context, 'get' | 'getByKey' | 'find'>

const SOFT = { soft: true } as const
const HUNDRED_PERCENT = 100_000_000

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
  readonly flaw: QuoteFlaw | null
}

export interface Quote {
  readonly lines: readonly QuotedLine[]
  /** Goods the customer has earned and the screen offers to add. */
  readonly free: readonly FreeGoods[]
  /** The rules' discounts on the document, before any given by hand. */
  readonly documentDiscounts: readonly Discount[]
  readonly documentRules: readonly string[]
}

const present = <T>(found: T | null | typeof ELSEWHERE): T | null => (found === ELSEWHERE ? null : found)

/** The tax of a code on a day, as stored now; null when the code or a rate that early is missing. */
export function taxOn(reader: PriceReader, code: string, businessDate: string): LineTax | null {
  const known = present(reader.getByKey(taxCode, { code }, SOFT))
  if (known === null) return null
  const rates = reader.find(taxRate, 'byCode', { code }, SOFT)
  const percent = taxRateOn({ code, treatment: known.treatment, rates }, businessDate)
  return percent === null ? null : { code, percent }
}

/** A rate with tax from one without, or the other way round; to 6 decimals. */
export function convertTaxed(
  rate: Rate6,
  percent: number,
  from: { readonly included: boolean },
  to: { readonly included: boolean },
): Rate6 {
  if (from.included === to.included || percent === 0) return rate
  const whole = HUNDRED_PERCENT + percent
  return from.included
    ? rate6(mulDivRound(rate, HUNDRED_PERCENT, whole, 'A price without its tax'))
    : rate6(mulDivRound(rate, whole, HUNDRED_PERCENT, 'A price with its tax'))
}

interface Lists {
  readonly partyRow: {
    readonly priceList: string | null
    readonly group: string | null
    readonly taxCode: string | null
  } | null
  readonly partyList: string | null
  readonly groupList: string | null
  readonly profileList: string | null
}

function listsOf(reader: PriceReader, given: QuoteGiven): Lists {
  const partyRow = given.party == null ? null : present(reader.get(partyTable, given.party, SOFT))
  const group = partyRow?.group == null ? null : present(reader.getByKey(partyGroup, { code: partyRow.group }, SOFT))
  const usable = (list: string | null | undefined): string | null => {
    if (list == null) return null
    const row = present(reader.get(priceListTable, list, SOFT))
    return row?.isDisabled === true ? null : list
  }
  return {
    partyRow,
    partyList: usable(partyRow?.priceList),
    groupList: usable(group?.priceList),
    profileList: usable(given.profileList),
  }
}

function priceRowsOf(reader: PriceReader, item: string, lists: Lists, given: QuoteGiven, percent: number): PriceRow[] {
  const scopes: PriceRow['of'][] = [{ kind: 'item' }]
  for (const list of new Set([lists.partyList, lists.groupList, lists.profileList]))
    if (list !== null) scopes.push({ kind: 'list', list })
  if (given.party != null) scopes.push({ kind: 'party', party: given.party })
  return scopes.flatMap((of) => {
    const scopeId = of.kind === 'list' ? of.list : of.kind === 'party' ? of.party : ''
    const rows = reader.find(priceTable, 'byItem', { item, scope: of.kind, scopeId }, SOFT)
    return rows
      .filter((row) => row.rate >= 0)
      .map((row) => ({
        ...row,
        of,
        rate: convertTaxed(row.rate, percent, { included: row.isTaxIncluded }, { included: given.pricesIncludeTax }),
      }))
  })
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

/** The rules that may touch any of these lines, and those on the document, with their money as the document has it. */
function rulesFor(reader: PriceReader, lines: readonly FoundLine[], pricesIncludeTax: boolean): PricingRule[] {
  const rules = new Map<string, PricingRule>()
  const take = (scopeKind: ScopeKind, scopeId: string, percent: number): void => {
    for (const row of reader.find(pricingRule, 'byScope', { scopeKind, scopeId }, SOFT)) {
      if (row.isDisabled || rules.has(row.id)) continue
      const convert = (rate: Rate6): Rate6 =>
        convertTaxed(rate, percent, { included: row.isTaxIncluded }, { included: pricesIncludeTax })
      rules.set(row.id, { ...pricingRuleOf(row), benefit: benefitIn(row.benefit, convert) })
    }
  }
  for (const { itemRow, tax } of lines) {
    if (itemRow === null) continue
    const percent = tax?.percent ?? 0
    take('item', itemRow.id, percent)
    take('group', itemRow.group, percent)
    if (itemRow.brand !== null) take('brand', itemRow.brand, percent)
  }
  take('document', '', 0)
  return [...rules.values()]
}

function benefitIn(benefit: RuleBenefit, convert: (rate: Rate6) => Rate6): RuleBenefit {
  switch (benefit.kind) {
    case 'rate':
      return { ...benefit, rate: convert(benefit.rate) }
    case 'amount':
      return { ...benefit, off: convert(benefit.off) }
    case 'free':
      return { ...benefit, worth: convert(benefit.worth) }
    case 'percent':
      return benefit
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
    quantity: own.quantity,
    stockQuantity,
    rate: chosen?.rate ?? rate6(0),
    isFixed: own.isFixed === true || own.manualRate != null || flaw !== null,
  }))
  const ruled = applyLineRules(rules, ruleLines, context)
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
    flaw,
  }))
  const left = lines.reduce(
    (sum, line) => sum + lineAmount(line.quantity, line.rate, minorDigits) - line.ruleDiscount,
    0,
  )
  const stock = lines.reduce((sum, line) => sum + line.stockQuantity, 0)
  const whole = applyDocumentRules(rules, { stockQuantity: quantity6(stock), amount: amountMinor(left) }, context)
  return { lines, free: [...ruled.free, ...whole.free], documentDiscounts: whole.discounts, documentRules: whole.rules }
}

/** One line by itself: what a scanned item costs before it meets the others of its document. */
export const quoteLine = (
  reader: PriceReader,
  given: Omit<QuoteGiven, 'lines'>,
  line: Omit<QuoteLineGiven, 'line'>,
): QuotedLine => resolvePrices(reader, { ...given, lines: [{ ...line, line: '0' }] }).lines[0] as QuotedLine
