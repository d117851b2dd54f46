// What can be decided about what, and with which arguments.
import { expect, test } from 'vitest'
import { argsOf, choicesFor, choicesForAll, combined } from './choices.ts'
import { inOrder, passes, type InboxItem } from './inbox-item.ts'

const common = { title: '', why: '', by: 'ann', since: 1, branch: 'leeds', owner: null, isUrgent: false, isMine: true }
const parked = (id: string, more: Partial<InboxItem> = {}): InboxItem =>
  ({ ...common, id, kind: 'parked', group: 'parked/sales.placeOrder', row: {}, ...more }) as InboxItem
const raised = (id: string, more: Partial<InboxItem> = {}): InboxItem =>
  ({ ...common, id, kind: 'exception', group: 'exception/OVERSOLD', row: {}, ...more }) as InboxItem
const lost = (id: string, kept: unknown, other: unknown): InboxItem =>
  ({
    ...common,
    id,
    kind: 'value',
    group: 'value/masters.party.phone',
    row: { base: null, kept: JSON.stringify(kept), lost: JSON.stringify(other) },
  }) as InboxItem
const all = () => true
const ids = (choices: readonly { id: string }[]): string[] => choices.map(({ id }) => id)

test('choices follow the kind and the rights', () => {
  expect(ids(choicesFor(parked('a'), all))).toEqual(['resubmit', 'force', 'discard'])
  expect(ids(choicesFor(parked('a'), (right) => right === 'review.settle'))).toEqual(['resubmit', 'discard'])
  expect(ids(choicesFor(raised('a'), () => false))).toEqual([])
  expect(ids(choicesFor(lost('a', '1', '2'), all))).toEqual(['keep', 'restore'])
  expect(ids(choicesFor(lost('a', 'ring twice', 'use the back door'), all))).toEqual(['keep', 'restore', 'combine'])
})

test('of many only what fits all of them', () => {
  expect(ids(choicesForAll([parked('a'), parked('b')], all))).toEqual(['resubmit', 'force', 'discard'])
  expect(ids(choicesForAll([lost('a', 'two words', 'three words'), lost('b', '1', '2')], all))).toEqual([
    'keep',
    'restore',
  ])
  expect(choicesForAll([parked('a'), raised('b')], all)).toEqual([])
  expect(choicesForAll([], all)).toEqual([])
})

test('arguments of each', () => {
  const of = (item: InboxItem, id: string, note: string, changed: object | null = null) => {
    const choice = choicesFor(item, all).find((each) => each.id === id)
    if (choice === undefined) throw new Error(id)
    return argsOf(item, choice, note, changed as never)
  }
  expect(of(parked('p'), 'resubmit', ' ignored ')).toEqual({ item: 'p' })
  expect(of(parked('p'), 'resubmit', '', { text: 'x' })).toEqual({ item: 'p', args: { text: 'x' } })
  expect(of(parked('p'), 'discard', ' twice ')).toEqual({ item: 'p', reason: 'twice' })
  expect(of(raised('e'), 'close', 'counted')).toEqual({ exception: 'e', remark: 'counted' })
  expect(of(lost('v', '1', '2'), 'keep', '')).toEqual({ lost: 'v', restore: false })
  expect(of(lost('v', 'a b', 'c d'), 'combine', 'both')).toEqual({
    lost: 'v',
    restore: true,
    instead: ['a b\nc d'],
    remark: 'both',
  })
})

test('lists unite, phone numbers don’t', () => {
  expect(combined({ base: '["a"]', kept: '["a","b"]', lost: '["a","c"]' })).toEqual(['a', 'b', 'c'])
  expect(combined({ base: null, kept: '"01632 1"', lost: '"01632 2"' })).toBeNull()
})

test('what can’t wait first, what is alike together, the longest waiting first', () => {
  const items = [
    raised('late', { since: 9 }),
    parked('young', { since: 5 }),
    parked('note', { since: 2, group: 'parked/crm.addNote' }),
    parked('old', { since: 1 }),
    raised('recall', { since: 8, group: 'exception/RECALLED_SOLD', isUrgent: true }),
  ]
  expect(inOrder(items).map(({ id }) => id)).toEqual(['recall', 'old', 'young', 'note', 'late'])
  const filter = { kind: null, isMine: false, branch: null }
  expect(items.filter(passes({ ...filter, kind: 'exception' })).map(({ id }) => id)).toEqual(['late', 'recall'])
  expect([raised('not', { isMine: false }), raised('mine')].filter(passes({ ...filter, isMine: true })).length).toBe(1)
  expect(
    [parked('here'), parked('there', { branch: 'york' })].filter(passes({ ...filter, branch: 'york' })).length,
  ).toBe(1)
})
