// Shutting out and changing rights, end to end: real devices with work that is on its way while people at the office decide about
// them. What counts is what the hub's log says afterwards, and what the devices still get.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keyId } from '../kernel/hash.ts'
import { catalogue } from '../modules/all.ts'
import { revokePerson } from '../hub/revoke-device.ts'
import { aBranchHub, type BranchHub } from '../testing/branch-hub.ts'
import type { Device } from './device/device.ts'
import { inTenant } from './hub/tenant.ts'

let place: BranchHub
beforeEach(async () => (place = await aBranchHub(catalogue)))
afterEach(() => place.hub.end())

const codeOf = ({ replica }: Device): string => replica.identity()?.dev ?? ''
const receive = (device: Device): Promise<unknown> =>
  place.must(device, 'inventory.receiveGoods', {
    warehouse: place.store,
    businessDate: '2026-11-20',
    order: 'none',
    lines: [{ item: place.item, unit: 'each', accepted: 1_000_000, rate: 20_000_000 }],
  })
const rows = <R extends object>(text: string, values: readonly unknown[] = []): Promise<R[]> =>
  inTenant(place.hub.hub.pool, place.hub.hub.tenant, async (client) => (await client.query<R>(text, [...values])).rows)
const outcomesOf = async (device: Device): Promise<string[]> =>
  (
    await rows<{ outcome: string; reason: string | null }>(
      "SELECT outcome, reason FROM command_log WHERE dev = $1 AND type = 'inventory.receiveGoods' ORDER BY seq",
      [codeOf(device)],
    )
  ).map(({ outcome, reason }) => (outcome === 'parked' ? `parked ${reason}` : 'stands'))
const late = async (device: Device): Promise<number> =>
  (await rows("SELECT 1 FROM kernel_exception WHERE code = 'LATE_AUTHORITY' AND dev = $1", [codeOf(device)])).length
const held = ({ replica }: Device): number =>
  replica.db.get<{ n: number }>('SELECT COUNT(*) AS n FROM bucket_row')?.n ?? 0

test('[REVOKE1] [AUTH7] an office shuts a device out while it has unsent work: before counts with a mark, after is parked, and it gets nothing', async () => {
  const [rep, office] = [await place.enrol('rep'), await place.enrol('boss', { permissions: ['*'] })]
  await receive(rep)
  place.time.pass(60)
  await place.must(office, 'masters.revokeDevice', { device: codeOf(rep), isLost: false })
  // Until the office has sent it nobody is shut out: what arrives now is decided by what the hub knows now.
  expect((await rep.sync()).fault).toBeNull()
  place.time.pass(1)
  await receive(rep)
  place.time.pass(60)
  await office.sync()
  await receive(rep)
  const before = held(rep)
  await receive(office)
  await office.sync()
  expect(await rep.sync()).toMatchObject({ fault: 'revoked', waiting: 0 })
  expect(await outcomesOf(rep)).toEqual(['stands', 'parked AFTER_REVOCATION', 'parked AFTER_REVOCATION'])
  expect(await late(rep)).toBe(0)
  expect(held(rep)).toBe(before)
  const [log] = await rows<{ outcome: string; user_id: string }>(
    "SELECT outcome, user_id FROM command_log WHERE type = 'masters.revokeDevice'",
  )
  expect(log).toEqual({ outcome: 'accepted', user_id: keyId('main', 'masters.user', ['boss']) })
})

test('[REVOKE1] work from before a revocation that arrives after it stands, marked; of a lost device it goes to review', async () => {
  const [left, lost, office] = [
    await place.enrol('left'),
    await place.enrol('lost'),
    await place.enrol('boss', { permissions: ['*'] }),
  ]
  for (const device of [left, lost]) await receive(device)
  place.time.pass(60)
  await place.must(office, 'masters.revokeDevice', { device: codeOf(left), isLost: false })
  await place.must(office, 'masters.revokeDevice', { device: codeOf(lost), isLost: true })
  await office.sync()
  place.time.pass(1)
  for (const device of [left, lost]) expect(await device.sync()).toMatchObject({ fault: 'revoked', waiting: 0 })
  expect([await outcomesOf(left), await outcomesOf(lost)]).toEqual([['stands'], ['parked sync.device-lost']])
  expect([await late(left), await late(lost)]).toEqual([1, 0])
})

test('[REV7] a decision about parked work by somebody who may no longer decide is refused and changes nothing, and the work is decided by others', async () => {
  const [rep, late, office] = [
    await place.enrol('rep'),
    await place.enrol('late', { permissions: ['*'] }),
    await place.enrol('boss', { permissions: ['*'] }),
  ]
  await receive(rep)
  place.time.pass(60)
  await place.must(office, 'masters.revokeDevice', { device: codeOf(rep), isLost: true })
  await office.sync()
  await rep.sync()
  for (const device of [late, office]) await device.sync()
  await place.must(office, 'masters.revokeDevice', { device: codeOf(late), isLost: false })
  await office.sync()
  place.time.pass(60)
  const [parked] = await rows<{ id: string }>('SELECT id FROM kernel_review_item')
  const item = parked?.id ?? ''
  await place.must(late, 'review.resubmit', { item })
  await place.must(late, 'review.force', { item, reason: 'It did happen.' })
  await place.must(late, 'review.discard', { item, reason: 'It never did.' })
  expect(await late.sync()).toMatchObject({ fault: 'revoked', waiting: 0 })
  const decided = await rows<{ type: string; outcome: string; reason: string | null }>(
    "SELECT type, outcome, reason FROM command_log WHERE type LIKE 'review.%' ORDER BY at",
  )
  expect(decided).toEqual(
    ['resubmit', 'force', 'discard'].map((verb) => ({
      type: `review.${verb}`,
      outcome: 'refused',
      reason: 'AFTER_REVOCATION',
    })),
  )
  await place.must(office, 'review.resubmit', { item })
  await office.sync()
  expect(await rows('SELECT id, state FROM kernel_review_item')).toEqual([{ id: item, state: 'resubmitted' }])
  expect(await rows('SELECT 1 FROM inventory_receipt')).toHaveLength(1)
})

