// A tab that still runs the app of before, in a real Chromium, when another tab is opened with the app of today: the newer one gets the
// device with what was typed, the older one says that it is to be loaded again, may only send, and goes on as the newer one after that.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Route } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askWorker, enrolTab } from '../testing/app-tab.ts'
import { aDemoHub, type DemoHub } from '../testing/demo-hub.ts'
import { startChromium, type KillableChromium } from '../testing/killable-chromium.ts'
import { aDesk, complaints, picturesOfFailures, pill } from '../testing/on-screen.ts'
import { addItem, goTo, openShift, pay, ticketLine } from '../testing/person.ts'

const root = mkdtempSync(join(tmpdir(), 'holdfast-older-tab-'))
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}
const tape = 'Tape measure 8 m'
let hub: DemoHub
let browser: KillableChromium
beforeAll(async () => {
  hub = await aDemoHub()
  browser = await startChromium(join(root, 'till'))
}, 120_000)
afterAll(async () => {
  await browser.kill()
  await hub.end()
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})
picturesOfFailures()

/** The same app under the version before, and no service worker that would bring today's. */
async function asBefore(route: Route): Promise<void> {
  if (route.request().url().endsWith('service-worker.js')) return route.abort()
  const response = await route.fetch()
  return route.fulfill({ response, body: (await response.text()).replaceAll(version, '0.0.9') })
}

test('[VER7] the newer tab gets the device, the older one may only send until it is loaded again', async () => {
  const old = await aDesk(browser.context, 'about:blank')
  await old.route(/\.js$/, asBefore)
  await old.goto(hub.url)
  await enrolTab(old, { code: await hub.newCode(), signIn: 'grace', password: hub.signIns.password })
  await pill(old, 'Up to date').waitFor()
  await openShift(old, { '£20.00': 5 })
  await addItem(old, tape)
  const { seq } = await askWorker(old, 'status', null)

  const young = await aDesk(browser.context, hub.url)
  await young.getByRole('button', { name: /^Account of/ }).waitFor()
  await old.getByRole('heading', { name: 'This tab runs an older version' }).waitFor()
  expect(await askWorker(old, 'sync', null)).toMatchObject({ waiting: 0, seq, fault: null })
  const note = { command: 'crm.addNote', args: {}, options: {} }
  await expect(askWorker(old, 'run', note)).rejects.toThrow('OlderTabError')
  await expect(askWorker(old, 'query', { view: 'pos.sales', args: {} })).rejects.toThrow('OlderTabError')

  await goTo(young, '/sell')
  await ticketLine(young, tape).waitFor()
  expect(await pay(young)).toMatch(/-000001$/)
  await pill(young, 'Up to date').waitFor()

  await old.unrouteAll()
  await old.getByRole('button', { name: 'Reload' }).click()
  await old.getByRole('button', { name: /^Account of/ }).waitFor()
  await goTo(old, '/sell')
  await addItem(old, tape)
  expect(await pay(old)).toMatch(/-000002$/)
  expect(complaints).toEqual([])
}, 120_000)
