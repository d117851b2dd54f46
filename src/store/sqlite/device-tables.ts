// The device's tables from their declarations: DDL, indexes, full-text search kept by triggers (so that restore and
// migration can't skip it), and how a row's values are written and read. It never writes a row by itself.
import { assert } from '../../kernel/assert.ts'
import { canonical } from '../../kernel/canonical.ts'
import { columnOf, type AnyRow, type AnyTable } from '../../kernel/table.ts'
import type { SqliteValue } from './engine.ts'

const quoted = (name: string): string => `"${name}"`

const sqlType = (table: AnyTable, field: string): string => {
  const type = table.fields[field]?.traits.type
  return type === 'text' || type === 'code' || type === 'ref' || type === 'date' || type === 'json' ? 'TEXT' : 'INTEGER'
}

const columnDdl = (table: AnyTable, field: string): string => `${quoted(columnOf(field))} ${sqlType(table, field)}`

/** Statements that make one table of its declaration, with its indexes and its search. */
export function ddlOf(table: AnyTable): string {
  assert(!('rid' in table.fields), `${table.name}: the column rid belongs to the device's search index.`)
  const columns = table.fieldNames.map((field) => columnDdl(table, field))
  return script([
    `CREATE TABLE IF NOT EXISTS ${table.sqlName} (rid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, gone_at INTEGER, ${columns.join(', ')}) STRICT`,
    ...Object.keys(table.indexes).map((index) => indexDdl(table, index)),
    ...(table.search.length > 0 ? searchDdl(table) : []),
  ])
}

export const script = (statements: readonly string[]): string => statements.map((each) => `${each};\n`).join('')

export const indexNameOf = (table: AnyTable, index: string): string => `${table.sqlName}__${columnOf(index)}`

/** The columns of an index in their order; every one ends with the id. */
export const indexColumnsOf = (table: AnyTable, index: string): readonly string[] => [
  ...(table.indexes[index] ?? []).map(columnOf),
  'id',
]

export const indexDdl = (table: AnyTable, index: string): string =>
  `CREATE INDEX IF NOT EXISTS ${indexNameOf(table, index)} ON ${table.sqlName} (${indexColumnsOf(table, index).map(quoted).join(', ')})`

/** A column of a later release, with its default: rows that have more are fetched (sync.md §11). */
export function addColumnDdl(table: AnyTable, field: string): string {
  const fallback = defaultOf(table, field)
  const value = fallback === null ? '' : ` DEFAULT ${fallback}`
  return `ALTER TABLE ${table.sqlName} ADD COLUMN ${columnDdl(table, field)}${value}`
}

/** The default of a column as SQL; null when it has none. */
export function defaultOf(table: AnyTable, field: string): string | null {
  const { fallback, type } = table.fields[field]?.traits ?? {}
  if (fallback === undefined || fallback === null) return null
  if (typeof fallback === 'number' || typeof fallback === 'boolean') return String(Number(fallback))
  const text = type === 'json' || typeof fallback !== 'string' ? canonical(fallback) : fallback
  return `'${text.replaceAll("'", "''")}'`
}

export const searchNameOf = (table: AnyTable): string => `${table.sqlName}_search`

/** Run after rows have gone: a deleted word stays in the index until its segments are merged. */
export const forgetsWords = (table: AnyTable): string =>
  `INSERT INTO ${searchNameOf(table)}(${searchNameOf(table)}) VALUES ('optimize')`

export function searchDdl(table: AnyTable): string[] {
  const { sqlName } = table
  const columns = table.search.map((field) => quoted(columnOf(field)))
  const values = (row: string): string => columns.map((column) => `${row}.${column}`).join(', ')
  const add = `INSERT INTO ${sqlName}_search(rowid, ${columns.join(', ')}) VALUES (new.rid, ${values('new')})`
  const drop = `INSERT INTO ${sqlName}_search(${sqlName}_search, rowid, ${columns.join(', ')}) VALUES ('delete', old.rid, ${values('old')})`
  return [
    `CREATE VIRTUAL TABLE IF NOT EXISTS ${sqlName}_search USING fts5(${columns.join(', ')}, content='${sqlName}', content_rowid='rid', tokenize='unicode61 remove_diacritics 2', prefix='2 3')`,
    `CREATE TRIGGER IF NOT EXISTS ${sqlName}_search_insert AFTER INSERT ON ${sqlName} BEGIN ${add}; END`,
    `CREATE TRIGGER IF NOT EXISTS ${sqlName}_search_delete AFTER DELETE ON ${sqlName} BEGIN ${drop}; END`,
    `CREATE TRIGGER IF NOT EXISTS ${sqlName}_search_update AFTER UPDATE OF ${columns.join(', ')} ON ${sqlName} BEGIN ${drop}; ${add}; END`,
  ]
}

