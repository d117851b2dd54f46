// What lies on the disk without the key is worth nothing, the wrong key opens nothing, and an unsafe database is refused.
/* oxlint-disable no-underscore-dangle -- the exports of the SQLite build are named so */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chanceOf, newCrashDisk } from '../../testing/crash-vfs.ts'
import { DiskVfs } from './disk-vfs.ts'
import { sqliteOver } from './engine.ts'
import { DirectoryInUseError } from './node-lock.ts'
import { newSqliteModule } from './node-module.ts'
import { openNodeDatabase } from './node-vfs.ts'
import { openEncrypted } from './open.ts'
import { SqliteError } from './sqlite-error.ts'
import { allocateText } from './text-codec.ts'
import type { SqliteModule } from './wasm.ts'

const canary = 'CANARY-Jane-Doe-4711'
const key = new Uint8Array(32).map((_, index) => index * 7)
const otherKey = new Uint8Array(32).fill(9)
let directory = ''

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'holdfast-encryption-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const open = (withKey = key) => openNodeDatabase({ directory, name: 'device.db', key: withKey })

test('no file holds a text, a table name or the head of a plain database; while open, after closing, after temporary work', async () => {
  const sqlite = await open()
  sqlite.exec('CREATE TABLE canary_customer (id INTEGER PRIMARY KEY, name TEXT)')
  for (let first = 1; first <= 2000; first += 100)
    sqlite.transaction(() => {
      for (let id = first; id < first + 100; id++)
        sqlite.run('INSERT INTO canary_customer VALUES (?, ?)', [id, `${canary} ${id}`])
    })
  expect(sqlite.all('SELECT name FROM canary_customer ORDER BY name DESC')).toHaveLength(2000)
  expect(readdirSync(directory).sort()).toEqual(['device.db', 'device.db-wal', 'device.lock'])
  const whileOpen = everyByte()
  sqlite.close()
  expect(readdirSync(directory)).toEqual(['device.db'])
  for (const bytes of [whileOpen, everyByte()]) {
    expect(bytes.length).toBeGreaterThan(50_000)
    for (const trace of [
      'CANARY',
      'canary_customer',
      'SQLite format 3',
      Buffer.from(key).toString('latin1'),
      Buffer.from(key).toString('hex'),
    ]) {
      expect({ trace, found: bytes.includes(Buffer.from(trace, 'latin1')) }).toEqual({ trace, found: false })
    }
    expect(entropyBitsAByte(bytes)).toBeGreaterThan(7.9)
  }
})

test('a wrong key is refused as such, names no key, and harms nothing', async () => {
  const sqlite = await open()
  sqlite.exec(`CREATE TABLE note (text TEXT); INSERT INTO note VALUES ('${canary}')`)
  sqlite.close()
  const error = await open(otherKey).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ name: 'SqliteError', kind: 'wrong-key', code: 26 })
  expect(String(error)).not.toContain('0909')
  const again = await open()
  expect(again.get('SELECT text FROM note')).toEqual({ text: canary })
  again.close()
  await expect(open(new Uint8Array(16))).rejects.toThrow(/must have 32/)
})

test('a keyless open of a finished database fails', async () => {
  const sqlite = await open()
  sqlite.exec('CREATE TABLE note (text TEXT)')
  sqlite.close()
  const disk = newCrashDisk(
    chanceOf(1),
    new Map([['device.db', new Uint8Array(readFileSync(join(directory, 'device.db')))]]),
  )
  const module = await newSqliteModule()
  const vfs = new DiskVfs(module, disk)
  module.vfs_register(vfs, true)
  module.ccall('sqlite3mc_vfs_create', 'number', ['string', 'number'], [vfs.name, 1])
  const pDb = module._malloc(4)
  module.ccall(
    'sqlite3_open_v2',
    'number',
    ['number', 'number', 'number', 'number'],
    [allocateText(module, 'device.db'), pDb, 2, 0],
  )
  const keyless = sqliteOver(module, module.HEAP32[pDb >> 2] ?? 0, () => vfs.forsakeUnsynced())
  expect(() => keyless.get('SELECT count(*) FROM sqlite_schema')).toThrow(SqliteError)
})

