// Rows that this device can't store, among others that it can: none of them stops a pull, none is counted as if it were here, and each
// comes when it can.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rowHash } from '../../kernel/effects.ts'
import type { AnyRow } from '../../kernel/table.ts'
import { aLoneDevice, aPage, digestOf, NOON, type LoneDevice } from '../../testing/lone-device.ts'
import { anItem, item, wireCatalogue } from '../../testing/wire-catalogue.ts'
import { addHash } from '../digest.ts'
import { applyChunk } from './apply-chunk.ts'
import { integrityOf } from './integrity.ts'
import { takeLease } from './profile.ts'
import { toldAside } from './set-aside.ts'
import { applyPull, type PulledPage } from './settle.ts'
import { suspectedLeaves } from './suspects.ts'

let device: LoneDevice
beforeEach(async () => (device = await aLoneDevice(wireCatalogue)))
afterEach(() => device.end())

const UNIT = 1_000_000
const names = (): string[] =>
  device.replica.db.all<{ name: string }>('SELECT name FROM wire_item ORDER BY name').map(({ name }) => name)
const good = ['a', 'b'].map((id) => [item, anItem(id)] as const)
const pull = (page: PulledPage): ReturnType<typeof applyPull> => applyPull(device.replica, [page], NOON)

/** The hub's digest of the two good rows and one that nobody here can hash. */
const withOneMore = (sum = 'f00d'.repeat(4)): readonly [number, string] => [3, addHash(digestOf(good)[1], sum)]

function badPage(change: (rows: { vals: unknown[][]; cols: readonly string[] }) => void, w = 5): PulledPage {
  const page = aPage({ w, rows: [...good, [item, anItem('bad')]], digests: { company: withOneMore() } })
  change(page.rows[2] as unknown as { vals: unknown[][]; cols: readonly string[] })
  return page
}
const set =
  (field: string, value: unknown) =>
  ({ vals, cols }: { vals: unknown[][]; cols: readonly string[] }): void =>
    void ((vals[0] as unknown[])[cols.indexOf(field)] = value)

const unfit: readonly (readonly [string, (rows: { vals: unknown[][]; cols: readonly string[] }) => void, RegExp])[] = [
  ['a text where a sum is', set('stock', 'seven'), /type of stock/],
  ['half a unit', set('stock', 0.5), /type of stock/],
  ['a sum beyond what is exact', set('stock', 2 ** 60), /type of stock/],
  ['an object where a name is', set('name', { first: 'pump' }), /type of name/],
  ['a removal at no time', set('goneAt', 'yesterday'), /type of goneAt/],
  ['half a character', set('name', '\ud800'), /no hash/],
  ['fewer values than columns', ({ vals }) => void vals[0]?.pop(), /shape/],
  ['no values at all', (rows) => void (rows.vals[0] = null as never), /shape/],
]

test.each(unfit)('[ROW2] powersync-162: %s stops nothing, repeats nothing and is told', (_, change, reason) => {
  const { db } = device.replica
  expect(pull(badPage(change)).mismatches).toEqual([])
  expect(names()).toEqual(['a', 'b'])
  expect(device.replica.watermark).toBe(5)
  // Nothing is asked for again: a pull couldn't mend it.
  expect(suspectedLeaves(device.replica).size).toBe(0)
  expect(db.get("SELECT cursor, count FROM bucket WHERE name = 'company'")).toEqual({ cursor: 5, count: 2 })
  expect(toldAside(device.replica)).toEqual([['wire.item', 'bad', expect.stringMatching(reason)]])
  // Held and not proved; nor is what lies beside it where nobody can tell its hash.
  const { rowsHeld, rowsVerified } = integrityOf(device.replica)
  expect(rowsHeld).toBe(3)
  expect(rowsVerified).toBeLessThan(3)
  expect(db.all('SELECT kind FROM incident')).toEqual([{ kind: 'set-aside' }])
  // It comes well one day.
  const all = [...good, [item, anItem('bad')] as const]
  expect(pull(aPage({ w: 6, rows: all.slice(2), digests: { company: digestOf(all) } })).mismatches).toEqual([])
  expect(names()).toEqual(['a', 'b', 'bad'])
  expect(integrityOf(device.replica)).toMatchObject({ rowsHeld: 3, rowsVerified: 3 })
  expect(toldAside(device.replica)).toEqual([])
})

