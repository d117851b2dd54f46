// A day with no network, as a person has it: everything is done on the screens of a real Chromium, the browser is killed right after the
// last "saved", and what was said to be saved is there, counted as waiting, and reaches the hub once and by itself.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDevice } from '../device/open-device.ts'
import { keyId } from '../kernel/hash.ts'
import { catalogue } from '../modules/all.ts'
import { argon2Floor } from '../store/vault/kdf.ts'
import type { Device } from '../sync/device/device.ts'
import { askWorker, enrolTab, serviceWorkerReady, unlockTab } from '../testing/app-tab.ts'
import { aDemoHub, type DemoHub } from '../testing/demo-hub.ts'
import { startChromium, type KillableChromium } from '../testing/killable-chromium.ts'
import { aDesk, complaints, picturesOfFailures, pill, readNews, savedNews } from '../testing/on-screen.ts'
import {
  addItem,
  checkIn,
  completeVisit,
  goTo,
  newCustomer,
  nextCustomer,
  openCustomer,
  openShift,
  pay,
  placeOrder,
  promise,
  returnItem,
  writeNote,
} from '../testing/person.ts'
import { disagreements } from '../testing/replica-truth.ts'

const root = mkdtempSync(join(tmpdir(), 'holdfast-airplane-'))
const profile = join(root, 'profile')
const shop = 'Runswick Boat Yard'
const café = 'Harbour Café'
const caféId = keyId('main', 'masters.party', ['C-201'])
const leedsMain = keyId('main', 'masters.warehouse', [
  keyId('main', 'masters.branch', [keyId('main', 'masters.company', ['BW']), 'leeds']),
  'main',
])
const today = new Date().toISOString().slice(0, 10)
const phones = { grace: '01632 960777', marta: '01632 960888' }
const lastWords = 'Gate code 4417, ring twice'

/** What Grace does below, in order: each step is one command, and nothing else may be sent. */
const day = [
  'pos.openShift',
  'masters.createParty',
  'crm.addNote',
  'crm.createFollowUp',
  'crm.checkIn',
  'crm.completeVisit',
  'sales.placeOrder',
  'masters.editParty',
  'pos.completeSale',
  'pos.returnSale',
  'crm.addNote',
]

let hub: DemoHub
let browser: KillableChromium
let page: Page
let client: Client
let marta: Device
let device: string
const numbers = { order: '', sale: '', back: '' }

beforeAll(async () => {
  hub = await aDemoHub()
  client = new Client(hub.database.admin)
  await client.connect()
  browser = await startChromium(profile)
})
afterAll(async () => {
  await browser.kill()
  await marta.close()
  await client.end()
  await hub.end()
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})
picturesOfFailures()

async function headless(signIn: string, name: string): Promise<Device> {
  const { password } = hub.signIns
  const enrol = { code: await hub.newCode(), signIn, password }
  const opened = await openDevice({
    directory: join(root, name),
    hubUrl: hub.url,
    catalogue,
    passphrase: 'a passphrase',
    kdf: argon2Floor,
    enrol,
    isAutomatic: false,
  })
  await opened.sync()
  return opened
}

const count = async (text: string, ...values: readonly unknown[]): Promise<number> =>
  Number((await client.query(text, [...values])).rows[0]?.n)
const numbered = (table: string, number: string): Promise<number> =>
  count(`SELECT count(*) AS n FROM ${table} WHERE number = $1`, number)

test('signs in and downloads, then the network goes', async () => {
  page = await aDesk(browser.context, hub.url)
  await browser.context.grantPermissions(['geolocation'], { origin: hub.url })
  await browser.context.setGeolocation({ latitude: 54.4863, longitude: -0.6135, accuracy: 20 })
  await enrolTab(page, { code: await hub.newCode(), signIn: 'grace', password: hub.signIns.password })
  await pill(page, 'Up to date').waitFor()
  await serviceWorkerReady(page)
  marta = await headless('marta', 'marta')
  device = (await askWorker(page, 'status', null)).device
  await hub.stop()
})

