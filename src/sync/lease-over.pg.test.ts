// A lease that ran out with work on the device: nothing is read and nothing begun, all that waits is sent, and the lease that the same
// exchange brings opens the device again without a restart.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { TwoClocks } from '../testing/two-clocks.ts'
import { wireCatalogue } from '../testing/wire-catalogue.ts'

const HOUR = 3_600_000
const NOON = Date.UTC(2026, 10, 21, 12)
let hub: HubUnderTest
let hubNow = NOON
let isUp = true
beforeEach(async () => {
  hubNow = NOON
  isUp = true
  hub = await aHub(wireCatalogue, { now: () => hubNow })
})
afterEach(() => hub.end())

const fetchWhenUp: typeof fetch = (url, init) =>
  isUp ? fetch(url, init) : Promise.reject(new TypeError('There is no network.'))

const outcomes = async (): Promise<(readonly [string, string | null])[]> =>
  (
    await hub.rows<{ outcome: string; reason: string | null }>('SELECT outcome, reason FROM command_log ORDER BY seq')
  ).map(({ outcome, reason }) => [outcome, reason] as const)

test('[AUTH6] a lease that is over locks reading and new work, sends what waits, and a fresh one unlocks by itself', async () => {
  const clock = new TwoClocks(NOON)
  const device = await hub.device({ clock, fetch: fetchWhenUp })
  await device.sync()
  isUp = false
  expect(await device.run('wire.addItem', { name: 'pump' })).toMatchObject({ saved: true })
  hubNow += 73 * HOUR
  clock.pass(73 * HOUR)

  expect(await device.run('wire.addItem', { name: 'late' })).toMatchObject({
    saved: false,
    refusal: { code: 'sync.lease-expired', check: 'authority' },
  })
  await expect(device.query('wire.items')).rejects.toMatchObject({ code: 'sync.lease-expired' })
  await expect(device.outbox()).rejects.toMatchObject({ code: 'sync.lease-expired' })
  expect(await device.sync()).toMatchObject({ isPushOnly: true, fault: 'lease-expired', waiting: 1, isOnline: false })
  expect(await device.status()).toMatchObject({ leaseUntil: NOON + 72 * HOUR })

  isUp = true
  expect(await device.sync()).toMatchObject({ isPushOnly: false, fault: null, waiting: 0 })
  expect(await outcomes()).toEqual([['accepted', null]])
  expect(await device.outbox()).toHaveLength(1)
  expect(await device.run('wire.addItem', { name: 'after' })).toMatchObject({ saved: true })
})

test('[AUTH5] a clock set back does not let a lease that is over begin new work, nor read', async () => {
  const clock = new TwoClocks(NOON)
  const device = await hub.device({ clock, fetch: fetchWhenUp })
  await device.sync()
  isUp = false
  clock.pass(73 * HOUR)
  clock.wall = NOON + HOUR
  expect(await device.run('wire.addItem', { name: 'pump' })).toMatchObject({ refusal: { code: 'sync.lease-expired' } })
  await expect(device.query('wire.items')).rejects.toMatchObject({ code: 'sync.lease-expired' })
})

test.each([
  ['an hour fast', HOUR],
  ['an hour slow', -HOUR],
  ['ten years fast', 10 * 365 * 24 * HOUR],
])(
  '[AUTH5] [AUTH2] actual-3786: a device whose clock is %s works and is judged by the hub’s time',
  async (_, offMs) => {
    const clock = new TwoClocks(NOON + offMs)
    const device = await hub.device({ clock, fetch: fetchWhenUp })
    await device.sync()
    isUp = false
    hubNow += HOUR
    clock.pass(HOUR)
    expect(await device.run('wire.addItem', { name: 'pump' })).toMatchObject({ saved: true })
    isUp = true
    await device.sync()
    expect(await outcomes()).toEqual([['accepted', null]])
  },
)
