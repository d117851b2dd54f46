// Brings a table that stands in the device's database to its declaration: columns, indexes, search. It runs inside the caller's
// transaction, decides nothing about rows, and never takes a column away: what an older release stored may be needed by the next.
import { columnOf, type AnyTable } from '../../kernel/table.ts'
import {
  addColumnDdl,
  ddlOf,
  defaultOf,
  indexColumnsOf,
  indexDdl,
  indexNameOf,
  script,
  searchDdl,
  searchNameOf,
} from './device-tables.ts'
import type { Sqlite } from './engine.ts'

const columnsOf = (db: Sqlite, sqlName: string): string[] =>
  db.all<{ name: string }>('SELECT name FROM pragma_table_info(?) ORDER BY cid', [sqlName]).map(({ name }) => name)

/**
 * `known`: the columns that the release before had; null: those that stand. A column that stands and wasn't known holds what an even
 * earlier release left there, and begins anew with its default. [VER3]
 */
export function migrateTable(db: Sqlite, table: AnyTable, known: ReadonlySet<string> | null): void {
  const standing = new Set(columnsOf(db, table.sqlName))
  if (standing.size === 0) return db.exec(ddlOf(table))
  for (const field of table.fieldNames) {
    const column = columnOf(field)
    if (!standing.has(column)) db.exec(addColumnDdl(table, field))
    else if (known !== null && !known.has(column)) {
      const fallback = defaultOf(table, field) ?? 'NULL'
      db.run(`UPDATE ${table.sqlName} SET "${column}" = ${fallback} WHERE "${column}" IS NOT ${fallback}`)
    }
  }
  migrateIndexes(db, table)
  migrateSearch(db, table)
}

/** The rows of a table that this release doesn't have any more are the hub's, and gone from here. */
export function dropTable(db: Sqlite, sqlName: string): void {
  db.exec(script([`DROP TABLE IF EXISTS ${sqlName}_search`, `DROP TABLE IF EXISTS ${sqlName}`]))
}

function migrateIndexes(db: Sqlite, table: AnyTable): void {
  const declared = new Map(Object.keys(table.indexes).map((index) => [indexNameOf(table, index), index]))
  const standing = db.all<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
    [table.sqlName],
  )
  for (const { name } of standing) {
    const index = declared.get(name)
    const columns = db
      .all<{ name: string }>('SELECT name FROM pragma_index_info(?) ORDER BY seqno', [name])
      .map((column) => column.name)
    const isSame = index !== undefined && isSameList(columns, indexColumnsOf(table, index))
    if (!isSame) db.exec(`DROP INDEX ${name}`)
  }
  db.exec(script(Object.keys(table.indexes).map((index) => indexDdl(table, index))))
}

/** Other fields to search by: the index is made anew of all rows. */
function migrateSearch(db: Sqlite, table: AnyTable): void {
  const search = searchNameOf(table)
  const standing = columnsOf(db, search)
  if (isSameList(standing, table.search.map(columnOf))) return
  const triggers = ['insert', 'delete', 'update'].map((event) => `DROP TRIGGER IF EXISTS ${search}_${event}`)
  db.exec(script([...triggers, `DROP TABLE IF EXISTS ${search}`]))
  if (table.search.length === 0) return
  db.exec(script([...searchDdl(table), `INSERT INTO ${search}(${search}) VALUES ('rebuild')`]))
}

const isSameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((each, index) => each === b[index])
