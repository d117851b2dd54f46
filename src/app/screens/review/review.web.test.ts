// What the hub couldn't take, and a value that lost, from the author's screen to the manager's and back, with two real Chromiums: the office
// ended Marta's rights while she worked without a network, and Grace decides about each piece of that work by itself.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keyId } from '../../../kernel/hash.ts'
import { enrolTab, serviceWorkerReady } from '../../../testing/app-tab.ts'
import { aDemoHub, type DemoHub } from '../../../testing/demo-hub.ts'
import { startChromium, type KillableChromium } from '../../../testing/killable-chromium.ts'
import { aDesk, complaints, picturesOfFailures, pill } from '../../../testing/on-screen.ts'
import { changePhone, goTo, openCustomer, placeOrder, promise, writeNote } from '../../../testing/person.ts'

const root = mkdtempSync(join(tmpdir(), 'holdfast-review-'))
const customer = 'Aire Valley Plumbing'
const customerId = keyId('main', 'masters.party', ['C-101'])
const martaId = keyId('main', 'masters.user', ['marta'])
let hub: DemoHub
let client: Client
const browsers: KillableChromium[] = []
let marta: Page
let grace: Page
let order: string

beforeAll(async () => {
  hub = await aDemoHub()
  client = new Client(hub.database.admin)
  await client.connect()
  browsers.push(await startChromium(join(root, 'marta')), await startChromium(join(root, 'grace')))
})
afterAll(async () => {
  for (const browser of browsers) await browser.kill()
  await client.end()
  await hub.end()
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})
picturesOfFailures()

async function atDesk(browser: KillableChromium | undefined, signIn: string): Promise<Page> {
  if (browser === undefined) throw new Error('There is no such browser.')
  const page = await aDesk(browser.context, hub.url)
  await enrolTab(page, { code: await hub.newCode(), signIn, password: hub.signIns.password })
  await pill(page, 'Up to date').waitFor()
  await serviceWorkerReady(page)
  return page
}

const column = async (text: string, ...values: readonly unknown[]): Promise<unknown[]> =>
  (await client.query<{ it: unknown }>(text, [...values])).rows.map(({ it }) => it)
const notes = (text: string): Promise<unknown[]> => column('SELECT text AS it FROM crm_note WHERE text LIKE $1', text)
const orders = (): Promise<unknown[]> => column('SELECT state AS it FROM sales_order WHERE number = $1', order)
const promises = (): Promise<unknown[]> =>
  column("SELECT subject AS it FROM crm_follow_up WHERE subject = 'Ring about the boiler'")
const items = (): Promise<unknown[]> =>
  column("SELECT command || ' ' || state AS it FROM kernel_review_item ORDER BY command")

/** Opens what waits, by the words on it. */
async function openParked(words: RegExp): Promise<Locator> {
  await goTo(grace, '/review')
  await grace.getByRole('row', { name: words }).click()
  return grace.getByRole('complementary').filter({ hasText: 'The hub could not take it' })
}

async function confirmed(title: string, reason: string): Promise<void> {
  const sheet = grace.getByRole('dialog', { name: title })
  await sheet.getByLabel('Reason').fill(reason)
  await sheet.getByRole('button', { name: title }).click()
  await sheet.waitFor({ state: 'hidden' })
}

test('work saved after its author lost the right waits in review, for author and manager', async () => {
  marta = await atDesk(browsers[0], 'marta')
  grace = await atDesk(browsers[1], 'grace')
  await client.query('UPDATE account SET revoked_at = $1 WHERE user_id = $2', [Date.now() - 1000, martaId])
  await hub.stop()
  await openCustomer(marta, customer)
  await writeNote(marta, 'Gate code is 4417')
  await promise(marta, 'Ring about the boiler')
  order = await placeOrder(marta, { 'Copper pipe 15 mm': 10 })
  await hub.start()
  await pill(marta, /^3 need you$/).waitFor({ timeout: 45_000 })
  expect(await items()).toEqual(['crm.addNote open', 'crm.createFollowUp open', 'sales.placeOrder open'])
  expect([await notes('Gate%'), await promises(), await orders()]).toEqual([[], [], []])
  await goTo(marta, '/sync')
  const saved = marta.getByRole('region', { name: 'Saved work' })
  await expect.poll(() => saved.getByText('In review').count()).toBe(3)
  await goTo(grace, '/review')
  for (const words of [/Note/, /Follow-up/, /Order/]) await grace.getByRole('row', { name: words }).waitFor()
})

