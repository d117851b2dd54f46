// All that the prices of some items for a party depend on, as rows of their tables: a screen runs the one arithmetic on them without asking
// for each. Reading only.
import { columnOf, type AnyTable } from '../../kernel/table.ts'
import { view } from '../../kernel/view.ts'
import { item } from '../masters/item.ts'
import { party, partyGroup } from '../masters/party.ts'
import { price, priceList } from '../masters/price.ts'
import { taxCode, taxRate } from '../masters/tax-code.ts'
import { quoteTables } from './quote-tables.ts'
import { pricingRule } from './stored-rule.ts'

/** A select of whole rows as JSON, for `storedRow` of the screens. */
export const wholeRows = (table: AnyTable, where: string): string => {
  const fields = table.fieldNames.map((field) => `'${field}', "${columnOf(field)}"`).join(', ')
  return `select '${table.name}' as "table", id, json_object('id', id, ${fields}) as "row" from ${table.sqlName} where gone_at is null and ${where}`
}

const someItems = '(select value from json_each(?1))'

/** `row` is a JSON object of the table's fields; flags are 0 or 1, structured values text, as they are stored. */
export const quoteRows = view<{ table: string; id: string; row: string }>()(
  'pricing.quoteRows',
  quoteTables,
  (a: { items: readonly string[]; party: string | null }) => ({
    text: [
      wholeRows(item, `id in ${someItems}`),
      wholeRows(price, `item in ${someItems} and (scope <> 'party' or scope_id = ?2)`),
      wholeRows(party, 'id = ?2'),
      wholeRows(priceList, '1'),
      wholeRows(partyGroup, '1'),
      wholeRows(taxCode, '1'),
      wholeRows(taxRate, '1'),
      wholeRows(pricingRule, 'is_disabled = 0'),
    ].join('\nunion all '),
    params: [JSON.stringify(a.items), a.party],
  }),
)
