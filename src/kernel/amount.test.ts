// Amounts against exact rationals: the oracle below shares no code with amount.ts and never touches a double.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AmountMinor,
  amountMinor,
  cashRounding,
  convert,
  formatAmount,
  formatDecimal,
  formatQuantity,
  formatRate,
  lineAmount,
  mulDivRound,
  mulRate,
  parseAmount,
  parseDecimal,
  parseQuantity,
  parseRate,
  percentOf,
  quantity6,
  rate6,
  roundDiv,
  sumAmounts,
} from './amount.ts'
import { times } from '../testing/properties.ts'

const MAX = BigInt(Number.MAX_SAFE_INTEGER)
const minor = (value: number): AmountMinor => amountMinor(value)

/** Half away from zero by searching the neighbours of the floor for the nearest. */
function nearest(numerator: bigint, denominator: bigint): bigint {
  const [n, d] = denominator < 0n ? [-numerator, -denominator] : [numerator, denominator]
  const guess = n / d
  let best = guess
  for (const near of [guess - 1n, guess, guess + 1n]) {
    const far = (x: bigint): bigint => (n - x * d < 0n ? x * d - n : n - x * d)
    const away = near < 0n ? -near : near
    const bestAway = best < 0n ? -best : best
    if (far(near) < far(best) || (far(near) === far(best) && away > bestAway)) best = near
  }
  return best
}

const wide = fc.maxSafeInteger()
const usual = fc.integer({ min: -2_000_000_000, max: 2_000_000_000 })
const integer = fc.oneof(wide, usual)

function agrees(ours: () => number, exact: bigint): void {
  if (exact > MAX || exact < -MAX) expect(ours).toThrow(/2\^53/)
  else expect(ours()).toBe(Number(exact)) // toBe tells -0 from 0
}

describe('rounding', () => {
  test('half away from zero, both signs of both sides', () => {
    const cases: [bigint, bigint, bigint][] = [
      [5n, 10n, 1n],
      [-5n, 10n, -1n],
      [15n, 10n, 2n],
      [25n, 10n, 3n],
      [-25n, 10n, -3n],
      [24n, 10n, 2n],
      [5n, -10n, -1n],
      [-5n, -10n, 1n],
      [0n, 7n, 0n],
      [1n, 3n, 0n],
      [2n, 3n, 1n],
    ]
    for (const [n, d, expected] of cases) expect(roundDiv(n, d)).toBe(expected)
  })
  test('a division by 0 is a bug', () => expect(() => roundDiv(1n, 0n)).toThrow(/denominator/))
  test('roundDiv is the nearest integer', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), (n, d) => {
        fc.pre(d !== 0n)
        expect(roundDiv(n, d)).toBe(nearest(n, d))
      }),
    )
  })
  test('mulDivRound is exact on both of its paths', () => {
    fc.assert(
      fc.property(
        integer,
        integer,
        fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(1e6, 1e8, 1e10, 1e12)),
        (a, b, d) => {
          agrees(() => mulDivRound(a, b, d, 'x'), nearest(BigInt(a) * BigInt(b), BigInt(d)))
        },
      ),
      { numRuns: times(2000) },
    )
  })
})

describe('products', () => {
  test('74 215 × 1.04 passes 2^53 at 6 + 6 decimals and is still exact (documents.md §0.9)', () => {
    expect(lineAmount(quantity6(74_215_000_000), rate6(1_040_000), 2)).toBe(7_718_360)
  })
  test('a price with three decimals: 1 × 0.125 is 0.13, and its return −0.13', () => {
    expect(lineAmount(quantity6(1_000_000), rate6(125_000), 2)).toBe(13)
    expect(lineAmount(quantity6(-1_000_000), rate6(125_000), 2)).toBe(-13)
  })
  test('yen have no minor digits, dinars three', () => {
    expect(lineAmount(quantity6(2_500_000), rate6(99_000_000), 0)).toBe(248)
    expect(lineAmount(quantity6(2_500_000), rate6(99_000_000), 3)).toBe(247_500)
  })
  test('a line is round(quantity × rate), and a return mirrors its sale', () => {
    fc.assert(
      fc.property(integer, integer, fc.integer({ min: 0, max: 4 }), (q, r, digits) => {
        const exact = nearest(BigInt(q) * BigInt(r) * 10n ** BigInt(digits), 10n ** 12n)
        agrees(() => lineAmount(quantity6(q), rate6(r), digits), exact)
        if (exact <= MAX && exact >= -MAX) {
          expect(lineAmount(quantity6(-q), rate6(r), digits) + lineAmount(quantity6(q), rate6(r), digits)).toBe(0)
        }
      }),
    )
  })
  test('rate and percentage of an amount', () => {
    expect(percentOf(minor(999), rate6(20_000_000))).toBe(200)
    fc.assert(
      fc.property(integer, integer, (a, r) => {
        agrees(() => mulRate(minor(a), rate6(r)), nearest(BigInt(a) * BigInt(r), 10n ** 6n))
        agrees(() => percentOf(minor(a), rate6(r)), nearest(BigInt(a) * BigInt(r), 10n ** 8n))
      }),
    )
  })
  test('conversion crosses minor digits: 100.00 EUR at 161.5 is 16150 JPY and back', () => {
    expect(convert(minor(10_000), rate6(161_500_000), { from: 2, to: 0 })).toBe(16_150)
    fc.assert(
      fc.property(usual, usual, fc.nat(4), fc.nat(4), (a, r, from, to) => {
        const exact = nearest(BigInt(a) * BigInt(r) * 10n ** BigInt(to), 10n ** BigInt(6 + from))
        agrees(() => convert(minor(a), rate6(r), { from, to }), exact)
      }),
    )
  })
  test('beyond 2^53 − 1 is a clear error, never a rounded number', () => {
    expect(() => mulRate(minor(Number.MAX_SAFE_INTEGER), rate6(2_000_000))).toThrow(
      'Amount × rate must stay within ±(2^53 - 1)',
    )
    expect(() => amountMinor(2 ** 53)).toThrow(/2\^53/)
    expect(() => amountMinor(1.5)).toThrow(/whole number/)
    expect(() => quantity6(Number.NaN)).toThrow(/whole number/)
    expect(() => sumAmounts([minor(Number.MAX_SAFE_INTEGER), minor(1)])).toThrow(/2\^53/)
  })
})

