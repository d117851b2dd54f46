// Chunks on a real encrypted file: an image never goes back in time, pending work keeps standing, and each bucket's sum
// is worked out from the rows.
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AnyRow } from '../../kernel/table.ts'
import { aLoneDevice, aPage, digestOf, NOON, type LoneDevice } from '../../testing/lone-device.ts'
import { item, wireCatalogue } from '../../testing/wire-catalogue.ts'
import type { ChunkRows } from '../protocol.ts'
import { applyChunk } from './apply-chunk.ts'
import { applyPull } from './settle.ts'

let device: LoneDevice
beforeEach(async () => (device = await aLoneDevice(wireCatalogue)))
afterEach(() => device.end())

const anItem = (id: string, name: string, stock = 0): AnyRow => ({
  id,
  goneAt: null,
  name,
  phone: null,
  tags: [],
  stock,
  reserved: 0,
})
const chunkOf = (rows: readonly AnyRow[]): ChunkRows => ({
  chunk: item.name,
  cols: ['goneAt', 'name', 'stock'],
  ids: rows.map(({ id }) => id),
  columns: [rows.map(() => null), rows.map(({ name }) => name as string), rows.map(({ stock }) => stock as number)],
})
const apply = (w: number, rows: readonly AnyRow[]): void => {
  const { replica } = device
  replica.db.transaction(() => applyChunk(replica, { bucket: 'company', w, generation: 3 }, [chunkOf(rows)], NOON))
}
const nameOf = (id: string): unknown => device.replica.store.read(item, id)?.['name']
const digest = (bucket: string): unknown =>
  device.replica.db.get('SELECT count, sum FROM bucket WHERE name = ?', [bucket])
const asDigest = (rows: readonly AnyRow[]): unknown => {
  const [count, sum] = digestOf(rows.map((row) => [item, row]))
  return { count, sum }
}

test('[BOOT5] an image that another bucket brought from the same watermark or later stands; an older one gives way', () => {
  const newer = anItem('a', 'as of 50')
  applyPull(device.replica, [aPage({ w: 50, bucket: 'catalogue', rows: [[item, newer]] })], NOON)
  apply(50, [anItem('a', 'as of 40'), anItem('b', 'new')])
  expect([nameOf('a'), nameOf('b')]).toEqual(['as of 50', 'new'])
  expect(digest('company')).toEqual(asDigest([newer, anItem('b', 'new')]))
  expect(device.replica.holds('company')).toBe(false)
})

test('[BOOT5] a chunk of a later watermark brings the newer image to every bucket that carries the row', () => {
  applyPull(device.replica, [aPage({ w: 50, bucket: 'catalogue', rows: [[item, anItem('a', 'as of 50')]] })], NOON)
  const newer = anItem('a', 'as of 60')
  apply(60, [newer])
  expect(nameOf('a')).toBe('as of 60')
  expect(digest('company')).toEqual(asDigest([newer]))
  expect(digest('catalogue')).toEqual(asDigest([newer]))
})

test('[BOOT5] pending work on a row keeps standing: deltas are added to the image that the chunk brings', () => {
  device.run('wire.sell', { item: 'a', day: 'today', quantity: 2_000_000 })
  apply(60, [anItem('a', 'pump', 7_000_000), anItem('b', 'pipe', 1)])
  expect(device.replica.store.read(item, 'a')).toMatchObject({ name: 'pump', stock: 5_000_000 })
  expect(device.replica.touches.shadow(item, 'a')?.image).toMatchObject({ stock: 7_000_000 })
  expect(digest('company')).toEqual(asDigest([anItem('a', 'pump', 7_000_000), anItem('b', 'pipe', 1)]))
})
