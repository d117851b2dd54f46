// What a pull costs the hub when nothing is new, seen from the database: one transaction, and no row of another version.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { catalogue } from '../modules/all.ts'
import { aBranchHub, type BranchHub } from '../testing/branch-hub.ts'

let place: BranchHub
beforeAll(async () => (place = await aBranchHub(catalogue)))
afterAll(() => place.hub.end())

/** Every version of the rows that a pull may write. */
const written = (): Promise<unknown> =>
  place.hub.rows(
    `SELECT (SELECT json_agg(xmin::text || dev ORDER BY dev, ep) FROM device) AS devices,
        (SELECT json_agg(xmin::text || hash ORDER BY hash) FROM lease) AS leases, (SELECT seq FROM tenant_clock) AS seq`,
  )

test('[PULL5] an idle device pulls in one transaction that writes nothing, until a minute is over or its rights change', async () => {
  const device = await place.enrol('grace')
  const { time, hub } = place
  await device.sync()
  const connect = vi.spyOn(hub.hub.pool, 'connect')
  const pull = async (): Promise<number> => {
    connect.mockClear()
    await device.sync()
    return connect.mock.calls.length
  }
  const before = await written()
  for (let round = 0; round < 5; round++) {
    time.now += 9_000
    expect(await pull()).toBe(1)
  }
  expect(await written()).toEqual(before)
  // Its report is a minute further: written down once.
  time.now += 60_000
  expect(await pull()).toBeGreaterThan(1)
  const after = await written()
  expect(after).not.toEqual(before)
  expect(await pull()).toBe(1)
  expect(await written()).toEqual(after)
  // Other rights: one more lease, and only one.
  const leases = async (): Promise<number> => (await hub.rows('SELECT 1 FROM lease')).length
  const had = await leases()
  await place.must(place.setup, 'masters.setRole', {
    code: 'grace',
    name: 'grace',
    permissions: ['crm.*'],
    home: 'home',
  })
  await place.setup.sync()
  await device.sync()
  await device.sync()
  expect((await device.signedIn()).permissions).toEqual(['crm.*'])
  expect(await leases()).toBe(had + 1)
  connect.mockRestore()
})
