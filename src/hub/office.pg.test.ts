// What the office asks of the hub, over the real wire: only by the rights of today, whatever a device still holds, and nothing of it is part
// of anybody's work.
import { cpSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogueOf } from '../kernel/catalogue.ts'
import { inventoryModule } from '../modules/inventory/module.ts'
import { mastersModule } from '../modules/masters/module.ts'
import type { Device } from '../sync/device/device.ts'
import { aBranchHub, type BranchHub } from '../testing/branch-hub.ts'

const catalogue = catalogueOf([mastersModule, inventoryModule])
let place: BranchHub
let ada: Device
let bob: Device
beforeAll(async () => {
  place = await aBranchHub(catalogue)
  ada = await place.enrol('ada', { permissions: ['masters.seeDevices', 'masters.setRights'] })
  bob = await place.enrol('bob', { permissions: ['inventory.*'] })
})
afterAll(() => place.hub.end())
const devOf = (device: Device): string => device.replica.identity()?.dev ?? ''

test('[OFF1] devices: who, when last, how much is proved; and not for whoever has no right to it', async () => {
  const answer = await ada.office('devices', {})
  if (!answer.ok) throw new Error(answer.reason)
  expect(answer.value.find(({ dev }) => dev === devOf(bob))).toMatchObject({
    userName: 'bob',
    state: 'active',
    isLost: false,
    commands: 0,
    openExceptions: 0,
    quarantined: 0,
    aside: [],
    incidents: null,
  })
  expect(answer.value).toHaveLength(3)
  for (const question of ['devices', 'profile', 'quarantined', 'transfers'] as const)
    expect(await bob.office(question, { signIn: 'ada' })).toEqual({
      ok: false,
      reason: 'office.not-permitted',
    })
})

test('[OFF1] a profile is estimated as it is and as it would be; nothing is published by asking', async () => {
  const size = async (role?: Readonly<Record<string, unknown>>) => {
    const answer = await ada.office('profile', { signIn: 'bob', ...(role !== undefined && { role }) })
    if (!answer.ok) throw new Error(answer.reason)
    return answer.value
  }
  const now = await size()
  const role = { code: 'bob', name: 'bob', permissions: ['inventory.*'], home: 'stock', buckets: [] }
  const less = await size(role)
  expect(less.buckets).toBeLessThan(now.buckets)
  expect(await size()).toEqual(now)
  expect(await ada.office('profile', { signIn: 'nobody' })).toEqual({ ok: false, reason: 'office.unknown-person' })
  expect(await ada.office('profile', { signIn: 'bob', role: { code: 7 } })).toEqual({
    ok: false,
    reason: 'office.malformed',
  })
})

test('[OFF1] a device that was shut out by the command is listed so, and as lost', async () => {
  await place.must(ada, 'masters.revokeDevice', { device: devOf(bob), isLost: true })
  await ada.sync()
  const answer = await ada.office('devices', {})
  expect(answer.ok && answer.value.find(({ dev }) => dev === devOf(bob))).toMatchObject({
    state: 'revoked',
    isLost: true,
    openExceptions: 0,
  })
  // The hub's own commands are no device's.
  expect(answer.ok && answer.value.length).toBe(3)
})

test('[OFF1] [FORK2] what a copy of a device did is counted beside the device', async () => {
  const directory = place.hub.directory()
  const clock = place.time.clockOff(0)
  const original = await place.hub.device({ directory, clock })
  await original.sync()
  await original.close()
  cpSync(directory, `${directory}-copy`, { recursive: true })
  for (const copy of [directory, `${directory}-copy`]) {
    const device = await place.hub.device({ directory: copy, clock })
    await place.must(device, 'masters.saveUnit', { code: copy === directory ? 'one' : 'two', name: 'u', decimals: 0 })
    await device.sync()
    await device.close()
  }
  const answer = await ada.office('devices', {})
  expect(answer.ok && answer.value.find(({ state }) => state === 'forked')).toMatchObject({ quarantined: 1 })
})

test('[OFF1] a right that was taken away counts at once, although the device still holds the lease that had it', async () => {
  await place.must(place.setup, 'masters.setRole', {
    code: 'ada',
    name: 'ada',
    permissions: ['inventory.*'],
    home: 'stock',
  })
  await place.setup.sync()
  expect((await ada.signedIn()).permissions).toContain('masters.seeDevices')
  expect(await ada.office('devices', {})).toEqual({ ok: false, reason: 'office.not-permitted' })
})
