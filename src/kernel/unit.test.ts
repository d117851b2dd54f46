// Stock quantities: exact or refused, against rationals.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Quantity6, quantity6 } from './amount.ts'
import { decimalsOf, isExactIn, toStock } from './unit.ts'

const q = (units: number): Quantity6 => quantity6(Math.round(units * 1e6))

describe('toStock', () => {
  test('2 boxes of 12 are 24 pieces; a return is −24', () => {
    expect(toStock(q(2), 12, 1, 0)).toEqual({ ok: true, value: 24_000_000 })
    expect(toStock(q(-2), 12, 1, 0)).toEqual({ ok: true, value: -24_000_000 })
  })
  test('250 g are 0.25 kg', () => expect(toStock(q(250), 1, 1000, 3)).toEqual({ ok: true, value: 250_000 }))
  test('a third of a box of ten is not in the warehouse: refused, never rounded', () => {
    expect(toStock(q(1), 10, 3, 6)).toMatchObject({ ok: false, code: 'unit.not-exact' })
    expect(toStock(q(3), 10, 3, 0)).toEqual({ ok: true, value: 10_000_000 })
  })
  test('whole-number units take whole ones only', () => {
    const pieces = { decimals: 3, wholeNumber: true }
    expect(decimalsOf(pieces)).toBe(0)
    expect(toStock(q(1.5), 1, 1, decimalsOf(pieces))).toMatchObject({ ok: false, code: 'unit.not-exact' })
    expect(isExactIn(q(1.5), 0)).toBe(false)
    expect(isExactIn(q(1.5), 1)).toBe(true)
  })
  test('a factor that is no fraction of positive whole numbers is refused', () => {
    for (const [num, den] of [
      [0, 1],
      [1, 0],
      [-1, 1],
      [1.5, 1],
      [1, Number.NaN],
    ] as const) {
      expect(toStock(q(1), num, den, 6)).toMatchObject({ ok: false, code: 'unit.factor-invalid' })
    }
  })
  test('beyond 2^53 − 1 is refused', () => {
    expect(toStock(quantity6(Number.MAX_SAFE_INTEGER), 2, 1, 6)).toMatchObject({ code: 'unit.out-of-range' })
  })
  test('what is accepted satisfies stock × den = quantity × num exactly, and nothing exact is refused', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.nat(6),
        (n, num, den, decimals) => {
          const stock = toStock(quantity6(n), num, den, decimals)
          const step = 10n ** BigInt(6 - decimals)
          const exact =
            (BigInt(n) * BigInt(num)) % BigInt(den) === 0n && ((BigInt(n) * BigInt(num)) / BigInt(den)) % step === 0n
          expect(stock.ok).toBe(exact)
          if (stock.ok) expect(BigInt(stock.value) * BigInt(den)).toBe(BigInt(n) * BigInt(num))
        },
      ),
    )
  })
})
