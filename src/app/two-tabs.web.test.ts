// Two tabs of one device at work at once, and the one that owns the database closed in the middle of a sale: while a ticket stands open, and
// at several moments after its last button. Nothing is lost and nothing is booked twice.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askWorker, enrolTab } from '../testing/app-tab.ts'
import { aDemoHub, type DemoHub } from '../testing/demo-hub.ts'
import { startChromium, type KillableChromium } from '../testing/killable-chromium.ts'
import { aDesk, complaints, picturesOfFailures, pill } from '../testing/on-screen.ts'
import {
  addItem,
  goTo,
  newCustomer,
  nextCustomer,
  openShift,
  pay,
  readyToComplete,
  receiptNumber,
  ticketLine,
  ticketTotal,
  writeNote,
} from '../testing/person.ts'

const profile = mkdtempSync(join(tmpdir(), 'holdfast-two-tabs-'))
const tape = 'Tape measure 8 m'
const gloves = 'Work gloves, pair'
/** When the leader dies after "Complete sale" was pressed: before, in and after the save. */
const momentsMs = [0, 5, 15, 50]
let hub: DemoHub
let client: Client
let browser: KillableChromium
let leader: Page
let follower: Page
const receipts: string[] = []

beforeAll(async () => {
  hub = await aDemoHub()
  client = new Client(hub.database.admin)
  await client.connect()
  browser = await startChromium(profile)
})
afterAll(async () => {
  await browser.kill()
  await client.end()
  await hub.end()
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})
picturesOfFailures()

const sold = async (page: Page): Promise<number> =>
  (await askWorker(page, 'outbox', null)).filter(({ command }) => command === 'pos.completeSale').length

async function bothShow(total: string): Promise<void> {
  for (const page of [leader, follower]) await expect.poll(() => ticketTotal(page)).toBe(total)
}

test('odoo-152259, actual-1495: both tabs work at once on one ticket, one list of customers and one outbox', async () => {
  leader = await aDesk(browser.context, hub.url)
  await enrolTab(leader, { code: await hub.newCode(), signIn: 'grace', password: hub.signIns.password })
  await openShift(leader, { '£20.00': 5 })
  await hub.stop()
  follower = await aDesk(browser.context, hub.url)
  // At the same time: a ticket here, a customer with notes there.
  await Promise.all([
    (async () => {
      for (const item of [tape, tape, gloves]) await addItem(leader, item)
    })(),
    (async () => {
      await newCustomer(follower, { name: 'Saltwick Joinery', phone: '01632 960555' })
      for (const text of ['Asked for a quote', 'Comes on Friday']) await writeNote(follower, text)
    })(),
  ])
  await goTo(follower, '/sell')
  await ticketLine(follower, tape).waitFor()
  await bothShow('£23.40')
  // One till has one ticket: what is touched in one tab is on it in the other.
  await addItem(follower, gloves)
  await bothShow('£27.60')
  await addItem(leader, tape)
  await bothShow('£37.20')
})

test('the leader is closed with the ticket open: the other tab has all of it and sells it once', async () => {
  await follower.bringToFront()
  const search = follower.getByRole('searchbox', { name: 'Search or scan an item' })
  await search.fill('pipe')
  await leader.close()
  // Answered by this tab now; and the screen is the same one, with what was typed on it.
  await askWorker(follower, 'status', null)
  expect(await search.inputValue()).toBe('pipe')
  await search.fill('')
  expect(await ticketTotal(follower)).toBe('£37.20')
  receipts.push(await pay(follower, { cash: '100' }))
  await nextCustomer(follower)
  expect(await sold(follower)).toBe(1)
  await follower.getByText('Scan or touch an item to begin.').waitFor()
})

for (const afterMs of momentsMs) {
  test(`the leader is closed ${afterMs} ms after “Complete sale”: sold exactly once`, async () => {
    leader = follower
    follower = await aDesk(browser.context, hub.url)
    await goTo(follower, '/today')
    // A tab behind another one is drawn seldom: a person works in the one in front.
    await leader.bringToFront()
    await addItem(leader, tape)
    await addItem(leader, gloves)
    const complete = await readyToComplete(leader)
    const pressed = complete.click()
    if (afterMs > 0) await pause(afterMs)
    // No goodbye: the tab's process ends at once. The press may not come to its end.
    const session = await browser.context.newCDPSession(leader)
    void session.send('Page.crash').catch(() => null)
    await pressed.catch(() => null)
    await follower.bringToFront()
    await goTo(follower, '/sell')
    // A sale that was under way is finished by itself; one that was never asked for still has its payment on the table.
    const button = follower.getByRole('button', { name: /^Complete sale/ })
    const receipt = follower.getByRole('article', { name: /^Receipt / })
    const empty = follower.getByText('Scan or touch an item to begin.')
    // Whatever stands on the screen may be gone in the next moment: a sale that finishes by itself takes the button away
    // before its receipt is there.
    for (let isEmpty = false; !isEmpty; isEmpty = await empty.isVisible()) {
      await button.or(receipt).or(empty).first().waitFor()
      if (await receipt.isVisible()) {
        await receiptNumber(follower)
        await nextCustomer(follower)
      } else if (await button.isVisible()) await button.click({ timeout: 1000 }).catch(() => null)
    }
    await empty.waitFor()
    expect(await sold(follower)).toBe(2 + momentsMs.indexOf(afterMs))
  })
}

test('at the hub each sale is there once, with its own number and its own goods', async () => {
  await hub.start()
  await pill(follower, 'Up to date').waitFor({ timeout: 45_000 })
  const { device, incidents, needsYou } = await askWorker(follower, 'status', null)
  expect({ incidents, needsYou }).toEqual({ incidents: 0, needsYou: 0 })
  const count = 1 + momentsMs.length
  const { rows } = await client.query<{ type: string }>('SELECT type FROM command_log WHERE dev = $1 ORDER BY seq', [
    device,
  ])
  expect(rows.map(({ type }) => type).toSorted()).toEqual(
    [
      ...Array.from({ length: count }, () => 'pos.completeSale'),
      'crm.addNote',
      'crm.addNote',
      'masters.createParty',
      'pos.openShift',
    ].toSorted(),
  )
  const sales = await client.query<{ number: string }>('SELECT number FROM pos_sale')
  expect(new Set(sales.rows.map(({ number }) => number)).size).toBe(count)
  expect(sales.rows.map(({ number }) => number)).toEqual(expect.arrayContaining(receipts))
  const lines = await client.query<{ item_code: string; sum: string }>(
    'SELECT item_code, sum(quantity) AS sum FROM pos_sale_line GROUP BY item_code ORDER BY item_code',
  )
  expect(lines.rows.map(({ item_code, sum }) => [item_code, Number(sum) / 1_000_000])).toEqual([
    ['GLOVES', 2 + momentsMs.length],
    ['TAPE8', 3 + momentsMs.length],
  ])
  expect(complaints).toEqual([])
})
