// Tax by itself: dated rates, the inclusive formula over a whole range, and codes taken out of one price together.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { amountMinor, rate6 } from '../../kernel/amount.ts'
import type { LineTax, TaxCode } from './price-types.ts'
import { addedTax, includedTax, taxByDocument, taxKey, taxRateOn } from './tax.ts'

const percent = (n: number) => rate6(Math.round(n * 1_000_000))
const standard: TaxCode = {
  code: 'S',
  treatment: 'standard',
  rates: [
    { from: '2021-01-01', percent: percent(19) },
    { from: '2020-07-01', percent: percent(16) },
    { from: '2007-01-01', percent: percent(19) },
  ],
}

describe('dated rates', () => {
  test.each([
    ['2006-12-31', null],
    ['2007-01-01', 19],
    ['2020-06-30', 19],
    ['2020-07-01', 16],
    ['2020-12-31', 16],
    ['2021-01-01', 19],
  ])('on %s: %s %%', (day, expected) => {
    expect(taxRateOn(standard, day)).toBe(expected === null ? null : percent(expected))
  })
  test.each(['zero', 'exempt', 'reverse-charge', 'outside-scope'] as const)(
    '%s is 0 whatever its rates say',
    (treatment) => {
      expect(taxRateOn({ ...standard, treatment }, '2026-11-21')).toBe(0)
    },
  )
  test('reduced has its rates', () =>
    expect(taxRateOn({ ...standard, treatment: 'reduced' }, '2020-08-01')).toBe(percent(16)))
})

describe('inclusive and exclusive', () => {
  test('every price from −50.00 to 50.00 at usual rates: tax = gross − round(gross ÷ (1 + rate))', () => {
    for (const rate of [0, 5.5, 7, 19, 20, 25]) {
      for (let gross = -5_000; gross <= 5_000; gross++) {
        const d = 1_000n + BigInt(rate * 10)
        const size = (2_000n * BigInt(Math.abs(gross)) + d) / (2n * d)
        const expected = Math.sign(gross) * (Math.abs(gross) - Number(size))
        const tax = includedTax(amountMinor(gross), [{ code: 'S', percent: percent(rate) }])[0]
        if (tax?.tax !== expected + 0 || tax.base + tax.tax !== gross) expect({ gross, rate, tax }).toBe(expected)
      }
    }
  })
  test('codes in one price add up to the whole tax, each with its sign', () => {
    const taxes = fc.array(
      fc.record({ code: fc.string({ minLength: 1 }), percent: fc.integer({ min: 0, max: 40 }).map(percent) }),
      { minLength: 1, maxLength: 4 },
    )
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), taxes, (gross, codes) => {
        const split = includedTax(amountMinor(gross), codes)
        const whole = includedTax(amountMinor(gross), [
          { code: 'all', percent: rate6(codes.reduce((sum, each) => sum + each.percent, 0)) },
        ])[0]
        expect(split.reduce((sum, each) => sum + each.tax, 0)).toBe(whole?.tax)
        for (const each of split) {
          expect(each.tax * gross).toBeGreaterThanOrEqual(0)
          expect(each.base).toBe(whole?.base)
          if (each.percent === 0) expect(Math.abs(each.tax)).toBe(0)
        }
      }),
    )
  })
  test('tax on top is rounded code by code', () => {
    const two: LineTax[] = [
      { code: 'GST', percent: percent(5) },
      { code: 'QST', percent: percent(9.975) },
    ]
    expect(addedTax(amountMinor(1_010), two).map(({ tax }) => tax)).toEqual([51, 101])
  })
  test('by document, codes shared by different lines are summed by code', () => {
    const gst: LineTax = { code: 'GST', percent: percent(5) }
    const lines = [
      { amount: amountMinor(10), taxes: [gst] },
      { amount: amountMinor(10), taxes: [{ code: 'PST', percent: percent(7) }, gst] },
    ]
    const taxes = taxByDocument(lines, false)
    expect(taxes.map((line) => line.map(({ code, tax }) => [code, tax]))).toEqual([
      [['GST', 1]],
      [
        ['PST', 1],
        ['GST', 0],
      ],
    ])
  })
  test('keys of tax sets never collide', () => {
    const key = (...codes: string[]): string => taxKey(codes.map((code) => ({ code, percent: percent(1) })))
    expect(new Set([key('a', 'b'), key('a+b'), key('a=1000000+1:b'), key('ab'), key('b', 'a')]).size).toBe(5)
  })
})