test('[ROW2] powersync-162: a row that a constraint refuses is set aside by itself, and its bucket is proved for the others', () => {
  device.replica.db.exec('CREATE UNIQUE INDEX only_one_name ON wire_item (name)')
  const rows = [...good, [item, anItem('c', { name: 'a' })] as const]
  expect(pull(aPage({ w: 5, rows, digests: { company: digestOf(rows) } })).mismatches).toEqual([])
  expect(names()).toEqual(['a', 'b'])
  expect(integrityOf(device.replica)).toMatchObject({ rowsHeld: 3, rowsVerified: 2 })
  // A difference beside it is still seen.
  const other = [good[0] as (typeof good)[0], [item, anItem('b', { stock: 1 })] as const, rows[2] as (typeof good)[0]]
  expect(pull(aPage({ w: 6, digests: { company: digestOf(other) } })).mismatches).toEqual(['company'])
})

test('[ROW2] with pending work on it: the work stays, the row waits beside, the others come', () => {
  pull(aPage({ w: 3, rows: [[item, anItem('a', { stock: 5 * UNIT })]] }))
  device.do('wire.receive', { item: 'a', quantity: 2 * UNIT })
  device.replica.db.exec('CREATE UNIQUE INDEX only_one_name ON wire_item (name)')
  const rows = [[item, anItem('b')] as const, [item, anItem('a', { name: 'b', stock: 9 * UNIT })] as const]
  expect(pull(aPage({ w: 5, rows, digests: { company: digestOf(rows) } })).mismatches).toEqual([])
  expect(names()).toEqual(['a', 'b'])
  // What stood here before stays, with the work on it.
  expect(device.replica.store.read(item, 'a')).toMatchObject({ name: 'a', stock: 7 * UNIT })
  expect(device.replica.waiting.read().count).toBe(1)
  const now = [[item, anItem('b')] as const, [item, anItem('a', { stock: 9 * UNIT })] as const]
  pull(aPage({ w: 6, rows: now.slice(1), digests: { company: digestOf(now) } }))
  expect(device.replica.store.read(item, 'a')).toMatchObject({ name: 'a', stock: 11 * UNIT })
  expect(integrityOf(device.replica)).toMatchObject({ rowsHeld: 2, rowsVerified: 2 })
})

test('[ROW2] a row that leaves is beside no more, and so is one whose bucket the lease lost', () => {
  pull(badPage(set('stock', 'seven')))
  pull(aPage({ w: 6, left: [[item, 'bad']], digests: { company: digestOf(good) } }))
  expect(integrityOf(device.replica)).toMatchObject({ rowsHeld: 2, rowsVerified: 2 })
  pull(badPage(set('stock', 'seven'), 7))
  const held = device.replica.lease()
  if (held === null) throw new Error('There is a lease.')
  takeLease(device.replica, { ...held, lease: { ...held.lease, buckets: ['catalogue'] } })
  expect(toldAside(device.replica)).toEqual([])
  expect(names()).toEqual([])
})

test('[ROW2] a line of no readable shape is noted, and what came beside it is kept', () => {
  const page = aPage({ w: 5, rows: [...good, [item, anItem('bad')]] })
  pull({ ...page, rows: [...page.rows.slice(0, 2), { ...page.rows[2], vals: 'none' } as never] })
  expect(names()).toEqual(['a', 'b'])
  expect(device.replica.db.all('SELECT kind FROM incident')).toEqual([{ kind: 'unreadable-line' }])
})

test('[ROW2] a chunk brings all of its rows but one', () => {
  const columns = ['goneAt', ...item.fieldNames]
  const rows = [anItem('a'), anItem('bad', { stock: 'seven' }), anItem('c')]
  const line = {
    chunk: item.name,
    cols: columns,
    ids: rows.map(({ id }) => id),
    columns: columns.map((column) => rows.map((row) => row[column] as never)),
  }
  device.replica.db.transaction(() =>
    applyChunk(device.replica, { bucket: 'company', w: 5, generation: 0 }, [line], NOON),
  )
  expect(names()).toEqual(['a', 'c'])
  expect(toldAside(device.replica)).toHaveLength(1)
  const [count, sum] = digestOf([
    [item, rows[0] as AnyRow],
    [item, rows[2] as AnyRow],
  ])
  expect(device.replica.db.get("SELECT count, sum FROM bucket WHERE name = 'company'")).toEqual({ count, sum })
  expect(rowHash(item, anItem('a'))).toMatch(/^[0-9a-f]{16}$/)
})
