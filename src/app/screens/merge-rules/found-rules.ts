// Which fields the page of merge rules shows, in which order: found by the words that the reader sees, a record's fields together, and what has
// a rule of the company's or has clashed before what has neither. Pure.
import { fieldName } from '../review/fact-text.ts'
import { tableName } from '../review/foresight-text.ts'

interface Found {
  readonly table: string
  readonly field: string
  readonly own: string | null
  readonly clashes: number
}

export interface Wanted {
  readonly search: string
  /** Only what has a rule of the company's or has clashed. */
  readonly isUsed: boolean
  readonly locale: string
}

export function foundRules<R extends Found>(rows: readonly R[], { search, isUsed, locale }: Wanted): R[] {
  const words = search.toLocaleLowerCase(locale).split(/\s+/)
  const { compare } = new Intl.Collator(locale, { sensitivity: 'base' })
  const isPlain = (row: Found): boolean => row.own === null && row.clashes === 0
  const used = new Set(rows.filter((row) => !isPlain(row)).map(({ table }) => table))
  return rows
    .map((row) => ({ row, record: tableName(row.table), name: fieldName(row.field) }))
    .filter(({ row, record, name }) => {
      const said = `${record} ${name}`.toLocaleLowerCase(locale)
      return words.every((word) => said.includes(word)) && !(isUsed && isPlain(row))
    })
    .toSorted(
      (a, b) =>
        Number(used.has(b.row.table)) - Number(used.has(a.row.table)) ||
        compare(a.record, b.record) ||
        compare(a.row.table, b.row.table) ||
        Number(isPlain(a.row)) - Number(isPlain(b.row)) ||
        compare(a.name, b.name),
    )
    .map(({ row }) => row)
}
