// What a parked edit is about, field by field: what its author saw and wanted, what stands here now, and what it would come to. What the
// author wanted is what the handler itself makes of the rows as they were seen, so that no field is told that the command wouldn't set.
import { ELSEWHERE } from '../../kernel/command.ts'
import { sameValue } from '../../kernel/merge.ts'
import type { Reader } from '../../kernel/reader.ts'
import type { Base } from '../../kernel/run.ts'
import type { AnyRow, AnyTable } from '../../kernel/table.ts'
import type { Foreseen, ForeseenEdit, ForeseenRow } from './api.ts'

type Args = Readonly<Record<string, unknown>>

export interface ParkedEdit {
  readonly tables: ReadonlyMap<string, AnyTable>
  readonly base: Base
  /** As they were entered. */
  readonly args: Args
  /** Rows as they stand here, before anything is foreseen. */
  readonly now: Reader
  /** The command over the rows as its author saw them. */
  readonly wished: Pick<Foreseen, 'refusal' | 'rows'>
  /** The command, changed perhaps, over the rows as they stand. */
  readonly foreseen: Pick<Foreseen, 'refusal' | 'rows'>
}

/** Rows as somebody saw them, for a dry run; what isn't here stays so. */
export function rowsAsSeen(tables: ParkedEdit['tables'], base: Base, now: Reader): (readonly [AnyTable, AnyRow])[] {
  return entriesOf(tables, base).flatMap(({ table, id, saw }) => {
    const row = now.get(table, id, null)
    return row === null || row === ELSEWHERE ? [] : [[table, { ...row, ...saw, goneAt: null }] as const]
  })
}

/** Only fields that the author changed; stamps say who and when, and are nobody's wish. [REV6] */
export function editsOf(edit: ParkedEdit): ForeseenEdit[] {
  return entriesOf(edit.tables, edit.base).flatMap(({ table, id, saw }) => {
    const found = edit.now.get(table, id, null)
    const row = found === null || found === ELSEWHERE ? null : found
    const after = fieldsOf(edit.foreseen.rows, table, id)
    return [...wishesOf(edit, table, id, saw)].flatMap(([field, wanted]) => {
      const traits = table.fields[field]?.traits
      const seen = saw[field] ?? null
      if (traits === undefined || traits.merge === 'stamp' || sameValue(seen, wanted)) return []
      const now = row?.[field] ?? null
      const result = after.has(field) ? after.get(field) : now
      return [{ table: table.name, id, field, type: traits.type, seen, wanted, now, after: result ?? null, row }]
    })
  })
}

interface Entry {
  readonly table: AnyTable
  readonly id: string
  readonly saw: Args
}

/** A row that its author saw nothing of is made, not edited. */
const entriesOf = (tables: ParkedEdit['tables'], base: Base): Entry[] =>
  Object.entries(base).flatMap(([name, rows]) => {
    const table = tables.get(name)
    if (table === undefined) return []
    return Object.entries(rows).flatMap(([id, saw]) => (Object.keys(saw).length === 0 ? [] : [{ table, id, saw }]))
  })

/** Where the handler says no even to what its author saw, the arguments of the fields' own names are what is known. */
function wishesOf({ wished, args }: ParkedEdit, table: AnyTable, id: string, saw: Args): ReadonlyMap<string, unknown> {
  if (wished.refusal === null) return fieldsOf(wished.rows, table, id)
  return new Map(
    Object.keys(saw).flatMap((field) => (args[field] === undefined ? [] : [[field, args[field]] as const])),
  )
}

const fieldsOf = (rows: readonly ForeseenRow[], table: AnyTable, id: string): ReadonlyMap<string, unknown> =>
  new Map(
    rows
      .filter((row) => row.table === table.name && row.id === id)
      .flatMap(({ fields }) => fields.map(({ field, after }) => [field, after] as const)),
  )
