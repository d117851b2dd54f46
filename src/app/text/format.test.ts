// What people read and type: exact money, their locale's signs, ages in the largest whole unit.
import { expect, test } from 'vitest'
import {
  formatAgo,
  formatBytes,
  formatMoney,
  formatQuantity,
  formatWhen,
  setCompanyCurrency,
  typedDecimal,
  localDecimal,
} from './format.ts'

test('money is exact beyond what a float holds, with the digits of its currency', () => {
  expect(formatMoney(9_007_199_254_740_991, 'GBP', 'en-GB')).toBe('£90,071,992,547,409.91')
  expect(formatMoney(1050, 'JPY', 'en-GB')).toBe('JP¥1,050')
  expect(formatMoney(-5, 'EUR', 'de-DE')).toBe('-0,05\u00a0€')
  expect(formatMoney(1234, 'POINTS', 'en-GB')).toBe('12.34')
  setCompanyCurrency('KWD', 3)
  expect(formatMoney(1500, null, 'en-GB')).toContain('1.500')
  setCompanyCurrency('EUR')
})

test('a decimal that was stored as text keeps every digit of it, in the locale’s marks', () => {
  expect(
    ['1188.00', '-0.05', '3', '99999999999999.99', '12.345600'].map((text) => localDecimal(text, 'de-DE')),
  ).toEqual(['1.188,00', '-0,05', '3', '99.999.999.999.999,99', '12,345600'])
  expect(localDecimal('1188.00', 'en-GB')).toBe('1,188.00')
})

test('quantities keep what they are and nothing else', () => {
  expect(formatQuantity(1_500_000, 'en-GB')).toBe('1.5')
  expect(formatQuantity(-12_000_000, 'en-GB')).toBe('-12')
  expect(formatQuantity(1, 'de-DE')).toBe('0,000001')
})

test.each([
  ['1,234.5', 'en-GB', '1234.5'],
  ['1.234,5', 'de-DE', '1234.5'],
  ['12,50', 'de-DE', '12.50'],
  ['12,50', 'en-GB', '12.50'],
  ['.5', 'en-GB', '0.5'],
  [' 1 000 ', 'de-DE', '1000'],
  ['-3', 'en-GB', '-3'],
  ['1.2.3', 'en-GB', null],
  ['12a', 'en-GB', null],
  ['', 'en-GB', null],
  ['-', 'en-GB', null],
] as const)('typed %j in %s is %j', (typed, locale, plain) => {
  expect(typedDecimal(typed, locale)).toBe(plain)
})

test('ages, moments and bytes', () => {
  const now = Date.UTC(2026, 10, 21, 12)
  expect(formatAgo(now - 20_000, now, 'en-GB')).toBe('now')
  expect(formatAgo(now - 5 * 60_000, now, 'en-GB')).toBe('5 minutes ago')
  expect(formatAgo(now - 49 * 3_600_000, now, 'en-GB')).toBe('2 days ago')
  expect(formatWhen(now - 3 * 86_400_000, now, 'en-GB')).toMatch(/^18 Nov/)
  expect(formatBytes(12_340_000, 'en-GB')).toMatch(/^12\.3\s?MB$/)
  expect(formatBytes(0, 'en-GB')).toMatch(/^0\s?byte/)
})
