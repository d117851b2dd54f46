// Whatever the hub can make of a command, its author reads a sentence and not a code: in both languages (the compiler holds German to English).
import { expect, test } from 'vitest'
import { parkReasons, outcomeReasons, syncExceptions } from '../../sync/refusals.ts'
import { exceptionText } from './refusal-text.ts'
import { hasText, loadLanguage } from './translate.ts'

await loadLanguage('en')

test.each([...parkReasons, ...outcomeReasons])('%s has a sentence', (code) => {
  expect(hasText(`refusal.${code}`) || hasText(`exception.${code}`)).toBe(true)
  expect(exceptionText(code)).not.toContain(code)
})

test.each(Object.keys(syncExceptions))('the exception %s has a sentence', (code) => {
  expect(exceptionText(code, { forked: 'K7Q2', number: 'S-1', series: 'S' })).not.toContain(code)
})
