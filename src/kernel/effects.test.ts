// Operations on one row, case by case: what comes back, what stays gone, what is summed, and what a hash leaves out.
import { expect, test } from 'vitest'
import { amountDelta, code, integer, set, text } from './field.ts'
import { applyOp, completeRow, Effects, isSameRow, rowHash } from './effects.ts'
import { overlayRange, rangeOf } from './reader.ts'
import { table, type AnyRow } from './table.ts'

const locker = table('test.locker', {
  key: ['door'],
  fields: {
    door: code(),
    owner: text().optional(),
    tags: set().default([]),
    rank: integer().default(3),
    uses: amountDelta(),
  },
  indexes: { byDoor: ['door', 'rank'] },
})
const row = (more: Readonly<Record<string, unknown>> = {}): AnyRow => ({
  ...completeRow(locker, 'L', { door: 'a' }),
  ...more,
})
const only = (fill: (effects: Effects) => void) => {
  const effects = new Effects()
  fill(effects)
  const [op] = effects
  if (op === undefined) throw new Error('There is no operation.')
  return op
}

test('an insert by natural key over its removed row makes a new row and keeps the sums', () => {
  const op = only((effects) => {
    effects.insert(locker, 'L', { door: 'a' })
    effects.add(locker, 'L', { uses: 2 }, null)
  })
  expect(applyOp(row({ goneAt: 5, owner: 'ann', uses: 40 }), op)).toEqual(row({ owner: null, uses: 42 }))
  expect(() => applyOp(row(), op)).toThrow('exists already')
})

test('an id without a natural key is made once: not over its removed row either', () => {
  const note = table('test.note', { fields: { body: text() } })
  const op = only((effects) => effects.insert(note, 'N', { body: 'a' }))
  expect(applyOp(null, op)).toMatchObject({ id: 'N', body: 'a', goneAt: null })
  expect(() => applyOp({ ...completeRow(note, 'N', { body: 'b' }), goneAt: 5 }, op)).toThrow('exists already')
})

test('a patch brings a row back, also one that the same command removed; a removal after it stands', () => {
  const revived = only((effects) => {
    effects.remove(locker, 'L', 9)
    effects.patch(locker, 'L', { owner: 'bob' })
  })
  expect(applyOp(row(), revived)).toEqual(row({ owner: 'bob' }))
  const removed = only((effects) => {
    effects.patch(locker, 'L', { owner: 'bob' })
    effects.remove(locker, 'L', 9)
  })
  expect(applyOp(row(), removed)).toEqual(row({ owner: 'bob', goneAt: 9 }))
})

test('to remove and insert one row in one command is a bug of the handler', () => {
  const effects = new Effects()
  effects.remove(locker, 'L', 9)
  expect(() => effects.insert(locker, 'L', { door: 'a' })).toThrow('patch it instead')
})

test('a delta leaves a removed row removed, and never leaves the exact integers', () => {
  const op = only((effects) => effects.add(locker, 'L', { uses: 1 }, null))
  expect(applyOp(row({ goneAt: 5, uses: 1 }), op)).toMatchObject({ goneAt: 5, uses: 2 })
  expect(() => applyOp(row({ uses: Number.MAX_SAFE_INTEGER }), op)).toThrow('exact integers')
})

test('a default is left out of the hash whether it was given, filled in, or read back from a database', () => {
  expect(rowHash(locker, row({ tags: JSON.parse('[]'), rank: 3 }))).toBe(rowHash(locker, row()))
  expect(rowHash(locker, row({ tags: ['x'] }))).not.toBe(rowHash(locker, row()))
})

test('a limit holds also when nothing of the range changed', () => {
  const rows = [row({ id: 'A' }), row({ id: 'B' })]
  expect(overlayRange(rows, new Map(), rangeOf(locker, 'byDoor', { door: 'a' }, { limit: 1 }))).toEqual([rows[0]])
})

test('two images say the same exactly when their hashes do, and they are gone since the same moment', () => {
  const values = {
    owner: [null, 'ann', 'bob'],
    tags: [null, [], ['x'], ['x', 'y'], ['y', 'x']],
    rank: [null, 3, 4],
    uses: [null, 0, 1],
    goneAt: [null, 7],
  }
  let rows: AnyRow[] = [row()]
  for (const [field, of] of Object.entries(values))
    rows = rows.flatMap((each) => of.map((value) => ({ ...each, [field]: value })))
  expect(rows).toHaveLength(270)
  const told = rows.map((each) => `${rowHash(locker, each)} ${each.goneAt}`)
  for (const [index, a] of rows.entries())
    for (const [other, b] of rows.entries()) {
      // Only what differs is worth a message of its own.
      if (isSameRow(locker, a, b) !== (told[index] === told[other])) expect([a, b]).toBe('the same as their hashes say')
    }
})
