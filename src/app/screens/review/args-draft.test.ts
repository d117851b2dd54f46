// Parked work is changed field by field, lines too, and nothing that isn't plain to read.
import { expect, test } from 'vitest'
import { expectedOf, isEditable, isWhole, valueAt, withoutLine, withValue } from './args-draft.ts'

const item = 'a6b104d0-a50a-8041-b423-82763f20f2d6'
const args = {
  party: item,
  remarks: null,
  lines: [
    { item, quantity: 10_000_000, note: null },
    { item, quantity: 5_000_000, note: 'red' },
  ],
}

test('one field of one line; nothing else moves, and the original stands', () => {
  const changed = withValue(args, ['lines', 1, 'quantity'], 7_000_000)
  expect(changed).toEqual({ ...args, lines: [args.lines[0], { ...args.lines[1], quantity: 7_000_000 }] })
  expect(args.lines[1]?.quantity).toBe(5_000_000)
  expect(valueAt(changed, ['lines', 1, 'quantity'])).toBe(7_000_000)
  expect(withValue(args, ['reference'], 'A-1')).toEqual({ ...args, reference: 'A-1' })
})

test('a line goes; the last one stays', () => {
  const one = withoutLine(args, 'lines', 0)
  expect(one).toEqual({ ...args, lines: [args.lines[1]] })
  expect(withoutLine(one, 'lines', 0)).toBe(one)
})

test('what was empty may stay empty; what had a value may not be left so', () => {
  expect(isWhole(args)).toBe(true)
  for (const gone of [null, '']) expect(isWhole(withValue(args, ['lines', 0, 'quantity'], gone))).toBe(false)
  expect(isWhole(withValue(withValue(args, ['lines', 0, 'quantity'], null), ['lines', 0, 'quantity'], 1))).toBe(true)
})

test('sums that would be right are taken from what the refusal says, and only where there is such a field', () => {
  const facts = { total: 12, expectedTotal: 9, expectedTax: 2, expectedElse: 1, line: 0 }
  expect(expectedOf({ total: 12, tax: 2 }, facts)).toEqual({ total: 9 })
})

test.each([
  ['rate', 1, true],
  ['quantity', 1, true],
  ['amount', 1, true],
  ['note', 'red', true],
  ['businessDate', '2026-11-21', true],
  ['item', item, false],
  ['unit', 'm', false],
  ['factorNum', 1, false],
  ['isUrgent', true, false],
])('%s %j: %j', (field, value, may) => expect(isEditable(field, value)).toBe(may))
