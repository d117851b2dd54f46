// A table, declared once: both databases, validation, bucket routing, merge and the reference docs come from it.
// A declaration never holds SQL and never knows which side it is on.
import { assert } from './assert.ts'
import { compareUtf8 } from './bytes.ts'
import type { Field, Fields, InsertOf, Need, PatchOf, RowOf } from './field.ts'

/** The schema of the first release; tables and columns that came later say which. */
export const FIRST_SCHEMA = 1

/** `both`: device and hub. `hub`: written by the same handlers, dropped by the device's context, outside `eff`. */
export type Side = 'both' | 'hub'

export interface TableOptions<F extends Fields, P extends AnyTable = AnyTable> {
  readonly fields: F
  /** Natural key: the id is `idOf(table, key)`, so two devices that create the same thing create one row. */
  readonly key?: readonly (keyof F & string)[]
  /** Indexes by name; `find` matches all columns but the last by equality and ranges over the last. */
  readonly indexes?: { readonly [index: string]: readonly (keyof F & string)[] }
  /** A line belongs to a header: it lives in its header's buckets and is frozen by its submit. */
  readonly parent?: { readonly table: P; readonly field: keyof F & string }
  readonly side?: Side
  /** Which buckets carry a row: a pure function of the row (of its header, for a line). */
  readonly buckets?: (row: RowOf<F>) => readonly string[]
  /** Buckets any one of which carries every row of this table: an absent row is then known not to exist. */
  readonly whole?: readonly string[]
  /** Whom a row is about: itself (`id`), or the person that a field names. By it personal fields are erased (erasure.ts). */
  readonly subject?: readonly ('id' | (keyof F & string))[]
  /** Text fields that people search by; the device keeps an FTS5 index of them. */
  readonly search?: readonly (keyof F & string)[]
  /** A document: has the header fields of documents.md §0.1 and a lifecycle. */
  readonly isDocument?: boolean
  /** The local schema that first has this table (sync.md §11); left out: the first one. */
  readonly since?: number
  /** The schema of this `buckets`: raised with every change of it, so that hubs route the rows anew. */
  readonly bucketsSince?: number
}

export interface Table<F extends Fields = Fields> {
  readonly name: string
  readonly sqlName: string
  readonly fields: F
  readonly fieldNames: readonly string[]
  /** By UTF-8 bytes, as canonical JSON has them. */
  readonly sortedNames: readonly string[]
  readonly key: readonly string[] | null
  readonly indexes: { readonly [index: string]: readonly string[] }
  readonly parent: { readonly table: AnyTable; readonly field: string } | null
  readonly side: Side
  readonly whole: readonly string[]
  readonly search: readonly string[]
  readonly subject: readonly string[]
  readonly isDocument: boolean
  readonly since: number
  readonly bucketsSince: number
  bucketsOf(row: AnyRow): readonly string[]
}

export type AnyTable = Table
export type AnyRow = { readonly id: string; readonly goneAt: number | null; readonly [field: string]: unknown }
export type Row<T extends { fields: Fields }> = RowOf<T['fields']>
export type Insert<T extends { fields: Fields }> = InsertOf<T['fields']>
export type Patch<T extends { fields: Fields }> = PatchOf<T['fields']>
export type FieldName<T extends { fields: Fields }> = keyof T['fields'] & string
export type Deltas<T extends { fields: Fields }> = {
  readonly [K in keyof T['fields']]?: T['fields'][K] extends Field<infer V, Need>
    ? V extends number
      ? V
      : never
    : never
}

const snake = (camel: string): string => camel.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** `pos.saleLine` → `pos_sale_line` */
export const sqlNameOf = (tableName: string): string => snake(tableName.replaceAll('.', '_'))
/** `businessDate` → `business_date` */
export const columnOf = snake

export function table<const F extends Fields>(name: string, options: TableOptions<F>): Table<F> {
  assert(/^[a-z]+\.[a-z][A-Za-z]*$/.test(name), `Table name ${name} must look like module.noun.`)
  const { fields, parent } = options
  const fieldNames = Object.keys(fields)
  for (const reserved of ['id', 'goneAt', 'tenantId']) {
    assert(!(reserved in fields), `${name}: the field ${reserved} belongs to the kernel.`)
  }
  for (const columns of Object.values(options.indexes ?? {})) {
    for (const column of columns) assert(column in fields, `${name}: index column ${column} is no field.`)
  }
  const since = options.since ?? FIRST_SCHEMA
  for (const [field, { traits }] of Object.entries(fields)) {
    const isLate = (traits.since ?? since) > since
    // Rows that are older than the column must have a value that nobody had to write.
    assert(!isLate || traits.need !== 'required', `${name}.${field} came later: it must be optional or have a default.`)
  }
  const own = options.buckets
  assert(own === undefined || parent === undefined, `${name}: a line takes its header's buckets; don't declare both.`)
  const indexes = { ...options.indexes, ...(parent === undefined ? {} : { byParent: [parent.field] }) }
  return {
    name,
    sqlName: sqlNameOf(name),
    fields,
    fieldNames,
    sortedNames: [...fieldNames].sort(compareUtf8),
    key: options.key ?? null,
    indexes,
    parent: parent === undefined ? null : { table: parent.table, field: parent.field },
    side: options.side ?? 'both',
    whole: options.whole ?? [],
    search: options.search ?? [],
    subject: options.subject ?? [],
    isDocument: options.isDocument ?? false,
    since,
    bucketsSince: options.bucketsSince ?? since,
    bucketsOf: (row) => (own === undefined ? [] : own(row as unknown as RowOf<F>)),
  }
}

/** The fields of a table in a schema (sync.md §11); null when that schema doesn't have the table. */
export function fieldsIn(table: AnyTable, schema: number): readonly string[] | null {
  if (table.since > schema) return null
  return table.fieldNames.filter((field) => (table.fields[field]?.traits.since ?? table.since) <= schema)
}
