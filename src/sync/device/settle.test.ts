// Settling on a real encrypted file, the hub's answers played by hand: which outcome counts, when work is settled, and
// what a page of a pull may and may not do.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rowHash } from '../../kernel/effects.ts'
import type { AnyRow } from '../../kernel/table.ts'
import { aLoneDevice, aPage, digestOf, NOON, type LoneDevice } from '../../testing/lone-device.ts'
import { anItem, item, order, orderLine, wireCatalogue } from '../../testing/wire-catalogue.ts'
import { connectsFrom } from './outgoing.ts'
import type { Identity } from './replica.ts'
import { storeOutcomes } from './outcomes.ts'
import { applyPull } from './settle.ts'
import { suspectedLeaves } from './suspects.ts'

let device: LoneDevice
beforeEach(async () => (device = await aLoneDevice(wireCatalogue)))
afterEach(() => device.end())

const UNIT = 1_000_000
const DAY_MS = 86_400_000
const stock = (id: string): unknown => device.replica.store.read(item, id)?.['stock']
const states = (): string[] =>
  device.replica.db
    .all<{ state: string; is_settled: number }>('SELECT state, is_settled FROM outbox ORDER BY seq')
    .map(({ state, is_settled }) => `${state}${is_settled === 1 ? ' settled' : ''}`)
const pull = (...pages: Parameters<typeof aPage>[0][]): ReturnType<typeof applyPull> =>
  applyPull(device.replica, pages.map(aPage), NOON)

test('[OUT1] an outcome counts for exactly the seal, sequence and epoch that it names', () => {
  device.do('wire.addItem', { name: 'pump' })
  storeOutcomes(device.replica, [
    device.outcomeOf(1, { seal: 'f'.repeat(64) }),
    device.outcomeOf(1, { ep: 2 }),
    device.outcomeOf(7),
  ])
  expect(states()).toEqual(['captured'])
  storeOutcomes(device.replica, [device.outcomeOf(1)])
  expect(states()).toEqual(['accepted'])
})

test('[OUT2] work is settled when it has an outcome and a pulled watermark covers it, and not before', () => {
  const id = device.do('wire.addItem', { name: 'pump' }, item)[0] ?? ''
  pull({ w: 5 })
  expect(states()).toEqual(['captured'])
  storeOutcomes(device.replica, [device.outcomeOf(1, { at: 9 })])
  pull({ w: 8 })
  expect(states()).toEqual(['accepted'])
  expect(device.replica.touches.isTouched(item.name, id)).toBe(true)
  const image = device.replica.store.read(item, id) as AnyRow
  pull({ w: 9, rows: [[item, image]] })
  expect(states()).toEqual(['accepted settled'])
  expect(device.replica.touches.isEmpty()).toBe(true)
  expect(device.replica.store.read(item, id)).toEqual(image)
})

test('[REB4] own work that comes back as it was predicted is not written again, and no list of it is read again', () => {
  const id = device.do('wire.addItem', { name: 'pump' }, item)[0] ?? ''
  storeOutcomes(device.replica, [device.outcomeOf(1)])
  const image = device.replica.store.read(item, id) as AnyRow
  device.replica.db.exec(
    "CREATE TRIGGER told BEFORE UPDATE ON wire_item BEGIN SELECT RAISE(ABORT, 'written again'); END",
  )
  const rows = [[item, image]] as const
  expect(pull({ w: 9, rows, digests: { company: digestOf(rows) } })).toEqual({ tables: new Set(), mismatches: [] })
  expect(states()).toEqual(['accepted settled'])
  device.do('wire.addItem', { name: 'valve' })
  storeOutcomes(device.replica, [device.outcomeOf(2)])
  device.replica.db.exec('DROP TRIGGER told')
  pull({ w: 10, rows: [[item, { ...image, name: 'better pump' }]] })
  expect(device.replica.store.read(item, id)?.['name']).toBe('better pump')
})

test('[OUT2] replicache-errormode: what the hub refused leaves the screen with the watermark that covers it, and the author can see why', () => {
  pull({ w: 1, rows: [[item, anItem('pump', { stock: 3 * UNIT })]] })
  device.do('wire.reserve', { item: 'pump', quantity: UNIT })
  expect(device.replica.store.read(item, 'pump')?.['reserved']).toBe(UNIT)
  storeOutcomes(device.replica, [
    device.outcomeOf(1, { outcome: 'refused', eff: '', reason: 'wire.not-enough', at: 2 }),
  ])
  pull({ w: 2 })
  expect(device.replica.store.read(item, 'pump')?.['reserved']).toBe(0)
  expect(states()).toEqual(['refused settled'])
  expect(device.replica.touches.isEmpty()).toBe(true)
})