test('works offline on the screens until the browser is killed, right after “saved on this device”', async () => {
  await openShift(page, { '£20.00': 5, '£10.00': 5 })
  await newCustomer(page, { name: shop, phone: '01632 960444' })
  await writeNote(page, 'Wants trade prices for deck paint')
  await promise(page, 'Send the trade form')
  await checkIn(page)
  await completeVisit(page, { outcome: 'Order', note: 'Showed the new brushes' })
  await openCustomer(page, shop)
  numbers.order = await placeOrder(page, { 'Paint brush 2 in': 6, 'Copper pipe 15 mm': 12.5 })
  await goTo(page, `/customers/${encodeURIComponent(caféId)}/edit`)
  await page.getByLabel('Phone').fill(phones.grace)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { level: 1, name: café }).waitFor()
  await goTo(page, '/sell')
  for (const item of ['Tape measure 8 m', 'Tape measure 8 m', 'Paint brush 2 in']) await addItem(page, item)
  numbers.sale = await pay(page, { cash: '100' })
  await nextCustomer(page)
  numbers.back = await returnItem(page, numbers.sale, 'Tape measure 8 m')
  await openCustomer(page, shop)
  await readNews(page)
  await page.getByRole('button', { name: 'Note', exact: true }).click()
  const sheet = page.getByRole('dialog', { name: /^Note about/ })
  await sheet.getByRole('textbox', { name: 'Note' }).fill(lastWords)
  await sheet.getByRole('button', { name: 'Save' }).click()
  await savedNews(page)
  await browser.kill()
})

test('another device, offline too, changes the same customer', async () => {
  const edit = await marta.run('masters.editParty', {
    party: caféId,
    phone: phones.marta,
    email: 'hello@harbour.example',
  })
  const note = await marta.run('crm.addNote', { party: caféId, businessDate: today, text: 'Asked for oat milk' })
  expect([edit.saved, note.saved]).toEqual([true, true])
})

test('started again with the hub down: all of it is on the screens and counted as waiting', async () => {
  browser = await startChromium(profile)
  page = await aDesk(browser.context, hub.url)
  await unlockTab(page)
  await pill(page, `Offline · ${day.length} waiting`).waitFor()
  await openCustomer(page, shop)
  const story = page.getByRole('list', { name: 'Story' })
  for (const text of [
    lastWords,
    'Wants trade prices for deck paint',
    'Showed the new brushes',
    /Send the trade form/,
    /^Visit done · Order/,
  ])
    await story.getByText(text).first().waitFor()
  await expect.poll(() => story.getByText('Saved on this device').count()).toBe(5)
  await page.getByRole('link', { name: 'Orders', exact: true }).last().click()
  await page.getByText(numbers.order).waitFor()
  await openCustomer(page, café)
  await page.getByText(phones.grace).first().waitFor()
  await goTo(page, '/sell/sales')
  for (const number of [numbers.sale, numbers.back]) await page.getByText(number).first().waitFor()
})

test('the network comes back: no click, and everything is at the hub exactly once', async () => {
  const startedAt = Date.now()
  await hub.start()
  const logged = () =>
    client.query<{ seq: string; type: string; outcome: string }>(
      'SELECT seq, type, outcome FROM command_log WHERE dev = $1 ORDER BY seq',
      [device],
    )
  await expect.poll(async () => (await logged()).rowCount, { timeout: 45_000, interval: 200 }).toBe(day.length)
  await pill(page, 'Up to date').waitFor({ timeout: 45_000 })
  process.stderr.write(
    `airplane: ${day.length} commands at the hub ${Date.now() - startedAt} ms after it came back, no click\n`,
  )
  const { rows } = await logged()
  expect(rows.map(({ seq }) => Number(seq))).toEqual(day.map((_, at) => at + 1))
  expect(rows.map(({ type }) => type)).toEqual(day)
  expect(rows.filter(({ outcome }) => outcome !== 'accepted' && outcome !== 'adjusted')).toEqual([])

  expect(await numbered('sales_order', numbers.order)).toBe(1)
  expect(await numbered('pos_sale', numbers.sale)).toBe(1)
  expect(await numbered('pos_sale', numbers.back)).toBe(1)
  expect(await count('SELECT count(*) AS n FROM masters_party WHERE name = $1', shop)).toBe(1)
  expect(
    await count(
      'SELECT count(*) AS n FROM crm_visit v JOIN masters_party p ON p.id = v.party WHERE p.name = $1 AND v.state = $2',
      shop,
      'completed',
    ),
  ).toBe(1)
  expect(
    await count('SELECT count(*) AS n FROM crm_note n JOIN masters_party p ON p.id = n.party WHERE p.name = $1', shop),
  ).toBe(3)
  expect(await count('SELECT count(*) AS n FROM crm_note WHERE text = $1', lastWords)).toBe(1)
  expect(await count('SELECT count(*) AS n FROM crm_follow_up WHERE subject = $1', 'Send the trade form')).toBe(1)
  expect(await count('SELECT count(*) AS n FROM pos_shift WHERE device = $1', device)).toBe(1)

  // Two tape measures out and one back, one brush: the shelf and the drawer know it once.
  const moved = async (code: string) =>
    count(
      'SELECT coalesce(sum(e.quantity), 0) AS n FROM kernel_stock_entry e JOIN masters_item i ON i.id = e.item WHERE i.code = $1 AND e.document_id IN (SELECT id FROM pos_sale)',
      code,
    )
  expect([await moved('TAPE8'), await moved('BRUSH2')]).toEqual([-1_000_000, -1_000_000])
  const totals = await client.query<{ number: string; total: string }>(
    'SELECT number, total FROM pos_sale WHERE number = ANY($1)',
    [[numbers.sale, numbers.back]],
  )
  const kept = totals.rows.reduce((sum, { total }) => sum + Number(total), 0)
  const drawer = await count(
    'SELECT sum(amount) AS n FROM kernel_cash_entry WHERE document_id IN (SELECT id FROM pos_sale WHERE number = ANY($1))',
    [numbers.sale, numbers.back],
  )
  expect(kept).toBeGreaterThan(0)
  expect(drawer).toBe(kept)
})

