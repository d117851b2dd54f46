// Pending work and pulled rows on one device: what runs again, on which rows, and what needn't. The pulled rows are made
// up by the test; a hub that disagrees for good is settle.test.ts.
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AnyRow } from '../../kernel/table.ts'
import { aLoneDevice, aPage, NOON, type LoneDevice } from '../../testing/lone-device.ts'
import { anItem, item, order, type tally, wireCatalogue } from '../../testing/wire-catalogue.ts'
import { Seeds } from './component.ts'
import { rebase } from './rebase.ts'
import { storeOutcomes } from './outcomes.ts'
import { applyPull } from './settle.ts'

let device: LoneDevice
beforeEach(async () => (device = await aLoneDevice(wireCatalogue)))
afterEach(() => device.end())

const UNIT = 1_000_000
const anOrder = (id: string, rank: number, more: Partial<Record<string, unknown>> = {}): AnyRow => ({
  id,
  goneAt: null,
  place: 'company',
  number: id,
  state: 'open',
  rank,
  due: 100,
  paid: 0,
  extra: null,
  ...more,
})
const pull = (...pages: Parameters<typeof aPage>[0][]): ReturnType<typeof applyPull> =>
  applyPull(device.replica, pages.map(aPage), NOON)
const read = (table: typeof item | typeof order | typeof tally, id: string): AnyRow | null =>
  device.replica.store.read(table, id)
const modes = (id: string): string[] => device.replica.touches.of(item, id).map(({ mode }) => mode)
const rebaseAll = (): void => {
  const seeds = new Seeds()
  seeds.isAll = true
  device.replica.db.transaction(() => rebase(device.replica, seeds))
}
const predicted = (): string[] =>
  device.replica.db.all<{ predicted: string }>('SELECT predicted FROM outbox ORDER BY seq').map((row) => row.predicted)

test('[REB1] the hub’s image is kept at the first touch, and each command’s way of touching is written down', () => {
  pull({ w: 1, rows: [[item, anItem('pump', { stock: 9 * UNIT })]] })
  device.do('wire.receive', { item: 'pump', quantity: 5 * UNIT })
  device.do('wire.rename', { item: 'pump', name: 'better pump' })
  expect(modes('pump')).toEqual(['delta', 'write'])
  expect(read(item, 'pump')).toMatchObject({ name: 'better pump', stock: 14 * UNIT })
  expect(device.replica.touches.shadow(item, 'pump')?.image).toMatchObject({ name: 'pump', stock: 9 * UNIT })
})

test('[REB4] deltas that no longer fit on the hub’s sum stop neither the pull nor the work: that command has no prediction', () => {
  pull({ w: 1, rows: [[item, anItem('pump')]] })
  device.do('wire.receive', { item: 'pump', quantity: 5 * UNIT })
  device.do('wire.receive', { item: 'pump', quantity: 1 })
  pull({ w: 2, rows: [[item, anItem('pump', { stock: Number.MAX_SAFE_INTEGER - 1 })]] })
  expect(read(item, 'pump')).toMatchObject({ stock: Number.MAX_SAFE_INTEGER })
  expect(predicted()[0]).toBe('')
  expect(predicted()[1]).not.toBe('')
  expect(() => device.run('wire.receive', { item: 'pump', quantity: 1 })).toThrow('exact integers')
  pull({ w: 3, rows: [[item, anItem('pump')]] })
  rebaseAll()
  expect(read(item, 'pump')).toMatchObject({ stock: 5 * UNIT + 1 })
})

test('[REB4] deltas stand on whatever the hub has now: the row is added up, nothing runs again', () => {
  pull({ w: 1, rows: [[item, anItem('pump', { stock: 9 * UNIT })]] })
  device.do('wire.receive', { item: 'pump', quantity: 5 * UNIT })
  device.do('wire.receive', { item: 'pump', quantity: 2 * UNIT })
  device.replica.db.run("UPDATE outbox SET predicted = 'untouched'")
  pull({ w: 2, rows: [[item, anItem('pump', { name: 'renamed', stock: UNIT })]] })
  expect(read(item, 'pump')).toMatchObject({ name: 'renamed', stock: 8 * UNIT })
  expect(device.replica.touches.shadow(item, 'pump')?.image).toMatchObject({ stock: UNIT })
  expect(predicted()).toEqual(['untouched', 'untouched'])
})