test('[REVOKE1] a revocation by a clock that is ten years slow reaches no further back than its author’s lease', async () => {
  const rep = await place.enrol('rep')
  await receive(rep)
  place.time.pass(60)
  const office = await place.enrol('boss', { permissions: ['*'], clock: place.time.clockOff(-10 * 365 * 86_400_000) })
  await place.must(office, 'masters.revokeDevice', { device: codeOf(rep), isLost: false })
  await office.sync()
  await rep.sync()
  expect(await outcomesOf(rep)).toEqual(['stands'])
})

test('[REVOKE1] who shuts themselves out in the middle of a batch: what comes behind it in the same push is judged by it', async () => {
  const office = await place.enrol('boss', { permissions: ['*'] })
  await receive(office)
  place.time.pass(1)
  await place.must(office, 'masters.revokeAccount', { user: keyId('main', 'masters.user', ['boss']) })
  place.time.pass(1)
  await receive(office)
  expect(await office.sync()).toMatchObject({ fault: 'revoked', waiting: 0 })
  expect(await outcomesOf(office)).toEqual(['stands', 'parked AFTER_REVOCATION'])
})

test('[REVOKE1] [REV4] who sends a parked revocation of themselves again: what comes behind it in the same push is judged by it', async () => {
  const [late, office] = [
    await place.enrol('late', { permissions: ['*'] }),
    await place.enrol('boss', { permissions: ['*'] }),
  ]
  await place.must(office, 'masters.revokeDevice', { device: codeOf(late), isLost: false })
  await office.sync()
  place.time.pass(60)
  await place.must(late, 'masters.revokeAccount', { user: keyId('main', 'masters.user', ['boss']) })
  await late.sync()
  const [parked] = await rows<{ id: string }>('SELECT id FROM kernel_review_item')
  place.time.pass(60)
  await receive(office)
  await place.must(office, 'review.resubmit', { item: parked?.id ?? '' })
  await receive(office)
  expect(await office.sync()).toMatchObject({ fault: 'revoked', waiting: 0 })
  expect(await outcomesOf(office)).toEqual(['stands', 'parked AFTER_REVOCATION'])
})

test('[REVOKE1] a person who is shut out loses every device at once, and none of Thursday’s facts', async () => {
  const [till, van] = [await place.enrol('mo'), await place.hub.device({ signIn: 'mo', clock: place.time.clockOff(0) })]
  await van.sync()
  await receive(van)
  const before = await rows<{ hash: string }>('SELECT hash FROM lease ORDER BY hash')
  place.time.pass(24 * 60)
  expect(await revokePerson(place.hub.hub, 'nobody')).toBe(false)
  expect(await revokePerson(place.hub.hub, 'MO')).toBe(true)
  place.time.pass(60)
  // Half of the lease's time is over: a renewal would be due.
  place.time.pass(24 * 60)
  await receive(till)
  for (const device of [till, van]) expect(await device.sync()).toMatchObject({ fault: 'revoked', waiting: 0 })
  expect([await outcomesOf(van), await outcomesOf(till)]).toEqual([['stands'], ['parked AFTER_REVOCATION']])
  expect(await late(van)).toBe(1)
  expect(await rows('SELECT hash FROM lease ORDER BY hash')).toEqual(before)
  await expect(place.hub.device({ signIn: 'mo' })).rejects.toMatchObject({ code: 'enrol.wrong-sign-in' })
  // The operator's command is a line of the log, sealed like every other.
  const [line] = await rows<{ dev: string; user_id: string; seq: number }>(
    "SELECT dev, user_id, seq FROM command_log WHERE type = 'masters.revokeAccount'",
  )
  expect(line).toEqual({ dev: 'HUB', user_id: 'operator', seq: 1 })
})

test('[AUTH2] rights that were taken while a device was offline: what was done with them stands, and no more of it is begun', async () => {
  const rep = await place.enrol('rep')
  await receive(rep)
  const rights = { code: 'rep', name: 'rep', permissions: ['crm.*'], home: 'home' }
  await place.must(place.setup, 'masters.setRole', rights)
  await place.setup.sync()
  place.time.pass(30)
  await receive(rep)
  await rep.sync()
  await rep.sync()
  expect(await outcomesOf(rep)).toEqual(['stands', 'stands'])
  expect((await rep.signedIn()).permissions).toEqual(['crm.*'])
  const refused = await rep.run('inventory.receiveGoods', {
    warehouse: place.store,
    businessDate: '2026-11-20',
    order: 'none',
    lines: [{ item: place.item, unit: 'each', accepted: 1_000_000, rate: 20_000_000 }],
  })
  expect(refused).toMatchObject({ saved: false, refusal: { code: 'kernel.not-permitted', check: 'authority' } })
})
