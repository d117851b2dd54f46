// A visit with a photo that was parked: whoever decides about it sees the photo itself, not the text that it is kept as, and its author sees
// it on the visit once it was sent again.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { keyId } from '../../../kernel/hash.ts'
import { aSnap } from '../../../testing/a-snap.ts'
import { axeFaults } from '../../../testing/axe-faults.ts'
import { askWorker } from '../../../testing/app-tab.ts'
import { desks } from '../../../testing/desks.ts'
import { complaints, pill } from '../../../testing/on-screen.ts'
import { checkIn, completeVisit, goTo, openCustomer } from '../../../testing/person.ts'

const martaId = keyId('main', 'masters.user', ['marta'])
const { hub, open, rows, column } = desks()

/** The photo is shown, as wide as it was kept. */
async function seesPhoto(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Photo 1 of 1' }).click()
  const photo = page.getByRole('dialog', { name: 'Photo 1 of 1' }).getByRole('img', { name: 'Photo 1 of 1' })
  const width = (): Promise<number> =>
    photo.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth)
  await expect.poll(width, { timeout: 20_000 }).toBe(800)
  await page.keyboard.press('Escape')
}

test('[BLOB8] the photo of a parked visit is seen by who decides about it, and is on the visit afterwards', async () => {
  const marta = await open('marta')
  const grace = await open('grace')
  await openCustomer(marta, 'Aire Valley Plumbing')
  await checkIn(marta)
  await expect.poll(async () => (await askWorker(marta, 'sync', null)).waiting, { timeout: 30_000 }).toBe(0)
  await rows('UPDATE account SET revoked_at = $1 WHERE user_id = $2', Date.now() - 1000, martaId)
  await hub().stop()
  const snap = { name: 'rack.png', mimeType: 'image/png', buffer: await aSnap(marta, 800, 600) }
  await marta.locator('input[type="file"]').setInputFiles(snap)
  await marta.getByRole('list', { name: 'Photos' }).getByRole('listitem').waitFor()
  await completeVisit(marta, { outcome: 'Order', note: 'The rack is empty' })
  await hub().start()
  await pill(marta, 'Access was withdrawn').waitFor({ timeout: 45_000 })
  await rows('UPDATE account SET revoked_at = NULL WHERE user_id = $1', martaId)
  await expect.poll(async () => (await askWorker(marta, 'sync', null)).blobs.count, { timeout: 45_000 }).toBe(0)

  await goTo(grace, '/review')
  await grace.getByRole('row', { name: /Choose: Visit/ }).click({ timeout: 45_000 })
  const pane = grace.getByRole('complementary').filter({ hasText: 'The rack is empty' })
  await pane.getByRole('list', { name: 'Photos' }).getByRole('listitem').waitFor()
  expect(await pane.textContent()).not.toMatch(/thumbnail|image\/(?:jpeg|webp)|[0-9a-f]{64}/i)
  expect(await axeFaults(grace)).toEqual([])
  await seesPhoto(grace)
  await pane.getByRole('button', { name: 'Change it first' }).click()
  await pane.getByRole('list', { name: 'Photos' }).getByRole('listitem').waitFor()
  expect(await pane.getByRole('textbox', { name: /sha|thumbnail/i }).count()).toBe(0)
  await pane.getByRole('button', { name: 'Put back as it was' }).click()
  await pane.getByRole('radio', { name: 'Send again' }).check()
  await pane.getByRole('button', { name: 'Send again', exact: true }).click()
  const state = (): Promise<unknown[]> => column('SELECT state AS it FROM kernel_review_item')
  await expect.poll(state, { timeout: 20_000 }).toEqual(['resubmitted'])
  await expect
    .poll(() => column('SELECT count(*)::int AS it FROM crm_note WHERE photos::text LIKE $1', '%sha%'))
    .toEqual([1])
  expect(complaints).toEqual([])
})
