// Rows as a view gives them (flags 0 or 1, structured values as JSON text) turned into the kernel's rows, for the pure functions that
// screens share with the commands. It adds and changes nothing.
import type { AnyTable, Row } from '../../../kernel/table.ts'

/** A row selected with its fields' own names. Columns that the table doesn't have are left as they are. */
export function storedRow<T extends AnyTable>(table: T, stored: Readonly<Record<string, unknown>>): Row<T> {
  const row: Record<string, unknown> = { goneAt: null, ...stored }
  for (const [field, { traits }] of Object.entries(table.fields)) {
    const value = row[field]
    if (value === null || value === undefined) row[field] = null
    else if (traits.type === 'flag') row[field] = value === 1 || value === true
    else if (traits.type === 'json' && typeof value === 'string') row[field] = JSON.parse(value)
  }
  return row as Row<T>
}
