// A browser that cleared the storage of a device between two starts, in a real Chromium: the app doesn't begin as if nothing had been there.
// It says what was saved and not sent, goes on as the same device in its next epoch, and says what the hub has and what is lost.
import { expect, test } from 'vitest'
import { askWorker, PASSPHRASE } from '../testing/app-tab.ts'
import { desks } from '../testing/desks.ts'
import { aDesk, complaints, pill } from '../testing/on-screen.ts'
import { newCustomer } from '../testing/person.ts'

const at = desks()

test('[STO2] [LIFE6] cleared storage is named, with what was not sent, and the device goes on in its next epoch', async () => {
  const hub = at.hub()
  let page = await at.open('grace')
  const context = page.context()
  await newCustomer(page, { name: 'Sent Chandlers', phone: '0113 496 0001' })
  await pill(page, 'Up to date').waitFor()
  await hub.stop()
  await newCustomer(page, { name: 'Unsent Chandlers', phone: '0113 496 0002' })
  const before = await askWorker(page, 'status', null)
  expect(before.waiting).toBe(1)
  await expect
    .poll(() =>
      page.evaluate(() =>
        (globalThis as unknown as { localStorage: { getItem(key: string): string } }).localStorage.getItem(
          'holdfast.device',
        ),
      ),
    )
    .toContain(`"seq":${before.seq}`)
  const kept = await page.evaluate(() =>
    JSON.stringify((globalThis as unknown as { localStorage: object }).localStorage),
  )
  // Nothing of the business lies outside of the encrypted database.
  expect(kept).not.toMatch(/Chandlers|grace/i)

  // What an eviction takes: everything of the origin that counts against its quota.
  await page.close()
  await hub.start()
  page = await aDesk(context, 'about:blank')
  const cdp = await context.newCDPSession(page)
  const storageTypes = 'file_systems,indexeddb,cache_storage,service_workers'
  await cdp.send('Storage.clearDataForOrigin', { origin: new URL(hub.url).origin, storageTypes })
  await page.goto(hub.url)
  await page
    .getByText(new RegExp(`This browser cleared the storage of device ${before.device}.*1 of them was not sent`))
    .waitFor()
  await page.getByLabel('Device code').fill(await hub.newCode())
  await page.getByLabel('Sign-in name').fill('grace')
  await page.getByLabel('Password', { exact: true }).fill(hub.signIns.password)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
  await page.getByLabel('The same passphrase again').fill(PASSPHRASE)
  await page.getByRole('button', { name: 'Secure this device' }).click()
  await page.getByText(/1 later piece of work is lost/).waitFor()
  await page.getByText(`This device goes on as ${before.device}, in its life number 2.`).waitFor()
  // It stays until it was read.
  await page.getByRole('button', { name: 'I have read this' }).click()
  await page.getByRole('button', { name: 'Start working' }).click()
  await pill(page, 'Up to date').waitFor()
  expect(await askWorker(page, 'status', null)).toMatchObject({ device: before.device, epoch: 2, waiting: 0 })
  await newCustomer(page, { name: 'Unsent Chandlers', phone: '0113 496 0002' })
  await pill(page, 'Up to date').waitFor()
  expect(complaints).toEqual([])
})
