// What a person reads of a command, a clash or a rule is a word of their language and never the name in the code: of every argument, of every
// field that an edit sets or that holds data of people, of every table.
import { expect, test } from 'vitest'
import { personalFieldsOf } from '../../kernel/erasure.ts'
import type { Fields } from '../../kernel/field.ts'
import { catalogue } from '../../modules/all.ts'
import { readable } from '../screens/review/fact-text.ts'
import { hasText, loadLanguage } from './translate.ts'

await loadLanguage('en')
const namesOf = (fields: Fields): string[] =>
  Object.entries(fields).flatMap(([name, { traits }]) => [name, ...(traits.items ? namesOf(traits.items) : [])])

test('every argument of a command that is shown has a name', () => {
  const all = [...catalogue.commands.values()].flatMap(({ args }) => namesOf(args))
  const shown = readable(Object.fromEntries(all.map((name) => [name, 1]))).map(([name]) => name)
  expect(shown.filter((name) => !hasText(`field.${name}`))).toEqual([])
})

test('every field that an edit sets has a name', () => {
  const set = [...catalogue.commands.values()].flatMap(({ edits }) => edits?.fields ?? [])
  expect(set.length).toBeGreaterThan(100)
  expect(set.filter((name) => !hasText(`field.${name}`))).toEqual([])
})

test('every table has a name: profiles say how many rows of each a device carries', () => {
  expect([...catalogue.tables.keys()].filter((name) => !hasText(`table.${name}`))).toEqual([])
})

test('every field with data of people has a name: profiles and erasures name them', () => {
  const personal = [...catalogue.tables.values()].flatMap(personalFieldsOf)
  expect(personal.length).toBeGreaterThan(20)
  expect(personal.filter((name) => !hasText(`field.${name}`))).toEqual([])
})
