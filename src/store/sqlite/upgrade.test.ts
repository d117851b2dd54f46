// A device database of an older release: its tables get the columns of the newer one, and its rows stay.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { code, flag, integer, set, text } from '../../kernel/field.ts'
import { table } from '../../kernel/table.ts'
import { openNodeDatabase } from './node-vfs.ts'
import { SqliteStore } from './sqlite-store.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-upgrade-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const older = table('test.thing', { fields: { name: text() }, indexes: { byName: ['name'] } })
const newer = table('test.thing', {
  fields: {
    name: text(),
    kind: code(['a', "b'b"]).default("b'b"),
    isLoud: flag().default(true),
    tags: set().default(['new']),
    size: integer().optional(),
  },
  indexes: { byName: ['name'], byKind: ['kind', 'size'] },
})

test('an older table gets the new columns with their defaults, twice is once', async () => {
  const db = await openNodeDatabase({ directory, name: 'x.db', key: new Uint8Array(32).fill(7) })
  const store = new SqliteStore(db, () => true)
  SqliteStore.createTables(db, [older])
  store.put(older, { id: 't1', goneAt: null, name: 'stays' })
  SqliteStore.createTables(db, [newer])
  SqliteStore.createTables(db, [newer])
  expect(store.read(newer, 't1')).toEqual({
    id: 't1',
    goneAt: null,
    name: 'stays',
    kind: "b'b",
    isLoud: true,
    tags: ['new'],
    size: null,
  })
  db.close()
})
