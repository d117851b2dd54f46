// The stored rows that a price depends on, read through a context or a screen's reader of the same shape, and turned
// into the plain values of the arithmetic. All reads are soft; nothing here chooses or decides.
import { mulDivRound, rate6, type Rate6 } from '../../kernel/amount.ts'
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import type { Item } from '../masters/item.ts'
import { party as partyTable, partyGroup } from '../masters/party.ts'
import { price as priceTable, priceList as priceListTable } from '../masters/price.ts'
import { taxCode, taxRate } from '../masters/tax-code.ts'
import type { LineTax, PriceRow, PricingRule, RuleBenefit } from './price-types.ts'
import { pricingRule, pricingRuleOf, type ScopeKind } from './stored-rule.ts'
import { taxRateOn } from './tax.ts'

/** The reads that pricing needs: a command's context, or a screen's reader of the same shape. */
export type PriceReader = Pick<Context, 'get' | 'getByKey' | 'find'>

export const SOFT = { soft: true } as const
const HUNDRED_PERCENT = 100_000_000

/** Whose prices are asked for, and whether rates come out with tax. */
export interface PricedFor {
  readonly party?: string | null
  readonly profileList?: string | null
  readonly pricesIncludeTax: boolean
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

export interface Lists {
  readonly partyRow: {
    readonly priceList: string | null
    readonly group: string | null
    readonly taxCode: string | null
  } | null
  readonly partyList: string | null
  readonly groupList: string | null
  readonly profileList: string | null
}

export function listsOf(reader: PriceReader, given: PricedFor): Lists {
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

export function priceRowsOf(
  reader: PriceReader,
  item: string,
  lists: Lists,
  given: PricedFor,
  percent: number,
): PriceRow[] {
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

/** The rules that may touch any of these lines, and those on the document, with their money as the document has it. */
export function rulesFor(
  reader: PriceReader,
  lines: readonly { readonly itemRow: Item | null; readonly tax: LineTax | null }[],
  pricesIncludeTax: boolean,
): PricingRule[] {
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
