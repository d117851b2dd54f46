// Token buckets against what they promise over any time: never more than the burst and what the time brought.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TokenBuckets } from './token-buckets.ts'

test('a burst is let through, then as many as the time brings, and the wait that is said is enough', () => {
  const buckets = new TokenBuckets({ burst: 3, perSecond: 2 })
  expect([1, 2, 3].map(() => buckets.take('a', 1000))).toEqual([0, 0, 0])
  const wait = buckets.take('a', 1000)
  expect(wait).toBe(500)
  expect(buckets.take('b', 1000)).toBe(0)
  expect(buckets.take('a', 1000 + wait - 1)).toBeGreaterThan(0)
  expect(buckets.take('a', 1000 + wait)).toBe(0)
})

test('for any comings and any clock, also one that jumps back, nobody gets more than burst and time allow', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5_000, max: 2_000 }), { maxLength: 200 }), (steps) => {
      const buckets = new TokenBuckets({ burst: 5, perSecond: 10 })
      let now = 1_000_000
      let forward = 0
      let taken = 0
      for (const step of steps) {
        now += step
        forward += Math.max(0, step)
        if (buckets.take('a', now) === 0) taken += 1
      }
      expect(taken).toBeLessThanOrEqual(5 + forward / 100 + 1e-6)
    }),
  )
})

test('twenty thousand quiet callers are forgotten, one that came just now is not', () => {
  const buckets = new TokenBuckets({ burst: 1, perSecond: 1 })
  for (let caller = 0; caller < 20_000; caller++) buckets.take(`quiet ${caller}`, caller)
  expect(buckets.take('loud', 20_000)).toBe(0)
  for (let caller = 0; caller < 20_000; caller++) buckets.take(`other ${caller}`, 20_000 + caller / 100)
  expect(buckets.take('loud', 20_300)).toBeGreaterThan(0)
})
