// A dry run in the words of the business: what would be made, changed and taken away, with sums before and after, and what people would be
// asked to look at. Pure; it invents nothing and counts what it leaves out.
import type { Foreseen, ForeseenRow } from '../../../sync/device/api.ts'
import { currentLocale, t } from '../../design/words.ts'
import { formatMoney, formatQuantity } from '../../text/format.ts'
import { exceptionText } from '../../text/refusal-text.ts'
import { hasText } from '../../text/translate.ts'
import { fieldName, valueText, type FactContext } from './fact-text.ts'

/** Single changes told; what is beyond is counted. */
const CHANGES_MAX = 12
/** Fields that say which row it is, the plainest first. */
const naming = ['number', 'name', 'subject', 'text', 'code'] as const
const namingRefs = ['item', 'party', 'till', 'user', 'account'] as const
/** Who, when and where something stands: told by the row itself, not as a change. */
const silent = new Set([
  'createdBy',
  'createdAt',
  'submittedAt',
  'submittedBy',
  'cancelledAt',
  'cancelledBy',
  'branch',
  'company',
  // A code as it is compared.
  'codeKey',
])

export const isSilent = (field: string): boolean => silent.has(field)

/** `sales.orderLine` → `Order line`, unless the catalogue has a better word. */
export function tableName(table: string): string {
  const key = `table.${table}`
  if (hasText(key)) return t(key)
  const words = (table.split('.')[1] ?? table).replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

type Field = ForeseenRow['fields'][number]

/** A sum that isn't there yet is nothing. */
const fieldText = (field: Field, given: unknown, context: FactContext): string =>
  typedText(field, field.isSum ? (given ?? 0) : given, context)

/** A value by what its field is, and where that says nothing by the field's name. */
export function typedText(
  { field, type }: Pick<Field, 'field' | 'type'>,
  value: unknown,
  context: FactContext,
): string {
  if (typeof value === 'number') {
    if (type === 'amount') return formatMoney(value, context.currency, currentLocale())
    if (type === 'quantity' || type === 'rate') return formatQuantity(value, currentLocale())
  }
  return valueText(field, value, context)
}

/** The one row's own name, or that of what it belongs to; null when this device has none for it. */
export function rowName({ row }: Pick<ForeseenRow, 'row'>, { nameOf }: FactContext): string | null {
  if (row === null) return null
  const own = naming.map((field) => row[field]).find((value) => typeof value === 'string' && value !== '')
  if (typeof own === 'string') return own
  const owners = namingRefs.flatMap((field) => {
    const id = row[field]
    const name = typeof id === 'string' ? nameOf(id) : null
    return name === null ? [] : [name]
  })
  const warehouse = row['warehouse']
  const place = typeof warehouse === 'string' ? nameOf(warehouse) : null
  if (owners[0] === undefined) return place
  return place === null ? owners[0] : t('review.foreseen.at', { name: owners[0], place })
}

const named = (row: ForeseenRow, context: FactContext): string => {
  const name = rowName(row, context)
  return name === null ? tableName(row.table) : t('review.foreseen.named', { table: tableName(row.table), name })
}

function changed(row: ForeseenRow, context: FactContext): string[] {
  return row.fields
    .filter(({ field }) => !isSilent(field))
    .map((field) =>
      // Of a sum that isn't here only what is added to it is known.
      t(row.row === null && field.isSum ? 'review.foreseen.added' : 'review.foreseen.changed', {
        row: named(row, context),
        field: fieldName(field.field),
        before: fieldText(field, field.before, context),
        after: fieldText(field, field.after, context),
      }),
    )
}

/** Balances that come into being with their first entry are told as sums, not as new rows. */
const isSum = (row: ForeseenRow): boolean =>
  row.change === 'made' && row.fields.some((field) => field.isSum) && row.table.endsWith('Balance')

function made(rows: readonly ForeseenRow[], context: FactContext): string[] {
  const byTable = new Map<string, ForeseenRow[]>()
  for (const row of rows) {
    const same = byTable.get(row.table)
    if (same === undefined) byTable.set(row.table, [row])
    else same.push(row)
  }
  return [...byTable.values()].map((same) => {
    const [first] = same
    return same.length === 1 && first !== undefined
      ? t('review.foreseen.made', { row: named(first, context) })
      : t('review.foreseen.made-many', { table: tableName(first?.table ?? ''), count: same.length })
  })
}

/** What it would change, a sentence each. Empty: nothing that stands here. */
export function foreseenTexts({ rows }: Pick<Foreseen, 'rows'>, context: FactContext): string[] {
  const sums = rows.filter((row) => row.change === 'changed' || isSum(row))
  const changes = sums.flatMap((row) =>
    changed(
      isSum(row) ? { ...row, fields: row.fields.filter((field) => field.isSum && field.after !== 0) } : row,
      context,
    ),
  )
  const left = changes.length - CHANGES_MAX
  return [
    ...made(
      rows.filter((row) => row.change === 'made' && !isSum(row)),
      context,
    ),
    ...changes.slice(0, CHANGES_MAX),
    ...(left > 0 ? [t('review.foreseen.more', { count: left })] : []),
    ...rows
      .filter(({ change }) => change === 'removed')
      .map((row) => t('review.foreseen.removed', { row: named(row, context) })),
  ]
}

/** What people would be asked to look at; the same of many lines is said once. */
export const raisedTexts = ({ exceptions }: Pick<Foreseen, 'exceptions'>): string[] => [
  ...new Set(exceptions.map(({ code, facts }) => exceptionText(code, facts))),
]
