// How long a person waits for "saved": in a real Chromium, a sale of two lines (some 10 rows) through the device worker, from the call until
// its answer (on the disk, after the sync) and until a live list on the screen shows it; beside its limit, the same rows written into the same
// kind of file by statements alone, in turns with it. A sale begins when the frame with the one before is drawn, because nobody sells before
// that, and a page that draws hears no answer. `npm run bench -- save [sales]`.
//
// What is left between a save and its goal, by a profile of the worker (Chromium, processor time of one save of 3.1 ms before the reads were
// put together): the commit 1.3 ms, of it the cipher 0.45 and the log's checksum 0.12 over 41 pages, and write and flush 0.43; the handler
// 0.8; rows, touches and outbox 0.4. Smaller pages don't help while the file system tells sectors of 4 096 bytes, which keeps what is
// synced from being written again: SQLite then writes all pages of a sector (185 of 1 KiB instead of 41 of 4).
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Page } from 'playwright-core'
import { fillDemoCompany } from '../src/cli/demo-company.ts'
import { serve } from '../src/hub/serve.ts'
import { keyId } from '../src/kernel/hash.ts'
import { aTab, askWorker, enrolTab } from '../src/testing/app-tab.ts'
import { startChromium } from '../src/testing/killable-chromium.ts'
import { bareBrowser, type BareBrowser } from './bare-browser.ts'
import { ms, quantile, quantiles, ratio } from './figures.ts'
import { saleRows } from './sale-rows.ts'

const WARM_UP = 30
const TURN = 25
const sales = Math.max(50, Number(process.argv[2] ?? 500))
const TENANT = 'main'
const branch = keyId(TENANT, 'masters.branch', [keyId(TENANT, 'masters.company', ['BW']), 'leeds'])
const STANDARD = [{ code: 'STD', percent: 20_000_000 }]
const line = (itemCode: string, itemName: string, rate: number) => ({
  item: keyId(TENANT, 'masters.item', [itemCode]),
  itemCode,
  itemName,
  quantity: 1_000_000,
  unit: 'each',
  rate,
  source: 'profile-list',
  taxes: STANDARD,
})

/** 9.60 and 4.20 with tax: 13.80, of it 2.30. */
const saleOf = (shift: string, businessDate: string) => ({
  shift,
  businessDate,
  currency: 'GBP',
  minorDigits: 2,
  pricesIncludeTax: true,
  taxRounding: 'line',
  lines: [line('TAPE8', 'Tape measure 8 m', 9_600_000), line('GLOVES', 'Work gloves, pair', 4_200_000)],
  tenders: [{ method: 'cash', kind: 'cash', amount: 1380 }],
  total: 1380,
  tax: 230,
})

interface Taken {
  readonly saved: readonly number[]
  readonly visible: readonly number[]
}

/** In the page: saves one after the other, and watches the list that is shown for each new number. Milliseconds. */
const saveMany = (page: Page, args: object, count: number): Promise<Taken> =>
  page.evaluate(
    async ([sale, many]) => {
      interface Answer {
        readonly id?: string
        readonly value?: { readonly saved: boolean; readonly about: { readonly number: string } }
        readonly fault?: { readonly message: string }
      }
      interface Watched {
        readonly document: { readonly body: { readonly textContent: string } }
        requestAnimationFrame(draw: () => void): void
        readonly MutationObserver: new (see: () => void) => {
          observe(node: object, what: object): void
          disconnect(): void
        }
        readonly deviceWorker: {
          addEventListener(type: 'message', hear: (event: { data: Answer }) => void): void
          removeEventListener(type: 'message', hear: (event: { data: Answer }) => void): void
          postMessage(message: object): void
        }
      }
      const scope = globalThis as unknown as Watched
      const { document, MutationObserver, deviceWorker } = scope
      const save = (): Promise<{ number: string; tookMs: number; began: number }> =>
        new Promise((resolve, reject) => {
          const id = crypto.randomUUID()
          const options = { requestKey: crypto.randomUUID() }
          const ask = { name: 'run', input: { command: 'pos.completeSale', args: sale, options } }
          const began = performance.now()
          const hear = ({ data }: { data: Answer }): void => {
            if (data.id !== id) return
            deviceWorker.removeEventListener('message', hear)
            if (data.value?.saved === true)
              resolve({ number: data.value.about.number, tookMs: performance.now() - began, began })
            else reject(new Error(`Not saved: ${JSON.stringify(data)}`))
          }
          deviceWorker.addEventListener('message', hear)
          // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window: it has no origin to name
          deviceWorker.postMessage({ id, ask })
        })
      const shows = (number: string): Promise<void> =>
        new Promise((resolve) => {
          const isThere = (): boolean => document.body.textContent.includes(number)
          if (isThere()) return resolve()
          const observer = new MutationObserver(() => {
            if (!isThere()) return
            observer.disconnect()
            resolve()
          })
          observer.observe(document.body, { childList: true, subtree: true, characterData: true })
        })
      const frame = (): Promise<void> => new Promise((resolve) => scope.requestAnimationFrame(() => resolve()))
      const saved: number[] = []
      const visible: number[] = []
      for (let at = 0; at < many; at++) {
        const { number, tookMs, began } = await save()
        await shows(number)
        saved.push(tookMs)
        visible.push(performance.now() - began)
        await frame()
        await frame()
      }
      return { saved, visible }
    },
    [args, count] as const,
  )