test('[OUT3] a settled envelope stays for thirty days, and the newest for its seal; refused and parked ones stay', () => {
  for (const name of ['pump', 'valve', 'hose', 'nut']) device.do('wire.addItem', { name })
  const outcomes = [1, 2, 3, 4].map((seq) =>
    device.outcomeOf(seq, { ...(seq === 2 && { outcome: 'parked' as const, eff: '' }) }),
  )
  storeOutcomes(device.replica, outcomes)
  const pullAt = (w: number, hubNow: number, deviceNow = hubNow): void =>
    void applyPull(device.replica, [aPage({ w, more: { now: hubNow } })], deviceNow)
  pullAt(9, NOON)
  const seqs = (): number[] =>
    device.replica.db.all<{ seq: number }>('SELECT seq FROM outbox ORDER BY seq').map(({ seq }) => seq)
  pullAt(10, NOON + 30 * DAY_MS)
  expect(seqs()).toEqual([1, 2, 3, 4])
  // Ten years ahead on this device is no day more on the hub, and an answer without the hub's time forgets nothing.
  pullAt(11, NOON + 30 * DAY_MS, NOON + 3652 * DAY_MS)
  applyPull(device.replica, [aPage({ w: 12 })], NOON + 3652 * DAY_MS)
  expect(seqs()).toEqual([1, 2, 3, 4])
  pullAt(13, NOON + 30 * DAY_MS + 1, NOON - 3652 * DAY_MS)
  expect(seqs()).toEqual([2, 4])
})

test('[CMD5] a clock that jumps ten years ahead forgets no request key that may come again', () => {
  const { db } = device.replica
  const keys = (): string[] => db.all<{ key: string }>('SELECT key FROM request_answer').map(({ key }) => key)
  db.run("INSERT INTO request_answer (key, answer, at) VALUES ('sold', '{}', ?)", [NOON])
  applyPull(device.replica, [aPage({ w: 9, more: { now: NOON + DAY_MS } })], NOON + 3652 * DAY_MS)
  expect(keys()).toEqual(['sold'])
  applyPull(device.replica, [aPage({ w: 10, more: { now: NOON + 31 * DAY_MS } })], NOON + 31 * DAY_MS)
  expect(keys()).toEqual([])
})

test('[OUT3] the first line of the last thirty days keeps the one that it stands on, however old that is', () => {
  const settleAt = (seqs: readonly number[], w: number, now: number): void => {
    for (const seq of seqs) device.do('wire.addItem', { name: `item ${seq}` })
    storeOutcomes(
      device.replica,
      seqs.map((seq) => device.outcomeOf(seq, { at: w })),
    )
    applyPull(device.replica, [aPage({ w, more: { now } })], now)
  }
  settleAt([1, 2], 2, NOON)
  settleAt([3, 4], 4, NOON + 31 * DAY_MS)
  const { replica } = device
  expect(replica.db.all<{ seq: number }>('SELECT seq FROM outbox ORDER BY seq').map(({ seq }) => seq)).toEqual([
    2, 3, 4,
  ])
  expect(connectsFrom(replica, replica.identity() as Identity, 3)).toBe(true)
})

test('[PULL1] pages and their watermark are one transaction: a fault at the last write undoes the whole', () => {
  pull({ w: 1, rows: [[item, anItem('pump')]] })
  device.replica.db.exec(
    "CREATE TRIGGER fault BEFORE UPDATE ON meta WHEN new.key = 'watermark' BEGIN SELECT RAISE(ABORT, 'a fault'); END",
  )
  expect(() =>
    pull({ w: 2, rows: [[item, anItem('pump', { name: 'new name' })]] }, { w: 3, rows: [[item, anItem('valve')]] }),
  ).toThrow('a fault')
  device.replica.db.exec('DROP TRIGGER fault')
  expect(device.replica.watermark).toBe(1)
  expect(device.replica.store.read(item, 'pump')?.['name']).toBe('pump')
  expect(device.replica.db.all('SELECT cursor FROM bucket WHERE name = ?', ['company'])).toEqual([{ cursor: 1 }])
})

