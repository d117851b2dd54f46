// Keeps an erased person erased: what any command would write about them, whenever it was captured and however it arrives, falls back to
// what says nothing, on both sides alike. The rest of the command stands. It never decides who is erased; rows do.
import type { AnyField } from './field.ts'
import type { Effects, Op } from './effects.ts'
import { erasedValue, isErased, personalFieldsOf, pseudonymOf, subjectsOf } from './erasure.ts'
import type { AnyRow, AnyTable } from './table.ts'

/** What the guard asks of a run: whether somebody is erased, and a row as the run would leave it. */
export interface ErasedReads {
  isErased(subject: string): boolean
  row(table: AnyTable, id: string): AnyRow | null
}

/** Takes what is said about erased people out of the effects; returns whom that was about. [ERASE2] */
export function leaveOutErased(effects: Effects, reads: ErasedReads): Set<string> {
  const met = new Set<string>()
  for (const op of effects)
    for (const values of [op.insert, op.patch])
      if (values !== null) for (const subject of leaveOut(op, values, reads)) met.add(subject)
  return met
}

function leaveOut(op: Op, values: Record<string, unknown>, reads: ErasedReads): readonly string[] {
  const { table, id } = op
  if (table.subject.length === 0) return []
  const said = personalFieldsOf(table).filter((name) => (values[name] ?? null) !== null)
  if (said.length === 0) return []
  const about = op.insert ?? (isOwnRow(table) ? {} : (reads.row(table, id) ?? {}))
  const erased = subjectsOf(table, id, about).filter((subject) => reads.isErased(subject))
  const first = erased[0]
  if (first === undefined) return []
  const pseudonym = pseudonymOf(first)
  const left = said.filter((name) => !isErased(table.fields[name] as AnyField, values[name], pseudonym))
  for (const name of left) values[name] = erasedValue(table.fields[name] as AnyField, pseudonym)
  return left.length === 0 ? [] : erased
}

const isOwnRow = (table: AnyTable): boolean => table.subject.every((field) => field === 'id')
