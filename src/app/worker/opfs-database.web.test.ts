// The encrypted database over OPFS in a real Chromium: written, killed without warning, opened again. Nothing readable may lie in the
// profile, a second tab gets a clear refusal, and a full quota loses nothing.
import { createServer, type Server } from 'node:http'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChromium, type KillableChromium } from '../../testing/killable-chromium.ts'

const work = mkdtempSync(join(tmpdir(), 'holdfast-opfs-'))
const profile = join(work, 'profile')
const control = 'CONTROL-that-the-search-must-find'
const canary = 'CANARY-Jane-Doe-4711'
let server: Server
let address = ''
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
}
self.onmessage = async ({ data: { id, call, values } }) => {
  try { self.postMessage({ id, result: await calls[call](...values) }) }
  catch (error) { self.postMessage({ id, failed: { name: error.name, kind: error.kind, code: error.code, message: error.message } }) }
}`

const pageSource = `
const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
const waiting = new Map()
worker.onmessage = ({ data }) => { waiting.get(data.id)(data.failed ? { failed: data.failed } : { result: data.result }); waiting.delete(data.id) }
let last = 0
globalThis.ask = (call, ...values) => new Promise((resolve) => { waiting.set(++last, resolve); worker.postMessage({ id: last, call, values }) })`

beforeAll(async () => {
  const root = join(work, 'page')
  const site = join(work, 'site')
  mkdirSync(root)
  writeFileSync(join(root, 'worker.js'), workerSource)
  writeFileSync(join(root, 'page.js'), pageSource)
  writeFileSync(
    join(root, 'index.html'),
    '<!doctype html><title>opfs</title><script type="module" src="./page.js"></script>',
  )
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir: site, minify: false, target: 'es2023' },
  })
  server = createServer((request, response) => {
    const name = request.url === '/' ? '/index.html' : new URL(request.url ?? '/', 'http://x').pathname
    const type = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' }[extname(name)]
    if (!existsSync(join(site, name))) return void response.writeHead(404).end()
    return void response
      .writeHead(200, { 'content-type': type ?? 'application/octet-stream' })
      .end(readFileSync(join(site, name)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  browser = await startChromium(profile)
})

afterAll(async () => {
  await browser.kill()
  await new Promise((resolve) => server.close(resolve))
  rmSync(work, { recursive: true, maxRetries: 5, retryDelay: 200 })
})

interface Answer {
  readonly result?: unknown
  readonly failed?: { readonly name: string; readonly kind?: string; readonly code?: number; readonly message: string }
}

async function openPage(): Promise<Page> {
  const page = await browser.context.newPage()
  await page.goto(address)
  await page.waitForFunction(() => 'ask' in globalThis)
  return page
}

async function ask(page: Page, call: string, ...values: unknown[]): Promise<Answer> {
  return page.evaluate(
    ([name, given]) => (globalThis as unknown as { ask: (...all: unknown[]) => Promise<Answer> }).ask(name, ...given),
    [call, values] as const,
  )
}

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
  const { usage } = await session.send('Storage.getUsageAndQuota', { origin: address })
  await session.send('Storage.overrideQuotaForOrigin', { origin: address, quotaSize: usage + 400_000 })
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
  await session.send('Storage.overrideQuotaForOrigin', { origin: address })
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
