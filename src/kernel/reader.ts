// The committed state that a command reads: the one interface each store offers to the kernel, and the arithmetic of
// index ranges that all stores share, so that memory, SQLite and PostgreSQL answer the same.
import { compareUtf8 } from './bytes.ts'
import type { Elsewhere, FindOptions } from './command.ts'
import type { AnyRow, AnyTable } from './table.ts'

/** A range of one index: equality on a prefix of its columns, bounds on the next one. */
export interface Range {
  readonly index: string
  readonly columns: readonly string[]
  /** Values of the first `eq.length` columns. */
  readonly eq: readonly unknown[]
  readonly from: string | number | null
  readonly to: string | number | null
  readonly desc: boolean
  readonly limit: number | null
  /** Rows that were removed too: only the hub's routing asks for them, never a handler. */
  readonly hasGone?: boolean
}

export interface Reader {
  /** A row (also one that is gone), null when there is none, ELSEWHERE when this store can't know. `key` helps to tell. */
  get(table: AnyTable, id: string, key: Readonly<Record<string, unknown>> | null): AnyRow | null | Elsewhere
  /** Rows not gone that match, in the range's order, at most `limit`. */
  find(table: AnyTable, range: Range): readonly AnyRow[]
}

/** Compares two stored values: null first, text by UTF-8 bytes, numbers by size, false before true. */
export function compareValues(a: unknown, b: unknown): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1
  if (typeof a === 'string' && typeof b === 'string') return compareUtf8(a, b)
  return Number(a) - Number(b)
}

export function rangeOf(
  table: AnyTable,
  index: string,
  eq: Readonly<Record<string, unknown>>,
  options: FindOptions,
): Range {
  const columns = table.indexes[index]
  if (columns === undefined)
    throw new TypeError(`${table.name} has no index ${index}; it has ${Object.keys(table.indexes).join(', ')}.`)
  const values: unknown[] = []
  for (const column of columns) {
    if (!(column in eq)) break
    values.push(eq[column] ?? null)
  }
  if (values.length !== Object.keys(eq).length) {
    throw new TypeError(
      `${table.name}.${index}: equality must fix a prefix of ${columns.join(', ')}, got ${Object.keys(eq).join(', ')}.`,
    )
  }
  return {
    index,
    columns,
    eq: values,
    from: options.from ?? null,
    to: options.to ?? null,
    desc: options.desc ?? false,
    limit: options.limit ?? null,
  }
}

export function inRange(row: AnyRow, range: Range): boolean {
  if (row.goneAt !== null && range.hasGone !== true) return false
  for (let i = 0; i < range.eq.length; i++) {
    if (compareValues(row[range.columns[i] as string] ?? null, range.eq[i]) !== 0) return false
  }
  if (range.from === null && range.to === null) return true
  const value = row[range.columns[range.eq.length] as string] ?? null
  if (value === null) return false
  return (
    (range.from === null || compareValues(value, range.from) >= 0) &&
    (range.to === null || compareValues(value, range.to) <= 0)
  )
}

export function compareInRange(a: AnyRow, b: AnyRow, range: Range): number {
  for (let i = range.eq.length; i < range.columns.length; i++) {
    const column = range.columns[i] as string
    const order = compareValues(a[column] ?? null, b[column] ?? null)
    if (order !== 0) return range.desc ? -order : order
  }
  return range.desc ? -compareUtf8(a.id, b.id) : compareUtf8(a.id, b.id)
}

/** What a range holds after some rows changed: committed rows that still match, changed rows that do. */
export function overlayRange(
  committed: readonly AnyRow[],
  changed: ReadonlyMap<string, AnyRow>,
  range: Range,
): readonly AnyRow[] {
  if (changed.size === 0) return range.limit === null ? committed : committed.slice(0, range.limit)
  const rows = committed.filter((row) => !changed.has(row.id))
  for (const row of changed.values()) if (inRange(row, range)) rows.push(row)
  rows.sort((a, b) => compareInRange(a, b, range))
  return range.limit === null ? rows : rows.slice(0, range.limit)
}
