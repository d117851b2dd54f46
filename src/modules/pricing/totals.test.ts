// Totals against an oracle in exact rationals that shares no code with the product, and the laws of every document.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AmountMinor, amountMinor, quantity6, rate6 } from '../../kernel/amount.ts'
import type { Discount, DocumentTotals, LineSums, LineTax, TotalsLine, TotalsSettings } from './price-types.ts'
import { computeTotals } from './totals.ts'
import { times } from '../../testing/properties.ts'

const units = (n: number) => quantity6(Math.round(n * 1_000_000))
const percent = (n: number) => rate6(Math.round(n * 1_000_000))
const cents = (n: number): AmountMinor => amountMinor(n)
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

function totals(lines: TotalsLine[], over: Partial<TotalsSettings> = {}): DocumentTotals {
  const result = computeTotals(lines, settings(over))
  if (!result.ok) throw new Error(`${result.code} ${JSON.stringify(result.facts)}`)
  return result
}
const soldSums = (line: TotalsLine, over: Partial<TotalsSettings> = {}): LineSums => {
  const [sold] = totals([line], over).lines
  if (sold === undefined) throw new Error('no line')
  return { quantity: line.quantity, gross: sold.gross, discount: sold.discount, taxes: sold.taxes }
}
const nothing: LineSums = { quantity: units(0), gross: cents(0), discount: cents(0), taxes: [] }

describe('one line', () => {
  test('exclusive: net 100.00, tax 20.00, total 120.00', () => {
    expect(totals([aLine(2, 50)])).toMatchObject({
      gross: 10_000,
      discount: 0,
      net: 10_000,
      tax: 2_000,
      total: 12_000,
      taxes: [{ code: 'S', base: 10_000, tax: 2_000 }],
    })
  })
  test('inclusive: tax = gross − round(gross ÷ (1 + Σ rates))', () => {
    expect(totals([aLine(1, 9.99)], { pricesIncludeTax: true })).toMatchObject({
      gross: 999,
      net: 833,
      tax: 166,
      total: 999,
    })
  })
  test('inclusive of two rates: taken out together, split by rate', () => {
    const two = [
      { code: 'GST', percent: percent(5) },
      { code: 'PST', percent: percent(10) },
    ]
    expect(totals([aLine(1, 115, { taxes: two })], { pricesIncludeTax: true })).toMatchObject({
      net: 10_000,
      tax: 1_500,
      taxes: [
        { code: 'GST', base: 10_000, tax: 500 },
        { code: 'PST', base: 10_000, tax: 1_000 },
      ],
    })
  })
  test('no tax, outside scope, zero rate', () => {
    for (const taxes of [[], [{ code: 'O', percent: percent(0) }]]) {
      expect(totals([aLine(1, 9.99, { taxes })], { pricesIncludeTax: true })).toMatchObject({
        net: 999,
        tax: 0,
        total: 999,
      })
    }
  })
  test('a half is rounded away from zero, and the return mirrors', () => {
    expect(totals([aLine(1, 0.125, { taxes: [] })]).total).toBe(13)
    expect(totals([aLine(-1, 0.125, { taxes: [] })]).total).toBe(-13)
  })
  test('an empty document is all zeros', () =>
    expect(totals([])).toMatchObject({ gross: 0, net: 0, tax: 0, total: 0, lines: [], taxes: [] }))
})