test('[PULL1] a pull that isn’t complete moves neither the watermark nor settles anything', () => {
  device.do('wire.addItem', { name: 'pump' })
  storeOutcomes(device.replica, [device.outcomeOf(1)])
  pull({ w: 9, rows: [[item, anItem('valve')]], more: { more: true, upto: 4 } })
  expect(device.replica.watermark).toBe(0)
  expect(device.replica.isReady).toBe(false)
  expect(states()).toEqual(['accepted'])
  expect(device.replica.store.read(item, 'valve')).not.toBeNull()
})

test('[PROOF1] digests are worked out from the device’s own rows; one that differs is noted and that bucket fetched again', () => {
  const rows = [
    [item, anItem('pump')],
    [item, anItem('valve', { stock: 5 })],
  ] as const
  const [count, sum] = digestOf(rows)
  expect(pull({ w: 1, rows, digests: { company: [count, sum] } }).mismatches).toEqual([])
  const wrong: [number, string] = [count, '0000000000000001']
  expect(pull({ w: 2, digests: { company: wrong } }).mismatches).toEqual(['company'])
  const held = (): unknown =>
    device.replica.db.get('SELECT count, sum, cursor, generation FROM bucket WHERE name = ?', ['company'])
  // Never the hub's digest: its own. The next pull compares leaves; when two of them didn't help, all is fetched again.
  expect(held()).toEqual({ count, sum, cursor: 2, generation: 0 })
  expect([...suspectedLeaves(device.replica).keys()]).toEqual(['company'])
  for (const w of [3, 4]) expect(pull({ w, digests: { company: wrong } }).mismatches).toEqual(['company'])
  expect(held()).toEqual({ count, sum, cursor: 0, generation: -1 })
  expect(suspectedLeaves(device.replica).size).toBe(0)
  const reset = { resets: [{ name: 'company', generation: 0 }] }
  expect(pull({ w: 5, rows, more: reset, digests: { company: [count, sum] } }).mismatches).toEqual([])
  expect(held()).toEqual({ count, sum, cursor: 5, generation: 0 })
  expect(device.replica.db.all('SELECT kind FROM incident')).toEqual(
    ['digest', 'digest', 'digest', 'mended'].map((kind) => ({ kind })),
  )
})

test('[PROOF1] the digest follows changes, removals from the bucket and rows that come again', () => {
  pull({
    w: 1,
    rows: [
      [item, anItem('pump')],
      [item, anItem('valve')],
    ],
  })
  const changed = anItem('pump', { name: 'better pump' })
  expect(
    pull({ w: 2, rows: [[item, changed]], left: [[item, 'valve']], digests: { company: digestOf([[item, changed]]) } })
      .mismatches,
  ).toEqual([])
  expect(device.replica.store.read(item, 'valve')).toBeNull()
  expect(pull({ w: 3, rows: [[item, changed]], digests: { company: [1, rowHash(item, changed)] } }).mismatches).toEqual(
    [],
  )
})

test('a bucket that is fetched again keeps what is still in it and drops what left it meanwhile', () => {
  pull({
    w: 1,
    rows: [
      [item, anItem('pump')],
      [item, anItem('valve')],
    ],
  })
  const rows = [[item, anItem('pump')]] as const
  pull({ w: 9, rows, more: { resets: [{ name: 'company', generation: 2 }] }, digests: { company: digestOf(rows) } })
  expect(device.replica.store.read(item, 'valve')).toBeNull()
  expect(device.replica.store.read(item, 'pump')).not.toBeNull()
  expect(device.replica.db.all('SELECT * FROM incident')).toEqual([])
})

test('the hub’s rows of a command that it decided in another way stand in the end', () => {
  const lines = [{ item: 'pump', quantity: UNIT, price: 100 }]
  const [orderId = ''] = device.do('wire.openOrder', { place: 'company', rank: 1, total: 100, lines }, order)
  const lineId = device.replica.db.get<{ id: string }>('SELECT id FROM wire_order_line')?.id ?? ''
  storeOutcomes(device.replica, [device.outcomeOf(1, { outcome: 'adjusted', eff: '0'.repeat(16), at: 2 })])
  const booked = { ...(device.replica.store.read(order, orderId) as AnyRow), due: 90 }
  const line = device.replica.store.read(orderLine, lineId) as AnyRow
  pull({
    w: 2,
    rows: [
      [order, booked],
      [orderLine, line],
    ],
  })
  expect(device.replica.store.read(order, orderId)?.['due']).toBe(90)
  expect(stock('pump')).toBeUndefined()
  expect(device.replica.touches.isEmpty()).toBe(true)
})
