// Which of several rows comes first, in the reference’s words.
import type { ModelRow } from './model.ts'

/** By the field, then by id. */
export function least(rows: readonly ModelRow[], field: string): ModelRow | undefined {
  const value = (row: ModelRow): number => Number(row[field] ?? 0)
  return rows.reduce<ModelRow | undefined>((first, row) => {
    if (first === undefined) return row
    if (field !== 'id' && value(row) !== value(first)) return value(row) < value(first) ? row : first
    return row.id < first.id ? row : first
  }, undefined)
}
