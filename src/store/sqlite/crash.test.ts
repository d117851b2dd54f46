// The crash suite: a stream of order-like transactions is cut at a random change of the disk, and the database is opened again from what
// a kill or a power loss left. What was acknowledged must be whole; the one in doubt whole or absent; a full disk must lose nothing.
// HOLDFAST_CRASH_SEEDS sets how many seeds each model runs.
import { describe, expect, test } from 'vitest'
import { chanceOf, newCrashDisk, type Chance, type CrashDisk, type CrashModel } from '../../testing/crash-vfs.ts'
import { DiskVfs } from './disk-vfs.ts'
import type { Sqlite } from './engine.ts'
import { newSqliteModule } from './node-module.ts'
import { openEncrypted } from './open.ts'
import { SqliteError } from './sqlite-error.ts'

const seeds = Number(process.env['HOLDFAST_CRASH_SEEDS'] ?? 60)
const key = new Uint8Array(32).fill(7)
const rowsAnOrder = 9
const lives = 3

const schema = `
  CREATE TABLE IF NOT EXISTS header (id INTEGER PRIMARY KEY, state TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS line (id TEXT PRIMARY KEY, header INTEGER NOT NULL, text TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS entry (id TEXT PRIMARY KEY, header INTEGER NOT NULL, delta INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS outbox (header INTEGER PRIMARY KEY, body BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS audit (header INTEGER PRIMARY KEY, text TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS entry_by_header ON entry (header);
  CREATE TABLE IF NOT EXISTS balance (id INTEGER PRIMARY KEY, total INTEGER NOT NULL);
  INSERT OR IGNORE INTO balance VALUES (1, 0);`

/** What the test knows, independently of the database: orders whose transaction returned, and those in the one that was cut. */
interface Witness {
  readonly acknowledged: Set<number>
  doubtful: number[]
  next: number
}

describe.each<CrashModel>(['kill', 'power-loss'])('%s', (model) => {
  test.each(Array.from({ length: seeds }, (_, index) => index + 1))(
    'odoo-125037: seed %i keeps what was acknowledged',
    async (seed) => {
      const outcome = await live(seed, model, () => {})
      expect(outcome).toEqual({ lost: [], torn: [], integrity: 'ok' })
    },
    60_000,
  )
})

test('the suite has teeth: with synchronous=NORMAL, power losses lose acknowledged work', async () => {
  let losses = 0
  for (let seed = 1; seed <= 20; seed++) {
    const outcome = await live(seed, 'power-loss', (sqlite) => sqlite.exec('PRAGMA synchronous=NORMAL'))
    if (outcome.lost.length > 0) losses++
  }
  expect(losses).toBeGreaterThan(0)
}, 60_000)

test.each(Array.from({ length: 20 }, (_, index) => index + 1))(
  'seed %i: a full disk refuses, keeps what it has, and works on when there is room',
  async (seed) => {
    const { chance, disk, sqlite, witness } = await begun(seed)
    disk.fullAtWrite(1 + Math.floor(chance() * 300))
    expect(workUntilFault(sqlite, witness, chance)).toMatchObject({ kind: 'disk-full', code: 13 })
    // Still full: everything that was saved can be read.
    expect(check(sqlite, witness)).toEqual({ lost: [], torn: [], integrity: 'ok' })
    disk.room()
    // The refused transaction is gone as a whole, and the same connection takes the next one.
    expect(check(sqlite, witness)).toEqual({ lost: [], torn: [], integrity: 'ok' })
    placeOrders(sqlite, witness, chance)
    expect(check(sqlite, witness)).toEqual({ lost: [], torn: [], integrity: 'ok' })
    sqlite.close()
  },
)

test.each(Array.from({ length: seeds }, (_, index) => index + 1))(
  '[STO3] seed %i: what a full disk refused stays refused, also when the machine goes down over the next transaction',
  async (seed) => {
    const { chance, disk, sqlite, witness } = await begun(seed)
    for (let round = seed % 5; round >= 0; round--) placeOrders(sqlite, witness, chance)
    disk.fullAtWrite(1)
    expect(workUntilFault(sqlite, witness, chance)).toMatchObject({ kind: 'disk-full' })
    const refused = [...witness.doubtful]
    disk.room()
    disk.crashAtChange(1 + (seed % 3))
    expect(workUntilFault(sqlite, witness, chance)).toBeInstanceOf(SqliteError)
    const again = await open(disk.afterCrash('kill'), chance)
    expect(check(again, witness)).toEqual({ lost: [], torn: [], integrity: 'ok' })
    expect(refused.map((id) => rowsOf(again, id))).toEqual(refused.map(() => 0))
    again.close()
  },
)

/** A new database, and nothing in it. */
async function begun(seed: number) {
  const chance = chanceOf(seed)
  const disk = newCrashDisk(chance)
  const sqlite = await open(disk, chance)
  sqlite.exec(schema)
  const witness: Witness = { acknowledged: new Set(), doubtful: [], next: 1 }
  return { chance, disk, sqlite, witness }
}

