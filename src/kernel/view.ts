// A view: a read model for screens, lists and reports, as SQLite text over the device's own tables. SQL lives only
// here; a view never writes and a handler never uses one.
import type { AnyTable } from './table.ts'

export interface View<A = Readonly<Record<string, unknown>>, R = Readonly<Record<string, unknown>>> {
  readonly name: string
  /** The tables whose change makes a live query run again. */
  readonly tables: readonly AnyTable[]
  readonly sql: (args: A) => { readonly text: string; readonly params: readonly (string | number | null)[] }
  /** Only for its type. */
  readonly row?: R
}

export const view =
  <R>() =>
  <A>(name: string, tables: readonly AnyTable[], sql: View<A>['sql']): View<A, R> => ({ name, tables, sql })

/** Turns what a person typed into an FTS5 prefix query; empty when there is nothing to search for. */
export function searchTerms(typed: string): string {
  const words = typed
    .normalize('NFC')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
  return words.map((word) => `"${word}"*`).join(' ')
}
