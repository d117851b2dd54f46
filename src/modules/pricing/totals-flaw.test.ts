// What the arithmetic refuses before it starts, each flaw by its code, and the largest document that passes.
import { describe, expect, test } from 'vitest'
import { amountMinor as cents, quantity6, rate6 } from '../../kernel/amount.ts'
import type { Discount, LineSums, LineTax, TotalsLine, TotalsSettings } from './price-types.ts'
import { computeTotals } from './totals.ts'

const units = (n: number) => quantity6(Math.round(n * 1_000_000))
const percent = (n: number) => rate6(Math.round(n * 1_000_000))
const vat: LineTax[] = [{ code: 'S', percent: percent(20) }]
const aLine = (quantity: number, price: number, over: Partial<TotalsLine> = {}): TotalsLine => ({
  line: 'a',
  quantity: units(quantity),
  rate: percent(price),
  taxes: vat,
  ...over,
})
const settings = (over: Partial<TotalsSettings> = {}): TotalsSettings => ({
  minorDigits: 2,
  pricesIncludeTax: false,
  taxRounding: 'line',
  ...over,
})
const off = (n: number): Discount => ({ kind: 'percent', percent: percent(n) })
const less = (n: number): Discount => ({ kind: 'amount', amount: cents(n) })
const nothing: LineSums = { quantity: units(0), gross: cents(0), discount: cents(0), taxes: [] }

describe('totalsFlaw', () => {
  const flaw = (line: TotalsLine, over: Partial<TotalsSettings> = {}) => computeTotals([line], settings(over))
  const sold: LineSums = {
    quantity: units(3),
    gross: cents(3_000),
    discount: cents(0),
    taxes: [{ code: 'S', percent: percent(20), tax: cents(600) }],
  }
  const origin = { sold, returned: nothing }
  test.each([
    ['pricing.price-negative', aLine(1, -1), {}],
    ['pricing.discount-negative', aLine(1, 1, { ruleDiscount: cents(-1) }), {}],
    ['pricing.discount-negative', aLine(1, 1, { lineDiscount: off(-1) }), {}],
    ['pricing.discount-negative', aLine(1, 1), { documentDiscounts: [less(-1)] }],
    ['pricing.discount-over-line', aLine(1, 1, { ruleDiscount: cents(101) }), {}],
    ['pricing.discount-over-line', aLine(1, 1, { lineDiscount: less(101) }), {}],
    ['pricing.discount-over-line', aLine(1, 1, { lineDiscount: off(100.1) }), {}],
    ['pricing.discount-over-line', aLine(1, 1, { ruleDiscount: cents(60), lineDiscount: less(41) }), {}],
    ['pricing.discount-over-document', aLine(1, 1), { documentDiscounts: [less(101)] }],
    ['pricing.discount-over-document', aLine(1, 1), { documentDiscounts: [off(101)] }],
    ['pricing.discount-over-document', aLine(-1, 1, { origin }), { documentDiscounts: [less(1)] }],
    ['pricing.tax-rate-out-of-range', aLine(1, 1, { taxes: [{ code: 'S', percent: percent(-1) }] }), {}],
    ['pricing.tax-rate-out-of-range', aLine(1, 1, { taxes: [{ code: 'S', percent: percent(1001) }] }), {}],
    ['pricing.amount-out-of-range', aLine(9e9, 9e9), {}],
    [
      'pricing.amount-out-of-range',
      aLine(-9e9, 0, { origin: { ...origin, sold: { ...origin.sold, quantity: quantity6(1) } } }),
      {},
    ],
    ['pricing.origin-malformed', aLine(1, 1, { origin }), {}],
    ['pricing.origin-malformed', aLine(-1, 1, { origin: { ...origin, sold: nothing } }), {}],
  ] as [string, TotalsLine, Partial<TotalsSettings>][])('%s', (code, line, over) =>
    expect(flaw(line, over)).toMatchObject({ ok: false, code }),
  )
  test('the largest document that passes still fits', () => {
    const most = aLine(8e6, 1e6, { taxes: [{ code: 'S', percent: percent(1000) }] })
    expect(computeTotals([most], settings())).toMatchObject({ ok: true, gross: 8e14, total: 8.8e15 })
    expect(computeTotals([most, aLine(1, 0.01)], settings())).toMatchObject({
      ok: false,
      code: 'pricing.amount-out-of-range',
    })
  })
})