test('[REB4] an untouched row is simply written, whatever is pending on others', () => {
  pull({
    w: 1,
    rows: [
      [item, anItem('pump')],
      [item, anItem('valve')],
    ],
  })
  device.do('wire.rename', { item: 'pump', name: 'mine' })
  device.replica.db.run("UPDATE outbox SET predicted = 'untouched'")
  pull({ w: 2, rows: [[item, anItem('valve', { name: 'theirs' })]] })
  expect(read(item, 'valve')).toMatchObject({ name: 'theirs' })
  expect(predicted()).toEqual(['untouched'])
})

test('[REB4] two removals of one row differ in their moment alone: the hub’s is written', () => {
  pull({ w: 1, rows: [[item, anItem('valve', { goneAt: NOON })]] })
  device.do('wire.addItem', { name: 'pump' })
  pull({ w: 2, rows: [[item, anItem('valve', { goneAt: NOON + 1 })]] })
  expect(read(item, 'valve')?.goneAt).toBe(NOON + 1)
})

test('[REB3] an edit runs again on the hub’s row: other fields are theirs, the edited one is mine', () => {
  pull({ w: 1, rows: [[item, anItem('pump', { tags: ['old'] })]] })
  device.do('wire.rename', { item: 'pump', name: 'mine', tags: ['old', 'mine'] })
  pull({ w: 2, rows: [[item, anItem('pump', { phone: '0113', tags: ['old', 'theirs'], stock: UNIT })]] })
  expect(read(item, 'pump')).toMatchObject({ name: 'mine', phone: '0113', stock: UNIT })
  expect(new Set(read(item, 'pump')?.['tags'] as string[])).toEqual(new Set(['mine', 'old', 'theirs']))
})

test('[REB2] a row that enters a range which pending work has read makes it run again', () => {
  pull({ w: 1, rows: [[order, anOrder('b', 5)]] })
  device.do('wire.payOldest', { place: 'company' })
  expect(read(order, 'b')).toMatchObject({ state: 'paid', paid: 100 })
  pull({ w: 2, rows: [[order, anOrder('a', 1)]] })
  expect(read(order, 'a')).toMatchObject({ state: 'paid', paid: 100 })
  expect(read(order, 'b')).toMatchObject({ state: 'open', paid: 0 })
})

test('[REB2] so does one that leaves the range, and a row outside of it changes nothing', () => {
  pull({
    w: 1,
    rows: [
      [order, anOrder('a', 1)],
      [order, anOrder('b', 5)],
    ],
  })
  device.do('wire.payOldest', { place: 'company' })
  pull({ w: 2, rows: [[order, anOrder('a', 1, { state: 'paid', paid: 100 })]] })
  expect([read(order, 'a')?.['paid'], read(order, 'b')?.['paid']]).toEqual([100, 100])
  pull({ w: 2, bucket: 'catalogue' })
  device.replica.db.run("UPDATE outbox SET predicted = 'untouched'")
  pull({ w: 3, rows: [[order, anOrder('c', 0, { place: 'catalogue' })]], bucket: 'catalogue' })
  expect(predicted()).toEqual(['untouched'])
})

