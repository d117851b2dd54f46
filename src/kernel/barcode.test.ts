// Barcodes as they are printed: published examples, scale labels, GS1 strings with and without separators.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quantity6 } from './amount.ts'
import { checkDigit, isGtin, makeWeightBarcode, parseGtin, parseWeightBarcode } from './barcode.ts'
import { FNC1, parseGs1, parseGs1Date } from './gs1.ts'
import { times } from '../testing/properties.ts'

describe('GTIN', () => {
  test.each(['4006381333931', '96385074', '036000291452', '10614141000415', '5901234123457'])('%s is one', (gtin) => {
    expect(isGtin(gtin)).toBe(true)
    expect(parseGtin(gtin)).toEqual({ ok: true, value: gtin.padStart(14, '0') })
  })
  test('names what is wrong', () => {
    expect(parseGtin('4006381333932')).toMatchObject({
      ok: false,
      code: 'barcode.wrong-check-digit',
      facts: { expected: 1 },
    })
    expect(parseGtin('400638133393')).toMatchObject({ ok: false, code: 'barcode.wrong-check-digit' })
    expect(parseGtin('40063813339')).toMatchObject({ ok: false, code: 'barcode.wrong-length' })
    expect(parseGtin('400638133393X')).toMatchObject({ ok: false, code: 'barcode.not-digits' })
    expect(parseGtin('')).toMatchObject({ ok: false, code: 'barcode.wrong-length' })
  })
  test('any single wrong digit is noticed', () => {
    const digits = fc.array(fc.nat(9), { minLength: 12, maxLength: 12 })
    fc.assert(
      fc.property(digits, fc.nat(12), fc.integer({ min: 1, max: 9 }), (body, at, shift) => {
        const full = [...body, checkDigit(body.join(''))]
        expect(isGtin(full.join(''))).toBe(true)
        full[at] = ((full[at] ?? 0) + shift) % 10
        expect(isGtin(full.join(''))).toBe(false)
      }),
    )
  })
})

describe('weight barcode', () => {
  const pattern = { prefix: '21', itemDigits: 5, weightDigits: 5 }
  test('prefix, item, weight, check digit: 0.654 kg of item 12345', () => {
    const label = makeWeightBarcode({ item: '12345', weight: quantity6(654_000) }, pattern)
    expect(label).toEqual({ ok: true, value: `211234500654${checkDigit('211234500654')}` })
    expect(parseWeightBarcode(label.ok ? label.value : '', pattern)).toEqual({
      ok: true,
      value: { item: '12345', weight: 654_000 },
    })
  })
  test('zeros of the item number are kept', () => {
    expect(makeWeightBarcode({ item: '42', weight: quantity6(1_000_000) }, pattern)).toMatchObject({
      ok: true,
      value: expect.stringMatching(/^210004201000\d$/),
    })
  })
  test('another prefix, a torn label and too much weight are refused', () => {
    expect(parseWeightBarcode(`221234500654${checkDigit('221234500654')}`, pattern)).toMatchObject({
      code: 'barcode.other-prefix',
    })
    expect(parseWeightBarcode('2112345006549', pattern)).toMatchObject({ code: 'barcode.wrong-check-digit' })
    expect(parseWeightBarcode('21123450065', pattern)).toMatchObject({ code: 'barcode.wrong-length' })
    expect(makeWeightBarcode({ item: '1', weight: quantity6(100_000_000) }, pattern)).toMatchObject({
      code: 'barcode.weight-too-large',
    })
    expect(makeWeightBarcode({ item: '1', weight: quantity6(1_500) }, pattern)).toMatchObject({
      code: 'barcode.weight-too-large',
    })
    expect(makeWeightBarcode({ item: '123456', weight: quantity6(0) }, pattern)).toMatchObject({
      code: 'barcode.wrong-length',
    })
  })
  test('what is printed is read', () => {
    fc.assert(
      fc.property(fc.nat(99_999), fc.nat(99_999), fc.nat(4), (item, steps, weightDecimals) => {
        const own = { ...pattern, weightDecimals }
        const weight = quantity6(steps * 10 ** (6 - weightDecimals))
        const label = makeWeightBarcode({ item: String(item), weight }, own)
        expect(label.ok && parseWeightBarcode(label.value, own)).toEqual({
          ok: true,
          value: { item: String(item).padStart(5, '0'), weight },
        })
      }),
    )
  })
})

