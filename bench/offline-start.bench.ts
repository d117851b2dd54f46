// `npm run bench -- offline-start [rounds]`: the browser was closed, the hub can't be reached: how long until a person may unlock, and
// from the press of the button until a list can be worked with, with the page throttled four times and not at all, in turns in one run.
// Checking the passphrase is part of the second and slow on purpose: some 0.35 s on the device that it was made on. Both ends are seen by
// the page itself, a frame after they stand in it: a driver that looks for them from outside slows a throttled page by half a second.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { BrowserContext, Page } from 'playwright-core'
import { fillDemoCompany } from '../src/cli/demo-company.ts'
import { serve } from '../src/hub/serve.ts'
import { askWorker, aTab, enrolTab, PASSPHRASE, serviceWorkerReady, unlockTab } from '../src/testing/app-tab.ts'
import { startChromium } from '../src/testing/killable-chromium.ts'
import { ms, quantile, ratio } from './figures.ts'

const rounds = Math.max(3, Number(process.argv[2] ?? 5))
const RATE = 4

/** Chromium slows down pages, not workers ("Operation is only supported for pages"): the worker runs at full speed. */
async function throttle(context: BrowserContext, page: Page): Promise<void> {
  const session = await context.newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: RATE })
}

interface Start {
  readonly toUnlock: number
  readonly toList: number
}

/** In the page, from its first moment on: when the passphrase could be typed, when the button was pressed, when the list was there. */
const watch = (customer: string): string => `
  globalThis.seen = {}
  const drawn = (name) => (seen[name] ??= requestAnimationFrame(() => (seen[name] = performance.now())) && null)
  addEventListener('click', () => (seen.pressed = performance.now()), true)
  new MutationObserver(() => {
    if (!('unlock' in seen) && document.querySelector('input[type=password]') !== null) drawn('unlock')
    if (!('list' in seen) && document.body?.textContent.includes(${JSON.stringify(customer)})) drawn('list')
  }).observe(document, { childList: true, subtree: true, characterData: true })`

const seenIn = (page: Page, name: 'unlock' | 'pressed' | 'list'): Promise<number> =>
  page
    .waitForFunction((of) => (globalThis as unknown as { seen: Record<string, number | null> }).seen[of], name, {
      polling: 100,
    })
    .then((found) => found.jsonValue())
    .then(Number)

async function start(profile: string, url: string, isThrottled: boolean, customer: string): Promise<Start> {
  const browser = await startChromium(profile)
  try {
    const page = await browser.context.newPage()
    if (isThrottled) await throttle(browser.context, page)
    await page.addInitScript(watch(customer))
    await page.goto(`${url}/customers`)
    const toUnlock = await seenIn(page, 'unlock')
    await page.locator('input[type=password]').fill(PASSPHRASE)
    await page.locator('button[type=submit]').click()
    const pressed = await seenIn(page, 'pressed')
    return { toUnlock, toList: (await seenIn(page, 'list')) - pressed }
  } finally {
    await browser.kill()
  }
}

const root = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
if (!existsSync(join(import.meta.dirname, '../dist/app/index.html')))
  throw new Error('dist/app is missing: build it with `node bin/build.mjs`.')
const profile = join(root, 'profile')
const served = await serve({ dataDir: join(root, 'hub'), port: 0, log: pino({ level: 'silent' }) })
let isServed = true
let customer = ''
try {
  const { password } = await fillDemoCompany(served, join(root, 'hub'), () => undefined)
  const browser = await startChromium(profile)
  try {
    // The loader that runs this file names functions by a helper of its own, which a page doesn't have.
    await browser.context.addInitScript('globalThis.__name = (made) => made')
    const page = await aTab(browser.context, served.url)
    await enrolTab(page, { code: await served.newCode(null), signIn: 'grace', password })
    await page.getByRole('button', { name: /^Account of/ }).waitFor()
    await page.goto(`${served.url}/customers`)
    await unlockTab(page)
    await serviceWorkerReady(page)
    const today = new Date().toISOString().slice(0, 10)
    const { rows } = await askWorker(page, 'query', { view: 'crm.customers', args: { today } })
    customer = String(rows[0]?.['name'])
    await page.getByText(customer).first().waitFor()
  } finally {
    await browser.kill()
  }
  await served.stop()
  isServed = false
  const slow: Start[] = []
  const plain: Start[] = []
  for (let round = 0; round < rounds; round++) {
    plain.push(await start(profile, served.url, false, customer))
    slow.push(await start(profile, served.url, true, customer))
  }
  const told = (what: string, starts: readonly Start[]): number => {
    const of = (pick: (each: Start) => number): number => quantile(starts.map(pick), 0.5)
    const whole = of(({ toUnlock, toList }) => toUnlock + toList)
    console.log(
      `  ${what}: may be unlocked after p50 ${ms(of(({ toUnlock }) => toUnlock))}, a usable list ${ms(of(({ toList }) => toList))} after the passphrase; ${ms(whole)} in all`,
    )
    return whole
  }
  console.log(`${rounds} cold starts each way, no hub, the browser started anew each time`)
  const limit = told('at full speed', plain)
  const taken = told(`${RATE} times throttled`, slow)
  console.log(`  ${ratio(`offline start, ${RATE} times throttled, p50`, taken, limit, '1.5 s in all')}`)
} finally {
  if (isServed) await served.stop()
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
}
