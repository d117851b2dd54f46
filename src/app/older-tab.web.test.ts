// A tab that still runs the app of before, in a real Chromium, when another tab is opened with the app of today: the newer one gets the
// device with what was typed, the older one says that it is to be loaded again, may only send, and goes on as the newer one after that.
import { readFileSync } from 'node:fs'
import type { Route } from 'playwright-core'
import { expect, test } from 'vitest'
import { askWorker } from '../testing/app-tab.ts'
import { desks } from '../testing/desks.ts'
import { aDesk, complaints, pill } from '../testing/on-screen.ts'
import { addItem, goTo, openShift, pay, ticketLine } from '../testing/person.ts'

const at = desks()
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}
const tape = 'Tape measure 8 m'

/** The same app under the version before, and no service worker that would bring today's. */
async function asBefore(route: Route): Promise<void> {
  if (route.request().url().endsWith('service-worker.js')) return route.abort()
  const response = await route.fetch()
  return route.fulfill({ response, body: (await response.text()).replaceAll(version, '0.0.9') })
}

test('[VER7] the newer tab gets the device, the older one may only send until it is loaded again', async () => {
  const { context } = await at.browser('till')
  const old = await aDesk(context, 'about:blank')
  await old.route(/\.js$/, asBefore)
  await old.goto(at.hub().url)
  await at.enrol(old, 'grace')
  await openShift(old, { '£20.00': 5 })
  await addItem(old, tape)
  const { seq } = await askWorker(old, 'status', null)

  const young = await aDesk(context, at.hub().url)
  await young.getByRole('button', { name: /^Account of/ }).waitFor()
  await old.getByRole('heading', { name: 'This tab runs an older version' }).waitFor()
  expect(await askWorker(old, 'sync', null)).toMatchObject({ waiting: 0, seq, fault: null })
  const note = { command: 'crm.addNote', args: {}, options: {} }
  await expect(askWorker(old, 'run', note)).rejects.toThrow('OlderTabError')
  await expect(askWorker(old, 'query', { view: 'pos.sales', args: {} })).rejects.toThrow('OlderTabError')

  await goTo(young, '/sell')
  await ticketLine(young, tape).waitFor()
  expect(await pay(young)).toMatch(/-000001$/)
  await pill(young, 'Up to date').waitFor()

  await old.unrouteAll()
  await old.getByRole('button', { name: 'Reload' }).click()
  await old.getByRole('button', { name: /^Account of/ }).waitFor()
  await goTo(old, '/sell')
  await addItem(old, tape)
  expect(await pay(old)).toMatch(/-000002$/)
  expect(complaints).toEqual([])
}, 120_000)
