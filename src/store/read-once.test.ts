// One run's reader: what the store says, asked once for what is there, and again for what isn't, because the key decides that.
import { expect, test } from 'vitest'
import { ELSEWHERE } from '../kernel/command.ts'
import { completeRow } from '../kernel/effects.ts'
import { rangeOf } from '../kernel/reader.ts'
import { item } from '../testing/wire-catalogue.ts'
import { MemoryStore } from './memory.ts'
import { ReadOnce } from './read-once.ts'

function aStore() {
  const store = new MemoryStore((_, key) => (key === null ? ELSEWHERE : null))
  for (const [id, name] of Object.entries({ a: 'anvil', b: 'bolt' })) store.put(item, completeRow(item, id, { name }))
  const asked: string[] = []
  const once = new ReadOnce({
    get: (table, id, key) => (asked.push(id), store.get(table, id, key)),
    find: (table, range) => (asked.push(range.index), store.find(table, range)),
  })
  return { asked, once, store }
}

test('a row and a range are asked for once', () => {
  const { asked, once, store } = aStore()
  const index = Object.keys(item.indexes)[0] as string
  const all = rangeOf(item, index, {}, {})
  for (let time = 0; time < 3; time++) {
    expect(once.get(item, 'a', null)).toMatchObject({ id: 'a', name: 'anvil' })
    expect(once.find(item, all)).toEqual(store.find(item, all))
    expect(once.find(item, { ...all, limit: 1 })).toEqual(store.find(item, { ...all, limit: 1 }))
  }
  expect(asked).toEqual(['a', index, index])
})

test('what isn’t here is asked for each time, because the key tells whether it would be', () => {
  const { once } = aStore()
  expect(once.get(item, 'c', null)).toBe(ELSEWHERE)
  expect(once.get(item, 'c', { code: 'c' })).toBe(null)
  expect(once.get(item, 'c', null)).toBe(ELSEWHERE)
})