describe('discounts', () => {
  test('rule → line discount → document discount, each on what the one before left', () => {
    const [line] = totals([aLine(1, 100, { ruleDiscount: cents(2_000), lineDiscount: off(10) })], {
      documentDiscounts: [off(50), less(100)],
    }).lines
    expect(line).toMatchObject({
      gross: 10_000,
      ruleDiscount: 2_000,
      lineDiscount: 800,
      documentDiscount: 3_700,
      discount: 6_500,
      net: 3_500,
      tax: 700,
      total: 4_200,
    })
  })
  test('document discount: split before tax, remainder to the largest line', () => {
    const lines = [aLine(1, 3.33, { line: 'a' }), aLine(1, 3.34, { line: 'b' }), aLine(1, 3.33, { line: 'c' })]
    const result = totals(lines, { documentDiscounts: [less(100)] })
    expect(result.lines.map((line) => line.documentDiscount)).toEqual([33, 34, 33])
    expect(result).toMatchObject({ gross: 1_000, discount: 100, net: 900 })
  })
  test('no line ever turns negative under it', () => {
    const result = totals(
      Array.from({ length: 3 }, () => aLine(1, 0.01, { taxes: [] })),
      { documentDiscounts: [less(2)] },
    )
    expect(result.lines.map((line) => line.total).sort((a, b) => a - b)).toEqual([0, 0, 1])
  })
  test('all of it may go, in both tax modes', () => {
    for (const pricesIncludeTax of [true, false]) {
      expect(totals([aLine(3, 9.99)], { pricesIncludeTax, documentDiscounts: [off(100)] })).toMatchObject({
        discount: 2_997,
        net: 0,
        tax: 0,
        total: 0,
      })
    }
  })
  test('what is not discountable keeps its price', () => {
    const result = totals([aLine(1, 50, { isDiscountable: false }), aLine(1, 50, { line: 'b' })], {
      documentDiscounts: [off(10)],
    })
    expect(result.lines.map((line) => line.documentDiscount)).toEqual([0, 500])
  })
  test('an exchange: the discount is for what is bought, not for what comes back', () => {
    const result = totals([aLine(1, 100), aLine(-1, 40, { line: 'b' })], { documentDiscounts: [off(10)] })
    expect(result.lines.map((line) => line.documentDiscount)).toEqual([1_000, 0])
  })
})

describe('tax rounding', () => {
  const lines = Array.from({ length: 10 }, (_, i) => aLine(1, 0.02, { line: `${i}` }))
  test('per line: ten times round(0.004) is nothing', () => expect(totals(lines).tax).toBe(0))
  test('per code over the document: round(0.04) is 0.04, and no line strays by more than 0.01', () => {
    const result = totals(lines, { taxRounding: 'document' })
    expect(result.tax).toBe(4)
    for (const line of result.lines) expect([0, 1]).toContain(line.tax)
  })
  test('a code with two percentages (tax points before and after a change) stays two sums', () => {
    const changed = [aLine(1, 10), aLine(1, 10, { line: 'b', taxes: [{ code: 'S', percent: percent(25) }] })]
    expect(totals(changed, { taxRounding: 'document' }).taxes).toEqual([
      { code: 'S', percent: percent(20), base: 1_000, tax: 200 },
      { code: 'S', percent: percent(25), base: 1_000, tax: 250 },
    ])
  })
})