const root = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
if (!existsSync(join(import.meta.dirname, '../dist/app/index.html')))
  throw new Error('dist/app is missing: build it with `node bin/build.mjs`.')
const served = await serve({ dataDir: join(root, 'hub'), port: 0, log: pino({ level: 'silent' }) })
let isServed = true
const browser = await startChromium(join(root, 'profile'))
let bare: BareBrowser | null = null
try {
  const { password } = await fillDemoCompany(served, join(root, 'hub'), () => undefined)
  // The loader that runs this file names functions by a helper of its own, which a page doesn't have.
  await browser.context.addInitScript('globalThis.__name = (made) => made')
  const page = await aTab(browser.context, served.url)
  await page.setViewportSize({ width: 1366, height: 820 })
  await enrolTab(page, { code: await served.newCode(null), signIn: 'grace', password })
  await page.getByRole('button', { name: /^Account of/ }).waitFor()
  const businessDate = new Date().toISOString().slice(0, 10)
  const { rows: tills } = await askWorker(page, 'query', { view: 'pos.tillsOfBranch', args: { branch } })
  const open = await askWorker(page, 'run', {
    command: 'pos.openShift',
    args: { till: tills[0]?.['id'], businessDate, currency: 'GBP', float: 0, denominations: [] },
    options: {},
  })
  if (!open.saved) throw new Error(`The shift could not be opened: ${JSON.stringify(open)}`)
  const args = saleOf(open.inserted['pos.shift']?.[0] ?? '', businessDate)
  const one = await askWorker(page, 'run', { command: 'pos.completeSale', args, options: {} })
  if (!one.saved) throw new Error(`The sale was refused: ${JSON.stringify(one)}`)
  const rows = Object.values(one.inserted).reduce((sum, ids) => sum + ids.length, 0)
  await page.evaluate(() => {
    const { history } = globalThis as unknown as {
      history: { pushState(state: null, title: string, url: string): void }
    }
    history.pushState(null, '', '/sell/sales')
  })
  await page.getByText(String(one.about['number'])).first().waitFor()
  bare = await bareBrowser(browser.context, root, await saleRows())
  console.log(`${sales} sales of two lines each way: ${rows} rows inserted by each, and three balances raised`)
  for (const network of ['with the hub there, sending meanwhile', 'with no network']) {
    if (network === 'with no network') {
      await served.stop()
      isServed = false
    }
    const saved: number[] = []
    const visible: number[] = []
    const limit: number[] = []
    // In turns, so that whatever else this machine does meets both.
    for (let left = sales + WARM_UP; left > 0; left -= TURN) {
      const many = Math.min(TURN, left)
      await page.bringToFront()
      const taken = await saveMany(page, args, many)
      saved.push(...taken.saved)
      visible.push(...taken.visible)
      limit.push(...(await bare.save(many)))
    }
    for (const times of [saved, visible, limit]) times.splice(0, WARM_UP)
    console.log(`${network}:`)
    console.log(`  durable (call → answer):        ${quantiles(saved)} (goal p50 2 ms, p99 15 ms)`)
    console.log(`  and visible (call → live list): ${quantiles(visible)}`)
    console.log(`  its limit (statements alone):   ${quantiles(limit)}`)
    console.log(`  ${ratio('durable, p50', quantile(saved, 0.5), quantile(limit, 0.5), '2 ms against 0.7 ms: 2.9')}`)
    console.log(`  the quickest: ${ms(Math.min(...saved))} durable, ${ms(Math.min(...limit))} its limit`)
  }
} finally {
  await bare?.close()
  await browser.kill()
  if (isServed) await served.stop()
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
}
