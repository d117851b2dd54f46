// A line of hints ends quietly, whatever ends it: the device's going, the hub's stop, a database that is away.
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { FetchTransport } from '../device/fetch-transport.ts'
import { HubSession } from '../sync/device/session.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { wireCatalogue } from '../testing/wire-catalogue.ts'

let hub: HubUnderTest
let admin: Client
beforeAll(async () => {
  hub = await aHub(wireCatalogue)
  admin = new Client(hub.database.admin)
  await admin.connect()
})
afterAll(async () => {
  await admin.end()
  await hub.end()
})

async function aLine(of: HubUnderTest): Promise<(at?: AbortSignal) => Promise<Response>> {
  const device = await of.device()
  await device.sync()
  const identity = device.replica.identity()
  if (identity === null) throw new Error('The device is enrolled.')
  const session = new HubSession(new FetchTransport(of.url), identity, () => '')
  return async (signal) =>
    fetch(`${of.url}/sync/hint`, {
      headers: await session.proof('GET', '/sync/hint', null),
      ...(signal !== undefined && { signal }),
    })
}

/** Until the database knows so many of the app's questions that wait for somebody's lock. */
async function untilWaiting(): Promise<void> {
  await vi.waitUntil(
    async () =>
      (
        await admin.query(
          "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%tenant_clock%'",
        )
      ).rows.length > 0,
    { timeout: 20_000 },
  )
}

test('a database that goes away while a line of hints begins ends that line, not the hub, and prints nothing', async () => {
  const ask = await aLine(hub)
  const printed = vi.spyOn(console, 'error')
  await admin.query('BEGIN; LOCK TABLE tenant_clock IN ACCESS EXCLUSIVE MODE')
  const line = await ask()
  await untilWaiting()
  await admin.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'",
  )
  expect(await line.text()).toBe('')
  await admin.query('ROLLBACK')
  expect(printed).not.toHaveBeenCalled()
  printed.mockRestore()
  // And the next line is told of the clock.
  const gone = new AbortController()
  const again = await ask(gone.signal)
  const reader = again.body?.getReader()
  const first = await reader?.read()
  expect(new TextDecoder().decode(first?.value as Uint8Array)).toMatch(/^data: \d+\n\n$/)
  gone.abort()
})

test('a hub stops under open lines of hints at once, and prints nothing', async () => {
  const stopping = await aHub(wireCatalogue)
  const ask = await aLine(stopping)
  const printed = vi.spyOn(console, 'error')
  const lines = await Promise.all([ask(), ask()])
  const last = ask()
  const ends = Promise.allSettled([...lines.map((line) => line.text()), last.then((line) => line.text())])
  await stopping.end()
  await ends
  expect(printed).not.toHaveBeenCalled()
  printed.mockRestore()
})
