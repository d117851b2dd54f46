// The built app in a real Chromium on a real hub: set up, lock, two tabs, the leader killed in the middle of its work, a start with the hub
// gone. Under the hub's own content security policy, with no report of it, and with axe on each kind of screen.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { catalogue } from '../modules/all.ts'
import { askWorker, PASSPHRASE } from '../testing/app-tab.ts'
import { axeFaults } from '../testing/axe-faults.ts'
import { aHub, PASSWORD, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { startChromium, type KillableChromium } from '../testing/killable-chromium.ts'
import { aDesk, complaints, picturesOfFailures } from '../testing/on-screen.ts'

const profile = mkdtempSync(join(tmpdir(), 'holdfast-app-'))
let hub: HubUnderTest
let browser: KillableChromium

beforeAll(async () => {
  const built = join(import.meta.dirname, '../../dist/app/index.html')
  if (!existsSync(built)) throw new Error('dist/app is missing: build it with `node bin/build.mjs`.')
  hub = await aHub(catalogue)
  browser = await startChromium(profile)
})

afterAll(async () => {
  await browser.kill()
  // The last test has stopped the hub itself.
  await hub.database.drop()
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})

picturesOfFailures()

const tabs: Page[] = []
afterEach(async () => {
  for (const tab of tabs.splice(0)) await tab.close()
})

/** A tab that is closed after its test. */
async function aTab(path = '/'): Promise<Page> {
  const page = await aDesk(browser.context, hub.url + path)
  tabs.push(page)
  return page
}

const aUnit = (code: string) => ({
  command: 'masters.saveUnit',
  args: { code, name: code, decimals: 0 },
  options: { requestKey: crypto.randomUUID() },
})

/** What the field with the focus is for. */
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('autocomplete'))

async function unlock(page: Page, words = PASSPHRASE): Promise<void> {
  await page.getByLabel(/^Passphrase/).fill(words)
  await page.getByRole('button', { name: 'Unlock' }).click()
}

test('a fresh browser becomes a device: a wrong code first, then the right one, then the download', async () => {
  const page = await aTab()
  await page.getByLabel('Device code').waitFor()
  expect(await focused(page)).toBe('one-time-code')
  await page.getByLabel('Device code').fill('aaaaa-aaaaa')
  await page.getByLabel('Sign-in name').fill('Setup')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  expect(await axeFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Continue' }).click()
  const choose = async () => {
    await page.getByText('Choose a passphrase').waitFor()
    expect(await focused(page)).toBe('new-password')
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
    await page.getByLabel('The same passphrase again').fill(PASSPHRASE)
    await page.getByRole('button', { name: 'Secure this device' }).click()
  }
  await choose()
  await page.getByText('The code is wrong or was used already').waitFor()
  await page.getByLabel('Device code').fill((await hub.newCode(null)).toLowerCase())
  await page.getByRole('button', { name: 'Continue' }).click()
  await choose()
  await page.getByRole('button', { name: 'Start working' }).click()
  await page.getByRole('button', { name: /Up to date/ }).waitFor()
  await page.goto(`${hub.url}/sync`)
  await page
    .getByText('This passphrase does not open')
    .or(page.getByLabel(/^Passphrase/))
    .waitFor()
  await unlock(page, 'something else entirely')
  await page.getByText('This passphrase does not open the device.').waitFor()
  expect(await axeFaults(page)).toEqual([])
  await unlock(page)
  await page.getByRole('heading', { name: 'Sync', exact: true }).waitFor()
  await page.getByText('Rows held').waitFor()
  expect(await axeFaults(page)).toEqual([])
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByText('Dark', { exact: true }).click()
  expect(await axeFaults(page)).toEqual([])
})

test('a tab that opens beside an open one needs no passphrase, and takes over when that one dies in the middle of its work', async () => {
  const leader = await aTab('/sync')
  await unlock(leader)
  await leader.getByRole('heading', { name: 'Sync', exact: true }).waitFor()
  const follower = await aTab('/sync')
  await follower.getByRole('heading', { name: 'Sync', exact: true }).waitFor()

  const wanted = Array.from({ length: 40 }, (_, at) => aUnit(`u${at}`))
  const answers = wanted.map((input) => askWorker(follower, 'run', input))
  await answers[3]
  const session = await browser.context.newCDPSession(leader)
  // The tab's process is killed; nothing is closed in good order. The call never answers.
  void session.send('Page.crash').catch(() => null)
  const all = await Promise.all(answers)
  expect(all.map(({ saved }) => saved)).toEqual(wanted.map(() => true))

  // Each was saved exactly once, whether the dead leader got that far or not.
  const seqs = all.map((answer) => (answer.saved ? answer.seq : null))
  expect(new Set(seqs).size).toBe(wanted.length)
  expect(await askWorker(follower, 'outbox', null)).toHaveLength(wanted.length)

  // Asking once more with a key that was used gives the first answer again.
  expect(await askWorker(follower, 'run', wanted[5])).toMatchObject({ saved: true, seq: seqs[5] })
  expect(await askWorker(follower, 'outbox', null)).toHaveLength(wanted.length)
})

test('the lock drops the key in every tab', async () => {
  const one = await aTab('/sync')
  await unlock(one)
  await one.getByRole('heading', { name: 'Sync', exact: true }).waitFor()
  const two = await aTab('/sync')
  await two.getByRole('heading', { name: 'Sync', exact: true }).waitFor()
  await two.getByRole('button', { name: /^Account of/ }).click()
  await two.getByRole('button', { name: 'Lock' }).click()
  for (const page of [one, two]) {
    await page.getByText('Welcome back').waitFor()
    await expect(askWorker(page, 'query', { view: 'masters.items', args: {} })).rejects.toThrow('LockedError')
  }
  // One of the two leads again; the other opens with it.
  await unlock(one)
  await one.getByRole('heading', { name: 'Sync', exact: true }).waitFor()
  await two.getByRole('heading', { name: 'Sync', exact: true }).waitFor()
})

test('with the browser killed and the hub gone, the app starts, opens and saves', async () => {
  await browser.kill()
  await hub.stop()
  browser = await startChromium(profile)
  const page = await aTab('/sync')
  await unlock(page)
  await page.getByRole('heading', { name: 'Sync', exact: true }).waitFor()
  expect(await askWorker(page, 'run', aUnit('offline'))).toMatchObject({ saved: true })
  await page.getByRole('button', { name: /Offline · 1 waiting|1 waiting to send/ }).waitFor()
  await page.getByText('Saved on this device').first().waitFor()
  await askWorker(page, 'draftSet', { key: 'orders.new', value: '{"lines":[]}' })
  expect(await askWorker(page, 'draftGet', { key: 'orders.new' })).toBe('{"lines":[]}')
})

test('no policy was hurt and nothing was thrown in any of it', () => {
  expect(complaints).toEqual([])
})
