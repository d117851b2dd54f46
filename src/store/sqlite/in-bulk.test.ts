// Many rows at once on a real encrypted file: what the search says is what a search made anew of all rows would say, also after
// changes that follow, and a transaction that fails leaves rows, search and triggers as they were.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AnyRow } from '../../kernel/table.ts'
import { newerTables } from '../../testing/two-releases.ts'
import type { Sqlite } from './engine.ts'
import { openNodeDatabase } from './node-vfs.ts'
import { SqliteStore } from './sqlite-store.ts'

const { item } = newerTables
const anItem = (index: number, name = `pump ${index}`): AnyRow => {
  const id = `item-${String((index * 7919) % 10_007).padStart(5, '0')}`
  return { id, goneAt: null, name, stock: 0, grade: 'fine', tags: [], isLoud: true, barcode: null }
}
const MANY = 730
const items = Array.from({ length: MANY }, (_, index) => anItem(index))

let directory: string
let db: Sqlite
let store: SqliteStore
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'holdfast-put-'))
  db = await openNodeDatabase({ directory, name: 'rows.db', key: new Uint8Array(32).fill(5) })
  SqliteStore.createTables(db, [item])
  store = new SqliteStore(db, () => true)
})
afterEach(() => {
  db.close()
  rmSync(directory, { recursive: true, force: true })
})

const putAll = (rows: readonly AnyRow[]): void =>
  store.inBulk(
    item,
    rows.map(({ id }) => id),
    () => rows.forEach((row) => store.put(item, row)),
  )
const found = (terms: string): string[] =>
  db
    .all<{ id: string }>(
      'SELECT id FROM rel_item WHERE rid IN (SELECT rowid FROM rel_item_search WHERE rel_item_search MATCH ?) ORDER BY id',
      [terms],
    )
    .map(({ id }) => id)
/** SQLite's own comparison of the index with the rows: it throws when they differ. */
const checkSearch = (): unknown =>
  db.run("INSERT INTO rel_item_search(rel_item_search, rank) VALUES ('integrity-check', 1)")
const triggers = (): unknown => db.all("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name")

test('rows that are new and rows that stood already are found by what they say now, and by nothing else', () => {
  const before = triggers()
  for (const index of [3, 400]) store.put(item, anItem(index, 'valve'))
  putAll(items)
  checkSearch()
  expect(triggers()).toEqual(before)
  expect(found('valve')).toEqual([])
  expect(found('"pump"')).toHaveLength(MANY)
  expect(found('"400"')).toEqual([anItem(400).id])
  store.put(item, anItem(MANY - 1, 'hose'))
  store.delete(item, anItem(0).id)
  checkSearch()
  expect([found('hose'), found('"0"'), found('"pump"').length]).toEqual([[anItem(MANY - 1).id], [], MANY - 2])
})

test('a row that comes twice undoes the whole, search and triggers with it', () => {
  const before = triggers()
  expect(() => putAll([...items, anItem(5)])).toThrow(/constraint/)
  expect(triggers()).toEqual(before)
  expect(db.get('SELECT COUNT(*) AS n FROM rel_item')).toEqual({ n: 0 })
  store.put(item, anItem(1))
  checkSearch()
  expect(found('"pump"')).toEqual([anItem(1).id])
})
