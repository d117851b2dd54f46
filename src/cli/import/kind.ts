// What an import kind is: its columns by the names people give them, and how a chunk of read rows becomes commands. A
// kind never writes; it says which command would bring a row to stand, or that it already does.
import type { DeviceApi } from '../../sync/device/api.ts'
import type { CellReader, CellStyle } from './cell.ts'

export interface ImportColumn {
  readonly field: string
  /** As shown to people. */
  readonly title: string
  /** Other headers it is known by; case, spaces and punctuation don't count. */
  readonly synonyms: readonly string[]
  readonly isRequired: boolean
  readonly read: CellReader
  /** For the help. */
  readonly about: string
}

/** A row as understood: absent cells are absent fields. */
export interface ReadRow {
  readonly line: number
  readonly cells: readonly string[]
  readonly values: Readonly<Record<string, unknown>>
}

/** What is to be done about a row. */
export type Plan =
  | {
      readonly kind: 'run'
      readonly command: string
      readonly args: Readonly<Record<string, unknown>>
      readonly isNew: boolean
    }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'bad'; readonly field: string; readonly reason: string }

export interface ImportContext {
  readonly device: DeviceApi
  readonly style: CellStyle
  /** The day that opening balances are booked on: `YYYY-MM-DD`. */
  readonly businessDate: string
}

export interface Planner {
  /** Plans a chunk; one answer a row, in their order. No two rows of a chunk have the same key. */
  plan(rows: readonly ReadRow[]): Promise<readonly Plan[]>
}

export interface ImportKind {
  readonly name: string
  readonly about: string
  readonly columns: readonly ImportColumn[]
  /** Two rows with one key speak of the same thing. */
  keyOf(values: Readonly<Record<string, unknown>>): string
  open(context: ImportContext): Promise<Planner>
}

export const column = (
  field: string,
  title: string,
  read: CellReader,
  about: string,
  more: { isRequired?: boolean; synonyms?: readonly string[] } = {},
): ImportColumn => ({
  field,
  title,
  read,
  about,
  isRequired: more.isRequired ?? false,
  synonyms: more.synonyms ?? [],
})

/** Rows of a view by a key of theirs. */
export async function queryByKey<R extends object>(
  device: DeviceApi,
  view: string,
  keys: readonly string[],
  keyOf: (row: R) => string,
): Promise<ReadonlyMap<string, R>> {
  const rows = await device.query<R>(view, { keys: JSON.stringify([...new Set(keys)]) })
  return new Map(rows.map((row) => [keyOf(row), row]))
}