/** The real build with a fault: it answers "done" to calls and statements that it ignores, as a version that renamed them would. */
function deafTo(module: SqliteModule, ignored: RegExp): SqliteModule {
  return new Proxy(module, {
    get(target, name, receiver) {
      if (name === 'ccall')
        return (fn: string, ...rest: [never, never, never]) => (ignored.test(fn) ? 0 : target.ccall(fn, ...rest))
      if (name === '_sqlite3_exec') {
        return (...call: Parameters<SqliteModule['_sqlite3_exec']>) =>
          ignored.test(target.UTF8ToString(call[1])) ? 0 : target._sqlite3_exec(...call)
      }
      if (name === '_sqlite3_prepare_v3') {
        return (...call: Parameters<SqliteModule['_sqlite3_prepare_v3']>) => {
          const sql = target.UTF8ToString(call[1])
          // The wish after the equals sign is lost; what remains asks for the present mode.
          if (ignored.test(sql)) target.HEAPU8.fill(0x20, call[1] + sql.indexOf('='), call[1] + sql.length)
          return target._sqlite3_prepare_v3(...call)
        }
      }
      return Reflect.get(target, name, receiver)
    },
  })
}

test.each([
  ['that has no encrypting file system', /sqlite3mc_vfs_create/, 'not-encrypted'],
  ['that takes a key and does not encrypt', /sqlite3mc_vfs_create|PRAGMA key|PRAGMA cipher/, 'not-encrypted'],
  ['that cannot have a write-ahead log', /journal_mode/, 'not-wal'],
])('a build %s is refused on creation', async (_, ignored, kind) => {
  const module = await newSqliteModule()
  const vfs = new DiskVfs(module, newCrashDisk(chanceOf(2)))
  expect(() => openEncrypted({ module: deafTo(module, ignored), vfs, name: 'device.db', key })).toThrow(
    expect.objectContaining({ kind }),
  )
})

test('every open has synchronous=FULL, foreign keys and an exclusive lock', async () => {
  for (let round = 0; round < 2; round++) {
    const sqlite = await open()
    const pragma = (name: string) => Object.values(sqlite.get(`PRAGMA ${name}`) ?? {})[0]
    expect(['journal_mode', 'synchronous', 'foreign_keys', 'locking_mode', 'temp_store', 'cipher'].map(pragma)).toEqual(
      ['wal', 2, 1, 'exclusive', 2, 'chacha20'],
    )
    sqlite.close()
  }
})

test('one process at a time, and a killed one leaves no lock behind', async () => {
  const sqlite = await open()
  await expect(open()).rejects.toThrow(DirectoryInUseError)
  sqlite.close()

  const child = spawn(
    process.execPath,
    [
      '-e',
      `
    const start = require('fs').readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ')[19]
    require('fs').writeFileSync(${JSON.stringify(join(directory, 'device.lock'))}, JSON.stringify({ pid: process.pid, startedAt: start }))
    console.log('held')
    setInterval(() => {}, 1000)`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await once(child.stdout, 'data')
  await expect(open()).rejects.toThrow(`already open in process ${child.pid}`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const taken = await open()
  taken.close()

  // A pid that was given to another process since, and a lock that was never finished.
  for (const left of [JSON.stringify({ pid: process.ppid, startedAt: '1' }), '', '{"pid":']) {
    writeFileSync(join(directory, 'device.lock'), left)
    const again = await open()
    again.close()
  }
})

function everyByte(): Buffer {
  return Buffer.concat(
    readdirSync(directory)
      .filter((name) => name !== 'device.lock')
      .map((name) => readFileSync(join(directory, name))),
  )
}

function entropyBitsAByte(bytes: Buffer): number {
  const counts = new Float64Array(256)
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1
  return counts.reduce(
    (sum, count) => (count === 0 ? sum : sum - (count / bytes.length) * Math.log2(count / bytes.length)),
    0,
  )
}