test('[REB3] running everything again changes nothing when the hub brought nothing', () => {
  pull({
    w: 1,
    rows: [
      [item, anItem('pump', { stock: 9 * UNIT })],
      [order, anOrder('b', 5)],
    ],
  })
  device.do('wire.sell', { item: 'pump', day: 'monday', quantity: UNIT })
  device.do('wire.rename', { item: 'pump', name: 'mine' })
  device.do('wire.payOldest', { place: 'company' })
  device.do('wire.addItem', { name: 'valve' })
  const all = (): unknown => [
    device.replica.db.all('SELECT * FROM wire_item ORDER BY id'),
    device.replica.db.all('SELECT * FROM wire_order'),
    device.replica.db.all('SELECT * FROM wire_tally'),
    predicted(),
    device.replica.db.all('SELECT * FROM touched ORDER BY seq'),
  ]
  const before = all()
  rebaseAll()
  expect(all()).toEqual(before)
})

test('[REB3] work whose row was taken away predicts nothing and stays pending, in its place', () => {
  pull({ w: 1, rows: [[item, anItem('pump')]] })
  device.do('wire.rename', { item: 'pump', name: 'mine' })
  device.do('wire.addItem', { name: 'valve' })
  pull({ w: 2, left: [[item, 'pump']] })
  expect(read(item, 'pump')).toBeNull()
  expect(device.replica.db.all('SELECT seq, state FROM outbox ORDER BY seq')).toEqual([
    { seq: 1, state: 'captured' },
    { seq: 2, state: 'captured' },
  ])
  expect(device.replica.db.all('SELECT name FROM wire_item')).toEqual([{ name: 'valve' }])
})

test('[REB3] an outcome other than predicted takes back what was built on the prediction', () => {
  pull({ w: 1, rows: [[item, anItem('pump')]] })
  device.do('wire.rename', { item: 'pump', name: 'first' })
  device.do('wire.rename', { item: 'pump', name: 'second', tags: ['mine'] })
  storeOutcomes(device.replica, [
    device.outcomeOf(2, { at: 3 }),
    device.outcomeOf(1, { outcome: 'parked', eff: '', reason: 'hub.bug', at: 2 }),
  ])
  pull({ w: 2 })
  expect(read(item, 'pump')).toMatchObject({ name: 'second', tags: ['mine'] })
  expect(device.replica.touches.shadow(item, 'pump')?.image).toMatchObject({ name: 'pump' })
  storeOutcomes(device.replica, [device.outcomeOf(2, { outcome: 'parked', eff: '', reason: 'hub.bug', at: 3 })])
  pull({ w: 3 })
  expect(read(item, 'pump')).toMatchObject({ name: 'pump', tags: [] })
  expect(device.replica.touches.isEmpty()).toBe(true)
})

test('[NUM1] a command that runs again keeps the number that is on its paper', () => {
  pull({ w: 1, rows: [[item, anItem('pump')]] })
  const [first = ''] = device.do('wire.openOrder', { place: 'company', rank: 1, total: 0, lines: [] }, order)
  const [second = ''] = device.do('wire.openOrder', { place: 'company', rank: 2, total: 0, lines: [] }, order)
  storeOutcomes(device.replica, [device.outcomeOf(1, { outcome: 'parked', eff: '', at: 2 })])
  pull({ w: 2 })
  rebaseAll()
  expect(read(order, first)).toBeNull()
  expect(read(order, second)?.['number']).toBe('O-K7Q2A-26-000002')
})
test('[REB2] an outcome other than predicted makes work run again that had read the range of its rows', () => {
  pull({
    w: 1,
    rows: [
      [order, anOrder('a', 1)],
      [order, anOrder('b', 2)],
    ],
  })
  device.do('wire.payOldest', { place: 'company' })
  device.do('wire.payOldest', { place: 'company' })
  expect([read(order, 'a')?.['state'], read(order, 'b')?.['state']]).toEqual(['paid', 'paid'])
  storeOutcomes(device.replica, [device.outcomeOf(1, { outcome: 'parked', eff: '', reason: 'hub.bug', at: 2 })])
  pull({ w: 2 })
  // The first payment never happened: the second one, still pending, now pays the older order.
  expect([read(order, 'a')?.['state'], read(order, 'b')?.['state']]).toEqual(['paid', 'open'])
})
