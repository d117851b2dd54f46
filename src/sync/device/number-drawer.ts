// Draws the next legal numbers of a device's series for one run of a command. It stores nothing: whoever saves the command keeps what was
// drawn, in the same transaction, and a dry run forgets it.
import type { Sqlite } from '../../store/sqlite/engine.ts'

export interface NumberDrawer {
  readonly draw: (series: string) => number
  /** The last number drawn of each series. */
  readonly drawn: ReadonlyMap<string, number>
}

export function numberDrawer(db: Sqlite): NumberDrawer {
  const drawn = new Map<string, number>()
  const lastOf = (series: string): number =>
    drawn.get(series) ??
    db.get<{ last: number }>('SELECT last FROM number_counter WHERE series = ?', [series])?.last ??
    0
  return {
    drawn,
    draw(series) {
      const next = lastOf(series) + 1
      drawn.set(series, next)
      return next
    },
  }
}
