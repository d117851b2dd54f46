// A device that was away for longer than its lease, in a real Chromium: the passphrase opens it, what was saved is counted and sent, and no
// name, number or sum of the company's is on the screen or comes out of the worker, until one contact brings another lease.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { askWorker, PASSPHRASE } from '../testing/app-tab.ts'
import { desks } from '../testing/desks.ts'
import { complaints, pill } from '../testing/on-screen.ts'
import { goTo, newCustomer } from '../testing/person.ts'

const DAYS_MS = 4 * 24 * 3_600_000
const customer = 'Oyster Quay Chandlers'
const { hub, open, rows } = desks()
let page: Page

/** Sets the device's clock forward, as its owner could: in the worker that counts the lease. */
async function setClock(tab: Page, forwardMs: number): Promise<void> {
  await expect.poll(() => tab.workers().length).toBeGreaterThan(0)
  for (const worker of tab.workers())
    await worker.evaluate((ms) => {
      const now = Date.now.bind(Date)
      Date.now = () => now() + ms
    }, forwardMs)
}

const title = (tab: Page, name: string) => tab.getByRole('heading', { level: 1, name })

async function unlock(tab: Page): Promise<void> {
  await tab.getByLabel(/^Passphrase/).fill(PASSPHRASE)
  await tab.getByRole('button', { name: 'Unlock' }).click()
}

test('[AUTH6] four days offline: the work is kept and counted, and the company’s data is shut', async () => {
  page = await open('grace')
  await hub().stop()
  await newCustomer(page, { name: customer, phone: '0113 496 0999' })
  await pill(page, /1 waiting/).waitFor()
  await setClock(page, DAYS_MS)
  // The next look at the hub, or the next question of a screen, finds the lease over: the screen goes without a click.
  await askWorker(page, 'sync', null)
  await title(page, 'Connect to go on').waitFor()
  const words = await page.locator('body').innerText()
  expect(words).toContain('1 piece of work waits to be sent.')
  expect(words).not.toContain(customer)
  await expect(askWorker(page, 'query', { view: 'crm.parties', args: {} })).rejects.toThrow('LeaseOverError')
  await expect(askWorker(page, 'outbox', null)).rejects.toThrow('LeaseOverError')
  const late = { command: 'masters.saveUnit', args: { code: 'x', name: 'x', decimals: 0 }, options: {} }
  expect(await askWorker(page, 'run', late)).toMatchObject({
    saved: false,
    refusal: { code: 'sync.lease-expired' },
  })
})

test('[AUTH6] a start with the hub gone: the passphrase still opens it, and one contact opens the rest by itself', async () => {
  await page.reload()
  await setClock(page, DAYS_MS)
  await unlock(page)
  await title(page, 'Connect to go on').waitFor()
  await page.getByRole('button', { name: 'Connect now' }).click()
  await page.getByText('The hub could not be reached.').waitFor()
  expect(complaints).toEqual([])

  await hub().start()
  await page.getByRole('button', { name: 'Connect now' }).click()
  await page.getByRole('button', { name: /^Account of/ }).waitFor()
  await pill(page, 'Up to date').waitFor()
  await goTo(page, '/customers')
  await page.getByRole('searchbox', { name: 'Search by name, code or phone' }).fill(customer)
  await page.getByText(customer, { exact: true }).first().waitFor()
  expect(await rows('SELECT 1 FROM masters_party WHERE name = $1', customer)).toHaveLength(1)
})
