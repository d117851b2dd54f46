// What a list may say of its rows beside their cells: which belong together, and which are chosen for one action over all of them.
import type { ReactNode } from 'react'

/** Rows that belong together stand together: the head comes before the first row of each group. */
export interface Grouping<R> {
  readonly of: (row: R) => string
  readonly head: (group: string) => ReactNode
}

/** Rows chosen for one action over all of them; Space chooses the row that has the focus. */
export interface Selection<R> {
  readonly chosen: ReadonlySet<string>
  readonly toggle: (row: R) => void
  /** What the box of a row is called. */
  readonly label: (row: R) => string
}

/** The group that begins with a row, or null when the row before is of the same one. */
export function groupBefore<R>(rows: readonly R[], index: number, groups: Grouping<R> | undefined): string | null {
  const row = rows[index]
  if (groups === undefined || row === undefined) return null
  const before = rows[index - 1]
  const group = groups.of(row)
  return before !== undefined && groups.of(before) === group ? null : group
}
