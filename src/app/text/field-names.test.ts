// What a person reads of a command, a clash or a rule is a word of their language and never the name in the code: of every argument, of every
// field that an edit sets, of every table that a device holds.
import { expect, test } from 'vitest'
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

test('every table of a device has a name', () => {
  const held = [...catalogue.tables.values()].filter(({ side, name }) => side === 'both' && !isKernels(name))
  expect(held.map(({ name }) => name).filter((name) => !hasText(`table.${name}`))).toEqual([])
})

/** Of the machinery; people read of what it is about. */
const isKernels = (name: string): boolean => name.startsWith('kernel.')
