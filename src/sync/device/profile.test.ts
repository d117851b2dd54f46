// What a newer lease takes away from a device, and what it must leave there until the work on it is settled.
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AnyRow } from '../../kernel/table.ts'
import { textHash } from '../seal.ts'
import { aLoneDevice, aPage, NOON, type LoneDevice } from '../../testing/lone-device.ts'
import { aLease } from '../../testing/two-sides.ts'
import { order, wireCatalogue } from '../../testing/wire-catalogue.ts'
import { takeLease } from './profile.ts'
import { savedWork } from './saved-work.ts'
import { storeOutcomes } from './outcomes.ts'
import { applyPull } from './settle.ts'

let device: LoneDevice
beforeEach(async () => (device = await aLoneDevice(wireCatalogue, { buckets: ['company', 'leeds', 'york'] })))
afterEach(() => device.end())

const anOrder = (id: string, place: string): AnyRow => ({
  id,
  goneAt: null,
  place,
  number: id,
  state: 'open',
  rank: 1,
  due: 100,
  paid: 0,
  extra: null,
})
const bring = (id: string, place: string, w: number): unknown =>
  applyPull(device.replica, [aPage({ w, rows: [[order, anOrder(id, place)]], bucket: place })], NOON)
const take = (buckets: readonly string[]): ReadonlySet<string> =>
  takeLease(device.replica, { jws: buckets.join(), hash: textHash(buckets.join()), lease: aLease({ buckets }) })
const read = (id: string): AnyRow | null => device.replica.store.read(order, id)

test('[PROF1] rows whose last bucket the lease lost leave the device at once', () => {
  bring('a', 'leeds', 1)
  bring('b', 'york', 2)
  expect([...take(['company', 'york'])]).toEqual([order.name])
  expect(read('a')).toBeNull()
  expect(read('b')).not.toBeNull()
  expect(device.replica.holds('leeds')).toBe(false)
})

test('[PROF1] a row that another held bucket carries stays', () => {
  bring('a', 'leeds', 1)
  device.replica.db.transaction(() =>
    applyPull(device.replica, [aPage({ w: 2, rows: [[order, anOrder('a', 'leeds')]], bucket: 'york' })], NOON),
  )
  expect([...take(['york'])]).toEqual([])
  expect(read('a')).not.toBeNull()
})

test('[PROF1] a row under unsettled work leaves at once; the work stays, says why, and settles', () => {
  bring('a', 'leeds', 1)
  device.do('wire.moveOrder', { order: 'a', place: 'leeds' })
  take(['company', 'york'])
  expect(read('a')).toBeNull()
  expect(savedWork(device.replica.db, { tenant: 't1', dev: 'K7Q2' })).toMatchObject([
    { seq: 1, state: 'captured', isOutside: true },
  ])
  storeOutcomes(device.replica, [device.outcomeOf(1, { at: 5 })])
  applyPull(device.replica, [aPage({ w: 5 })], NOON)
  expect(read('a')).toBeNull()
  expect(device.replica.touches.isEmpty()).toBe(true)
})

test('[PROF1] a profile that comes back before the work settled brings the row with the work on it', () => {
  bring('a', 'leeds', 1)
  device.do('wire.moveOrder', { order: 'a', place: 'york' })
  take(['company', 'york'])
  take(['company', 'leeds', 'york'])
  bring('a', 'leeds', 2)
  expect(read('a')).toMatchObject({ place: 'york' })
})

test('[PROF1] work that stood on a row which the lease took away is predicted without it', () => {
  bring('a', 'leeds', 1)
  device.do('wire.openOrder', { place: 'leeds', rank: 5, total: 0, lines: [] })
  device.do('wire.payOldest', { place: 'leeds' })
  expect(read('a')).toMatchObject({ state: 'paid' })
  take(['company', 'york'])
  expect(device.replica.db.all(`SELECT rank, state FROM ${order.sqlName}`)).toEqual([{ rank: 5, state: 'paid' }])
})

test('[PROF1] pages that were under way when the lease changed bring nothing back', () => {
  take(['company', 'york'])
  bring('a', 'leeds', 3)
  expect(read('a')).toBeNull()
  expect(device.replica.db.all("SELECT name FROM bucket WHERE name = 'leeds'")).toEqual([])
})

test('earlier leases stay for the work that was done under them', () => {
  take(['company'])
  const held = device.replica.db
    .all<{ jws: string }>('SELECT jws FROM lease_held ORDER BY at, jws')
    .map(({ jws }) => jws)
  expect(held).toEqual(['a lease', 'company'])
})
