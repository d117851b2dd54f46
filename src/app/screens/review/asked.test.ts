// What the review says of what was asked: only the last word about a thing, and never "asked" of what has come to its end.
import { expect, test } from 'vitest'
import { askedOf } from './asked.ts'

const entry = (item: string, more: Partial<Parameters<typeof askedOf>[0][number]> = {}) => ({
  command: 'review.discard',
  about: { item },
  state: 'captured' as const,
  isSettled: false,
  reason: null,
  facts: {},
  ...more,
})

test('asked until the rows of the decision are here', () => {
  for (const state of ['captured', 'sent', 'accepted', 'adjusted'] as const)
    expect(askedOf([entry('a', { state })]).get('a')).toEqual({ state: 'asked' })
  expect(askedOf([entry('a', { state: 'accepted', isSettled: true })]).size).toBe(0)
})

test('what the hub refused stays, with its reason', () => {
  const refused = { state: 'refused', isSettled: true, reason: 'sales.unknown-order', facts: { order: 'O-1' } } as const
  expect(askedOf([entry('a', refused)]).get('a')).toEqual({
    state: 'stayed',
    reason: 'sales.unknown-order',
    facts: { order: 'O-1' },
  })
})

test('a decision that was taken back waits again, and an earlier refusal is history', () => {
  const newestFirst = [
    entry('a', { command: 'review.reopen', state: 'accepted', isSettled: true }),
    entry('a', { state: 'accepted', isSettled: true }),
    entry('b', { state: 'captured' }),
    entry('b', { state: 'refused', isSettled: true, reason: 'review.already-settled' }),
    entry('c', { command: 'sales.placeOrder' }),
  ]
  expect([...askedOf(newestFirst)]).toEqual([['b', { state: 'asked' }]])
})
