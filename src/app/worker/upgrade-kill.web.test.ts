// The browser is killed with SIGKILL while an app of a newer release brings its device's database over: what is found is the
// database of the one release or of the other, and the next start makes of it what an undisturbed one has, byte for byte.
// A kill comes at one of the upgrade's own writes, at any moment, or as soon as it is done. HOLDFAST_KILL_ROUNDS sets how often (3 in CI),
// HOLDFAST_SEED the moments.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seededRandom } from '../../testing/chaos-proxy.ts'
import { startChromium, type KillableChromium } from '../../testing/killable-chromium.ts'
import { ask, aWorkerSite, type WorkerSite } from '../../testing/worker-site.ts'

const ROUNDS = Number(process.env['HOLDFAST_KILL_ROUNDS'] ?? 3)
const SEED = Number(process.env['HOLDFAST_SEED'] ?? 20_261_127)
const work = mkdtempSync(join(tmpdir(), 'holdfast-upgrade-'))
const profile = join(work, 'profile')
const source = (path: string): string => JSON.stringify(join(import.meta.dirname, '../..', path))
let site: WorkerSite
let browser: KillableChromium

const workerSource = `
import { openOpfsDatabase } from ${source('app/worker/opfs-database.ts')}
import { capture } from ${source('sync/device/capture.ts')}
import { Replica } from ${source('sync/device/replica.ts')}
import { applyPull } from ${source('sync/device/settle.ts')}
import { identify } from ${source('testing/identify.ts')}
import { newerRelease, olderRelease } from ${source('testing/two-releases.ts')}
const NOON = Date.UTC(2026, 10, 21, 12)
const open = (directory) => openOpfsDatabase({ directory, key: new Uint8Array(32).fill(7) })
let db
const calls = {
  older: async (directory, rows, works) => {
    db = await open(directory)
    const replica = new Replica(db, olderRelease)
    identify(replica)
    const ids = Array.from({ length: rows }, (_, at) => 'item ' + at)
    applyPull(replica, [{
      head: { pull: 1, incarnation: 'i1', w: 3, upto: 3, more: false, resets: [], names: ['company'], has: 0 },
      rows: [{ rows: 'rel.item', cols: ['goneAt', 'name', 'stock'], ids, buckets: ids.map(() => [0]), vals: ids.map((id, at) => [null, id, at]) }],
      left: [], end: { end: 1, digests: {} },
    }], NOON)
    for (let at = 0; at < works; at++) {
      const [name, args] = [['rel.addItem', { name: 'new ' + at }], ['rel.sell', { item: ids[at % rows], quantity: 1 }],
        ['rel.rename', { item: ids[(at * 7) % rows], name: 'renamed ' + at }], ['rel.addShelf', { label: 'shelf ' + at }]][at % 4]
      const answer = capture(replica, { at: NOON + at, tz: 'Europe/London', mono: at, app: 'test', off: null }, name, args)
      if (!answer.saved) throw new Error(JSON.stringify(answer))
    }
    db.close()
  },
  /** Which release the file is of, as it lies there. */
  found: async (directory) => {
    db = await open(directory)
    const has = (name) => db.get("SELECT 1 AS one FROM sqlite_schema WHERE name = ?", [name]) !== undefined
    const found = { isNewer: has('rel_remark'), isOlder: has('rel_shelf'), check: db.get('PRAGMA integrity_check').integrity_check,
      work: db.get('SELECT count(*) AS n FROM outbox').n }
    db.close()
    return found
  },
  /** Stands still for ever at the write of this number, and says so. */
  async newer(directory, stopAt = Infinity) {
    db = await open(directory)
    const run = db.run.bind(db)
    let writes = 0
    db.run = (...given) => {
      if ((writes += 1) === stopAt) {
        this.tell({ stoppedAt: stopAt })
        for (;;);
      }
      return run(...given)
    }
    const { isHeldBack } = new Replica(db, newerRelease)
    const tables = db.all("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    const rows = tables.flatMap(({ name }) => db.all('SELECT * FROM "' + name + '"').map((row) => name + ' ' +
      JSON.stringify(row, (_, value) => (value instanceof Uint8Array ? [...value] : value))))
    db.close()
    return { database: { isHeldBack, rows: rows.sort() }, writes }
  },
}`

beforeAll(async () => {
  site = await aWorkerSite(join(work, 'site'), workerSource)
  browser = await startChromium(profile)
}, 120_000)

afterAll(async () => {
  await browser.kill()
  await site.end()
  rmSync(work, { recursive: true, maxRetries: 5, retryDelay: 200 })
})

const ROWS = 2000
const WORKS = 200
const moments = ['at a write', 'when it is done', 'at any time'] as const

interface Brought {
  readonly database: { readonly isHeldBack: boolean; readonly rows: readonly string[] }
  readonly writes: number
}

test(
  `[VER3] ${ROUNDS} kills while the database is brought to the newer release leave the one or the other`,
  async () => {
    let page = await site.open(browser.context)
    const older = async (directory: string): Promise<void> =>
      expect(await ask(page, 'older', directory, ROWS, WORKS)).toEqual({})
    await older('devices/undisturbed')
    const began = performance.now()
    const undisturbed = (await ask(page, 'newer', 'devices/undisturbed')).result as Brought
    const took = performance.now() - began
    const { database: expected, writes } = undisturbed
    expect(expected.isHeldBack).toBe(false)
    expect(expected.rows.length).toBeGreaterThan(ROWS + WORKS)
    expect(writes).toBeGreaterThan(WORKS)

    const random = seededRandom(SEED)
    const left = { older: 0, newer: 0 }
    for (let round = 0; round < ROUNDS; round++) {
      const moment = moments[round % moments.length]
      const directory = `devices/${round}`
      await older(directory)
      // The first write begins the transaction, the last one commits it.
      const stopAt = 2 + Math.floor(random() * (writes - 1))
      const upgrading = ask(page, 'newer', directory, ...(moment === 'at a write' ? [stopAt] : []))
      if (moment === 'at a write') expect(await upgrading).toEqual({ result: { stoppedAt: stopAt } })
      else if (moment === 'when it is done') expect(await upgrading).toEqual({ result: undisturbed })
      // Whatever it answered before the kill; the kill itself takes the page away.
      const answered = upgrading.catch(() => ({ result: undisturbed }))
      if (moment === 'at any time') await pause(random() * took)
      await browser.kill()
      if (moment === 'at any time') expect(await answered).toEqual({ result: undisturbed })
      browser = await startChromium(profile)
      page = await site.open(browser.context)
      const found = (await ask(page, 'found', directory)).result as { isNewer: boolean; isOlder: boolean }
      expect(found).toEqual({ isNewer: !found.isOlder, isOlder: found.isOlder, check: 'ok', work: WORKS })
      // What isn't committed was never there, and what was said to be done is.
      if (moment === 'at a write') expect(found.isOlder).toBe(true)
      if (moment === 'when it is done') expect(found.isNewer).toBe(true)
      left[found.isOlder ? 'older' : 'newer'] += 1
      expect(((await ask(page, 'newer', directory)).result as Brought).database).toEqual(expected)
    }
    process.stderr.write(
      `${ROUNDS} kills in an upgrade of ${took.toFixed(0)} ms: ${left.older} older, ${left.newer} newer\n`,
    )
  },
  90_000 + ROUNDS * 20_000,
)
