// The last pump, sold twice: two tills of a branch have no network and each sells the one that both see. Both sales happened, so both stand;
// stock is one below zero, and the review screen says by name what was oversold.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keyId } from '../kernel/hash.ts'
import { askWorker, enrolTab, serviceWorkerReady } from '../testing/app-tab.ts'
import { aDemoHub, type DemoHub } from '../testing/demo-hub.ts'
import { startChromium, type KillableChromium } from '../testing/killable-chromium.ts'
import { aDesk, complaints, picturesOfFailures, pill } from '../testing/on-screen.ts'
import { addSerialItem, goTo, nextCustomer, openShift, pay } from '../testing/person.ts'

const root = mkdtempSync(join(tmpdir(), 'holdfast-last-unit-'))
const pumpName = 'Circulation pump CP-60'
const pump = keyId('main', 'masters.item', ['PUMP'])
const leeds = keyId('main', 'masters.branch', [keyId('main', 'masters.company', ['BW']), 'leeds'])
const warehouse = keyId('main', 'masters.warehouse', [leeds, 'main'])
let hub: DemoHub
let client: Client
const browsers: KillableChromium[] = []
let grace: Page
let priya: Page

beforeAll(async () => {
  hub = await aDemoHub()
  client = new Client(hub.database.admin)
  await client.connect()
  browsers.push(await startChromium(join(root, 'grace')), await startChromium(join(root, 'priya')))
})
afterAll(async () => {
  for (const browser of browsers) await browser.kill()
  await client.end()
  await hub.end()
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})
picturesOfFailures()

async function atTill(browser: KillableChromium | undefined, signIn: string): Promise<Page> {
  if (browser === undefined) throw new Error('There is no such browser.')
  const page = await aDesk(browser.context, hub.url)
  await enrolTab(page, { code: await hub.newCode(), signIn, password: hub.signIns.password })
  await pill(page, 'Up to date').waitFor()
  await openShift(page, { '£20.00': 5 })
  await pill(page, 'Up to date').waitFor()
  await serviceWorkerReady(page)
  return page
}

async function sellPump(page: Page): Promise<string> {
  await addSerialItem(page, pumpName)
  const number = await pay(page, { cash: '150' })
  await nextCustomer(page)
  return number
}

const onHand = async (): Promise<number> =>
  Number(
    (
      await client.query<{ on_hand: string }>(
        'SELECT on_hand FROM kernel_stock_balance WHERE item = $1 AND warehouse = $2',
        [pump, warehouse],
      )
    ).rows[0]?.on_hand,
  )

const seenOnHand = async (page: Page): Promise<unknown> =>
  (await askWorker(page, 'query', { view: 'inventory.stockOfItems', args: { items: [pump], branch: leeds } }))
    .rows[0]?.['onHand']

test('both tills sell the last pump offline; both sales stand, stock is −1 and the exception names it', async () => {
  grace = await atTill(browsers[0], 'grace')
  priya = await atTill(browsers[1], 'priya')
  // Two stand in Leeds; the first is sold with the network there.
  await sellPump(grace)
  await expect.poll(onHand, { timeout: 20_000 }).toBe(1_000_000)
  await expect.poll(() => seenOnHand(priya), { timeout: 20_000 }).toBe(1_000_000)

  await hub.stop()
  const numbers = [await sellPump(grace), await sellPump(priya)]
  expect(await seenOnHand(grace)).toBe(0)
  expect(await seenOnHand(priya)).toBe(0)
  await hub.start()
  for (const page of [grace, priya]) await pill(page, 'Up to date').waitFor({ timeout: 45_000 })

  const sales = await client.query<{ state: string }>('SELECT state FROM pos_sale WHERE number = ANY($1)', [numbers])
  expect(sales.rows.map(({ state }) => state)).toEqual(['submitted', 'submitted'])
  expect(await onHand()).toBe(-1_000_000)
  const raised = await client.query<{ facts: { name: string; item: string } }>(
    "SELECT facts FROM kernel_exception WHERE code = 'OVERSOLD'",
  )
  expect(raised.rows.map(({ facts }) => [facts.item, facts.name])).toEqual([[pump, pumpName]])
  for (const page of [grace, priya]) await expect.poll(() => seenOnHand(page), { timeout: 20_000 }).toBe(-1_000_000)
})

test('the manager finds it in review', async () => {
  await goTo(grace, '/review/exceptions')
  await grace.getByText(`More of ${pumpName} was sold than was in stock.`).first().click()
  await grace.getByRole('textbox', { name: 'What came of it' }).waitFor()
  const known = grace
    .getByRole('region', { name: 'What is known' })
    .or(grace.locator('section', { hasText: 'What is known' }))
    .last()
  expect(await known.innerText()).toContain(pumpName)
  expect(complaints).toEqual([])
})
