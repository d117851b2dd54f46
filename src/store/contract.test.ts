// Memory and the device's encrypted SQLite settle the same scripts: as a hub would, and again as a device replays them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BugError } from '../kernel/assert.ts'
import { adoptSha256 } from '../kernel/hash.ts'
import type { AnyRow, AnyTable } from '../kernel/table.ts'
import { scriptCatalogue as catalogue } from '../testing/script-catalogue.ts'
import { bind, scripts, stepsOverRemoved, stepsPastExactSums } from '../testing/script.ts'
import { pictureOf, replayDifferences, settleSerially, type Picture, type SerialStore } from './contract.ts'
import { MemoryStore } from './memory.ts'
import { codecOf } from './sqlite/device-tables.ts'
import type { Sqlite } from './sqlite/engine.ts'
import { openNodeDatabase } from './sqlite/node-vfs.ts'
import { SqliteError } from './sqlite/sqlite-error.ts'
import { SqliteStore } from './sqlite/sqlite-store.ts'
import { times } from '../testing/properties.ts'

const numRuns = times(300)
const directory = mkdtempSync(join(tmpdir(), 'holdfast-contract-'))
let db: Sqlite

beforeAll(async () => {
  adoptSha256((bytes) => createHash('sha256').update(bytes).digest())
  db = await openNodeDatabase({ directory, name: 'device.db', key: new Uint8Array(32).fill(3) })
  SqliteStore.createTables(db, catalogue.tables.values())
})
afterAll(() => {
  db.close()
  rmSync(directory, { recursive: true })
})

class Undone extends Error {}

/** Runs on empty tables and leaves them empty. */
function onSqlite<T>(work: (store: SerialStore, rows: () => Picture) => T): T {
  let result: { readonly value: T } | null = null
  try {
    db.transaction(() => {
      const sqlite = new SqliteStore(db, () => true)
      const store: SerialStore = {
        get: (table, id, key) => sqlite.get(table, id, key),
        find: (table, range) => sqlite.find(table, range),
        apply: (effects) => db.transaction(() => sqlite.apply(effects)),
      }
      result = { value: work(store, () => pictureOf(rowsOf())) }
      throw new Undone()
    })
  } catch (fault) {
    if (!(fault instanceof Undone)) throw fault
  }
  return (result as unknown as { value: T }).value
}

function* rowsOf(): Generator<readonly [AnyTable, AnyRow]> {
  for (const table of catalogue.tables.values()) {
    const codec = codecOf(table)
    for (const row of db.all(`SELECT ${codec.selected} FROM ${table.sqlName}`)) yield [table, codec.decode(row)]
  }
}

function* rowsIn(store: MemoryStore): Generator<readonly [AnyTable, AnyRow]> {
  for (const table of catalogue.tables.values()) for (const row of store.rowsOf(table).values()) yield [table, row]
}

const isUnfit = (fault: unknown): boolean =>
  fault instanceof BugError || (fault instanceof SqliteError && fault.kind === 'constraint')

test('a sum past the exact integers is refused by SQLite as by memory, and the commands after it still count', () => {
  const script = bind('t1', stepsPastExactSums)
  const memory = new MemoryStore()
  const settled = settleSerially(memory, catalogue, script)
  expect(settled.map(({ outcome }) => outcome)).toEqual([
    'accepted',
    'accepted',
    'parked',
    'parked',
    'accepted',
    'accepted',
    'parked',
    'accepted',
  ])
  const onDisk = onSqlite((store, rows) => ({
    settled: settleSerially(store, catalogue, script, isUnfit),
    rows: rows(),
  }))
  expect(onDisk).toEqual({ settled, rows: pictureOf(rowsIn(memory)) })
})

test('an id made again after its removal is refused by SQLite as by memory', () => {
  const script = bind('t1', stepsOverRemoved)
  const memory = new MemoryStore()
  const settled = settleSerially(memory, catalogue, script)
  expect(settled.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'parked'])
  const onDisk = onSqlite((store, rows) => ({
    settled: settleSerially(store, catalogue, script, isUnfit),
    rows: rows(),
  }))
  expect(onDisk).toEqual({ settled, rows: pictureOf(rowsIn(memory)) })
})

test(`${numRuns} scripts leave memory and SQLite alike, decided and replayed`, { timeout: times(600_000) }, () => {
  fc.assert(
    fc.property(scripts({ careless: false, stepsMax: 45 }), (steps) => {
      const script = bind('t1', steps)
      const memory = new MemoryStore()
      const settled = settleSerially(memory, catalogue, script)
      const truth = pictureOf(rowsIn(memory))
      const onDisk = onSqlite((store, rows) => ({
        settled: settleSerially(store, catalogue, script, isUnfit),
        rows: rows(),
      }))
      expect(onDisk.settled).toEqual(settled)
      expect(onDisk.rows).toEqual(truth)
      const replayed = onSqlite((store, rows) => ({
        different: replayDifferences(store, catalogue, script, settled),
        rows: rows(),
      }))
      expect(replayed.different).toEqual([])
      const shared = Object.entries(truth).filter(
        ([key]) => catalogue.tables.get(key.slice(0, key.indexOf(' ')))?.side === 'both',
      )
      expect(replayed.rows).toEqual(Object.fromEntries(shared))
    }),
    { numRuns },
  )
})
