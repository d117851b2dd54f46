// In a real Chromium, on its own file system: the storage is full from the n-th write of a file on, in a save, in an exchange and
// while a newer release brings a database over. Each is refused whole, everything that was saved can be read meanwhile, and done again with
// room it comes to what an undisturbed device has, byte for byte.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChromium, type KillableChromium } from '../../testing/killable-chromium.ts'
import { ask, aWorkerSite, type WorkerSite } from '../../testing/worker-site.ts'

/** The first writes, then each so many; every one when HOLDFAST_CRASH_SEEDS asks for more. */
const STRIDE = process.env['HOLDFAST_CRASH_SEEDS'] === undefined ? 29 : 1
const after = (at: number): number => at + (at < 4 ? 1 : STRIDE)
const work = mkdtempSync(join(tmpdir(), 'holdfast-full-writes-'))
const source = (path: string): string => JSON.stringify(join(import.meta.dirname, '../..', path))
const golden = readFileSync(join(import.meta.dirname, '../../sync/golden/device-1.json'), 'utf8')

const workerSource = `
import { openOpfsDatabase } from ${source('app/worker/opfs-database.ts')}
import { capture } from ${source('sync/device/capture.ts')}
import { Replica } from ${source('sync/device/replica.ts')}
import { storeOutcomes } from ${source('sync/device/outcomes.ts')}
import { applyPull } from ${source('sync/device/settle.ts')}
import { catalogue } from ${source('modules/all.ts')}
import { restoreDatabase } from ${source('testing/golden-device.ts')}
import { shopIds } from ${source('modules/pos/till-builders.ts')}
const golden = ${golden}
const NOON = Date.UTC(2026, 10, 22, 12)
const ids = shopIds('t1')

/** Writes of files are counted; from \`fullAt\` on there is no room. */
let writes = 0
let fullAt = Infinity
const handle = FileSystemSyncAccessHandle.prototype
const write = handle.write
handle.write = function (...given) {
  if ((writes += 1) >= fullAt) throw new DOMException('There is no room.', 'QuotaExceededError')
  return write.apply(this, given)
}
const withRoom = () => { writes = 0; fullAt = Infinity }

let db
let replica
const open = async (directory) => openOpfsDatabase({ directory, key: new Uint8Array(32).fill(7) })
const contents = async () => {
  const tables = db.all("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%_search_%' ORDER BY name")
  const rows = tables.flatMap(({ name }) => db.all('SELECT * FROM "' + name + '"').map((row) => name + ' ' + JSON.stringify(row)))
  const bytes = new TextEncoder().encode(rows.sort().join('\\n'))
  return Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), (byte) => byte.toString(16)).join(' ')
}
const pull = (head, rows) => ({ head: { pull: 1, incarnation: 'i1', more: false, resets: [], names: ['company', 'catalogue', 'parties'], has: 0, ...head }, rows, left: [], end: { end: 1, digests: {} } })

const acts = {
  save: () => {
    const moment = { at: NOON, tz: 'Europe/London', mono: 1, app: 'test', off: null }
    const args = { warehouse: ids.warehouse, businessDate: '2026-11-22', lines: [{ item: ids.drill, unit: 'each', accepted: 3000000, rate: 31500000 }] }
    const answer = capture(replica, moment, 'inventory.receiveGoods', args)
    if (!answer.saved) throw new Error(JSON.stringify(answer.refusal))
  },
  outcomes: () => {
    const waiting = db.all("SELECT seq, seal, predicted FROM outbox WHERE state = 'captured' ORDER BY seq")
    storeOutcomes(replica, waiting.map(({ seq, seal, predicted }) => ({ dev: 'K7Q2', ep: 1, seq, seal, outcome: 'accepted', eff: predicted, at: 1000 + seq })))
  },
  rows: () => {
    const item = catalogue.tables.get('masters.item')
    const row = replica.store.read(item, ids.drill)
    const cols = ['goneAt', ...item.fieldNames]
    applyPull(replica, [pull({ w: 2000, upto: 2000 }, [{ rows: item.name, cols, ids: [ids.drill], buckets: [[1]], vals: [cols.map((col) => (col === 'name' ? 'Another drill' : row[col]))] }])], NOON)
  },
}

const calls = {
  restore: async (directory) => { withRoom(); db = await open(directory); restoreDatabase(db, golden); db.close() },
  /** Opened by today's release, with so many writes of room: whether it had to stay as it was, and what can be read of it. */
  upgrade: async (directory, pragmas, at) => {
    withRoom()
    db = await open(directory)
    db.exec(pragmas)
    writes = 0
    fullAt = at ?? Infinity
    replica = new Replica(db, catalogue)
    const [isHeldBack, kind, took] = [replica.isHeldBack, replica.heldBack?.kind ?? null, writes]
    const read = db.get('SELECT count(*) AS n FROM outbox').n
    withRoom()
    const found = await contents()
    if (isHeldBack) db.close()
    return { isHeldBack, kind, read, writes: took, found }
  },
  act: async (name, at) => {
    writes = 0
    fullAt = at ?? Infinity
    const fault = (() => { try { acts[name](); return null } catch (error) { return error.kind ?? String(error) } })()
    const took = writes
    const read = db.get('SELECT count(*) AS n FROM outbox').n
    withRoom()
    return { fault, read, writes: took, found: await contents() }
  },
  found: async () => ({ found: await contents(), check: db.get('PRAGMA integrity_check').integrity_check }),
  close: () => db.close(),
}`

