import { expect, test } from 'vitest'
import { asDate, asDecimal, asFlag, asSeveralOf, type CellStyle } from './cell.ts'

const point: CellStyle = { decimalComma: false, dates: 'ymd' }
const comma: CellStyle = { decimalComma: true, dates: 'dmy' }
const number = (cell: string, style = point, decimals = 2): unknown => {
  const reading = asDecimal(decimals, true)(cell, style)
  return reading.ok ? reading.value : reading.reason
}

test.each([
  ['12', 1200],
  ['12.5', 1250],
  ['-0.05', -5],
  ['1,234.50', 123450],
  ['1 234.50', 123450],
  ['£3.10', 310],
  ['-£3.10', -310],
  ['3.10 €', 310],
  ['1,234,567', 123456700],
])('%s is read with a decimal point', (cell, expected) => expect(number(cell)).toBe(expected))

test.each([
  ['1.234,50', 123450],
  ['12,5', 1250],
  ['1.234', 123400],
])('%s is read with a decimal comma', (cell, expected) => expect(number(cell, comma)).toBe(expected))

test.each(['1,5', '1,23,4', '12.', 'abc', '', '1.2.3', '0x10', '1e3'])(
  '"%s" is no number with a decimal point, and nothing is guessed',
  (cell) => expect(number(cell)).toMatch(/is not a number/),
)
test('a number finer than its field, or below zero where that means nothing, is refused', () => {
  expect(number('1.005')).toBe('has more than 2 decimals')
  expect(asDecimal(2)('-1', point)).toEqual({ ok: false, reason: 'is below zero' })
})

test('dates: ISO always, points day first, slashes only by order', () => {
  const date = (cell: string, style = point): unknown => Object.values(asDate(cell, style))[1]
  expect(date('2026-11-21')).toBe('2026-11-21')
  expect(date('2026-1-2 10:00')).toBe('2026-01-02')
  expect(date('21.11.2026')).toBe('2026-11-21')
  expect(date('03/04/2026')).toMatch(/could be day\/month/)
  expect(date('03/04/2026', { ...point, dates: 'mdy' })).toBe('2026-03-04')
  expect(date('03/04/2026', comma)).toBe('2026-04-03')
  expect(date('2026-02-30')).toBe('is not a day of the calendar')
})

test('flags and lists', () => {
  expect(asFlag('Yes', point)).toEqual({ ok: true, value: true })
  expect(asFlag('0', point)).toEqual({ ok: true, value: false })
  expect(asFlag('maybe', point).ok).toBe(false)
  expect(asSeveralOf(['customer', 'lead'])('Customer; lead', point)).toEqual({ ok: true, value: ['customer', 'lead'] })
  expect(asSeveralOf(['customer'])('customer; friend', point)).toEqual({
    ok: false,
    reason: '"friend" is none of customer',
  })
})
