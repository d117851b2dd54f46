// What another profile would bring and take away, table by table: the largest difference first, and nothing of what stays as it is. Pure.
import type { TableEstimate } from '../../../sync/office-protocol.ts'

export interface ComparedTable {
  readonly table: string
  /** Rows. */
  readonly before: number
  readonly after: number
}

type Counted = Pick<TableEstimate, 'table' | 'rows'>

export function comparedTables(now: readonly Counted[], next: readonly Counted[]): ComparedTable[] {
  const rowsIn = (tables: readonly Counted[]) => new Map(tables.map(({ table, rows }) => [table, rows]))
  const [before, after] = [rowsIn(now), rowsIn(next)]
  const difference = (each: ComparedTable): number => Math.abs(each.after - each.before)
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((table) => ({ table, before: before.get(table) ?? 0, after: after.get(table) ?? 0 }))
    .filter((each) => difference(each) > 0)
    .toSorted((a, b) => difference(b) - difference(a) || (a.table < b.table ? -1 : 1))
}
