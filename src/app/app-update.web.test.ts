// An update between two really built apps and two real hubs: the older app works with no network, the newer one comes by the service worker
// in the middle of a sync, and the database with all that waits is brought over; also when Chromium is killed with SIGKILL meanwhile. A tab
// of the older app may only send. HOLDFAST_KILL_ROUNDS sets how many kills (3 in CI): every other one comes in the middle of the write that
// commits what was brought over, the others at any moment, which HOLDFAST_SEED sets.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keyId } from '../kernel/hash.ts'
import { askWorker, PASSPHRASE, serviceWorkerReady } from '../testing/app-tab.ts'
import { chaosProxy, seededRandom, type ChaosProxy } from '../testing/chaos-proxy.ts'
import { desks } from '../testing/desks.ts'
import type { KillableChromium } from '../testing/killable-chromium.ts'
import { aNextRelease, type NextRelease } from '../testing/next-release.ts'
import { aDesk, complaints, pill, readNews } from '../testing/on-screen.ts'
import { addItem, goTo, newCustomer, openShift, pay, writeNote } from '../testing/person.ts'
import { standsStill, watchWrites, writesOf } from '../testing/stopped-write.ts'

const ROUNDS = Number(process.env['HOLDFAST_KILL_ROUNDS'] ?? 3)
const SEED = Number(process.env['HOLDFAST_SEED'] ?? 20_261_127)
const NOTES = 240
const party = keyId('main', 'masters.party', ['C-001'])
const work = mkdtempSync(join(tmpdir(), 'holdfast-next-'))
const at = desks()
let next: NextRelease
/** Each desk's own way to the hub. */
let proxy: ChaosProxy
let tillProxy: ChaosProxy
beforeAll(async () => {
  next = await aNextRelease(work)
  const port = Number(new URL(at.hub().url).port)
  proxy = await chaosProxy({ port, seed: 20_261_127 })
  tillProxy = await chaosProxy({ port, seed: 1 })
}, 240_000)
afterAll(async () => {
  for (const each of [proxy, tillProxy]) await each.stop()
  rmSync(work, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})

/** The app's own files are to be had, the hub isn't. */
const noHub = (way: ChaosProxy): void => way.chaos(1, ['gateway-error'], '/sync/')

/** Everything that a person of this desk saved, by what they were told. */
async function aDayWithoutNetwork(page: Page, who: string): Promise<string> {
  await newCustomer(page, { name: `${who} Chandlers`, phone: '0113 496 0001' })
  await writeNote(page, `${who} said hello`)
  await openShift(page, { '£10.00': 15 })
  await addItem(page, 'Tape measure 8 m')
  const receipt = await pay(page)
  for (let count = 0; count < NOTES; count++) {
    const text = `${who} ${String(count).padStart(3, '0')}`
    const note = { command: 'crm.addNote', args: { party, businessDate: '2026-11-21', text }, options: {} }
    expect(await askWorker(page, 'run', note)).toMatchObject({ saved: true })
  }
  return receipt
}

/** The service worker has fetched the new app, which waits for somebody to say so. */
const updateOffered = async (page: Page): Promise<void> => {
  await page.evaluate(() =>
    (
      globalThis as unknown as {
        navigator: { serviceWorker: { ready: Promise<{ update(): Promise<unknown> }> } }
      }
    ).navigator.serviceWorker.ready.then((registration) => registration.update().then(() => null)),
  )
  await page.getByText('A new version is ready.').waitFor()
}

const notesOf = (who: string): Promise<{ text: string; mood: string }[]> =>
  at.rows('SELECT text, mood FROM crm_note WHERE text LIKE $1 ORDER BY text', `${who} %`)

async function expectAllOnHub(who: string, receipt: string): Promise<void> {
  const notes = await notesOf(who)
  // Captured by the app before: its upcaster says so, and each is there once.
  expect(new Set(notes.map(({ mood }) => mood))).toEqual(new Set(['unasked']))
  expect(notes).toHaveLength(NOTES + 1)
  expect(new Set(notes.map(({ text }) => text)).size).toBe(NOTES + 1)
  expect(await at.column('SELECT number AS it FROM pos_sale WHERE number = $1', receipt)).toEqual([receipt])
  expect(await at.column('SELECT name AS it FROM masters_party WHERE name = $1', `${who} Chandlers`)).toHaveLength(1)
}

/** Served by the service worker, so that it stands as soon as nobody uses the one before. */
async function nextApp(page: Page): Promise<Page> {
  await expect
    .poll(async () => {
      const isNext = (await page.locator(`script[src="${next.entry}"]`).count()) === 1
      if (!isNext) await page.reload()
      return isNext
    })
    .toBe(true)
  return page
}

let rep: Page
let till: Page
let tillBrowser: KillableChromium
const receipts: string[] = []

test('two desks work a day without a network on the app of today', async () => {
  rep = await aDesk((await at.browser('rep')).context, proxy.url)
  tillBrowser = await at.browser('till')
  till = await aDesk(tillBrowser.context, tillProxy.url)
  for (const [page, signIn] of [
    [rep, 'grace'],
    [till, 'grace'],
  ] as const) {
    await at.enrol(page, signIn)
    await serviceWorkerReady(page)
  }
  for (const way of [proxy, tillProxy]) noHub(way)
  receipts.push(await aDayWithoutNetwork(rep, 'Rep'), await aDayWithoutNetwork(till, 'Till'))
  await at.hub().startFrom(next.folder)
  expect(await at.column('SELECT 1 AS it FROM crm_note WHERE text LIKE $1', 'Rep %')).toEqual([])
}, 300_000)

test('[VER3] [VER7] the app is updated in the middle of a sync, with all that waits; a tab of the older one may only send', async () => {
  const page = rep
  const other = await aDesk(page.context(), proxy.url)
  await other.getByRole('button', { name: /^Account of/ }).waitFor()
  const { waiting, seq, device } = await askWorker(page, 'status', null)
  expect(waiting).toBe(seq)
  await updateOffered(page)
  // Some of it is sent and answered; at last the hub takes some and nobody hears of it.
  const onHub = async (): Promise<number> => (await at.rows('SELECT 1 FROM command_log WHERE dev = $1', device)).length
  proxy.chaos(0.5, ['drop-answer'], '/sync/push')
  while ((await onHub()) < 20) await askWorker(page, 'sync', null)
  proxy.chaos(1, ['drop-answer'], '/sync/push')
  const [had, left] = [await onHub(), (await askWorker(page, 'status', null)).waiting]
  expect(left).toBeGreaterThan(NOTES / 2)
  const said = askWorker(page, 'sync', null).catch(() => null)
  await expect.poll(async () => (await onHub()) > Math.max(had, seq - left), { timeout: 60_000 }).toBe(true)
  // The news of it left meanwhile, or is closed; what was offered is still to be had.
  await readNews(page)
  await goTo(page, '/sync')
  await page.getByRole('main').getByRole('button', { name: 'Reload' }).click()
  // The tab beside it has the key: the newer app opens what the older one closes, and needs no passphrase.
  await other.getByRole('heading', { name: 'This tab runs an older version' }).waitFor()
  await page.getByRole('button', { name: /^Account of/ }).waitFor()
  await said
  proxy.chaos(0)
  expect(await askWorker(other, 'sync', null)).toMatchObject({ seq })
  const note = { command: 'crm.addNote', args: { party, businessDate: '2026-11-21', text: 'too old' }, options: {} }
  await expect(askWorker(other, 'run', note)).rejects.toThrow('OlderTabError')
  await expect.poll(async () => (await askWorker(page, 'sync', null)).waiting, { timeout: 60_000 }).toBe(0)
  await pill(page, 'Up to date').waitFor()
  await expectAllOnHub('Rep', receipts[0] ?? '')

  // The newer app does what the older one couldn't, on what was brought over, and the hub's rows moved to it.
  const mine = { ...note, args: { ...note.args, text: 'After 1', mood: 'glad' } }
  expect(await askWorker(page, 'run', mine)).toMatchObject({ saved: true })
  expect(await askWorker(page, 'sync', null)).toMatchObject({ waiting: 0, fault: null })
  expect(await notesOf('After')).toEqual([{ text: 'After 1', mood: 'glad' }])
  const { integrity, incidents } = await askWorker(page, 'status', null)
  expect(integrity).toMatchObject({ rowsVerified: integrity.rowsHeld, broken: [] })
  expect(incidents).toBe(0)
  expect(complaints).toEqual([])
}, 300_000)

test(
  `[VER3] ${ROUNDS} kills of Chromium while the newer app brings the database over lose nothing and double nothing`,
  async () => {
    const { waiting, seq } = await askWorker(till, 'status', null)
    expect(waiting).toBe(seq)
    await updateOffered(till)
    await tillBrowser.kill()
    const unlock = async (page: Page): Promise<void> => {
      await page.getByLabel(/^Passphrase/).fill(PASSPHRASE)
      await page.getByRole('button', { name: 'Unlock' }).click()
    }
    const random = seededRandom(SEED)
    const account = (page: Page) => page.getByRole('button', { name: /^Account of/ })
    const largest = async (page: Page): Promise<number> => Math.max(...(await writesOf(page)))
    let took = 0
    /** Bytes of the commit that brings the database over, which is the first that a start of the newer app writes. */
    let commit = 0
    let unharmed = 0
    for (let round = 0; round <= ROUNDS; round++) {
      const name = `round-${round}`
      // Without the mark of the browser that was killed on it.
      const filter = (path: string): boolean => !basename(path).startsWith('Singleton')
      cpSync(at.profile('till'), at.profile(name), { recursive: true, filter })
      const start = async (stop?: { at: number; share: number }) => {
        const browser = await at.browser(name)
        const page = await nextApp(await aDesk(browser.context, tillProxy.url))
        await watchWrites(page, stop)
        return { browser, page }
      }
      const isInCommit = round % 2 === 1
      let { browser, page } = await start(isInCommit ? { at: 1, share: random() } : undefined)
      const began = performance.now()
      const standing = isInCommit ? standsStill(page) : null
      await unlock(page)
      if (round > 0) {
        await (standing ?? pause(random() * took))
        const isThere = await account(page).count()
        if (isInCommit) expect(isThere).toBe(0)
        unharmed += isThere
        await browser.kill()
        ;({ browser, page } = await start())
        await unlock(page)
      }
      await account(page).waitFor()
      took ||= performance.now() - began
      commit ||= (await writesOf(page))[0] ?? 0
      // Killed in the middle of it: all of it is done again.
      if (isInCommit) expect(await largest(page)).toBeGreaterThan(commit * 0.9)
      expect(await askWorker(page, 'status', null)).toMatchObject({ waiting, seq, incidents: 0 })
      const args = { party, businessDate: '2026-11-21', text: `Late ${round}`, mood: 'glad' }
      expect(await askWorker(page, 'run', { command: 'crm.addNote', args, options: {} })).toMatchObject({ saved: true })
      if (round === ROUNDS) {
        // Of all these copies only one ever speaks with the hub.
        tillProxy.chaos(0)
        await expect.poll(async () => (await askWorker(page, 'sync', null)).waiting, { timeout: 60_000 }).toBe(0)
        await pill(page, 'Up to date').waitFor()
      }
      await browser.kill()
    }
    await expectAllOnHub('Till', receipts[1] ?? '')
    expect(await notesOf('Late')).toEqual([{ text: `Late ${ROUNDS}`, mood: 'glad' }])
    process.stderr.write(
      `${ROUNDS} kills in a start of ${took.toFixed(0)} ms: ${unharmed} of those at any moment came too late\n`,
    )
    expect(complaints).toEqual([])
  },
  180_000 + ROUNDS * 60_000,
)
