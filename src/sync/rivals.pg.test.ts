// Failures that users of other systems reported, each by its name, over the whole wire: what a device saved is never
// taken for sent, none of it is left behind, and being connected is what the last exchange showed.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Fetch } from '../device/fetch-transport.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { keyId } from '../kernel/hash.ts'
import { catalogue } from '../modules/all.ts'
import { aLine, aSale, openShop } from '../modules/pos/till-builders.ts'
import { TrueTime } from '../testing/branch-hub.ts'
import { TwoClocks } from '../testing/two-clocks.ts'
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

test('odoo-203431: all that was saved before the end of the day goes up after it, not just the last', async () => {
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

test('cht-5701: every edit of what the hub has long had goes up too, by another start of the app and in the order of the edits', async () => {
  const directory = hub.directory()
  const [editor, reader] = [await hub.device({ directory }), await hub.device()]
  await editor.sync()
  const ids: string[] = []
  for (const name of ['edit a', 'edit b', 'edit c']) {
    const made = await editor.run('wire.addItem', { name })
    if (made.saved) ids.push(...(made.inserted['wire.item'] ?? []))
  }
  expect(ids).toHaveLength(3)
  for (const device of [editor, reader]) expect(await device.sync()).toMatchObject({ waiting: 0 })
  // Each is edited twice, one of them is edited again as it was at first.
  const edits = [1, 2].flatMap((time) => ids.map((id, at) => ({ item: id, name: `edit ${at} of time ${time}` })))
  edits.push({ item: ids[0] ?? '', name: 'edit a' })
  for (const edit of edits) expect(await editor.run('wire.rename', edit)).toMatchObject({ saved: true })
  await editor.close()

  const after = await hub.device({ directory })
  expect((await after.status()).waiting).toBe(edits.length)
  expect(await after.sync()).toMatchObject({ waiting: 0, fault: null })
  const lines = await hub.rows<{ line: string }>(
    "SELECT line FROM command_log WHERE dev = $1 AND type = 'wire.rename' ORDER BY seq",
    [after.replica.identity()?.dev],
  )
  expect(lines.map(({ line }) => (JSON.parse(line) as { args: object }).args)).toEqual(edits)
  const wanted = { 'edit a': 1, 'edit 1 of time 2': 1, 'edit 2 of time 2': 1 }
  expect(await timesOf('edit %')).toEqual(wanted)
  await reader.sync()
  const seen = (await reader.query<{ name: string }>('wire.items')).map(({ name }) => name)
  expect(seen.filter((name) => name.startsWith('edit ')).sort()).toEqual(Object.keys(wanted).sort())
})

test.each([
  ['fast', 3_600_000],
  ['slow', -3_600_000],
])('actual-3786: a clock an hour %s loses no change, and what was done last stands', async (how, offMs) => {
  const wrong = await hub.device({ clock: new TwoClocks(Date.now() + offMs) })
  const right = await hub.device()
  const made = await right.run('wire.addItem', { name: `clock ${how}` })
  const [id = ''] = (made.saved && made.inserted['wire.item']) || []
  for (const device of [right, wrong]) await device.sync()
  for (const [device, name] of [
    [wrong, 'by the wrong one'],
    [right, 'by the right one'],
    [wrong, 'by the wrong one again'],
  ] as const) {
    expect(await device.run('wire.rename', { item: id, name: `clock ${how} ${name}` })).toMatchObject({ saved: true })
    for (const each of [device, wrong, right]) expect(await each.sync()).toMatchObject({ waiting: 0, fault: null })
    expect(await timesOf(`clock ${how}%`)).toEqual({ [`clock ${how} ${name}`]: 1 })
    for (const each of [wrong, right])
      expect(await each.query('wire.items')).toContainEqual({ id, name: `clock ${how} ${name}`, stock: 0 })
  }
})

/** The router answers, the line behind it is down. */
const noLine = (): Promise<Response> =>
  Promise.resolve(new Response('<html>No connection</html>', { headers: { 'content-type': 'text/html' } }))

test('odoo-288899: a till starts, opens its shift and sells with the line down, and nothing is called online', async () => {
  const time = new TrueTime()
  const place = await aHub(catalogue, { now: () => time.now })
  const { tenant } = place.hub
  const made: [command: string, args: object][] = []
  const { branch, till1: till, drill } = openShop(({ name }, args) => made.push([name, args]), tenant)
  made.push(
    ['masters.setRole', { code: 'cashier', name: 'Cashier', permissions: ['pos.*'], home: 'sell' }],
    ['masters.setUser', { signInName: 'noor', name: 'Noor', roles: ['cashier'], branch }],
  )
  const setup = await place.device({ clock: time.clockOff(0) })
  await setup.sync()
  // Whoever sets a hub up works for no company yet, and prices are in a company's currency: the till is told the price.
  for (const [command, args] of made.filter(([name]) => name !== 'masters.setPrice'))
    expect([command, await setup.run(command, { ...args })]).toMatchObject([command, { saved: true }])
  await setup.sync()
  await place.account(keyId(tenant, 'masters.user', ['noor']), 'noor')
  const { state, fetcher } = aNetwork()
  const directory = place.directory()
  const open = () => place.device({ signIn: 'noor', directory, fetch: fetcher, clock: time.clockOff(0) })
  const evening = await open()
  const { isOnline, lastContactAt } = await evening.sync()
  expect(isOnline).toBe(true)
  await evening.close()

  // The next morning: the app starts, and nobody answers.
  time.pass(14 * 60)
  state.fail = noLine
  const device = await open()
  expect(await device.status()).toMatchObject({ isOnline: false, waiting: 0, isReady: true, lastContactAt })
  const businessDate = '2026-11-20'
  const opened = await device.run('pos.openShift', { till, businessDate, currency: 'GBP', float: 100_00 })
  const [shift = ''] = (opened.saved && opened.inserted['pos.shift']) || []
  expect(opened).toMatchObject({ saved: true })
  expect(await device.status()).toMatchObject({ isOnline: false, waiting: 1 })
  const sale = aSale({ shift, businessDate, lines: [aLine(drill, 2, 60)] })
  expect(await device.run('pos.completeSale', { ...sale })).toMatchObject({ saved: true })
  expect(await device.sync()).toMatchObject({ isOnline: false, waiting: 2, lastContactAt, fault: null })
  const books = 'SELECT s.state AS shift, p.state AS sale, p.total FROM pos_shift s JOIN pos_sale p ON p.shift = s.id'
  const wanted = [{ shift: 'draft', sale: 'submitted', total: 120_00 }]
  expect(device.replica.db.all(books)).toEqual(wanted)
  expect(await place.rows(books)).toEqual([])

  state.fail = null
  expect(await device.sync()).toMatchObject({ isOnline: true, waiting: 0, fault: null })
  expect(await place.rows(books)).toEqual(wanted)
  await place.end()
})
