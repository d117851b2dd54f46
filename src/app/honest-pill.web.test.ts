// The sync pill, the outbox panel and the marks beside photos in real Chromiums behind a network that lies: each says what the hub has
// answered and nothing more, whatever a portal, a broken gateway, a full hub or an old app makes of it. (Withdrawn access, copies, leases,
// full and cleared storage and updates have tests of their own beside this one.)
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { standardLimits } from '../hub/door.ts'
import { askWorker } from '../testing/app-tab.ts'
import { chaosProxy, type ChaosProxy } from '../testing/chaos-proxy.ts'
import { desks } from '../testing/desks.ts'
import { aDesk, complaints, pill } from '../testing/on-screen.ts'
import { goTo, openCustomer, placeOrder, writeNote } from '../testing/person.ts'

const customer = 'Aire Valley Plumbing'
const at = desks()
let proxy: ChaosProxy
/** Behind the proxy. */
let grace: Page
/** Straight at the hub: it administers. */
let sam: Page
beforeAll(async () => {
  proxy = await chaosProxy({ port: Number(new URL(at.hub().url).port), seed: 1 })
})
afterAll(() => proxy.stop())

const sync = (page: Page) => askWorker(page, 'sync', null)
const saved = (page: Page) => page.getByRole('region', { name: 'Saved work' })

/** Straight from the screen: what a person would read now. */
async function says(page: Page, text: string | RegExp): Promise<void> {
  await pill(page, text).waitFor()
}

test('a portal that answers everything with its own page is no hub: nothing is called checked, sent or on its way', async () => {
  grace = await aDesk((await at.browser('grace')).context, proxy.url)
  await at.enrol(grace, 'grace')
  proxy.chaos(1, ['captive-portal'])
  await sync(grace)
  await says(grace, /^Not checked since/)
  await openCustomer(grace, customer)
  await writeNote(grace, 'Behind the portal')
  await sync(grace)
  await says(grace, 'Offline · 1 waiting')
  await goTo(grace, '/sync')
  await saved(grace).getByText('Waiting to send').waitFor()
  expect(
    await saved(grace)
      .getByText(/On its way|Sent/)
      .count(),
  ).toBe(0)
  await grace.getByRole('button', { name: 'Check offline readiness' }).click()
  const checks = grace.getByRole('list', { name: 'Ready for a day without a network?' })
  await checks.getByText('1 piece of work waits to be sent. Sync before you leave.').waitFor()
  expect(await checks.getByText('All work is sent.').count()).toBe(0)
  expect(await at.rows('SELECT 1 FROM crm_note WHERE text LIKE $1', '%the portal')).toEqual([])
})

test('a hub that answers with an error is the same to a person; when it is back it is all settled by itself', async () => {
  proxy.chaos(1, ['gateway-error'])
  await sync(grace)
  await says(grace, 'Offline · 1 waiting')
  proxy.chaos(0)
  await says(grace, 'Up to date')
  await saved(grace).getByText('Everything you saved has been sent.').waitFor()
})

test('an app that is too old keeps its work, says so with the way out, and goes on once the hub takes it', async () => {
  await at.hub().stop()
  await at.hub().start({ oldestSchema: 99 })
  await sync(grace)
  await says(grace, 'Update needed')
  const fault = grace.getByRole('alert').filter({ hasText: 'The hub speaks a newer version.' })
  await fault.getByRole('button', { name: 'Reload' }).waitFor()
  await at.hub().stop()
  await at.hub().start()
  await sync(grace)
  await says(grace, 'Up to date')
})

test('[BLOB4] a photo is sent when the hub has confirmed it, not when its document is; who didn’t take it says nothing of it', async () => {
  await openCustomer(grace, customer)
  const order = await placeOrder(grace, { 'Copper pipe 15 mm': 10 })
  await expect.poll(async () => (await sync(grace)).waiting).toBe(0)
  proxy.chaos(1, ['gateway-error'], '/sync/blob')
  const [open] = (await askWorker(grace, 'query', { view: 'delivery.ordersToDeliver', args: {} })).rows
  await goTo(grace, `/deliveries/new?order=${encodeURIComponent(String(open?.['id']))}`)
  await grace.getByLabel('Received by').fill('Pat Sweeney')
  await grace.locator('input[type="file"]').setInputFiles({
    name: 'door.png',
    mimeType: 'image/png',
    buffer: Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
      'base64',
    ),
  })
  await grace.getByRole('list', { name: 'Photos' }).getByRole('listitem').waitFor()
  await grace.getByRole('button', { name: 'Record delivery' }).click()
  const pane = grace.getByRole('complementary').filter({ hasText: 'Pat Sweeney' })
  await pane.getByText('On this device only').waitFor()
  await expect.poll(async () => (await sync(grace)).waiting).toBe(0)
  await says(grace, '1 photo to send')
  await pane.getByText('On this device only').waitFor()
  expect(await pane.getByText('Sent', { exact: true }).count()).toBe(0)

  // Another device has the document, and no idea of the photo's way.
  sam = await at.open('sam')
  await goTo(sam, '/deliveries')
  await sam.getByRole('row').filter({ hasText: customer }).first().click()
  const theirs = sam.getByRole('complementary').filter({ hasText: 'Pat Sweeney' })
  await theirs.getByRole('list', { name: 'Photos' }).getByRole('listitem').waitFor()
  expect(await theirs.getByText(/^Sent$|^On this device only$/).count()).toBe(0)
  expect(order).toMatch(/^O-/)
})

test('[BLOB10] a hub without room is said on the device with what happens next, and to the office once; with room it settles by itself', async () => {
  await at.hub().stop()
  await at.hub().start({ limits: { ...standardLimits, room: { deviceDayBytes: 1_000_000, tenantBytes: 1 } } })
  proxy.chaos(0)
  await sync(grace)
  await goTo(grace, '/sync')
  await says(grace, '1 photo to send')
  await grace.getByText('The hub has no room for photos just now.', { exact: false }).waitFor()
  await saved(grace).getByText('Everything you saved has been sent, but not all of its photos.').waitFor()
  await sync(sam)
  await goTo(sam, '/review')
  await sam.getByRole('row', { name: /^Choose: The hub has no room left for photos/ }).waitFor()

  await at.hub().stop()
  await at.hub().start()
  await sync(grace)
  await says(grace, 'Up to date')
  expect(await grace.getByText('The hub has no room', { exact: false }).count()).toBe(0)
  await goTo(grace, '/deliveries')
  await grace.getByRole('row').filter({ hasText: customer }).first().click()
  await grace.getByRole('complementary').getByText('Sent', { exact: true }).waitFor()
  expect(complaints).toEqual([])
})
