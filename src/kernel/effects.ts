// The effects of one command: one operation a row, coalesced. Every store, the rebase and the proof work on these
// operations alone; nothing else changes a row.
import { assert } from './assert.ts'
import { compareUtf8 } from './bytes.ts'
import { canonical } from './canonical.ts'
import { hash64 } from './hash.ts'
import { sameValue } from './merge.ts'
import type { AnyRow, AnyTable } from './table.ts'

export type Values = { readonly [field: string]: unknown }

/** Operations on one row: inserted, or patched and added to; removed at the end. */
export interface Op {
  readonly table: AnyTable
  readonly id: string
  insert: Record<string, unknown> | null
  patch: Record<string, unknown> | null
  add: Record<string, number> | null
  /** Fields that create the row if a delta comes first (natural key and frame). */
  frame: Values | null
  removedAt: number | null
}

/** Nothing but deltas: commutes with every other delta on the row. */
export const isDelta = (op: Op): boolean => op.insert === null && op.patch === null && op.removedAt === null

export class Effects {
  readonly byTable = new Map<string, Map<string, Op>>()

  get(table: AnyTable, id: string): Op | undefined {
    return this.byTable.get(table.name)?.get(id)
  }

  ofTable(table: AnyTable): Map<string, Op> | undefined {
    return this.byTable.get(table.name)
  }

  *[Symbol.iterator](): Generator<Op> {
    for (const rows of this.byTable.values()) yield* rows.values()
  }

  private at(table: AnyTable, id: string): Op {
    let rows = this.byTable.get(table.name)
    if (rows === undefined) this.byTable.set(table.name, (rows = new Map()))
    let op = rows.get(id)
    if (op === undefined)
      rows.set(id, (op = { table, id, insert: null, patch: null, add: null, frame: null, removedAt: null }))
    return op
  }

  /** `fields` are its own from now on. */
  insert(table: AnyTable, id: string, fields: Record<string, unknown>): void {
    const op = this.at(table, id)
    assert(
      op.insert === null && op.patch === null && op.add === null,
      `${table.name} ${id} is inserted twice by one command.`,
    )
    assert(op.removedAt === null, `${table.name} ${id} is removed and inserted by one command: patch it instead.`)
    op.insert = fields
  }

  patch(table: AnyTable, id: string, fields: Values): void {
    const op = this.at(table, id)
    if (op.insert !== null) Object.assign(op.insert, fields)
    else op.patch = { ...op.patch, ...fields }
    // Writing to a row brings it back, also within the command that removed it.
    op.removedAt = null
  }

  add(table: AnyTable, id: string, deltas: Values, frame: Values | null): void {
    const op = this.at(table, id)
    const sums = op.insert ?? (op.add ??= {})
    for (const [field, delta] of Object.entries(deltas)) {
      sums[field] = exactSum(table, field, sums[field], Number(delta))
    }
    if (frame !== null) op.frame ??= frame
  }

  remove(table: AnyTable, id: string, at: number): void {
    this.at(table, id).removedAt = at
  }
}

/** A row with every field: given values, else defaults, else null. */
export function completeRow(table: AnyTable, id: string, values: Values): { -readonly [K in keyof AnyRow]: AnyRow[K] } {
  const row: { -readonly [K in keyof AnyRow]: AnyRow[K] } = { id, goneAt: null }
  for (const field of table.fieldNames) row[field] = values[field] ?? table.fields[field]?.traits.fallback ?? null
  return row
}

const sumsOf = (table: AnyTable): string[] =>
  table.fieldNames.filter((field) => table.fields[field]?.traits.isDelta === true)

function exactSum(table: AnyTable, field: string, before: unknown, delta: number): number {
  const sum = Number(before ?? 0) + delta
  assert(Number.isSafeInteger(sum), `${table.name}.${field}: the sum leaves the range of exact integers.`)
  return sum
}

/** The row after the operation; `before` null when it didn't exist. Pure. */
export function applyOp(before: AnyRow | null, op: Op): AnyRow {
  const { table, id } = op
  let row: Record<string, unknown>
  if (op.insert !== null) {
    // An id is made once; only a natural key meets its own removed row again, and not every store could say so of others.
    assert(before === null || (before.goneAt !== null && table.key !== null), `${table.name} ${id} exists already.`)
    row = completeRow(table, id, op.insert)
    // The row is new but its sums are not: their entries still stand.
    if (before !== null)
      for (const field of sumsOf(table)) row[field] = exactSum(table, field, before[field], Number(row[field]))
  } else if (before !== null) {
    row = { ...before }
  } else {
    assert(op.frame !== null, `${table.name} ${id} does not exist and can't be changed.`)
    row = completeRow(table, id, op.frame)
  }
  if (op.patch !== null) {
    Object.assign(row, op.patch)
    row['goneAt'] = null
  }
  for (const [field, delta] of Object.entries(op.add ?? {})) row[field] = exactSum(table, field, row[field], delta)
  if (op.removedAt !== null) row['goneAt'] = op.removedAt
  return row as AnyRow
}

/** The present, non-default fields of a row as canonical JSON: what its hash and an insert's `eff` are taken over. */
function presentFields(table: AnyTable, row: Values): string {
  let text = ''
  for (const field of table.sortedNames) {
    const value = row[field]
    if (value === null || value === undefined) continue
    // By content: a JSON default that came back from a database is another object of the same value.
    const fallback = table.fields[field]?.traits.fallback
    if (fallback !== undefined && sameValue(value, fallback)) continue
    text += `${text === '' ? '' : ','}"${field}":${canonical(value)}`
  }
  return `{${text}}`
}

/** The canonical operations on both-sided tables: what two sides must agree on. */
export function canonicalOps(effects: Effects): string {
  const listed: { table: string; id: string; body: string }[] = []
  for (const op of effects) {
    if (op.table.side === 'hub') continue
    // Written as canonical JSON has it: keys in the order of their bytes.
    const members: string[] = []
    if (op.add !== null) members.push(`"a":${canonical(op.add)}`)
    if (op.insert !== null) members.push(`"i":${presentFields(op.table, op.insert)}`)
    if (op.patch !== null) members.push(`"p":${canonical(op.patch)}`)
    if (op.removedAt !== null) members.push('"r":1')
    listed.push({ table: op.table.name, id: op.id, body: members.join() })
  }
  listed.sort((a, b) => compareUtf8(a.table, b.table) || compareUtf8(a.id, b.id))
  return `[${listed.map(({ table, id, body }) => `["${table}",${canonical(id)},{${body}}]`).join()}]`
}

/** `eff` (sync.md §2): the first 64 bits of SHA-256 over the canonical operations, 16 hex digits. [EFF1] */
export const effOf = (effects: Effects): string => hash64(canonicalOps(effects))

/** Whether two images of a row say the same: what their hashes say, found without taking them, and since when it is gone. */
export function isSameRow(table: AnyTable, a: AnyRow, b: AnyRow): boolean {
  if (a.goneAt !== b.goneAt) return false
  return table.fieldNames.every((field) => {
    const fallback = table.fields[field]?.traits.fallback ?? null
    return sameValue(a[field] ?? fallback, b[field] ?? fallback)
  })
}

/** Row hash (sync.md §7): 64 bits over the present, non-default synced fields. */
export const rowHash = (table: AnyTable, row: AnyRow): string =>
  hash64(`["${table.name}",${canonical(row.id)},${presentFields(table, row)},${row.goneAt === null ? 0 : 1}]`)
