import { expect, test } from 'vitest'
import { Effects } from '../../kernel/effects.ts'
import { quantityDelta, text } from '../../kernel/field.ts'
import { rangeOf } from '../../kernel/reader.ts'
import { table } from '../../kernel/table.ts'
import type { BatchCache } from './batch-cache.ts'
import { WarmRows } from './warm-rows.ts'

const item = table('test.item', { fields: { name: text(), stock: quantityDelta() }, indexes: { byName: ['name'] } })
const all = rangeOf(item, 'byName', {}, {})
const pump = { id: 'i1', goneAt: null, name: 'pump', stock: 0 }

/** A part that loads the item and sells one of it. */
function sellOne(cache: BatchCache): void {
  cache.putRange(item, all, [pump])
  const effects = new Effects()
  effects.add(item, 'i1', { stock: -1 }, null)
  cache.accept(cache.imagesOf(effects), 11)
}

test('[WARM1] rows are warm while the clock stands where the part left it, and changed as the part changed them', () => {
  const warm = new WarmRows()
  const first = warm.take(10)
  sellOne(first)
  warm.keep(WarmRows.stage(first, 11))
  const next = warm.take(11)
  expect(next.get(item, 'i1')).toMatchObject({ stock: -1 })
  expect(next.hasMissed).toBe(false)
  // A range over a changed table is asked for again.
  next.find(item, all)
  expect(next.hasMissed).toBe(true)
})

test('[WARM1] another clock forgets them, and nobody shares them', () => {
  const warm = new WarmRows()
  const first = warm.take(10)
  sellOne(first)
  const staged = WarmRows.stage(first, 11)
  warm.keep(staged)
  const other = warm.take(12)
  other.get(item, 'i1')
  expect(other.hasMissed).toBe(true)
  const again = warm.take(11)
  again.get(item, 'i1')
  expect(again.hasMissed).toBe(true)
})

test('[WARM1] an older part that reports late changes nothing', () => {
  const warm = new WarmRows()
  const older = warm.take(10)
  const newer = warm.take(11)
  sellOne(newer)
  warm.keep(WarmRows.stage(newer, 12))
  warm.keep(WarmRows.stage(older, 11))
  expect(warm.take(12).get(item, 'i1')).toMatchObject({ stock: -1 })
})
