// Brings a device's database to the release that opened it, in one transaction: tables and columns as declared today, the hub's images
// as the start, and the outbox run again through the upcasters. It never loses a command: what can't be done leaves the database as it
// was, still readable and still sending (sync.md §11).
import { canonical } from '../../kernel/canonical.ts'
import type { Catalogue } from '../../kernel/catalogue.ts'
import { completeRow, rowHash } from '../../kernel/effects.ts'
import { hash64 } from '../../kernel/hash.ts'
import { columnOf, sqlNameOf, type AnyRow, type AnyTable } from '../../kernel/table.ts'
import { dropTable, migrateTable } from '../../store/sqlite/migrate.ts'
import { Seeds } from './component.ts'
import { rebase } from './rebase.ts'
import type { Replica } from './replica.ts'
import { createSyncTables, standInForSyncTables, SYNC_DDL } from './schema.ts'
import { askAgain } from './set-aside.ts'
import { recount } from './suspects.ts'

/** What the release that worked here last had: kept with its tables in one commit. */
interface Release {
  readonly print: string
  readonly tables: { readonly [table: string]: readonly string[] }
}

const KEY = 'release'

/**
 * Returns null when the database is today's, or why it had to stay as the release before left it. A new database that can't be made
 * throws. [VER3]
 */
export function bringUpToDate(replica: Replica): unknown {
  const { db, catalogue } = replica
  const isNew = db.get("SELECT 1 FROM sqlite_schema WHERE name = 'meta'") === undefined
  const before = isNew ? null : replica.meta.json<Release>(KEY)
  const print = printOf(catalogue)
  if (before?.print === print) return null
  try {
    db.transaction(() => upgrade(replica, before, print))
    return null
  } catch (fault) {
    if (isNew) throw fault
    // Whoever reads and sends must find the tables that it knows, though there is no room for them.
    standInForSyncTables(db)
    return fault
  } finally {
    replica.waiting.changed()
    replica.bucketsChanged()
  }
}

function upgrade(replica: Replica, before: Release | null, print: string): void {
  const { db, catalogue, meta, touches } = replica
  createSyncTables(db)
  const tables = [...catalogue.tables.values()]
  const changes = tables.map((table) => changeOf(table, before))
  for (const { table, known } of changes) migrateTable(db, table, known)
  for (const name of Object.keys(before?.tables ?? {})) if (!catalogue.tables.has(name)) forgetTable(replica, name)
  // The images of pending work's rows were written before the new columns were known.
  for (const { table, hasGained } of changes)
    if (hasGained)
      for (const image of touches.shadowsOf(table)) touches.setShadow(table, image.id, completed(table, image))
  for (const { table, hasLost } of changes) if (hasLost) rehash(replica, table)
  // A release that went back knows less than its rows were fetched for, and learns it again when it comes forward.
  db.run('UPDATE bucket SET sv = MIN(sv, ?)', [catalogue.schema])
  askAgain(replica)
  const seeds = new Seeds()
  seeds.isAll = true
  rebase(replica, seeds)
  const release: Release = {
    print,
    tables: Object.fromEntries(tables.map((table) => [table.name, [...table.fieldNames]])),
  }
  meta.set(KEY, JSON.stringify(release))
}

interface Change {
  readonly table: AnyTable
  /** Columns of the release before; null: those that stand, for a database that no release has signed. */
  readonly known: ReadonlySet<string> | null
  readonly hasGained: boolean
  readonly hasLost: boolean
}

function changeOf(table: AnyTable, before: Release | null): Change {
  const fields = before?.tables[table.name]
  if (before === null) return { table, known: null, hasGained: true, hasLost: false }
  const known = new Set(fields)
  return {
    table,
    known: new Set(['id', 'gone_at', ...(fields ?? []).map(columnOf)]),
    hasGained: table.fieldNames.some((field) => !known.has(field)),
    hasLost: (fields ?? []).some((field) => !table.fieldNames.includes(field)),
  }
}

const completed = (table: AnyTable, image: AnyRow): AnyRow => ({
  ...completeRow(table, image.id, image),
  goneAt: image.goneAt,
})

const prints = new WeakMap<Catalogue, string>()

/** Everything that two releases may not differ in without an upgrade: tables, fields, commands' versions, and the device's own tables. */
export function printOf(catalogue: Catalogue): string {
  let print = prints.get(catalogue)
  if (print === undefined) prints.set(catalogue, (print = newPrint(catalogue)))
  return print
}

function newPrint({ tables, commands, schema }: Catalogue): string {
  const declared = [...tables.values()].map(({ name, fields, fieldNames, indexes, search }) => [
    name,
    fieldNames.map((field) => [field, fields[field]?.traits.type ?? '', fields[field]?.traits.fallback ?? null]),
    Object.entries(indexes),
    search,
  ])
  const versions = [...commands.values()].map(({ name, version }) => [name, version])
  return hash64(canonical([schema, declared, versions, SYNC_DDL]))
}

/** A table that this release doesn't have: its rows are the hub's, and the work on them waits in the outbox. */
function forgetTable({ db }: Replica, name: string): void {
  const buckets = db.all<{ bucket: number }>('SELECT DISTINCT bucket FROM bucket_row WHERE tbl = ?', [name])
  for (const own of ['bucket_row', 'set_aside']) db.run(`DELETE FROM ${own} WHERE tbl = ?`, [name])
  for (const { bucket } of buckets) recount(db, bucket)
  dropTable(db, sqlNameOf(name))
}

/** Fewer fields, other hashes: those of the hub's images, from this device's own rows. */
function rehash({ db, store, touches }: Replica, table: AnyTable): void {
  const members = db.all<{ id: string }>('SELECT DISTINCT id FROM bucket_row WHERE tbl = ?', [table.name])
  for (const { id } of members) {
    const shadow = touches.shadow(table, id)
    const image = shadow === null ? store.read(table, id) : shadow.image
    if (image !== null)
      db.run('UPDATE bucket_row SET hash = ? WHERE tbl = ? AND id = ?', [rowHash(table, image), table.name, id])
  }
  for (const { bucket } of db.all<{ bucket: number }>('SELECT DISTINCT bucket FROM bucket_row WHERE tbl = ?', [
    table.name,
  ]))
    recount(db, bucket)
}
