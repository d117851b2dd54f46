// Every screen at a desk's and at a phone's size, with work on it, has nothing that axe names and nothing that sticks out to the side. A
// screen that is added to the menu is looked at without a line here; the documents' own pages are listed below.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askWorker, enrolTab } from '../../testing/app-tab.ts'
import { axeFaults } from '../../testing/axe-faults.ts'
import { aDemoHub, type DemoHub } from '../../testing/demo-hub.ts'
import { startChromium, type KillableChromium } from '../../testing/killable-chromium.ts'
import { aDesk, complaints, picturesOfFailures } from '../../testing/on-screen.ts'
import { goTo, openCustomer, placeOrder } from '../../testing/person.ts'
import { screens } from '../shell/screens.ts'

const profile = mkdtempSync(join(tmpdir(), 'holdfast-axe-'))
const sizes = { desk: { width: 1366, height: 850 }, phone: { width: 390, height: 844 } }
const customer = 'Aire Valley Plumbing'
/** The smallest picture there is. */
const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)
const noInvoice = '11111111-2222-4333-8444-555555555555'
let hub: DemoHub
let browser: KillableChromium
let page: Page

beforeAll(async () => {
  hub = await aDemoHub()
  browser = await startChromium(profile)
  page = await aDesk(browser.context, hub.url)
  const { password } = hub.signIns
  await enrolTab(page, { code: await hub.newCode(), signIn: 'sam', password })
})
afterAll(async () => {
  await browser.kill()
  await hub.end()
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})
picturesOfFailures()

async function ids(view: string, args: object = {}): Promise<string[]> {
  const { rows } = await askWorker(page, 'query', { view, args })
  return rows.map((row) => String(row['id'] ?? row['item']))
}

async function first(view: string, args: object = {}): Promise<string> {
  const [id] = await ids(view, args)
  if (id === undefined) throw new Error(`${view} has no row to open.`)
  return encodeURIComponent(id)
}

/** What axe names on the screen, and whether it is wider than the window. */
async function faults(): Promise<string[]> {
  const named = await axeFaults(page)
  const shape = await page.evaluate(() => {
    const scope = globalThis as unknown as {
      document: {
        documentElement: { scrollWidth: number }
        querySelector(selector: string): { getBoundingClientRect(): { width: number; height: number } } | null
      }
      innerWidth: number
    }
    const title = scope.document.querySelector('#content h1')?.getBoundingClientRect()
    return {
      isWide: scope.document.documentElement.scrollWidth > scope.innerWidth,
      // Squeezed by what stands beside it, one letter below the other.
      isSqueezed: title !== undefined && title.height > 120,
    }
  })
  return [
    ...named,
    ...(shape.isWide ? ['It is wider than the window.'] : []),
    ...(shape.isSqueezed ? ['Its title is squeezed.'] : []),
  ]
}

/** Opens an address and waits until it is drawn: a title, and no list that still waits for its first answer. */
async function show(path: string): Promise<void> {
  await goTo(page, path)
  await page.locator('#content').getByRole('heading').first().waitFor()
  await page.locator('#content [aria-busy="true"]').waitFor({ state: 'detached' })
}

async function faultsOf(paths: readonly string[]): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport)
    for (const path of paths) {
      await show(path)
      const named = await faults()
      if (named.length > 0) found[`${size} ${path}`] = named
    }
  }
  await page.setViewportSize(sizes.desk)
  return found
}