let site: WorkerSite
let browser: KillableChromium
let page: Page
beforeAll(async () => {
  site = await aWorkerSite(join(work, 'site'), workerSource)
  browser = await startChromium(join(work, 'profile'))
  page = await site.open(browser.context)
}, 180_000)
afterAll(async () => {
  await browser.kill()
  await site.end()
  rmSync(work, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})

interface Done {
  readonly fault: string | null
  readonly isHeldBack: boolean
  readonly kind: string | null
  readonly read: number
  readonly writes: number
  readonly found: string
}
async function told(call: string, ...given: unknown[]): Promise<Done> {
  const { result, failed } = await ask(page, call, ...given)
  expect(failed).toBeUndefined()
  return result as Done
}

test.each([
  ['with the memory that it has', ''],
  // Pages go to the files in the middle of a transaction, and to the database behind each commit.
  ['with hardly any', 'PRAGMA cache_size=4; PRAGMA wal_autocheckpoint=1'],
])(
  '[STO1] [VER3] full at every write of an update, of a save and of an exchange in Chromium, %s',
  async (how, pragmas) => {
    const counts: Record<string, number> = {}
    const [undisturbed, full] = [`undisturbed ${how}`, `full ${how}`]
    await told('restore', undisturbed)
    const whole = await told('upgrade', undisturbed, pragmas)
    expect(whole).toMatchObject({ isHeldBack: false })
    const steps = ['save', 'outcomes', 'rows']
    const expected: Record<string, string> = {}
    for (const step of steps) {
      const done = await told('act', step)
      expect(done.fault).toBeNull()
      expected[step] = done.found
    }
    await told('close')

    await told('restore', full)
    let before: string | null = null
    for (let at = 1; ; at = after(at)) {
      const done = await told('upgrade', full, pragmas, at)
      if (!done.isHeldBack) {
        expect(done.found).toBe(whole.found)
        break
      }
      expect(done).toMatchObject({ kind: 'disk-full', read: whole.read })
      counts['update'] = (counts['update'] ?? 0) + 1
      before ??= done.found
      expect([at, done.found]).toEqual([at, before])
    }
    for (const step of steps) {
      const { found: stood } = await told('found')
      for (let at = 1; ; at = after(at)) {
        const done = await told('act', step, at)
        if (done.fault === null) {
          expect([step, done.found]).toEqual([step, expected[step]])
          break
        }
        expect([step, at, done.fault, done.found]).toEqual([step, at, 'disk-full', stood])
        counts[step] = (counts[step] ?? 0) + 1
      }
    }
    expect(await told('found')).toMatchObject({ check: 'ok' })
    await told('close')
    expect(Object.keys(counts)).toEqual(['update', ...steps])
    const said = Object.entries(counts).map(([step, refused]) => `${step} refused ${refused}×`)
    process.stderr.write(`Full at every write in Chromium ${how}: ${said.join(', ')}\n`)
  },
  240_000,
)

test('[STO3] a save that a full storage refused in Chromium is not there when its tab dies over the next one', async () => {
  await told('restore', 'refused')
  await told('upgrade', 'refused', '')
  const { found: stood } = await told('found')
  expect(await told('act', 'save', 1)).toMatchObject({ fault: 'disk-full', found: stood })
  // Whatever the first one left behind would go to the file before the second one, which then finds no room itself.
  const { found } = await told('act', 'save', 2)
  await page.close()
  page = await site.open(browser.context)
  expect(await told('upgrade', 'refused', '')).toMatchObject({ isHeldBack: false, found })
  await told('close')
}, 120_000)