test('the note is changed and sent again: once, in the place of the original', async () => {
  const pane = await openParked(/Note/)
  await pane.getByRole('button', { name: 'Change it first' }).click()
  await pane.getByRole('textbox', { name: 'Text' }).fill('Gate code is now 9032')
  await pane.getByRole('button', { name: 'Send again' }).click()
  await expect.poll(() => notes('Gate%'), { timeout: 20_000 }).toEqual(['Gate code is now 9032'])
})

test('the order is forced: once, under its own number', async () => {
  const pane = await openParked(/Order/)
  await pane.getByRole('button', { name: 'Force' }).click()
  await confirmed('Force', 'The customer has it in writing.')
  await expect.poll(orders, { timeout: 20_000 }).toEqual(['submitted'])
})

test('the promise is discarded: it never was', async () => {
  const pane = await openParked(/Follow-up/)
  await pane.getByRole('button', { name: 'Discard' }).click()
  await confirmed('Discard', 'She has left us.')
  await expect
    .poll(items, { timeout: 20_000 })
    .toEqual(['crm.addNote resubmitted', 'crm.createFollowUp discarded', 'sales.placeOrder forced'])
  expect(await promises()).toEqual([])
  await goTo(grace, '/review')
  await grace.getByText('Nothing waits for a decision.').waitFor()
})

test('the author sees what came of each, and who decided it', async () => {
  await pill(marta, /^1 needs you$/).waitFor({ timeout: 45_000 })
  await goTo(marta, '/sync')
  const saved = marta.getByRole('region', { name: 'Saved work' })
  await saved.getByText('Decided by Grace Adeyemi: She has left us.').waitFor()
  await saved.getByRole('button', { name: 'I have seen it' }).click()
  await pill(marta, 'Up to date').waitFor()
  await saved.getByRole('button', { name: /^Show \d+ sent/ }).click()
  await saved.getByText('Decided by Grace Adeyemi: The customer has it in writing.').waitFor()
  await saved.getByText('Sent again').waitFor()
  await openCustomer(marta, customer)
  await marta.getByText('Gate code is now 9032').first().waitFor()
  await goTo(marta, '/orders')
  await marta.getByText(order).first().waitFor()
})

test('two people change one phone number offline: the value that lost is restored on the screen, once', async () => {
  await client.query('UPDATE account SET revoked_at = NULL WHERE user_id = $1', [martaId])
  await hub.stop()
  await changePhone(marta, customer, '01632 960701')
  await changePhone(grace, customer, '01632 960702')
  await hub.start()
  for (const page of [marta, grace]) await pill(page, 'Up to date').waitFor({ timeout: 45_000 })
  const phone = (): Promise<unknown[]> => column('SELECT phone AS it FROM masters_party WHERE id = $1', customerId)
  const lost = (): Promise<unknown[]> =>
    column("SELECT trim('\"' FROM lost::text) || ' ' || state AS it FROM kernel_lost_value ORDER BY at, id")
  const [standing] = await phone()
  const [loser = ''] = ['01632 960701', '01632 960702'].filter((each) => each !== String(standing))
  await goTo(grace, '/review/values')
  await grace.getByRole('row', { name: new RegExp(`Phone of ${customer}`) }).click()
  await grace.getByText('Phone was changed by').waitFor()
  await grace.keyboard.press('2')
  expect(await grace.getByRole('radio', { name: 'Restore it' }).isChecked()).toBe(true)
  await grace.getByRole('button', { name: 'Apply' }).click()
  await expect.poll(phone, { timeout: 20_000 }).toEqual([loser])
  expect(await lost()).toEqual([`${String(standing)} restored`])
  expect(complaints).toEqual([])
})