test('an order is delivered, billed, credited and paid on the screens', async () => {
  await openCustomer(page, customer)
  await placeOrder(page, { 'Copper pipe 15 mm': 10, 'Elbow 15 mm': 20 })
  await show(`/deliveries/new?order=${await first('delivery.ordersToDeliver')}`)
  await page.getByLabel('Received by').fill('Pat Sweeney')
  await page.locator('input[type="file"]').setInputFiles({ name: 'dot.png', mimeType: 'image/png', buffer: dot })
  await page.getByRole('button', { name: 'Remove photo 1' }).waitFor()
  for (const viewport of [sizes.phone, sizes.desk]) {
    await page.setViewportSize(viewport)
    expect(await faults()).toEqual([])
  }
  await page.getByRole('button', { name: 'Record delivery' }).click()
  await page.getByRole('link', { name: 'Bill this order' }).click()
  await page.getByRole('button', { name: /^Issue invoice over/ }).click()
  await page.getByRole('complementary').getByRole('link', { name: 'Credit note' }).click()
  await page.getByLabel('To credit: More').first().click()
  await page.getByRole('button', { name: /^Credit £/ }).click()
  await page.getByRole('heading', { name: /^C-/ }).waitFor()
  const [party] = (await askWorker(page, 'query', { view: 'masters.parties', args: { search: customer } })).rows
  await show(`/payments/new?party=${encodeURIComponent(String(party?.['id']))}`)
  await page.getByLabel(/^Amount/).fill('500')
  await page.getByRole('main').getByRole('button', { name: 'Receive money' }).click()
  await page.getByRole('row', { name: new RegExp(customer) }).waitFor()
  const [invoice] = (await askWorker(page, 'query', { view: 'sales.invoices', args: {} })).rows
  expect(invoice).toMatchObject({ owed: 0 })
})

test('work that the hub parks waits in review, with its sentence', async () => {
  const [party] = await ids('masters.parties', { search: customer })
  const args = {
    party,
    businessDate: new Date().toISOString().slice(0, 10),
    currency: 'GBP',
    method: 'cheque',
    methodKind: 'cheque',
    amount: 12_500,
    allocations: [{ invoice: noInvoice, amount: 12_500 }],
  }
  await askWorker(page, 'run', { command: 'payments.receive', args, options: { requestKey: crypto.randomUUID() } })
  await askWorker(page, 'sync', null)
  await show('/review')
  await page.getByRole('row', { name: /Choose: Money received/ }).click()
  await page.getByText('The hub could not take it: The invoice does not exist.').waitFor()
  await page.getByText('£125.00').first().waitFor()
})

test('every screen of the menu', async () => {
  expect(await faultsOf(screens.map(({ path }) => path))).toEqual({})
})

test('every page of a document, a form and a pane', async () => {
  const invoice = await first('sales.invoices')
  const stocked = await first('masters.items', { search: 'boiler' })
  const [party] = (await askWorker(page, 'query', { view: 'masters.parties', args: { search: customer } })).rows
  const visit = await askWorker(page, 'run', {
    command: 'crm.checkIn',
    args: {
      party: party?.['id'],
      territory: party?.['territory'],
      businessDate: new Date().toISOString().slice(0, 10),
    },
    options: { requestKey: crypto.randomUUID() },
  })
  if (!visit.saved) throw new Error(JSON.stringify(visit.refusal))
  const paths = [
    '/orders/new',
    `/orders/${await first('sales.orders')}`,
    '/customers/new',
    `/visits/${visit.inserted['crm.visit']?.[0]}`,
    `/customers/${await first('masters.parties', { search: customer })}`,
    `/stock/${stocked}`,
    '/stock/receipts',
    '/stock/issues',
    '/stock/receive',
    '/stock/issue',
    '/stock/count',
    '/stock/counts',
    '/deliveries/new',
    `/deliveries/${await first('delivery.deliveries')}`,
    '/invoices/new',
    `/invoices/${invoice}`,
    `/invoices/${invoice}/credit`,
    `/credit-notes/${await first('sales.creditNotes')}`,
    '/payments/new',
    `/payments/${await first('payments.payments')}`,
    `/payments/${await first('payments.payments')}/use`,
    `/review/${await first('review.parkedList')}`,
    '/review/exceptions',
    '/review/values',
  ]
  expect(await faultsOf(paths)).toEqual({})
})

test('nothing was thrown and no policy was hurt', () => {
  expect(complaints).toEqual([])
})