describe('linked returns', () => {
  const sold = (price = 10, over: Partial<TotalsSettings> = {}): LineSums =>
    soldSums(aLine(3, price, { lineDiscount: less(1) }), over)
  const back = (n: number, origin: TotalsLine['origin'], over: Partial<TotalsSettings> = {}) => {
    const [line] = totals([aLine(-n, 0, { origin: origin ?? null, taxes: [] })], over).lines
    if (line === undefined) throw new Error('no line')
    return line
  }
  test('partial: tax in proportion; the one that empties the line takes the rest', () => {
    const origin = {
      sold: { ...sold(), gross: cents(1_000), discount: cents(0), taxes: [{ ...vat[0]!, tax: cents(100) }] },
      returned: nothing,
    }
    expect(back(1, origin)).toMatchObject({ gross: -333, tax: -33, total: -366 })
    const twice = { quantity: units(2), gross: cents(666), discount: cents(0), taxes: [{ ...vat[0]!, tax: cents(66) }] }
    expect(back(1, { ...origin, returned: twice })).toMatchObject({ gross: -334, tax: -34, total: -368 })
  })
  test('the whole line at once mirrors the sale', () => {
    for (const pricesIncludeTax of [true, false]) {
      const origin = { sold: sold(9.99, { pricesIncludeTax }), returned: nothing }
      const [line] = totals([aLine(3, 9.99, { lineDiscount: less(1) })], { pricesIncludeTax }).lines
      expect(back(3, origin, { pricesIncludeTax })).toMatchObject({
        gross: -(line?.gross ?? 0),
        discount: -(line?.discount ?? 0),
        net: -(line?.net ?? 0),
        tax: -(line?.tax ?? 0),
        total: -(line?.total ?? 0),
      })
    }
  })
  test('more than was sold goes on in proportion: an exception for people, not an arithmetic error', () => {
    expect(
      back(4, { sold: { ...sold(), gross: cents(300), discount: cents(0), taxes: [] }, returned: nothing }),
    ).toMatchObject({ gross: -400 })
  })
  test('document rounding and document discounts leave it alone', () => {
    const origin = { sold: sold(), returned: nothing }
    const alone = back(1, origin)
    const result = totals([aLine(-1, 0, { line: 'r', origin }), aLine(1, 0.02, { line: 'n' })], {
      taxRounding: 'document',
      documentDiscounts: [off(50)],
    })
    expect(result.lines[0]).toEqual({ ...alone, line: 'r' })
  })
  test('piece by piece in any steps: the sums of all returns are the sale, and none pays back with the wrong sign', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(steps, fc.nat(300), fc.nat(100), fc.boolean(), (pieces, price, discount, pricesIncludeTax) => {
        const quantity = pieces.reduce((a, b) => a + b, 0)
        const line = aLine(quantity, price / 100, { lineDiscount: off(discount) })
        const whole = soldSums(line, { pricesIncludeTax })
        let returned: LineSums = nothing
        for (const piece of pieces) {
          const part = back(piece, { sold: whole, returned }, { pricesIncludeTax })
          expect(part.gross).toBeLessThanOrEqual(0)
          expect(part.gross - part.discount).toBeLessThanOrEqual(0)
          expect(part.tax).toBeLessThanOrEqual(0)
          returned = {
            quantity: quantity6(returned.quantity + units(piece)),
            gross: cents(returned.gross - part.gross),
            discount: cents(returned.discount - part.discount),
            taxes: [{ ...vat[0]!, tax: cents((returned.taxes[0]?.tax ?? 0) - part.tax) }],
          }
        }
        expect(returned).toMatchObject({
          quantity: whole.quantity,
          gross: whole.gross,
          discount: whole.discount,
          taxes: [{ tax: whole.taxes[0]?.tax }],
        })
      }),
      { numRuns: times(500) },
    )
  })
})

// ── The oracle: rationals [n, d], written from documents.md §1 alone ─────────────────────────────────────────────────
const abs = (n: bigint): bigint => (n < 0n ? -n : n)
function near(n: bigint, d: bigint): bigint {
  const doubled = abs(n) * 2n
  const size = doubled / d / 2n + ((doubled / d) % 2n === 1n ? 1n : 0n)
  return n < 0n ? -size : size
}
interface Draft {
  q: number
  r: number
  rule: number
  disc: number
  tax: number
}
function oracle(drafts: Draft[], s: { digits: number; inclusive: boolean; byDocument: boolean; docPercent: number }) {
  const lines = drafts.map(({ q, r, rule, disc, tax }) => {
    const gross = near(BigInt(q) * BigInt(r) * 10n ** BigInt(s.digits), 10n ** 12n)
    const afterRule = gross - near(gross * BigInt(rule), 100n)
    return { gross, tax: BigInt(tax), amount: afterRule - near(afterRule * BigInt(disc), 100n) }
  })
  const anyForward = lines.some((l) => l.amount > 0n)
  const whole = lines.reduce((sum, l) => (anyForward && l.amount < 0n ? sum : sum + l.amount), 0n)
  const total = lines.reduce((sum, l) => sum + l.amount, 0n) - near(whole * BigInt(s.docPercent), 100n)
  return { gross: lines.reduce((sum, l) => sum + l.gross, 0n), amount: total }
}
const draft = fc.record({
  q: fc.integer({ min: -5_000_000, max: 50_000_000 }),
  r: fc.nat(99_999_999),
  rule: fc.nat(40),
  disc: fc.nat(100),
  tax: fc.constantFrom(0, 7, 19, 20),
})
const setting = fc.record({
  digits: fc.constantFrom(0, 2, 3),
  inclusive: fc.boolean(),
  byDocument: fc.boolean(),
  docPercent: fc.nat(100),
})

