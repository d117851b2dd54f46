// The database of a device as a release left it, as statements and rows: what that release wrote on its disk and every later one must bring
// over. It is captured with the release's schema and never written again; nothing in it is made by the release that reads it.
import { assert } from '../kernel/assert.ts'
import { ELSEWHERE } from '../kernel/command.ts'
import type { AnyRow, AnyTable } from '../kernel/table.ts'
import type { Sqlite, SqliteValue } from '../store/sqlite/engine.ts'

import { storeOutcomes } from '../sync/device/outcomes.ts'
import { applyPull } from '../sync/device/settle.ts'
import { workGoldenDay } from './golden-day.ts'
import { aPage, digestOf, NOON, type LoneDevice } from './lone-device.ts'

export interface StoredDatabase {
  /** Tables, indexes and searches, in the order they were made. */
  readonly made: readonly string[]
  readonly rows: { readonly [table: string]: readonly (readonly SqliteValue[])[] }
  /** Made after the rows, so that they see no insert. */
  readonly triggers: readonly string[]
}

/** Parts of a search that the engine makes by itself. */
const isOwnPart = (name: string): boolean => /_search_(?:data|idx|docsize|config|content)$/.test(name)

export function storedDatabase(db: Sqlite): StoredDatabase {
  const schema = db
    .all<{ type: string; name: string; sql: string | null }>('SELECT type, name, sql FROM sqlite_schema ORDER BY rowid')
    .filter(({ name, sql }) => sql !== null && !isOwnPart(name))
  const tables = schema.filter(({ type, sql }) => type === 'table' && sql?.startsWith('CREATE TABLE') === true)
  const rows = tables.map(({ name }) => {
    const stored = db.all(`SELECT * FROM ${name}`).map((row) => Object.values(row))
    assert(!stored.flat().some((value) => value instanceof Uint8Array), `${name} holds bytes, which no JSON has.`)
    return [name, stored] as const
  })
  const sqlOf = (isTrigger: boolean): string[] =>
    schema.flatMap(({ type, sql }) => ((type === 'trigger') === isTrigger && sql !== null ? [sql] : []))
  return {
    made: sqlOf(false),
    rows: Object.fromEntries(rows.filter(([, stored]) => stored.length > 0)),
    triggers: sqlOf(true),
  }
}

export function restoreDatabase(db: Sqlite, { made, rows, triggers }: StoredDatabase): void {
  db.transaction(() => {
    for (const statement of made) db.exec(statement)
    for (const [table, stored] of Object.entries(rows))
      for (const row of stored) db.run(`INSERT INTO ${table} VALUES (${row.map(() => '?').join(', ')})`, [...row])
    for (const { name } of db.all<{ name: string }>(
      "SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE%'",
    ))
      db.exec(`INSERT INTO ${name}(${name}) VALUES ('rebuild')`)
    for (const trigger of triggers) db.exec(trigger)
  })
}

/** A device in the middle of its day: the shop is the hub's, all that was done in it waits. */
export async function captureGoldenDevice(): Promise<StoredDatabase> {
  const device = await workGoldenDay(settleAll)
  try {
    return storedDatabase(device.replica.db)
  } finally {
    device.end()
  }
}

/** The hub took everything as predicted, and its rows came back. */
function settleAll({ replica, outcomeOf }: LoneDevice, buckets: readonly string[]): void {
  const { db, store, catalogue } = replica
  const seqs = db.all<{ seq: number }>('SELECT seq FROM outbox ORDER BY seq').map(({ seq }) => seq)
  storeOutcomes(
    replica,
    seqs.map((seq) => outcomeOf(seq)),
  )
  const rows = [...catalogue.tables.values()].flatMap((table) =>
    db
      .all<{ id: string }>(`SELECT id FROM ${table.sqlName} ORDER BY id`)
      .map(({ id }) => [table, store.read(table, id)] as const),
  ) as (readonly [AnyTable, AnyRow])[]
  const bucketOf = ([table, row]: readonly [AnyTable, AnyRow]): string => {
    const parent = table.parent === null ? null : (catalogue.tables.get(table.parent.table.name) ?? null)
    const header = parent === null ? row : store.get(parent, String(row[table.parent?.field ?? '']), null)
    assert(header !== null && header !== ELSEWHERE, `A row of ${table.name} has no header.`)
    return (parent ?? table).bucketsOf(header).find((name) => buckets.includes(name)) ?? 'company'
  }
  const w = seqs.length
  const pages = buckets.map((bucket) => {
    const its = rows.filter((row) => bucketOf(row) === bucket)
    return aPage({ w, bucket, rows: its, digests: { [bucket]: digestOf(its) }, more: { more: false } })
  })
  applyPull(replica, pages, NOON)
}
