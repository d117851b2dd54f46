// Failures that users of other systems reported, each by its name, over the whole wire: what a device saved is never
// taken for sent, none of it is left behind, and being connected is what the last exchange showed.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Fetch } from '../device/fetch-transport.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { wireCatalogue } from '../testing/wire-catalogue.ts'
import { inTenant } from './hub/tenant.ts'

let hub: HubUnderTest
beforeAll(async () => (hub = await aHub(wireCatalogue)))
afterAll(() => hub.end())

/** How often each of these names stands at the hub. */
async function timesOf(like: string): Promise<Record<string, number>> {
  const found = await inTenant(hub.hub.pool, hub.hub.tenant, (client) =>
    client.query<{ name: string }>('SELECT name FROM wire_item WHERE name LIKE $1 ORDER BY name', [like]),
  )
  const times: Record<string, number> = {}
  for (const { name } of found.rows) times[name] = (times[name] ?? 0) + 1
  return times
}

/** A network that a test may break in its own way; it breaks only what is sent after the enrolment. */
function aNetwork() {
  const state: { fail: (() => Promise<Response>) | null } = { fail: null }
  const fetcher: Fetch = async (url, init) => (state.fail === null ? fetch(url, init) : state.fail())
  return { state, fetcher }
}

test('odoo-261096: a failed exchange leaves what waits waiting, whatever came back, and then it arrives once', async () => {
  const { state, fetcher } = aNetwork()
  const device = await hub.device({ fetch: fetcher })
  await device.sync()
  await device.run('wire.addItem', { name: 'dirty 1' })
  await device.run('wire.addItem', { name: 'dirty 2' })
  const failures: (() => Promise<Response>)[] = [
    () => Promise.reject(new TypeError('fetch failed')),
    () => Promise.resolve(new Response('', { status: 500 })),
    () =>
      Promise.resolve(new Response('<html>Sign in to this Wi-Fi</html>', { headers: { 'content-type': 'text/html' } })),
    () => Promise.resolve(Response.json({})),
  ]
  for (const fail of failures) {
    state.fail = fail
    await device.sync()
    expect((await device.status()).waiting).toBe(2)
    expect((await device.outbox()).map(({ state: is }) => is).every((is) => is === 'captured' || is === 'sent')).toBe(
      true,
    )
  }
  state.fail = null
  expect(await device.sync()).toMatchObject({ waiting: 0, fault: null })
  expect(await timesOf('dirty %')).toEqual({ 'dirty 1': 1, 'dirty 2': 1 })
})

test('odoo-203431, cht-5701: all that was saved before the end of the day goes up after it, not just the last', async () => {
  const directory = hub.directory()
  const before = await hub.device({ directory })
  await before.sync()
  const wanted: Record<string, number> = {}
  for (let at = 1; at <= 9; at++) {
    await before.run('wire.addItem', { name: `close ${at}` })
    wanted[`close ${at}`] = 1
  }
  await before.close()
  const after = await hub.device({ directory })
  expect((await after.status()).waiting).toBe(9)
  expect(await after.sync()).toMatchObject({ waiting: 0, fault: null })
  expect(await timesOf('close %')).toEqual(wanted)
  expect((await after.outbox()).map(({ state }) => state)).toEqual(Array<string>(9).fill('accepted'))
})

test('odoo-288899: work begins with the hub gone, and a network without the hub is never called online', async () => {
  const { state, fetcher } = aNetwork()
  const device = await hub.device({ fetch: fetcher })
  expect(await device.sync()).toMatchObject({ isOnline: true })
  // The router answers, the line behind it is down.
  state.fail = () =>
    Promise.resolve(new Response('<html>No connection</html>', { headers: { 'content-type': 'text/html' } }))
  expect(await device.run('wire.addItem', { name: 'wan down' })).toMatchObject({ saved: true })
  expect(await device.sync()).toMatchObject({ isOnline: false, waiting: 1 })
  state.fail = null
  expect(await device.sync()).toMatchObject({ isOnline: true, waiting: 0 })
})