function toLines(drafts: Draft[], digits: number): TotalsLine[] {
  return drafts.map(({ q, r, rule, disc, tax }, i) => {
    const gross = near(BigInt(q) * BigInt(r) * 10n ** BigInt(digits), 10n ** 12n)
    return {
      line: `${i}`,
      quantity: quantity6(q),
      rate: rate6(r),
      taxes: [{ code: `T${tax}`, percent: percent(tax) }],
      ruleDiscount: cents(Number(abs(near(gross * BigInt(rule), 100n)))),
      lineDiscount: off(disc),
    }
  })
}

describe('every document', () => {
  test('agrees with the rationals, and its sums add up', { timeout: times(60_000) }, () => {
    fc.assert(
      fc.property(fc.array(draft, { maxLength: 12 }), setting, (drafts, s) => {
        const result = totals(toLines(drafts, s.digits), {
          minorDigits: s.digits,
          pricesIncludeTax: s.inclusive,
          taxRounding: s.byDocument ? 'document' : 'line',
          documentDiscounts: [off(s.docPercent)],
        })
        const exact = oracle(drafts, s)
        expect(BigInt(result.gross)).toBe(exact.gross)
        expect(BigInt(result.gross - result.discount)).toBe(exact.amount)
        expect(result.net + result.tax).toBe(result.total)
        if (s.inclusive) expect(result.total).toBe(Number(exact.amount))
        else expect(result.net).toBe(Number(exact.amount))
        const taxOf = (amount: bigint, rate: bigint): bigint =>
          s.inclusive ? amount - near(amount * 100n, 100n + rate) : near(amount * rate, 100n)
        const sums = new Map<number, { amount: bigint; tax: bigint }>()
        result.lines.forEach((line, i) => {
          const rate = drafts[i]?.tax ?? 0
          const amount = BigInt(line.gross - line.discount)
          const tax = taxOf(amount, BigInt(rate))
          if (s.byDocument) expect(abs(BigInt(line.tax) - tax)).toBeLessThanOrEqual(1n)
          else expect(BigInt(line.tax)).toBe(tax)
          expect(line.ruleDiscount + line.lineDiscount + line.documentDiscount).toBe(line.discount)
          expect(line.net + line.tax).toBe(line.total)
          expect(line.total * line.gross).toBeGreaterThanOrEqual(0) // no line turns its sign
          const sum = sums.get(rate) ?? { amount: 0n, tax: 0n }
          sums.set(rate, { amount: sum.amount + amount, tax: sum.tax + BigInt(line.tax) })
        })
        for (const [rate, sum] of sums) {
          if (s.byDocument) expect(sum.tax).toBe(taxOf(sum.amount, BigInt(rate)))
          expect(result.taxes.find((tax) => tax.code === `T${rate}`)).toMatchObject({ tax: Number(sum.tax) })
        }
        for (const key of ['gross', 'discount', 'net', 'tax', 'total'] as const) {
          expect(result.lines.reduce((sum, line) => sum + line[key], 0)).toBe(result[key])
        }
      }),
      { numRuns: times(1500) },
    )
  })
  test('turned round, it is its own mirror image', () => {
    fc.assert(
      fc.property(
        fc.array(
          draft.filter(({ q }) => q > 0),
          { maxLength: 8 },
        ),
        setting,
        (drafts, s) => {
          const over = {
            minorDigits: s.digits,
            pricesIncludeTax: s.inclusive,
            taxRounding: s.byDocument ? 'document' : 'line',
            documentDiscounts: [off(s.docPercent)],
          } as const
          const sale = totals(toLines(drafts, s.digits), over)
          const back = totals(
            toLines(
              drafts.map((each) => ({ ...each, q: -each.q })),
              s.digits,
            ),
            over,
          )
          const mirror = (n: number): number => 0 - n
          for (const key of ['gross', 'discount', 'net', 'tax', 'total'] as const) {
            expect(back[key]).toBe(mirror(sale[key]))
            expect(back.lines.map((line) => line[key])).toEqual(sale.lines.map((line) => mirror(line[key])))
          }
        },
      ),
    )
  })
})
