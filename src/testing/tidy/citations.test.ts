// Shows that a sync rule without its implementation or its test is found.
import { expect, test } from 'vitest'
import { everyRuleIsCited } from './citations.ts'

const page = (text: string): { path: string; text: string } => ({ path: 'docs/sync.md', text })
const source = { path: 'src/sync/push.ts', text: '// [PUSH2] the answer is kept' }
const proof = { path: 'src/sync/push.test.ts', text: `test('[PUSH2] a lost answer is asked for again')` }

test('a rule with both is fine, in any kind of list', () => {
  expect(everyRuleIsCited([page('- **PUSH2** The answer is kept.'), source, proof])).toEqual([])
  expect(everyRuleIsCited([page('1. **PUSH2**: The answer is kept.'), source, proof])).toEqual([])
})

test('a rule without its source, its test or both is named', () => {
  const rule = page('- **PUSH2** The answer is kept.')
  expect(everyRuleIsCited([rule, proof])).toEqual([expect.stringContaining('implemented nowhere')])
  expect(everyRuleIsCited([rule, source])).toEqual([expect.stringContaining('tested nowhere')])
  expect(everyRuleIsCited([rule])).toHaveLength(2)
})

test('neither the simulated world nor another id counts as the implementation', () => {
  const rule = page('- **PUSH2** The answer is kept.')
  expect(everyRuleIsCited([rule, proof, { path: 'src/testing/laws.ts', text: '[PUSH2]' }])).toHaveLength(1)
  expect(everyRuleIsCited([rule, proof, { path: 'src/sync/a.ts', text: '[PUSH21] PUSH2' }])).toHaveLength(1)
})

test('an id used twice, and a page without ids, are found; no page is no rules', () => {
  expect(everyRuleIsCited([page('- **PUSH2** a\n- **PUSH2** b'), source, proof])).toEqual([
    expect.stringContaining('two rules'),
  ])
  expect(everyRuleIsCited([page('Just **words**.')])).toHaveLength(1)
  expect(everyRuleIsCited([source])).toEqual([])
})
