// Somebody comes back to the app, or the network does: a device whose tries had become rare asks the hub at once. Two tabs of one Chromium
// behind a network that can be told to lie; what is looked at is when the device tried, against when it would have.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askWorker } from '../testing/app-tab.ts'
import { chaosProxy, type ChaosProxy } from '../testing/chaos-proxy.ts'
import { desks } from '../testing/desks.ts'
import { aDesk, complaints, pill } from '../testing/on-screen.ts'
import { openCustomer, writeNote } from '../testing/person.ts'

const at = desks()
let proxy: ChaosProxy
let grace: Page
let second: Page
beforeAll(async () => {
  proxy = await chaosProxy({ port: Number(new URL(at.hub().url).port), seed: 1 })
})
afterAll(() => proxy.stop())

/** Fails so often that the next try is ten seconds away or more; answers when it is planned. */
async function failedForLong(text: string): Promise<number> {
  proxy.chaos(1, ['captive-portal'])
  await openCustomer(grace, 'Aire Valley Plumbing')
  await writeNote(grace, text)
  for (let round = 0; round < 6; round++) await askWorker(grace, 'sync', null)
  await pill(grace, 'Offline · 1 waiting').waitFor()
  return (await askWorker(grace, 'status', null)).nextTryAt ?? 0
}

/** The hub is there again, then `sign` happens. Whoever only waited would have tried at `planned`. */
async function settles(planned: number, sign: () => Promise<unknown>): Promise<void> {
  proxy.chaos(0)
  expect((await askWorker(grace, 'status', null)).nextTryAt).toBe(planned)
  await sign()
  await pill(grace, 'Up to date').waitFor()
  const { lastTryAt, waiting } = await askWorker(grace, 'status', null)
  expect(waiting).toBe(0)
  expect(lastTryAt).toBeLessThan(planned)
}

const happens = (page: Page, type: 'focus' | 'visibilitychange'): Promise<unknown> =>
  page.evaluate((name) => {
    const { document, dispatchEvent } = globalThis as unknown as {
      document: { dispatchEvent(event: Event): boolean }
      dispatchEvent(event: Event): boolean
    }
    return name === 'focus' ? dispatchEvent(new Event(name)) : document.dispatchEvent(new Event(name))
  }, type)

test('[SET2] the browser says that a network came: what waits is sent at once', async () => {
  const { context } = await at.browser('grace')
  grace = await aDesk(context, proxy.url)
  await at.enrol(grace, 'grace')
  await context.setOffline(true)
  const planned = await failedForLong('Written under way')
  await settles(planned, () => context.setOffline(false))
})

test('[SET2] the window gets the focus, or is seen again', async () => {
  for (const type of ['focus', 'visibilitychange'] as const) {
    const planned = await failedForLong(`Before ${type}`)
    await settles(planned, () => happens(grace, type))
  }
})

test('[SET2] in a second tab, too: whichever has the device tries', async () => {
  second = await aDesk(grace.context(), proxy.url)
  await pill(second, 'Up to date').waitFor()
  const planned = await failedForLong('Two tabs')
  await settles(planned, () => happens(second, 'focus'))
  expect(await at.rows("SELECT 1 FROM crm_note WHERE text = 'Two tabs'")).toHaveLength(1)
  expect(complaints).toEqual([])
})

test('[SET2] a sign alone is no contact: behind a portal the pill goes on saying how it is', async () => {
  const planned = await failedForLong('Still behind the portal')
  const before = (await askWorker(grace, 'status', null)).lastContactAt
  await happens(grace, 'focus')
  await expect
    .poll(async () => (await askWorker(grace, 'status', null)).nextTryAt, { timeout: 10_000 })
    .not.toBe(planned)
  await pill(grace, 'Offline · 1 waiting').waitFor()
  const { isOnline, lastContactAt } = await askWorker(grace, 'status', null)
  expect({ isOnline, lastContactAt }).toEqual({ isOnline: false, lastContactAt: before })
})
