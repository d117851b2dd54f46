// The limit of saving in a browser: the same rows, written by a few prepared statements into the same encrypted file in OPFS, in a worker
// of its own, and nothing else: no handler, no seal, no screen.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { build } from 'vite'
import type { SaleRows } from './sale-rows.ts'

const databaseFile = join(import.meta.dirname, '../src/app/worker/opfs-database.ts')

const workerSource = `
import { openOpfsDatabase } from ${JSON.stringify(databaseFile)}
let sqlite
let rows
const hex = (value, length) => value.toString(16).padStart(length, '0')
const newId = (at) => {
  const stamp = hex(at, 12)
  return stamp.slice(0, 8) + '-' + stamp.slice(8) + crypto.randomUUID().slice(13)
}
const calls = {
  open: async (given) => {
    rows = given
    sqlite = await openOpfsDatabase({ directory: 'bare', key: crypto.getRandomValues(new Uint8Array(32)) })
    sqlite.exec(rows.ddl)
    for (const { sql, values } of rows.before) sqlite.run(sql, values)
  },
  save: (count) => {
    const took = []
    for (let n = 0; n < count; n++) {
      const ids = new Map(rows.ids.map((id) => [id, newId(Date.now())]))
      const began = performance.now()
      sqlite.transaction(() => {
        for (const { sql, values } of rows.statements) sqlite.run(sql, values.map((value) => ids.get(value) ?? value))
      })
      took.push(performance.now() - began)
    }
    return took
  },
}
self.onmessage = async ({ data: { call, given } }) => {
  try { self.postMessage({ result: await calls[call](given) }) }
  catch (error) { self.postMessage({ failed: String(error) }) }
}`

const pageSource = `
const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
globalThis.ask = (call, given) => new Promise((resolve, reject) => {
  worker.onmessage = ({ data }) => ('failed' in data ? reject(new Error(data.failed)) : resolve(data.result))
  worker.postMessage({ call, given })
})`

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' }

export interface BareBrowser {
  /** Milliseconds of each transaction, from its first statement until it is on the disk; its page comes to the front for it. */
  save(count: number): Promise<number[]>
  /** Its server listens until then. */
  close(): Promise<void>
}

/** Opens a page of its own with an empty database of those tables. `work` is a directory for the built page. */
export async function bareBrowser(context: BrowserContext, work: string, rows: SaleRows): Promise<BareBrowser> {
  const root = join(work, 'bare')
  const site = join(work, 'bare-site')
  mkdirSync(root)
  writeFileSync(join(root, 'worker.js'), workerSource)
  writeFileSync(join(root, 'page.js'), pageSource)
  writeFileSync(
    join(root, 'index.html'),
    '<!doctype html><title>bare</title><script type="module" src="./page.js"></script>',
  )
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir: site, target: 'es2023' },
  })
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const name = path === '/' ? '/index.html' : path
    try {
      const content = readFileSync(join(site, name))
      response.writeHead(200, { 'content-type': types[extname(name)] ?? 'application/octet-stream' }).end(content)
    } catch {
      // The browser asks for an icon that there isn't.
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const page = await context.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await page.waitForFunction(() => 'ask' in globalThis)
  const ask = (call: string, given: unknown): Promise<unknown> =>
    page.evaluate(
      ([name, value]) =>
        (globalThis as unknown as { ask(call: unknown, given: unknown): Promise<unknown> }).ask(name, value),
      [call, given] as const,
    )
  await ask('open', rows)
  return {
    async save(count) {
      // Chromium gives the processes of a tab behind others less of the machine.
      await page.bringToFront()
      return (await ask('save', count)) as number[]
    },
    async close() {
      await page.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
