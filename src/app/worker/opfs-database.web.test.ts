// The encrypted database over OPFS in a real Chromium: written, killed without warning, opened again. Nothing readable may lie in the
// profile, a second tab gets a clear refusal, and a full quota loses nothing.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChromium, type KillableChromium } from '../../testing/killable-chromium.ts'
import { ask, aWorkerSite, type Answer, type WorkerSite } from '../../testing/worker-site.ts'

const work = mkdtempSync(join(tmpdir(), 'holdfast-opfs-'))
const profile = join(work, 'profile')
const control = 'CONTROL-that-the-search-must-find'
const canary = 'CANARY-Jane-Doe-4711'
let site: WorkerSite
let browser: KillableChromium

const workerSource = `
import { deleteOpfsDatabase, openOpfsDatabase } from ${JSON.stringify(join(import.meta.dirname, 'opfs-database.ts'))}
let sqlite
const calls = {
  open: async (directory, keyByte) => { sqlite = await openOpfsDatabase({ directory, key: new Uint8Array(32).fill(keyByte) }) },
  close: () => { sqlite.close(); sqlite = undefined },
  exec: (script) => sqlite.exec(script),
  run: (sql, values) => sqlite.run(sql, values),
  all: (sql, values) => sqlite.all(sql, values),
  remove: (directory) => deleteOpfsDatabase(directory),
  plain: async (text) => {
    const file = await (await navigator.storage.getDirectory()).getFileHandle('control.txt', { create: true })
    const handle = await file.createSyncAccessHandle()
    handle.write(new TextEncoder().encode(text)); handle.flush(); handle.close()
  },
  directories: async () => {
    const names = []
    for await (const entry of (await navigator.storage.getDirectory()).values()) if (entry.kind === 'directory') names.push(entry.name)
    return names
  },
  orders: (count) => {
    const ms = []
    for (let n = 0; n < count; n++) {
      const before = performance.now()
      sqlite.transaction(() => { for (let row = 0; row < 9; row++) sqlite.run('INSERT INTO entry (body) VALUES (?)', ['order ' + n + ' row ' + row]) })
      ms.push(performance.now() - before)
    }
    return ms.sort((a, b) => a - b)[count >> 1]
  },
  pointReadMs: (count) => {
    const before = performance.now()
    for (let n = 1; n <= count; n++) sqlite.get('SELECT id, body FROM entry WHERE id = ?', [n])
    return (performance.now() - before) / count
  },
}`

beforeAll(async () => {
  site = await aWorkerSite(join(work, 'site'), workerSource)
  browser = await startChromium(profile)
})

afterAll(async () => {
  await browser.kill()
  await site.end()
  rmSync(work, { recursive: true, maxRetries: 5, retryDelay: 200 })
})

const openPage = (): Promise<Page> => site.open(browser.context)

/** The files below `directory` that hold `text`. */
function filesWith(text: string, directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(text))
}

test('what was acknowledged survives a kill of the browser, and only with the key', async () => {
  const page = await openPage()
  expect(await ask(page, 'open', 'devices/1', 7)).toEqual({})
  await ask(page, 'exec', 'CREATE TABLE entry (id INTEGER PRIMARY KEY, body TEXT)')
  await ask(page, 'plain', control)
  const orderMs = await ask(page, 'orders', 300)
  const readMs = await ask(page, 'pointReadMs', 2000)
  process.stderr.write(
    `OPFS in Chromium: order of 9 rows p50 ${Number(orderMs.result).toFixed(2)} ms, point read ${Number(readMs.result).toFixed(4)} ms\n`,
  )
  for (let n = 0; n < 50; n++)
    expect(await ask(page, 'run', 'INSERT INTO entry (body) VALUES (?)', [`${canary} ${n}`])).toEqual({ result: 1 })

  const second = await openPage()
  expect(await ask(second, 'open', 'devices/1', 7)).toMatchObject({ failed: { name: 'DatabaseInUseError' } })

  await browser.kill()
  expect(filesWith(control, profile)).not.toEqual([])
  expect(filesWith(canary, profile)).toEqual([])

  browser = await startChromium(profile)
  const again = await openPage()
  expect(await ask(again, 'open', 'devices/1', 8)).toMatchObject({
    failed: { name: 'SqliteError', kind: 'wrong-key', code: 26 },
  })
  expect(await ask(again, 'open', 'devices/1', 7)).toEqual({})
  expect(await ask(again, 'all', 'SELECT count(*) AS n FROM entry WHERE body LIKE ?', [`${canary}%`])).toEqual({
    result: [{ n: 50 }],
  })
  expect(await ask(again, 'all', 'SELECT count(*) AS n FROM entry')).toEqual({ result: [{ n: 2750 }] })
  expect(await ask(again, 'all', 'PRAGMA integrity_check')).toEqual({ result: [{ integrity_check: 'ok' }] })
  expect(await ask(again, 'all', 'PRAGMA journal_mode')).toEqual({ result: [{ journal_mode: 'wal' }] })
  await again.close()
})