describe('cash rounding', () => {
  test('to 0.05: 12.32 → 12.30, 12.33 → 12.35, and a refund mirrors', () => {
    expect(cashRounding(minor(1232), 5)).toEqual({ payable: 1230, rounding: -2 })
    expect(cashRounding(minor(1233), 5)).toEqual({ payable: 1235, rounding: 2 })
    expect(cashRounding(minor(-1233), 5)).toEqual({ payable: -1235, rounding: -2 })
    expect(cashRounding(minor(25), 50)).toEqual({ payable: 50, rounding: 25 })
  })
  test('payable is a multiple, nearest, and amount + rounding', () => {
    fc.assert(
      fc.property(usual, fc.constantFrom(1, 5, 10, 50, 100), (a, step) => {
        const { payable, rounding } = cashRounding(minor(a), step)
        expect(BigInt(payable)).toBe(nearest(BigInt(a), BigInt(step)) * BigInt(step))
        expect(a + rounding).toBe(payable)
      }),
    )
  })
})

describe('decimal text', () => {
  test('reads and prints', () => {
    expect(parseAmount('-12.5', 2)).toEqual({ ok: true, value: -1250 })
    expect(parseAmount('12.500', 2)).toEqual({ ok: true, value: 1250 })
    expect(parseAmount('7', 0)).toEqual({ ok: true, value: 7 })
    expect(parseRate('1.04')).toEqual({ ok: true, value: 1_040_000 })
    expect(parseQuantity('0.000001')).toEqual({ ok: true, value: 1 })
    const zero = parseQuantity('-0.0')
    expect(zero.ok && Object.is(zero.value, 0)).toBe(true)
    expect(formatAmount(minor(-5), 2)).toBe('-0.05')
    expect(formatAmount(minor(1250), 0)).toBe('1250')
    expect(formatRate(rate6(1_040_000))).toBe('1.04')
    expect(formatRate(rate6(1_000_000), 2)).toBe('1.00')
    expect(formatQuantity(quantity6(-1_500_000))).toBe('-1.5')
  })
  test('anything else is refused with what is wrong', () => {
    for (const text of ['', ' 1', '+1', '1,5', '1.', '.5', '1e3', '--1', '1 000', '٣', 'NaN', '9'.repeat(80)]) {
      expect(parseAmount(text, 2)).toMatchObject({ ok: false, code: 'decimal.malformed' })
    }
    expect(parseAmount('1.005', 2)).toMatchObject({ ok: false, code: 'decimal.too-fine' })
    expect(parseAmount('90071992547409.92', 2)).toMatchObject({ ok: false, code: 'decimal.out-of-range' })
    expect(parseAmount('90071992547409.91', 2)).toEqual({ ok: true, value: Number.MAX_SAFE_INTEGER })
  })
  test('printing and reading is the identity', () => {
    fc.assert(
      fc.property(integer, fc.nat(6), fc.nat(6), (value, decimals, shown) => {
        const text = formatDecimal(value, decimals, Math.min(shown, decimals))
        expect(text).toMatch(/^-?(0|[1-9]\d*)(\.\d+)?$/)
        expect(parseDecimal(text, decimals)).toEqual({ ok: true, value: value + 0 })
      }),
    )
  })
})
