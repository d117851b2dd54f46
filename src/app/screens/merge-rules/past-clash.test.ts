// What a rule would have made of a clash: by hand, case by case.
import { expect, test } from 'vitest'
import type { MergeRule } from '../../../kernel/field.ts'
import { underRule, type PastClash } from './past-clash.ts'

/** Ann changed 10 to 20 first, Bob to 30 second, and Bob's stood. */
const bobStood: PastClash = { base: '10', kept: '30', lost: '20', isMine: 0, state: 'open' }
/** The same with Ann's standing (first wins). */
const annStood: PastClash = { base: '10', kept: '20', lost: '30', isMine: 1, state: 'dismissed' }

test.each<[PastClash, MergeRule, unknown, boolean]>([
  [bobStood, 'later', 30, false],
  [bobStood, 'first', 20, true],
  [bobStood, 'larger', 30, false],
  [bobStood, 'smaller', 20, true],
  [annStood, 'later', 30, true],
  [annStood, 'first', 20, false],
  // Somebody restored Ann's: what stood then was Bob's all the same.
  [{ ...bobStood, kept: '20', lost: '30', state: 'restored' }, 'first', 20, true],
  [{ ...bobStood, kept: '20', lost: '30', state: 'restored' }, 'later', 30, false],
  [{ base: '["a"]', kept: '["a","b"]', lost: '["a","c"]', isMine: 0, state: 'open' }, 'union', ['a', 'c', 'b'], true],
  [{ base: null, kept: '"x"', lost: '"y"', isMine: 0, state: 'open' }, 'append', 'y\nx', true],
])('%j under %s: %j', (clash, rule, would, isOther) => {
  expect(underRule(clash, rule)).toMatchObject({ would, isOther })
})
