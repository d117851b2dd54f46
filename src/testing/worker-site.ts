// A site of one page and one worker, built as the app is built, for tests of what only a browser's worker can do. The worker's program
// names its calls in an object `calls`; a page asks it by name and hears the result or what failed. A call that will never return answers by
// `this.tell(result)`.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { build } from 'vite'

const answering = `
self.onmessage = async ({ data: { id, call, values } }) => {
  const tell = (result) => self.postMessage({ id, result })
  try { tell(await calls[call].apply({ tell }, values)) }
  catch (error) { self.postMessage({ id, failed: { name: error.name, kind: error.kind, code: error.code, message: error.message } }) }
}`

const pageSource = `
const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
const waiting = new Map()
worker.onmessage = ({ data }) => { waiting.get(data.id)(data.failed ? { failed: data.failed } : { result: data.result }); waiting.delete(data.id) }
let last = 0
globalThis.ask = (call, ...values) => new Promise((resolve) => { waiting.set(++last, resolve); worker.postMessage({ id: last, call, values }) })`

export interface Answer {
  readonly result?: unknown
  readonly failed?: { readonly name: string; readonly kind?: string; readonly code?: number; readonly message: string }
}

export interface WorkerSite {
  readonly address: string
  open(context: BrowserContext): Promise<Page>
  end(): Promise<void>
}

/** Builds it below `directory` and serves it on a free port of this machine. */
export async function aWorkerSite(directory: string, workerSource: string): Promise<WorkerSite> {
  const root = join(directory, 'page')
  const site = join(directory, 'built')
  mkdirSync(root, { recursive: true })
  writeFileSync(join(root, 'worker.js'), `${workerSource}\n${answering}`)
  writeFileSync(join(root, 'page.js'), pageSource)
  writeFileSync(
    join(root, 'index.html'),
    '<!doctype html><title>worker</title><script type="module" src="./page.js"></script>',
  )
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir: site, minify: false, target: 'es2023' },
  })
  const server = createServer((request, response) => {
    const name = request.url === '/' ? '/index.html' : new URL(request.url ?? '/', 'http://x').pathname
    const type = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' }[extname(name)]
    if (!existsSync(join(site, name))) return void response.writeHead(404).end()
    return void response
      .writeHead(200, { 'content-type': type ?? 'application/octet-stream' })
      .end(readFileSync(join(site, name)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    address,
    async open(context) {
      const page = await context.newPage()
      await page.goto(address)
      await page.waitForFunction(() => 'ask' in globalThis)
      return page
    },
    end: () => new Promise((resolve) => void server.close(() => resolve())),
  }
}

export const ask = (page: Page, call: string, ...values: unknown[]): Promise<Answer> =>
  page.evaluate(
    ([name, given]) => (globalThis as unknown as { ask: (...all: unknown[]) => Promise<Answer> }).ask(name, ...given),
    [call, values] as const,
  )
