// Splitting an amount: the sum, the sign, the ceilings and the place of the remainder.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allocate } from './allocate.ts'
import { amountMinor } from './amount.ts'

const split = (total: number, weights: number[], ceilings?: number[]): number[] =>
  allocate(amountMinor(total), weights, ceilings)

describe('allocate', () => {
  test('in proportion when it divides', () => expect(split(100, [1, 3])).toEqual([25, 75]))
  test('remainder to the largest weight', () => {
    expect(split(100, [333, 334, 333])).toEqual([33, 34, 33])
    expect(split(-100, [333, 334, 333])).toEqual([-33, -34, -33])
    expect(split(10, [1, 1, 1])).toEqual([4, 3, 3]) // the first of equals
  })
  test('a remainder the largest cannot bear goes on to the next: no share turns negative', () => {
    expect(split(5, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1])).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
  })
  test('nor passes its ceiling: 0.01 off three lines of 0.01 never makes one negative', () => {
    expect(split(1, [1, 1, 1], [1, 1, 1])).toEqual([1, 0, 0])
    expect(split(2, [1, 1, 1], [1, 1, 1])).toEqual([0, 1, 1])
  })
  test('nothing to split needs no weight; something does', () => {
    expect(split(0, [])).toEqual([])
    expect(split(0, [0, 0])).toEqual([0, 0])
    expect(() => split(1, [0, 0])).toThrow(/weight above 0/)
    expect(() => split(1, [2, -1])).toThrow(/negative/)
    expect(() => split(9, [1, 1], [4, 4])).toThrow(/ceilings/)
  })
  test('adds up, keeps the sign, bears its ceiling, strays only where the remainder fell', () => {
    const weights = fc.array(fc.oneof(fc.nat(5), fc.nat(1_000_000)), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (w, part, negative) => {
        const sum = w.reduce((a, b) => a + b, 0)
        fc.pre(sum > 0)
        const size = Math.floor(part * sum)
        const total = negative ? -size : size
        const shares = split(total, w, w)
        expect(shares.reduce((a, b) => a + b, 0)).toBe(total + 0)
        shares.forEach((share, i) => {
          expect(negative ? -share : share).toBeGreaterThanOrEqual(0)
          expect(Math.abs(share)).toBeLessThanOrEqual(w[i] ?? 0)
        })
        const largest = w.indexOf(Math.max(...w))
        const exact = (i: number): bigint => (2n * BigInt(size) * BigInt(w[i] ?? 0) + BigInt(sum)) / (2n * BigInt(sum))
        const rounded = w.reduce((rest, _, i) => rest - Number(exact(i)), size)
        const bears = Number(exact(largest)) + rounded
        if (bears < 0 || bears > (w[largest] ?? 0)) return
        shares.forEach((share, i) => {
          if (i !== largest) expect(Math.abs(share)).toBe(Number(exact(i)))
        })
      }),
    )
  })
})
