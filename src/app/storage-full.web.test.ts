// A till whose storage is full, in a real Chromium: at whatever write it happens the sale is refused in a sentence, nothing of it is saved,
// all that was saved can be read, and when there is room again the same ticket is saved, once.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { askWorker } from '../testing/app-tab.ts'
import { desks } from '../testing/desks.ts'
import { complaints, pill } from '../testing/on-screen.ts'
import { addItem, goTo, openShift, readyToComplete, receiptNumber } from '../testing/person.ts'

const at = desks()
const refused = 'Nothing was saved: there is no room left on this device. Free some space, then save again.'
/** Chromium gives a growing file a megabyte at once, and less only when that is all there is. */
const STEP = 192 * 1024
const ROOM_MAX = 6 * 1024 * 1024
let page: Page

/** A file that has room inside takes no new storage: other people's drafts take it, down to the last page. */
async function fillUp(tab: Page): Promise<void> {
  for (const size of [100_000, 10_000, 500]) {
    for (let count = 0; ; count++) {
      if (count > 500) throw new Error('The storage of this test is never full.')
      const key = `filler ${size} ${count}`
      const fault = await askWorker(tab, 'draftSet', { key, value: 'x'.repeat(size) }).then(() => null, String)
      if (fault === null) continue
      expect(fault).toContain('no room left')
      break
    }
  }
}

test('a browser that promises nothing is named before somebody leaves coverage, with what to do, and work goes on', async () => {
  page = await at.open('grace')
  // This Chromium has no reason to trust the address: the answer is its own.
  const isPersisted = await page.evaluate(() =>
    (globalThis as unknown as { navigator: { storage: { persist(): Promise<boolean> } } }).navigator.storage.persist(),
  )
  expect(isPersisted).toBe(false)
  await goTo(page, '/sync')
  await page.getByRole('button', { name: 'Check offline readiness' }).click()
  const checks = page.getByRole('list', { name: 'Ready for a day without a network?' })
  await checks.getByText(/did not promise to keep the data.*Install the app/).waitFor()
  await checks.getByText('The app starts without a network.').waitFor()
  await checks.getByText('The records agree with the hub.').waitFor()
  await checks.getByRole('button', { name: 'Ask to keep it safe' }).click()
  await checks.getByText(/did not promise/).waitFor()
})

test('[STO1] a full disk at any write refuses the sale; nothing of it is saved; with room the same ticket is saved once', async () => {
  const hub = at.hub()
  await openShift(page, { '£10.00': 15 })
  await pill(page, 'Up to date').waitFor()
  await addItem(page, 'Tape measure 8 m')
  const complete = await readyToComplete(page)
  await hub.stop()
  const cdp = await page.context().newCDPSession(page)
  const origin = new URL(hub.url).origin
  const quota = async (quotaSize?: number): Promise<void> =>
    void (await cdp.send('Storage.overrideQuotaForOrigin', { origin, ...(quotaSize !== undefined && { quotaSize }) }))
  const before = await askWorker(page, 'status', null)
  const dialog = page.getByRole('dialog', { name: 'Pay' })
  const said = dialog.getByText(refused)
  let refusals = 0
  const { usage } = await cdp.send('Storage.getUsageAndQuota', { origin })
  await quota(usage)
  await fillUp(page)
  for (let room = 0; room < ROOM_MAX; room += STEP) {
    await quota(usage + room)
    await complete.click()
    await said
      .or(page.getByRole('article', { name: /^Receipt / }))
      .first()
      .waitFor()
    // Asked behind the sale: the worker answers in order.
    const { waiting, seq } = await askWorker(page, 'status', null)
    if (seq > before.seq) break
    refusals += 1
    await pill(page, 'Storage is full').waitFor()
    // Still full: what was saved can be read, and nothing was added to it.
    expect({ waiting, seq }).toEqual({ waiting: before.waiting, seq: before.seq })
    expect(await askWorker(page, 'outbox', null)).toHaveLength(before.seq)
  }
  expect(refusals).toBeGreaterThan(1)
  await quota()
  const number = await receiptNumber(page)
  expect(await askWorker(page, 'status', null)).toMatchObject({ waiting: before.waiting + 1, seq: before.seq + 1 })
  await hub.start()
  await expect.poll(async () => (await askWorker(page, 'sync', null)).waiting, { timeout: 30_000 }).toBe(0)
  expect(await at.column('SELECT number AS it FROM pos_sale WHERE number = $1', number)).toEqual([number])
  expect(number).toMatch(/-000001$/)
  process.stderr.write(
    `No room for one sale: refused at ${refusals} sizes of what was left, then saved once as ${number}\n`,
  )
  expect(complaints).toEqual([])
}, 180_000)