describe('GS1', () => {
  test('item, expiry, batch, serial in one scan', () => {
    expect(parseGs1(`]d201095011010209171727013110AB-123${FNC1}211234`, 2026)).toEqual({
      ok: true,
      value: { gtin: '09501101020917', expiresOn: '2027-01-31', batch: 'AB-123', serial: '1234', others: [] },
    })
  })
  test('production date and net weight', () => {
    expect(parseGs1('01095011010209171126050131030012', 2026)).toMatchObject({ ok: false, code: 'gs1.cut-short' })
    expect(parseGs1('0109501101020917112605013103001250', 2026)).toEqual({
      ok: true,
      value: { gtin: '09501101020917', producedOn: '2026-05-01', netWeight: 1_250_000, others: [] },
    })
    expect(parseGs1('3100000012', 2026)).toMatchObject({ value: { netWeight: 12_000_000 } })
    expect(parseGs1('3105000012', 2026)).toMatchObject({ value: { netWeight: 120 } })
    expect(parseGs1('3109000012', 2026)).toMatchObject({ ok: false, code: 'gs1.malformed' })
  })
  test('day 00 is the last of the month, leap years too', () => {
    expect(parseGs1('17280200', 2026)).toMatchObject({ value: { expiresOn: '2028-02-29' } })
    expect(parseGs1Date('270200', 2026)).toBe('2027-02-28')
    expect(parseGs1Date('261100', 2026)).toBe('2026-11-30')
    expect(parseGs1Date('261200', 2026)).toBe('2026-12-31')
  })
  test('the century is the near one', () => {
    expect(parseGs1Date('990101', 2026)).toBe('1999-01-01')
    expect(parseGs1Date('760101', 2026)).toBe('2076-01-01')
    expect(parseGs1Date('770101', 2026)).toBe('1977-01-01')
    expect(parseGs1Date('010101', 2099)).toBe('2101-01-01')
  })
  test('a day that is none is refused', () => {
    for (const digits of ['261301', '260001', '260230', '260431', '27022X'])
      expect(parseGs1Date(digits, 2026)).toBeNull()
    expect(parseGs1('17260230', 2026)).toMatchObject({ ok: false, code: 'gs1.wrong-date' })
  })
  test('a separator after a fixed element does no harm; one inside does', () => {
    expect(parseGs1(`${FNC1}0109501101020917${FNC1}10A${FNC1}${FNC1}21B${FNC1}`, 2026)).toMatchObject({
      value: { batch: 'A', serial: 'B' },
    })
    expect(parseGs1(`17260${FNC1}228`, 2026)).toMatchObject({ ok: false, code: 'gs1.cut-short' })
  })
  test('elements it has no use for are kept, and what follows is still read', () => {
    expect(parseGs1(`1526123139221250${FNC1}3712${FNC1}10X`, 2026)).toEqual({
      ok: true,
      value: { batch: 'X', others: ['15261231', '39221250', '3712'] },
    })
    expect(parseGs1('3202001234', 2026)).toMatchObject({ value: { others: ['3202001234'] } })
  })
  test('the same twice is one, two different are refused', () => {
    expect(parseGs1(`10A${FNC1}10A`, 2026)).toMatchObject({ value: { batch: 'A' } })
    expect(parseGs1(`10A${FNC1}10B`, 2026)).toMatchObject({ ok: false, code: 'gs1.twice' })
  })
  test('malformed elements are named', () => {
    expect(parseGs1('', 2026)).toMatchObject({ code: 'gs1.empty' })
    expect(parseGs1('0109501101020918', 2026)).toMatchObject({ code: 'gs1.wrong-gtin' })
    expect(parseGs1(`10${'A'.repeat(21)}`, 2026)).toMatchObject({ code: 'gs1.malformed' })
    expect(parseGs1('10', 2026)).toMatchObject({ code: 'gs1.malformed' })
    expect(parseGs1('21a b', 2026)).toMatchObject({ code: 'gs1.malformed' })
    expect(parseGs1('hello', 2026)).toMatchObject({ code: 'gs1.malformed' })
  })
  test('any text gives an answer, never an exception', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('0', '1', '2', '3', '7', 'A', FNC1, ']', 'd', 'é') }), (t) => {
        expect(typeof parseGs1(t, 2026).ok).toBe('boolean')
      }),
      { numRuns: times(2000) },
    )
  })
})