test('the other device converges, and every replica agrees with the hub', async () => {
  await marta.sync()
  await askWorker(page, 'sync', null)
  await marta.sync()
  const { rows } = await client.query<{ phone: string; email: string }>(
    'SELECT phone, email FROM masters_party WHERE id = $1',
    [caféId],
  )
  // Marta came second: her phone stands, Grace's is kept for people; a field that only one changed is simply there.
  expect(rows[0]).toEqual({ phone: phones.marta, email: 'hello@harbour.example' })
  expect(await count("SELECT count(*) AS n FROM kernel_lost_value WHERE row_id = $1 AND field = 'phone'", caféId)).toBe(
    1,
  )
  await openCustomer(page, café)
  await page.getByText(phones.marta).first().waitFor()
  await page.getByText('Asked for oat milk').first().waitFor()
  await goTo(page, '/review/values')
  await page.getByText(phones.grace).first().waitFor()
  expect(
    (await marta.query<{ name: string }>('crm.customers', { today, search: shop, limit: 5 })).map(({ name }) => name),
  ).toEqual([shop])

  // A device that downloads everything anew holds what the killed browser holds, row for row of each screen.
  const fresh = await headless('grace', 'fresh')
  const mine = await askWorker(page, 'status', null)
  expect({ incidents: mine.incidents, waiting: mine.waiting, needsYou: mine.needsYou }).toEqual({
    incidents: 0,
    waiting: 0,
    needsYou: 0,
  })
  expect((await marta.status()).incidents).toBe(0)
  expect(mine.watermark).toBe(await count('SELECT seq AS n FROM tenant_clock'))
  const shift = (await client.query<{ shift: string }>('SELECT shift FROM pos_sale WHERE number = $1', [numbers.sale]))
    .rows[0]?.shift
  const views: readonly (readonly [string, Record<string, unknown>])[] = [
    ['crm.customers', { today, search: '', limit: 500 }],
    ['crm.customerHistory', { party: caféId, limit: 500 }],
    ['masters.items', { search: '', limit: 500 }],
    ['sales.orders', {}],
    ['inventory.stockList', { warehouse: leedsMain, limit: 500 }],
    ['pos.salesOfShift', { shift }],
    ['pos.expectedCash', { shift }],
    ['pos.documentsOfShift', { shift }],
    ['review.exceptionList', {}],
    ['review.lostList', {}],
  ]
  for (const [view, args] of views) {
    const { rows: held } = await askWorker(page, 'query', { view, args })
    expect({ view, rows: held }).toEqual({ view, rows: await fresh.query(view, args) })
  }
  expect(await disagreements(hub.hub(), catalogue, [marta, fresh])).toEqual([])
  await fresh.close()
  expect(complaints).toEqual([])
})
