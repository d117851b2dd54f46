// A page of the book of touches as it is stored: one short text a command, because it is written inside every save. Rows lie
// under their table, so that SQL can ask which rows of one table have pending work.
import type { Touch, TouchedRange, TouchMode, TouchPage } from './touch-index.ts'

/** How a command touched a row; in capitals where it was the first to change what the hub doesn't have. */
type Sign = 'r' | 'w' | 'd' | 'W' | 'D'
type StoredTouch = readonly [id: string, sign: Sign, deltas?: Readonly<Record<string, number>>]
type Bound = TouchedRange['from']
type StoredRange = readonly [tbl: string, index: string, eq: readonly unknown[], from: Bound, to: Bound]

interface StoredPage {
  readonly rows: { readonly [table: string]: readonly StoredTouch[] }
  readonly ranges?: readonly StoredRange[]
}

const modes: Readonly<Record<Sign, TouchMode>> = { r: 'read', w: 'write', d: 'delta', W: 'write', D: 'delta' }

const signOf = ({ mode, isFirst }: Touch): Sign =>
  mode === 'read' ? 'r' : mode === 'write' ? (isFirst ? 'W' : 'w') : isFirst ? 'D' : 'd'

export function pageText(page: TouchPage): string {
  const rows: Record<string, StoredTouch[]> = {}
  for (const touch of page.rows) {
    const { tbl, id, deltas } = touch
    ;(rows[tbl] ??= []).push(deltas === null ? [id, signOf(touch)] : [id, signOf(touch), deltas])
  }
  const ranges = page.ranges.map(({ tbl, index, eq, from, to }): StoredRange => [tbl, index, eq, from, to])
  return JSON.stringify({ rows, ...(ranges.length > 0 && { ranges }) } satisfies StoredPage)
}

export function pageFrom(seq: number, text: string): TouchPage {
  const stored = JSON.parse(text) as StoredPage
  const rows: Touch[] = []
  for (const [tbl, touches] of Object.entries(stored.rows))
    for (const [id, sign, deltas = null] of touches)
      rows.push({ seq, tbl, id, mode: modes[sign], deltas, isFirst: sign === 'W' || sign === 'D' })
  const ranges = (stored.ranges ?? []).map(([tbl, index, eq, from, to]) => {
    return { seq, tbl, index, eq, from, to }
  })
  return { seq, rows, ranges }
}

/** Ids of rows of a table that unsettled commands change, with the command's state, for a view of the app. */
export const CHANGED_ROWS_SQL = `SELECT row.value ->> 0 AS id, o.state FROM outbox o JOIN touched t ON t.seq = o.seq
  JOIN json_each(t.page, '$.rows."' || ? || '"') row WHERE o.is_settled = 0 AND row.value ->> 1 <> 'r' ORDER BY o.seq`
