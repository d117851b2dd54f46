// What a release promised is held: each way to break it is named, with what to do; what a later schema brings breaks nothing.
import { expect, test } from 'vitest'
import { catalogueOf } from '../kernel/catalogue.ts'
import { code, name, text } from '../kernel/field.ts'
import { table, type AnyTable } from '../kernel/table.ts'
import { brokenPromises, releasedSchema } from './released-schema.ts'
import { newerRelease, olderRelease } from './two-releases.ts'

const of = (...tables: AnyTable[]) => catalogueOf([{ name: 'rel', tables, commands: [] }])
const fields = { name: name(), branch: code(), kind: code().default('plain') }
const buckets = (row: { readonly branch: string }): string[] => [`stock:${row.branch}`]
const released = releasedSchema(of(table('rel.thing', { fields, buckets })))

test('a later schema keeps what the first one promised', () => {
  expect(brokenPromises(newerRelease, releasedSchema(olderRelease))).toEqual([])
  const later = table('rel.thing', { fields: { ...fields, size: text().optional().since(3) }, buckets })
  expect(brokenPromises(of(later, table('rel.other', { since: 3, fields })), released)).toEqual([])
  const moved = table('rel.thing', { fields, buckets: () => ['company'], bucketsSince: 3 })
  expect(brokenPromises(of(moved), released)).toEqual([])
})

const { kind: _, ...fewer } = fields
test.each<[string, AnyTable[], RegExp]>([
  [
    'a column without its schema',
    [table('rel.thing', { fields: { ...fields, size: text().optional() }, buckets })],
    /size came after/,
  ],
  [
    'a table without its schema',
    [table('rel.thing', { fields, buckets }), table('rel.new', { fields })],
    /rel.new came after/,
  ],
  ['a column that is gone', [table('rel.thing', { fields: fewer, buckets })], /kind was released/],
  [
    'another default',
    [table('rel.thing', { fields: { ...fields, kind: code().default('other') }, buckets })],
    /another type or default/,
  ],
  ['another routing', [table('rel.thing', { fields, buckets: () => ['company'] })], /raise its bucketsSince/],
])('%s is named', (_name, tables, sentence) => {
  expect(brokenPromises(of(...tables), released).join()).toMatch(sentence)
})

test('a column that came later must be optional or have a default', () => {
  expect(() => table('rel.thing', { fields: { ...fields, size: text().since(2) } })).toThrow(
    'must be optional or have a default',
  )
})
