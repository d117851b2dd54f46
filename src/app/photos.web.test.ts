// A delivery with photos and a signature, taken with no hub in reach, in a browser that is killed before it could send anything: all of it
// is there afterwards, reaches the hub byte for byte, and never lay in clear in the profile.
import { createHash } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { askWorker, holdsBytes, holdsText, keepInClear, serviceWorkerReady, unlockTab } from '../testing/app-tab.ts'
import { aSnap } from '../testing/a-snap.ts'
import { desks } from '../testing/desks.ts'
import { aDesk, complaints, pill, savedNews } from '../testing/on-screen.ts'
import { goTo, openCustomer, placeOrder } from '../testing/person.ts'

/** Kept in clear on purpose: the search that must not find the photo must find this. */
const CONTROL = 'Perspicuous-heron'
const at = desks()

async function sign(page: Page): Promise<void> {
  const pad = page.getByRole('img', { name: 'Signature', exact: true })
  await pad.scrollIntoViewIfNeeded()
  const box = await pad.boundingBox()
  if (box === null) throw new Error('The pad must be on the screen.')
  for (const stroke of [
    [0.1, 0.7, 0.2, 0.2, 0.3, 0.8],
    [0.4, 0.3, 0.6, 0.6, 0.85, 0.4],
  ]) {
    const [x = 0, y = 0, ...rest] = stroke
    await page.mouse.move(box.x + x * box.width, box.y + y * box.height)
    await page.mouse.down()
    for (let at = 0; at < rest.length; at += 2)
      await page.mouse.move(box.x + (rest[at] ?? 0) * box.width, box.y + (rest[at + 1] ?? 0) * box.height, { steps: 8 })
    await page.mouse.up()
  }
}

const slicesOf = (content: Buffer): Buffer[] =>
  [0.3, 0.5, 0.7].map((share) => {
    const at = Math.floor(content.length * share)
    return content.subarray(at, at + 48)
  })

test('[BLOB3] [BLOB4] photos and a signature survive a kill with no network, and reach the hub byte for byte', async () => {
  const hub = at.hub()
  let browser = await at.browser('driver')
  let page = await aDesk(browser.context, hub.url)
  await at.enrol(page, 'sam')
  await keepInClear(page, CONTROL)
  await serviceWorkerReady(page)
  await openCustomer(page, 'Aire Valley Plumbing')
  await placeOrder(page, { 'Copper pipe 15 mm': 10 })
  const { rows: orders } = await askWorker(page, 'query', { view: 'delivery.ordersToDeliver', args: {} })
  await expect.poll(async () => (await askWorker(page, 'sync', null)).waiting, { timeout: 30_000 }).toBe(0)
  await hub.stop()

  const snaps = [await aSnap(page, 2400, 1800), await aSnap(page, 900, 1600)]
  await goTo(page, `/deliveries/new?order=${encodeURIComponent(String(orders[0]?.['id']))}`)
  await page.getByLabel('Received by').fill('Pat Sweeney')
  await page
    .locator('input[type="file"]')
    .setInputFiles(snaps.map((buffer, at) => ({ name: `snap-${at}.png`, mimeType: 'image/png', buffer })))
  await page.getByRole('list', { name: 'Photos' }).getByRole('listitem').nth(1).waitFor()
  // One that nobody wants after all.
  const third = { name: 'third.png', mimeType: 'image/png', buffer: await aSnap(page, 300, 300) }
  await page.locator('input[type="file"]').setInputFiles(third)
  await page.getByRole('button', { name: 'Remove photo 3' }).click()
  await page.getByRole('button', { name: 'Remove photo 3' }).waitFor({ state: 'detached' })
  await page.locator('input[type="file"]').setInputFiles({
    name: 'page.jpg',
    mimeType: 'image/jpeg',
    buffer: Buffer.from('<!doctype html><script>document.title = "run"</script>'),
  })
  await page.getByText('page.jpg is no picture that this device can read.').waitFor()
  await sign(page)
  await page.getByRole('button', { name: 'Record delivery' }).click()
  await savedNews(page)
  const pane = page.getByRole('complementary')
  await pane.getByText('On this device only').nth(1).waitFor()
  await pane.getByRole('img', { name: 'Signature of Pat Sweeney' }).waitFor()

  const before = await askWorker(page, 'status', null)
  expect(before.blobs).toMatchObject({ count: 2, refused: 0 })
  const [delivered] = (await askWorker(page, 'query', { view: 'delivery.deliveries', args: {} })).rows
  const [proof] = (
    await askWorker(page, 'query', { view: 'delivery.deliveryProof', args: { delivery: delivered?.['id'] } })
  ).rows
  const named = JSON.parse(String(proof?.['photos'])) as { sha: string; size: number; thumbnail: string }[]
  const photos: Buffer[] = []
  for (const { sha, size, thumbnail } of named) {
    const content = Buffer.from((await askWorker(page, 'blob', { sha, size })) as readonly number[])
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha)
    expect(content.length).toBe(size)
    expect(Buffer.from(thumbnail, 'base64').length).toBeLessThanOrEqual(8 * 1024)
    photos.push(content)
  }
  // The photo itself is shown from this device.
  await pane.getByRole('button', { name: 'Photo 1 of 2' }).click()
  const shown = page.getByRole('dialog', { name: 'Photo 1 of 2' }).getByRole('img', { name: 'Photo 1 of 2' })
  await expect
    .poll(() => shown.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
    .toBe(1600)
  await page.keyboard.press('Escape')
  await page.getByRole('dialog', { name: 'Photo 1 of 2' }).waitFor({ state: 'detached' })
  await pane.getByRole('img', { name: 'Signature of Pat Sweeney' }).waitFor()

  await browser.kill()
  expect(holdsText(at.profile('driver'), CONTROL)).toBe(true)
  expect(holdsBytes(at.profile('driver'), [...photos, ...snaps].flatMap(slicesOf))).toBe(false)

  browser = await at.browser('driver')
  page = await aDesk(browser.context, hub.url)
  await unlockTab(page)
  expect((await askWorker(page, 'status', null)).blobs.count).toBe(2)
  await goTo(page, '/sync')
  await page.getByText('2 photos are on this device only').first().waitFor()
  await hub.start()
  await expect.poll(async () => (await askWorker(page, 'sync', null)).waiting, { timeout: 30_000 }).toBe(0)
  await expect
    .poll(async () => (await askWorker(page, 'status', null)).blobs, { timeout: 30_000 })
    .toMatchObject({ count: 0, refused: 0 })
  await pill(page, /Up to date/).waitFor()
  const { store } = hub.hub().blobContext
  for (const [at, { sha }] of named.entries())
    expect(Buffer.from(await store.read('main', sha, 0)).equals(photos[at] ?? Buffer.alloc(0))).toBe(true)
  await goTo(page, `/deliveries/${encodeURIComponent(String(delivered?.['id']))}`)
  await page.getByRole('complementary').getByText('Sent', { exact: true }).nth(1).waitFor()

  const [stored] = await at.rows<{ signature: string; photos: { sha: string }[] }>(
    'SELECT signature, photos FROM delivery_delivery WHERE id = $1',
    delivered?.['id'],
  )
  expect(stored?.signature).toBe(proof?.['signature'])
  expect(stored?.signature).toMatch(/^M\d+ \d+(L\d+ \d+)+M/)
  expect(stored?.photos.map(({ sha }) => sha)).toEqual(named.map(({ sha }) => sha))
  expect(complaints).toEqual([])
}, 180_000)
