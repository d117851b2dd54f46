// What is missing after a browser cleared a device: by what it remembered and what the hub says it has.
import { expect, test } from 'vitest'
import { missingOf } from './device-note.ts'

const note = { dev: 'K7Q2', ep: 1, hubUrl: 'https://hub', seq: 43, waiting: 2, at: 0 }

test('the work behind what the hub has is missing', () => {
  expect(missingOf({ note, life: { dev: 'K7Q2', ep: 2, has: 41 } })).toBe(2)
  expect(missingOf({ note, life: { dev: 'K7Q2', ep: 2, has: 43 } })).toBe(0)
  // The note was older than what the hub got.
  expect(missingOf({ note, life: { dev: 'K7Q2', ep: 2, has: 50 } })).toBe(0)
})

test('of another device nobody can tell', () => {
  expect(missingOf({ note, life: { dev: 'M4T9', ep: 1, has: 0 } })).toBe(null)
})
