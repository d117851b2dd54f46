// Patterns, plurals and the catalogues: every sentence parses, German asks for the same parameters as English, and no code is ever silent.
import { expect, test } from 'vitest'
import { de } from './de.ts'
import { en } from './en.ts'
import { formatMessage } from './message.ts'
import { commandText, exceptionText, refusalText } from './refusal-text.ts'
import { chooseLanguage, setLanguage, t } from './translate.ts'

test('values, numbers, plurals with exact cases, and what is absent', () => {
  expect(formatMessage('Hello {name}', { name: 'Ann' }, 'en-GB')).toBe('Hello Ann')
  expect(formatMessage('{n, number} rows', { n: 12_345 }, 'en-GB')).toBe('12,345 rows')
  expect(formatMessage('{n, number} Zeilen', { n: 12_345 }, 'de-DE')).toBe('12.345 Zeilen')
  const rows = '{n, plural, =0 {Nothing} one {# row} other {# rows}} here'
  expect([0, 1, 2, 1000].map((n) => formatMessage(rows, { n }, 'en-GB'))).toEqual([
    'Nothing here',
    '1 row here',
    '2 rows here',
    '1,000 rows here',
  ])
  expect(formatMessage('{who} and {list}', { list: ['a', 2] }, 'en-GB')).toBe('– and a, 2')
  expect(formatMessage('Day {day, date}', { day: '2026-11-21' }, 'en-GB')).toBe('Day 21 Nov 2026')
  expect(formatMessage('{sum, money}', { sum: -123_456, currency: 'GBP' }, 'en-GB')).toBe('-£1,234.56')
  expect(formatMessage('{q, quantity} kg', { q: 1_250_000 }, 'de-DE')).toBe('1,25 kg')
})

test('a broken pattern is a bug at its first use', () => {
  expect(() => formatMessage('{n, plural, one {#}', { n: 1 }, 'en')).toThrow(/plural/)
  expect(() => formatMessage('too many }', {}, 'en')).toThrow(/too many/)
})

const paramsOf = (pattern: string): string[] =>
  [...new Set([...pattern.matchAll(/\{(\w+)(?=[,}])/g)].map((match) => match[1] ?? ''))].sort()

test('every English pattern parses, and every German one takes the same parameters', () => {
  for (const pattern of Object.values(en)) expect(() => formatMessage(pattern, {}, 'en-GB')).not.toThrow()
  for (const [key, pattern] of Object.entries(de)) {
    expect(() => formatMessage(pattern, {}, 'de-DE')).not.toThrow()
    expect({ key, params: paramsOf(pattern) }).toEqual({ key, params: paramsOf(en[key as keyof typeof en]) })
  }
})

test('the language is switched at once, and English stands in for what is not translated', () => {
  setLanguage('de')
  expect(t('pill.synced')).toBe('Aktuell')
  expect(t('app.name')).toBe('Holdfast')
  setLanguage('en')
  expect(t('pill.synced')).toBe('Up to date')
  expect(chooseLanguage(['fr-FR', 'de-AT', 'en'])).toBe('de')
  expect(chooseLanguage(['ja'])).toBe('en')
})

test('an unknown code says something true and names itself', () => {
  setLanguage('en')
  expect(refusalText('kernel.not-permitted')).toBe('Your role does not allow this.')
  expect(refusalText('brand.new-rule', { item: 'X' })).toContain('brand.new-rule')
  expect(exceptionText('OVERSOLD')).toContain('stock')
  expect(exceptionText('OVERSOLD', { name: 'Circulation pump' })).toContain('Circulation pump')
  expect(exceptionText('NEVER_SEEN')).toContain('NEVER_SEEN')
  expect(commandText('nowhere.completeThing')).toBe('Complete thing')
})
