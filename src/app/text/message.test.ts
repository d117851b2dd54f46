// Patterns, plurals and the catalogues: every sentence parses, German says all that English says, and no code is ever silent.
import { expect, test } from 'vitest'
import { de } from './de.ts'
import { en } from './en.ts'
import { formatMessage } from './message.ts'
import { commandText, exceptionText, refusalText } from './refusal-text.ts'
import { chooseLanguage, loadLanguage, setLanguage, t } from './translate.ts'

await loadLanguage('en')

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

const aCase = '(?:=\\d+|zero|one|two|few|many|other)'
/** What a pattern asks for, each with its style, in any order. A case of a plural is no value. */
const asked = (pattern: string): string[] =>
  [
    ...new Set(
      [...pattern.matchAll(new RegExp(`(?<!${aCase} )\\{(\\w+)(?:, (\\w+))?(?=[,}])`, 'g'))].map(
        ([, name, style = '']) => `${name} ${style}`,
      ),
    ),
  ].sort()
const casesOf = (pattern: string): string[] =>
  [...pattern.matchAll(new RegExp(`${aCase}(?= \\{)`, 'g'))].map(([each]) => each).sort()

test('every pattern of every language parses', () => {
  for (const pattern of Object.values(en)) expect(() => formatMessage(pattern, {}, 'en-GB')).not.toThrow()
  for (const pattern of Object.values(de)) expect(() => formatMessage(pattern, {}, 'de-DE')).not.toThrow()
})

test('German has every sentence of English, with the same values in the same style and the same cases, and no other', () => {
  expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort())
  const different = Object.entries(en).flatMap(([key, pattern]) => {
    const german = de[key as keyof typeof de]
    const isSame =
      german.trim() !== '' &&
      JSON.stringify([asked(german), casesOf(german)]) === JSON.stringify([asked(pattern), casesOf(pattern)])
    return isSame ? [] : [{ key, en: pattern, de: german }]
  })
  expect(different).toEqual([])
})

test('what is the same in both languages is a word of both', () => {
  const same = Object.entries(en).filter(([key, pattern]) => de[key as keyof typeof de] === pattern)
  // A sentence that was copied and never translated has several words of English.
  expect(same.filter(([, pattern]) => / (the|a|is|of|to|this|not|and) /i.test(` ${pattern} `))).toEqual([])
})

test('the language is switched when it is loaded', async () => {
  expect(() => setLanguage('de')).toThrow('loaded before')
  await loadLanguage('de')
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
