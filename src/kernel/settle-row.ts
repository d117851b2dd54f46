// Settles the fields that a command sets on a row which may have changed since its author saw it: which rule decides a
// field, what stands, and the row that keeps what lost. Pure: it reads what it is given and writes nothing.
import type { Op, Values } from './effects.ts'
import type { MergeRule } from './field.ts'
import type { fieldEdit, lostValue, mergeRule } from './kernel-tables.ts'
import { sameValue, settleField } from './merge.ts'
import type { AnyRow, AnyTable, Insert, Row } from './table.ts'

/** Who a command works for, as its lost values name them. */
export interface Author {
  readonly user: string
  readonly device: string
  readonly now: number
  readonly branch: string
}

/** What the company decided about a field, and who changed it last: read only where two people disagree. */
export interface MergeReads {
  rule(table: AnyTable, field: string): Row<typeof mergeRule> | null
  lastEdit(table: AnyTable, id: string, field: string): Row<typeof fieldEdit> | null
  id(label: string): string
}

export interface SettledRow {
  readonly fields: Record<string, unknown>
  /** What the author saw of each field. */
  readonly seen: Record<string, unknown>
  readonly lost: readonly Insert<typeof lostValue>[]
  /** Somebody removed the row meanwhile: the edit brings it back. */
  readonly isRevived: boolean
}

export interface RowGiven {
  readonly table: AnyTable
  readonly row: AnyRow
  /** What this command itself has done to the row so far. */
  readonly own: Op | undefined
  readonly wanted: Values
  readonly seen: Values
  /** Where `seen` has no value the author saw none: the row wasn't there. Otherwise what isn't in it counts as it stands. */
  readonly sawNothing: boolean
}

/** The field that a lost removal stands for: when the row went. */
export const REMOVAL = 'goneAt'

export function settleRow(given: RowGiven, by: Author, reads: MergeReads): SettledRow {
  const { table, row, own, wanted } = given
  const seen: Record<string, unknown> = { ...given.seen }
  const fields: Record<string, unknown> = {}
  const lost: Insert<typeof lostValue>[] = []
  for (const [field, value] of Object.entries(wanted)) {
    // What this command wrote itself was settled then, against what the user saw.
    if (own?.patch != null && field in own.patch) {
      fields[field] = value
      continue
    }
    const current = row[field] ?? null
    if (!(field in seen)) seen[field] = given.sawNothing ? (table.fields[field]?.traits.fallback ?? null) : current
    const isDisputed = !sameValue(current, seen[field]) && !sameValue(current, value)
    const chosen = isDisputed ? reads.rule(table, field) : null
    const rule = (chosen?.rule as MergeRule | undefined) ?? table.fields[field]?.traits.merge ?? 'later'
    const settled = settleField(rule, seen[field], current, value)
    // What stands already isn't written again, as whole forms would: that would be a change of its own. [MRG4]
    if (!sameValue(settled.value, current)) fields[field] = settled.value
    if (settled.lost === null) continue
    const kept = { base: seen[field] ?? null, kept: settled.value ?? null, lost: settled.lost.value ?? null }
    lost.push(
      lostRow(given, by, reads, { field, ...kept, isMine: settled.lost.isMine, rule, isOwnRule: chosen !== null }),
    )
  }
  const isRevived = row.goneAt !== null && own?.removedAt == null
  if (isRevived)
    lost.push(
      lostRow(given, by, reads, {
        field: REMOVAL,
        base: null,
        kept: null,
        lost: row.goneAt,
        isMine: false,
        rule: 'later',
        isOwnRule: false,
      }),
    )
  return { fields, seen, lost, isRevived }
}

/** What a command calls a lost value of its own making: by it the value is found again from the command. */
export const lostLabel = (table: string, row: string, field: string): string => `lost/${table}/${row}/${field}`

type Loss = Pick<Row<typeof lostValue>, 'field' | 'base' | 'kept' | 'lost' | 'isMine' | 'isOwnRule'> & {
  readonly rule: MergeRule
}

function lostRow({ table, row }: RowGiven, by: Author, reads: MergeReads, loss: Loss): Insert<typeof lostValue> {
  const other = reads.lastEdit(table, row.id, loss.field)
  return {
    id: reads.id(lostLabel(table.name, row.id, loss.field)),
    table: table.name,
    rowId: row.id,
    ...loss,
    isSensitive: table.fields[loss.field]?.traits.isSensitive ?? false,
    by: by.user,
    dev: by.device,
    at: by.now,
    otherBy: other?.by ?? null,
    otherAt: other?.at ?? null,
    buckets: [...new Set([...table.bucketsOf(row), `device:${by.device}`, `review:${by.branch}`])],
    state: 'open',
  }
}
