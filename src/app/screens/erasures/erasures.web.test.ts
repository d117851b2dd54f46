// Somebody asks to be forgotten, in real Chromiums: the office sees what goes, what stays and why before it asks, can't do it by a slip, and
// sees which devices have forgotten and which have not, among them one that was offline with work about that person.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { pseudonymOf } from '../../../kernel/erasure.ts'
import { keyId } from '../../../kernel/hash.ts'
import { askWorker } from '../../../testing/app-tab.ts'
import { axeFaults } from '../../../testing/axe-faults.ts'
import { desks } from '../../../testing/desks.ts'
import { complaints, pill } from '../../../testing/on-screen.ts'
import { goTo, openCustomer, placeOrder, writeNote } from '../../../testing/person.ts'

const customer = 'Aire Valley Plumbing'
const customerId = keyId('main', 'masters.party', ['C-101'])
const pseudonym = pseudonymOf(customerId)
const { open, rows, column } = desks()
let sam: Page
let marta: Page

test('[ERASE1] what goes, what stays and why is shown before anything is asked, and a slip erases nobody', async () => {
  marta = await open('marta')
  sam = await open('sam')
  await openCustomer(marta, customer)
  await writeNote(marta, 'Allergic to bees')
  await placeOrder(marta, { 'Copper pipe 15 mm': 10 })
  await expect.poll(async () => (await askWorker(marta, 'sync', null)).waiting).toBe(0)

  await goTo(sam, '/erasures')
  await sam.getByText('Nobody was erased.').waitFor()
  await sam.getByRole('button', { name: 'Erase a person' }).click()
  await sam.getByLabel('Who asks to be forgotten').fill('aire')
  await sam.getByRole('option', { name: customer }).click()
  const pane = sam.getByRole('complementary', { name: 'Erase a person' })
  await pane.getByRole('row', { name: /^Customer 1 .*Addresses.*Phone/ }).waitFor()
  await pane.getByRole('row', { name: 'Note 1 Text' }).waitFor()
  await pane.getByText(`They say ${pseudonym} from then on.`).waitFor()
  const { device } = await askWorker(marta, 'status', null)
  await pane.getByRole('listitem').filter({ hasText: device }).filter({ hasText: 'last contact' }).waitFor()
  expect(await axeFaults(sam)).toEqual([])

  await pane.getByRole('button', { name: 'Erase for good' }).click()
  const question = sam.getByRole('dialog', { name: 'Erase a person' })
  await question.getByLabel('Name').fill('Aire')
  await question.getByRole('button', { name: 'Erase for good' }).click()
  await question.getByText('This is not the name.').waitFor()
  await question.getByRole('button', { name: 'Cancel' }).click()
  expect(await rows('SELECT 1 FROM kernel_erasure')).toEqual([])
})

test('[ERASE4] who has forgotten and who has not is seen, and a device that was offline forgets what waits on it', async () => {
  await openCustomer(marta, customer)
  await marta.context().setOffline(true)
  await writeNote(marta, 'Bees again, said on the phone')
  const pane = sam.getByRole('complementary', { name: 'Erase a person' })
  await pane.getByRole('button', { name: 'Erase for good' }).click()
  const question = sam.getByRole('dialog', { name: 'Erase a person' })
  await question.getByLabel('Name').fill(customer.toLowerCase())
  await question.getByRole('button', { name: 'Erase for good' }).click()
  await sam.getByText('The erasure is asked of the hub', { exact: false }).waitFor()
  const list = sam.getByRole('row', { name: new RegExp(pseudonym.replace('[', String.raw`\[`)) })
  await list.waitFor()
  const again = async (): Promise<void> => {
    await askWorker(sam, 'sync', null)
    await sam.getByRole('button', { name: 'Ask again' }).click()
  }
  // Its own device has forgotten, the one that is offline has not.
  const told = sam.getByRole('complementary', { name: pseudonym })
  const codes = {
    sam: (await askWorker(sam, 'status', null)).device,
    marta: (await askWorker(marta, 'status', null)).device,
  }
  const line = (who: keyof typeof codes) => told.getByRole('listitem').filter({ hasText: codes[who] })
  // Beside those that filled the demo company, and never come back.
  const [all] = await column("SELECT count(DISTINCT dev) AS it FROM device WHERE state = 'active'")
  await expect
    .poll(async () => (await again(), line('sam').getByText('Has forgotten').count()), { timeout: 30_000 })
    .toBe(1)
  await line('marta').getByText('Not yet').waitFor()
  await list.getByText(`1 of ${String(all)} devices`).waitFor()
  expect(await axeFaults(sam)).toEqual([])
  expect(await column('SELECT name AS it FROM masters_party WHERE id = $1', customerId)).toEqual([pseudonym])
  expect(await column('SELECT DISTINCT text AS it FROM crm_note WHERE party = $1', customerId)).toEqual([pseudonym])
  // What the law wants kept is there, under the pseudonym.
  expect(await column('SELECT DISTINCT party_name AS it FROM sales_order WHERE party = $1', customerId)).toEqual([
    pseudonym,
  ])

  await marta.context().setOffline(false)
  await expect.poll(async () => (await askWorker(marta, 'sync', null)).waiting, { timeout: 30_000 }).toBe(0)
  await pill(marta, 'Up to date').waitFor()
  await goTo(marta, '/customers')
  await marta.getByRole('searchbox', { name: 'Search by name, code or phone' }).fill('aire valley')
  await marta
    .getByText(/Nothing matches|No customer matches/)
    .first()
    .waitFor()
  await expect
    .poll(async () => (await again(), line('marta').getByText('Has forgotten').count()), { timeout: 30_000 })
    .toBe(1)
  await list.getByText(`2 of ${String(all)} devices`).waitFor()
  expect(
    await column("SELECT text AS it FROM crm_note WHERE text LIKE '%llergic%' OR text LIKE '%on the phone'"),
  ).toEqual([])
  // Nobody can be erased twice: who was isn't offered.
  await sam.getByRole('button', { name: 'Erase a person' }).click()
  await sam.getByLabel('Who asks to be forgotten').fill('aire valley')
  await sam.getByText('Nothing found').waitFor()
  expect(complaints).toEqual([])
})
