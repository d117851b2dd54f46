// A device that was copied while it had work on it, in a real Chromium: the screen says so, the work is saved as a file, and with a new code
// the device goes on under its next letter and sends what waited, without a new passphrase.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openRescue } from '../sync/device/rescue.ts'
import { askWorker } from '../testing/app-tab.ts'
import { desks } from '../testing/desks.ts'
import { complaints, pill } from '../testing/on-screen.ts'
import { newCustomer } from '../testing/person.ts'

const customer = 'Oyster Quay Chandlers'
const words = 'the words of this file'
const { hub, open, rows } = desks()

test('[LIFE4] [LIFE5] a copied device: its work into a file, then on under the next letter', async () => {
  const page = await open('grace')
  const before = await askWorker(page, 'status', null)
  // What the hub does when a copy of this device has sent something else under its number.
  await rows("UPDATE device SET state = 'forked' WHERE dev = $1", before.device)
  await newCustomer(page, { name: customer, phone: '0113 496 0999' })
  // From the pill's panel, by mouse: a click into a dialog that the panel asks with is none beside the panel.
  await pill(page, 'Device was copied').click()

  await page.getByRole('button', { name: 'Save rescue file' }).click()
  const sheet = page.getByRole('dialog', { name: 'Save what waits as a file' })
  await sheet.getByLabel('Passphrase of the file', { exact: true }).click()
  await page.keyboard.type(words)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    sheet.getByRole('button', { name: 'Save the file' }).click(),
  ])
  await sheet.getByText('1 piece of work is in the file.').waitFor()
  const file = readFileSync(await download.path(), 'utf8')
  expect(file).not.toContain('Oyster')
  expect((await openRescue(file, words))?.bodies.join()).toContain('Oyster')
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Set this device up again' }).click()
  const form = page.getByRole('dialog', { name: 'Set up again, keep the work' })
  await form.getByLabel('Device code').fill(await hub().newCode())
  await form.getByLabel('Sign-in name').click()
  await page.keyboard.type('grace')
  await form.getByLabel('Password', { exact: true }).fill('a wrong one')
  await form.getByRole('button', { name: 'Continue' }).click()
  await form.getByText('The sign-in name or the password is wrong.').waitFor()
  await form.getByLabel('Password', { exact: true }).fill(hub().signIns.password)
  await form.getByRole('button', { name: 'Continue' }).click()
  await pill(page, 'Up to date').waitFor()
  expect(await askWorker(page, 'status', null)).toMatchObject({
    device: before.device,
    epoch: 2,
    waiting: 0,
    fault: null,
  })
  expect(await rows('SELECT name FROM masters_party WHERE name = $1', customer)).toHaveLength(1)
  expect(complaints).toEqual([])
})