/**
 * What puts many new rows into the search: without its trigger, and then by rows between two rids. By trigger the index is flushed
 * with every row, which took 54 µs of processor time an item; a hundred at once took 17 µs each.
 */
export function searchInBulk(table: AnyTable): {
  readonly before: string
  readonly after: string
  readonly add: string
} {
  const search = searchNameOf(table)
  const columns = table.search.map((field) => quoted(columnOf(field))).join(', ')
  return {
    before: `DROP TRIGGER ${search}_insert`,
    after: script(searchDdl(table)),
    add: `INSERT INTO ${search}(rowid, ${columns}) SELECT rid, ${columns} FROM ${table.sqlName} WHERE rid > ? AND rid <= ?`,
  }
}

/** How one table's rows travel between objects and columns. */
export interface RowCodec {
  /** Every column of a row, aliased to its field: for SELECT. */
  readonly selected: string
  /** Selects a row by its id. A text of its own, because a text put together anew is hashed anew to find its statement. */
  readonly byId: string
  /** Column names in the order of `values`. */
  readonly columns: readonly string[]
  /** Inserts a row of `values`; `insertNew` only where none stands; `put` writes it over whatever stood there. */
  readonly insert: string
  readonly insertNew: string
  readonly put: string
  values(row: Readonly<Record<string, unknown>>): SqliteValue[]
  value(field: string, value: unknown): SqliteValue
  /** Turns a selected row into a kernel row, in place. */
  decode(selected: Record<string, unknown>): AnyRow
}

const codecs = new WeakMap<AnyTable, RowCodec>()

export function codecOf(table: AnyTable): RowCodec {
  let codec = codecs.get(table)
  if (codec === undefined) codecs.set(table, (codec = makeCodec(table)))
  return codec
}

function makeCodec(table: AnyTable): RowCodec {
  const fields = table.fieldNames
  const flags = fields.filter((field) => table.fields[field]?.traits.type === 'flag')
  const jsons = fields.filter((field) => table.fields[field]?.traits.type === 'json')
  const isJson = new Set(jsons)
  const value = (field: string, given: unknown): SqliteValue => {
    if (given === null || given === undefined) return null
    if (isJson.has(field)) return canonical(given)
    if (typeof given === 'boolean') return given ? 1 : 0
    return given as SqliteValue
  }
  const columns = ['id', 'gone_at', ...fields.map((field) => quoted(columnOf(field)))]
  const insert = `INSERT INTO ${table.sqlName} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
  const updates = columns.slice(1).map((column) => `${column} = excluded.${column}`)
  const selected = [
    'id',
    'gone_at AS "goneAt"',
    ...fields.map((field) => `${quoted(columnOf(field))} AS "${field}"`),
  ].join(', ')
  return {
    insert,
    insertNew: `${insert} ON CONFLICT (id) DO NOTHING`,
    put: `${insert} ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')}`,
    selected,
    byId: `SELECT ${selected} FROM ${table.sqlName} WHERE id = ?`,
    columns,
    value,
    values: (row) => [
      row['id'] as string,
      (row['goneAt'] ?? null) as number | null,
      ...fields.map((field) => value(field, row[field])),
    ],
    decode(selected) {
      for (const field of flags) if (selected[field] !== null) selected[field] = selected[field] === 1
      for (const field of jsons)
        if (selected[field] !== null) selected[field] = JSON.parse(selected[field] as string) as unknown
      return selected as AnyRow
    },
  }
}
