// A group's head stands before its first row and nowhere else.
import { expect, test } from 'vitest'
import { groupBefore } from './grouped-rows.ts'

test('the head comes where the group changes', () => {
  const rows = ['a1', 'a2', 'b1', 'a3']
  const groups = { of: (row: string) => row.slice(0, 1), head: () => null }
  expect(rows.map((_, at) => groupBefore(rows, at, groups))).toEqual(['a', null, 'b', 'a'])
  expect(groupBefore(rows, 9, groups)).toBeNull()
  expect(groupBefore(rows, 0, undefined)).toBeNull()
})