test('another tab takes over when the first one closes', async () => {
  const first = await openPage()
  expect(await ask(first, 'open', 'devices/2', 7)).toEqual({})
  await ask(
    first,
    'exec',
    "CREATE TABLE entry (id INTEGER PRIMARY KEY, body TEXT); INSERT INTO entry VALUES (1, 'kept')",
  )
  const second = await openPage()
  const opening = ask(second, 'open', 'devices/2', 7)
  await first.close()
  expect(await opening).toEqual({})
  expect(await ask(second, 'all', 'SELECT body FROM entry')).toEqual({ result: [{ body: 'kept' }] })
  await second.close()
})

test('a full quota refuses with 13, keeps what was stored, and ends when there is room', async () => {
  const page = await openPage()
  expect(await ask(page, 'open', 'devices/3', 7)).toEqual({})
  await ask(page, 'exec', 'CREATE TABLE entry (id INTEGER PRIMARY KEY, body BLOB)')
  const session = await browser.context.newCDPSession(page)
  const { usage } = await session.send('Storage.getUsageAndQuota', { origin: site.address })
  await session.send('Storage.overrideQuotaForOrigin', { origin: site.address, quotaSize: usage + 400_000 })
  let stored = 0
  let refusal: Answer = {}
  while (stored < 200 && !refusal.failed) {
    refusal = await ask(page, 'run', 'INSERT INTO entry (body) VALUES (randomblob(50000))')
    if (!refusal.failed) stored++
  }
  expect(refusal).toMatchObject({ failed: { name: 'SqliteError', kind: 'disk-full', code: 13 } })
  // Still full: what was saved can be read, again and again.
  for (const _ of [1, 2])
    expect(await ask(page, 'all', 'SELECT count(*) AS n, sum(length(body)) AS bytes FROM entry')).toEqual({
      result: [{ n: stored, bytes: stored * 50_000 }],
    })
  await session.send('Storage.overrideQuotaForOrigin', { origin: site.address })
  expect(await ask(page, 'run', 'INSERT INTO entry (body) VALUES (randomblob(50000))')).toEqual({ result: 1 })
  expect(await ask(page, 'all', 'SELECT count(*) AS n FROM entry')).toEqual({ result: [{ n: stored + 1 }] })
  expect(await ask(page, 'all', 'PRAGMA integrity_check')).toEqual({ result: [{ integrity_check: 'ok' }] })
  await ask(page, 'close')
  await page.close()
})

test('removing a database leaves nothing of it, and is no fault when there is none', async () => {
  const page = await openPage()
  await ask(page, 'open', 'gone', 7)
  await ask(page, 'exec', 'CREATE TABLE entry (id INTEGER PRIMARY KEY)')
  await ask(page, 'close')
  expect(await ask(page, 'directories')).toEqual({ result: expect.arrayContaining(['gone']) })
  expect(await ask(page, 'remove', 'gone')).toEqual({})
  expect(await ask(page, 'remove', 'gone')).toEqual({})
  expect(await ask(page, 'directories')).toEqual({ result: ['devices'] })
  await page.close()
})
