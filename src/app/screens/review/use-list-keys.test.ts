// Which row J and K lead to.
import { expect, test } from 'vitest'
import { neighbour } from './use-list-keys.ts'

test('the next and the one before, and nothing beyond the ends', () => {
  const keys = ['a', 'b', 'c']
  expect(neighbour(keys, 'a', 1)).toBe('b')
  expect(neighbour(keys, 'b', -1)).toBe('a')
  expect(neighbour(keys, 'c', 1)).toBeNull()
  expect(neighbour(keys, 'a', -1)).toBeNull()
  expect(neighbour(keys, null, 1)).toBeNull()
  expect(neighbour(keys, 'gone', 1)).toBeNull()
})