/** Three lives of one database, each but the last cut at a random change, then what the witness says about the rest. */
async function live(seed: number, model: CrashModel, afterOpen: (sqlite: Sqlite) => void) {
  const chance = chanceOf(seed)
  let disk = newCrashDisk(chance)
  const witness: Witness = { acknowledged: new Set(), doubtful: [], next: 1 }
  for (let life = 0; life < lives; life++) {
    // The range reaches from the creation of the files over several checkpoints.
    disk.crashAtChange(1 + Math.floor(chance() ** 2 * 600))
    await liveOnce(disk, witness, chance, afterOpen)
    disk = disk.afterCrash(model)
    const outcome = await inspect(disk, witness, chance)
    if (outcome.lost.length > 0 || outcome.torn.length > 0 || outcome.integrity !== 'ok') return outcome
    if (chance() < 0.5) disk = disk.afterCrash(model)
  }
  return inspect(disk, witness, chance)
}

async function liveOnce(
  disk: CrashDisk,
  witness: Witness,
  chance: Chance,
  afterOpen: (sqlite: Sqlite) => void,
): Promise<void> {
  try {
    const sqlite = await open(disk, chance)
    afterOpen(sqlite)
    sqlite.exec(schema)
    workUntilFault(sqlite, witness, chance)
  } catch (error) {
    // The machine went down while opening or creating the tables: only that may be the reason.
    if (!disk.crashed || !(error instanceof SqliteError)) throw error
  }
}

async function inspect(disk: CrashDisk, witness: Witness, chance: Chance) {
  const sqlite = await open(disk, chance)
  sqlite.exec(schema)
  const outcome = check(sqlite, witness)
  // What was in doubt is settled now, and must stay as it is.
  for (const id of witness.doubtful) if (rowsOf(sqlite, id) === rowsAnOrder) witness.acknowledged.add(id)
  witness.doubtful = []
  // Half of the time the process dies without closing.
  if (chance() < 0.5) sqlite.close()
  return outcome
}

async function open(disk: CrashDisk, chance: Chance): Promise<Sqlite> {
  const module = await newSqliteModule()
  const sqlite = openEncrypted({
    module,
    vfs: new DiskVfs(module, disk),
    name: 'device.db',
    key,
    cacheKib: chance() < 0.3 ? 16 : 1024,
  })
  // Early checkpoints, so that crashes hit them as well.
  sqlite.get(`PRAGMA wal_autocheckpoint=${5 + Math.floor(chance() * 60)}`)
  return sqlite
}

function workUntilFault(sqlite: Sqlite, witness: Witness, chance: Chance): unknown {
  for (let round = 0; round < 400; round++) {
    try {
      placeOrders(sqlite, witness, chance)
    } catch (error) {
      if (error instanceof SqliteError) return error
      throw error
    }
  }
  return undefined
}

/** One transaction of one to four orders; sometimes an older order is touched, so that pages are rewritten. */
function placeOrders(sqlite: Sqlite, witness: Witness, chance: Chance): void {
  const ids = Array.from({ length: 1 + Math.floor(chance() ** 3 * 4) }, () => witness.next++)
  witness.doubtful = ids
  sqlite.transaction(() => {
    for (const id of ids) placeOrder(sqlite, id, chance)
    if (chance() < 0.3)
      sqlite.run('UPDATE header SET state = ? WHERE id = ?', ['touched', Math.ceil(chance() * witness.next)])
  })
  for (const id of ids) witness.acknowledged.add(id)
  witness.doubtful = []
}

function placeOrder(sqlite: Sqlite, id: number, chance: Chance): void {
  sqlite.run('INSERT INTO header VALUES (?, ?)', [id, 'submitted'])
  for (let line = 1; line <= 3; line++) {
    sqlite.run('INSERT INTO line VALUES (?, ?, ?)', [`${id}/${line}`, id, 'x'.repeat(Math.floor(chance() * 200))])
    sqlite.run('INSERT INTO entry VALUES (?, ?, ?)', [`${id}/${line}`, id, line * id])
  }
  sqlite.run('INSERT INTO outbox VALUES (?, ?)', [id, new Uint8Array(Math.floor(chance() * 3000)).fill(id)])
  sqlite.run('INSERT INTO audit VALUES (?, ?)', [id, `order ${id}`])
  sqlite.run('UPDATE balance SET total = total + ? WHERE id = 1', [6 * id])
}

function rowsOf(sqlite: Sqlite, id: number): number {
  return (
    sqlite.get<{ rows: number }>(
      `SELECT (SELECT count(*) FROM header WHERE id = ?1) + (SELECT count(*) FROM line WHERE header = ?1)
    + (SELECT count(*) FROM entry WHERE header = ?1) + (SELECT count(*) FROM outbox WHERE header = ?1)
    + (SELECT count(*) FROM audit WHERE header = ?1) AS rows`,
      [id],
    )?.rows ?? 0
  )
}

function check(sqlite: Sqlite, witness: Witness) {
  const lost: number[] = []
  const torn: (number | string)[] = []
  let total = 0
  for (let id = 1; id < witness.next; id++) {
    const rows = rowsOf(sqlite, id)
    if (rows !== 0 && rows !== rowsAnOrder) torn.push(id)
    if (witness.acknowledged.has(id) && rows !== rowsAnOrder) lost.push(id)
    if (!witness.acknowledged.has(id) && !witness.doubtful.includes(id) && rows !== 0) torn.push(`${id} came back`)
    if (rows === rowsAnOrder) total += 6 * id
  }
  const balance = sqlite.get<{ total: number }>('SELECT total FROM balance')?.total
  if (balance !== total) torn.push(`balance ${balance} instead of ${total}`)
  return { lost, torn, integrity: sqlite.get<{ integrity_check: string }>('PRAGMA integrity_check')?.integrity_check }
}
