// What is counted and what goes to the commands when goods are received or issued.
import { expect, test } from 'vitest'
import { ONE6 } from '../../../kernel/amount.ts'
import {
  addGoods,
  changeGoods,
  countLineOf,
  issueLineOf,
  newGoods,
  receiveLineOf,
  removeGoods,
  stampCounted,
  undoScan,
  type CountableItem,
} from './goods-draft.ts'

const anItem = (more: Partial<CountableItem> = {}): CountableItem => ({
  id: 'pipe',
  code: 'PIPE15',
  name: 'Copper pipe',
  stockUnit: 'm',
  decimals: 2,
  units: '[{"unit":"length","num":3,"den":1}]',
  hasBatch: 0,
  hasExpiry: 0,
  hasSerial: 0,
  ...more,
})

test('scans of the same goods count on; another unit is another line; the last scan is known', () => {
  const twice = addGoods(addGoods(newGoods('d'), anItem()), anItem())
  expect(twice.lines.map(({ unit, quantity }) => [unit, quantity])).toEqual([['m', 2 * ONE6]])
  const packs = addGoods(twice, anItem(), 'length')
  expect(packs.lines.map(({ unit, quantity }) => [unit, quantity])).toEqual([
    ['m', 2 * ONE6],
    ['length', ONE6],
  ])
  expect(packs.last).toBe('2')
  expect(removeGoods(packs, '2')).toMatchObject({ last: null, lines: [{ key: '1' }] })
  // A new line never takes the key of one that is gone.
  expect(addGoods(removeGoods(packs, '2'), anItem(), 'length').last).toBe('3')
})

test('goods with batches or serial numbers stand on lines of their own', () => {
  const tracked = anItem({ hasSerial: 1 })
  expect(addGoods(addGoods(newGoods('d'), tracked), tracked).lines).toHaveLength(2)
})

test('the arguments say what was typed and leave out what was not', () => {
  const [line] = changeGoods(addGoods(newGoods('d'), anItem(), 'length'), '1', {
    serials: ' A-1, A-2 ,',
    batch: ' L7 ',
  }).lines
  if (line === undefined) throw new Error('The line is missing.')
  const shared = { item: 'pipe', unit: 'length', num: 3, den: 1, batch: 'L7', serials: ['A-1', 'A-2'] }
  expect(receiveLineOf(line)).toEqual({ ...shared, accepted: ONE6 })
  expect(receiveLineOf({ ...line, rejected: ONE6, rejectReason: ' wet ', expiresOn: '2027-01-01' })).toEqual({
    ...shared,
    accepted: ONE6,
    rejected: ONE6,
    rejectReason: 'wet',
    expiresOn: '2027-01-01',
  })
  expect(issueLineOf(line)).toEqual({ ...shared, quantity: ONE6 })
})

test('a line remembers when it was counted last, and what the device knew then; the others keep theirs', () => {
  const first = { at: 1, seq: 4, seen: 9 }
  const later = { at: 2, seq: 5, seen: 9 }
  const empty = newGoods('d')
  const one = stampCounted(empty, addGoods(empty, anItem()), first)
  const two = stampCounted(one, addGoods(one, anItem({ id: 'bend' })), later)
  expect(two.lines.map(({ counted }) => counted)).toEqual([first, later])
  const back = stampCounted(two, undoScan(addGoods(two, anItem()), '1'), { ...later, at: 3 })
  expect(back.lines.map(({ quantity }) => quantity)).toEqual([ONE6, ONE6])
  expect(two.lines.map(countLineOf)[1]).toEqual({
    item: 'bend',
    unit: 'm',
    num: 1,
    den: 1,
    quantity: ONE6,
    countedAt: 2,
    afterSeq: 5,
    seen: 9,
  })
})
