// Personal values: out of the line, back into plain arguments, and gone when erased. The commitment is checked with Node's hash.
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { catalogueOf } from '../kernel/catalogue.ts'
import { command } from '../kernel/command.ts'
import { json, list, name, text } from '../kernel/field.ts'
import { table } from '../kernel/table.ts'
import { committedPaths, joinPersonal, parsePersonal, splitPersonal } from './personal.ts'

const person = table('test.person', {
  fields: { name: name().personal(), town: text().optional() },
  buckets: () => ['company'],
})
const register = command('test.register', {
  kind: 'edit',
  version: 1,
  permission: 'test.write',
  args: {
    name: name().personal(),
    town: text().optional(),
    place: json<unknown>().personal().optional(),
    children: list({ name: name().personal(), age: text() }).optional(),
  },
  run: () => undefined,
})
const catalogue = catalogueOf([{ name: 'test', tables: [person], commands: [register] }])
let salts = 0
const newSalt = (): string => (salts += 1).toString(16).padStart(32, '0')

const args = {
  name: 'Ann Ö',
  town: 'Leeds',
  place: { latitude6: 53_800_000 },
  children: [
    { name: 'Bo', age: '4' },
    { name: 'Cy', age: '2' },
  ],
}
const base = { 'test.person': { 'p/1': { name: 'Anne', town: null } } }
const split = () => splitPersonal(catalogue, register, args, base, newSalt)

test('[PD1] every personal value of arguments, lists and base is replaced by SHA-256 of salt and canonical value', () => {
  const { sealed, pd } = split()
  expect(JSON.stringify(sealed)).not.toMatch(/Ann|Bo|Cy|latitude/)
  expect(Object.keys(pd ?? {}).sort()).toEqual([
    'args/children/0/name',
    'args/children/1/name',
    'args/name',
    'args/place',
    'base/test.person/p/1/name',
  ])
  const { salt } = pd?.['args/place'] ?? { salt: '' }
  const expected = createHash('sha256').update(`${salt}{"latitude6":53800000}`).digest('hex')
  expect((sealed.args as { place: unknown }).place).toEqual({ $pd: expected })
  expect(sealed.args).toMatchObject({ town: 'Leeds', children: [{ age: '4' }, { age: '2' }] })
  expect(sealed.base['test.person']?.['p/1']).toMatchObject({ town: null })
  expect(new Set(Object.values(pd ?? {}).map((held) => held.salt)).size).toBe(5)
})

test('[PD1] an argument that empties a field keeps its null on the way, also in lists, personal or not', () => {
  const emptied = { ...args, name: null, town: null, children: [{ name: null, age: '4' }] }
  const { sealed } = splitPersonal(catalogue, register, emptied, base, newSalt)
  expect(sealed.args).toMatchObject({ name: null, town: null, children: [{ name: null, age: '4' }] })
})

test('[PD2] what was split is joined again, exactly', () => {
  const { sealed, pd } = split()
  expect(joinPersonal(sealed.args, sealed.base, pd)).toEqual({ ok: true, value: { args, base } })
})

test('[PD2] a value or a salt that isn’t the committed one names its path', () => {
  for (const change of [{ value: 'Eve' }, { salt: 'f'.repeat(32) }]) {
    const { sealed, pd } = split()
    const forged = {
      ...pd,
      'args/children/1/name': { ...(pd?.['args/children/1/name'] as { value: string; salt: string }), ...change },
    }
    expect(joinPersonal(sealed.args, sealed.base, forged)).toEqual({ ok: false, path: 'args/children/1/name' })
  }
})

test('[PD2] an erased value is absent, and the rest stays as it was', () => {
  const { sealed, pd } = split()
  const { 'args/name': _, ...kept } = pd ?? {}
  expect(joinPersonal(sealed.args, sealed.base, kept)).toEqual({
    ok: true,
    value: { args: Object.fromEntries(Object.entries(args).filter(([key]) => key !== 'name')), base },
  })
  const without = joinPersonal(sealed.args, sealed.base, null)
  expect(without).toMatchObject({ ok: true, value: { args: { town: 'Leeds' } } })
  expect(without.ok && Object.hasOwn(without.value.args, 'name')).toBe(false)
  // What a command can't do without has something in its place.
  const standIn = (path: string): unknown => (path === 'args/name' ? 'x' : undefined)
  expect(joinPersonal(sealed.args, sealed.base, null, standIn)).toMatchObject({ value: { args: { name: 'x' } } })
})

test('arguments without personal values have none beside them', () => {
  expect(
    splitPersonal(
      catalogue,
      command('test.plain', {
        kind: 'fact',
        version: 1,
        permission: 'x',
        args: { note: text() },
        run: () => undefined,
      }),
      { note: 'x' },
      {},
      newSalt,
    ).pd,
  ).toBeNull()
})

test('the paths of the commitments are read from the sealed line', () => {
  const { sealed, pd } = split()
  expect([...committedPaths(sealed.args, sealed.base)].sort()).toEqual(Object.keys(pd ?? {}).sort())
})

test.each([
  null,
  [],
  'x',
  7,
  { 'args/name': null },
  { 'args/name': { value: 1.5, salt: 'a' } },
  { 'args/name': { value: '\u0000', salt: 'a' } },
  { 'args/name': { value: 'x', salt: 7 } },
  { 'args/name': { value: 'x', salt: 'a'.repeat(65) } },
])('%j is not taken for personal values', (value) => expect(parsePersonal(value)).toBeNull())
