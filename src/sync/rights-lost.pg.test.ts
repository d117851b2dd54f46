// Rights that were taken while a device was away: a request is judged as of its arrival too, whatever its device's clock says; what
// happened in front of people stands by the lease it was done under.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogue } from '../modules/all.ts'
import { aBranchHub, type BranchHub } from '../testing/branch-hub.ts'
import { HostileClient } from '../testing/hostile-client.ts'
import type { Device } from './device/device.ts'

const DAY_MINUTES = 24 * 60
const RIGHTS = ['masters.*', 'review.*']
let place: BranchHub
const devices: Device[] = []
beforeAll(async () => {
  place = await aBranchHub(catalogue)
})
afterAll(async () => {
  for (const device of devices) await device.close()
  await place.hub.end()
})

async function enrol(signIn: string, permissions: readonly string[] = RIGHTS): Promise<Device> {
  const device = await place.enrol(signIn, { permissions })
  devices.push(device)
  return device
}
async function office(command: string, args: object): Promise<void> {
  await place.must(place.setup, command, args)
  await place.setup.sync()
}
const setRole = (code: string, permissions: readonly string[]) =>
  office('masters.setRole', { code, name: code, permissions, home: 'stock' })
const adminRole = (code: string) => ({ code, name: code, permissions: ['*'], home: 'stock' })
const rolesNamed = (code: string) => place.hub.rows('SELECT code FROM masters_role WHERE code = $1', [code])
/** An hour before its lease ends, by the device's own word. */
const inTime = (device: Device) => ({
  at: Number(device.replica.lease()?.lease.to) - 3_600_000,
  off: [0, 100] as const,
})
function hostile(device: Device): HostileClient {
  const [identity, lease] = [device.replica.identity(), device.replica.lease()]
  if (identity === null || lease === null) throw new Error('It is enrolled.')
  return new HostileClient(place.hub.url, identity, lease)
}

test('[AUTH8] a request is refused where its author lost the right meanwhile; facts of the same hour stand', async () => {
  const device = await enrol('amir')
  place.time.pass(5)
  await setRole('amir', ['inventory.see'])
  place.time.pass(60)
  await place.must(device, 'masters.setRole', adminRole('by-amir'))
  await place.must(device, 'masters.createParty', { name: 'Old Mill', roles: ['customer'], territory: 'leeds' })
  await device.sync()
  const [fact, request] = await device.outbox()
  expect(request).toMatchObject({
    command: 'masters.setRole',
    state: 'refused',
    reason: 'kernel.not-permitted',
    needsYou: true,
  })
  expect(fact).toMatchObject({ command: 'masters.createParty', state: 'accepted', reason: null })
  expect(await rolesNamed('by-amir')).toEqual([])
})

test('[AUTH8] nor by somebody who is disabled now', async () => {
  const device = await enrol('cleo')
  const { branch } = place
  await office('masters.setUser', { signInName: 'cleo', name: 'cleo', roles: ['cleo'], branch, isDisabled: true })
  place.time.pass(60)
  const got = await hostile(device).command('masters.setRole', adminRole('by-cleo'), { ...inTime(device), seen: 0 })
  expect(got).toMatchObject({ outcome: 'refused', reason: 'kernel.not-permitted' })
  expect(await rolesNamed('by-cleo')).toEqual([])
})

test('[AUTH8] a right that was given meanwhile is none of the lease that the request was captured under', async () => {
  const device = await enrol('dora', ['inventory.see'])
  const client = hostile(device)
  await setRole('dora', ['*'])
  const got = await client.command('masters.setRole', adminRole('by-dora'), inTime(device))
  expect(got).toMatchObject({ outcome: 'refused', reason: 'kernel.not-permitted' })
})

test('[REV8] whoever may force work gains no right by it: neither by work of their own nor by what another asked for', async () => {
  const device = await enrol('eve', ['review.settle', 'review.force'])
  const client = hostile(device)
  const later = place.time.now + 80 * 3_600_000
  const parked = await client.command('masters.setRole', adminRole('by-eve'), { at: later, off: [0, 100] })
  expect(parked).toMatchObject({ outcome: 'parked', reason: 'sync.lease-over' })
  const [item] = await place.hub.rows<{ id: string }>(
    "SELECT id FROM kernel_review_item WHERE command = 'masters.setRole'",
  )
  const force = (id: unknown) =>
    client.command('review.force', { item: id, reason: 'because' }, { at: place.time.now, off: [0, 100] })
  expect(await force(item?.id)).toMatchObject({ outcome: 'refused', reason: 'kernel.not-permitted' })
  expect(await rolesNamed('by-eve')).toEqual([])

  const friend = hostile(await enrol('finn', ['crm.*']))
  await friend.command('masters.setRole', adminRole('by-eve'), { at: later, off: [0, 100] })
  const [asked] = await place.hub.rows<{ id: string }>(
    "SELECT id FROM kernel_review_item WHERE state = 'open' AND dev = $1",
    [friend.identity.dev],
  )
  expect(await force(asked?.id)).toMatchObject({ outcome: 'refused', reason: 'kernel.not-permitted' })
  expect(await rolesNamed('by-eve')).toEqual([])

  // What did happen, and its author had no right to do, stands by her word.
  const party = { name: 'New Mill', roles: ['customer'], territory: 'leeds' }
  expect(await friend.command('masters.createParty', party, { at: place.time.now, off: [0, 100] })).toMatchObject({
    outcome: 'parked',
    reason: 'kernel.not-permitted',
  })
  const [done] = await place.hub.rows<{ id: string }>(
    "SELECT id FROM kernel_review_item WHERE command = 'masters.createParty' AND dev = $1",
    [friend.identity.dev],
  )
  expect(await force(done?.id)).toMatchObject({ outcome: 'adjusted' })
})

test('[AUTH8] nor by a clock that says it was in time, months later, with the old lease', async () => {
  const device = await enrol('bob')
  await setRole('bob', ['inventory.see'])
  place.time.pass(90 * DAY_MINUTES)
  const got = await hostile(device).command('masters.setRole', adminRole('by-bob'), { ...inTime(device), seen: 0 })
  expect(got).toMatchObject({ outcome: 'refused', reason: 'kernel.not-permitted' })
  expect(await rolesNamed('by-bob')).toEqual([])
})
