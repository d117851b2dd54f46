import { expect, test } from 'vitest'
import { mapColumns } from './columns.ts'
import { items } from './import-items.ts'
import { parties } from './import-parties.ts'

const none = { map: [], set: [] }

test('headers are known by name, title or synonym, in any case and with any punctuation', () => {
  const mapping = mapColumns(items, ['SKU', 'Product name', 'item_group', 'UoM', 'VAT code', 'Colour'], none)
  expect(Object.fromEntries(mapping.positions)).toEqual({ code: 0, name: 1, group: 2, stockUnit: 3, taxCode: 4 })
  expect(mapping.unused).toEqual(['Colour'])
  expect(mapping.missing).toEqual([])
})

test('an exact name goes before a synonym of another field', () => {
  // `Company` is a synonym of the name; with a column called Name it is nobody's.
  const mapping = mapColumns(parties, ['Company', 'Name', 'Code', 'Role', 'Region'], none)
  expect(mapping.positions.get('name')).toBe(1)
  expect(mapping.unused).toEqual(['Company'])
})

test('what is said wins, by header or by number; a value may stand for a column', () => {
  const mapping = mapColumns(items, ['Code', 'Name', 'Dept'], {
    map: ['group=Dept', 'name=1'],
    set: ['stockUnit=each', 'Tax code=std'],
  })
  expect(mapping.positions.get('group')).toBe(2)
  expect(mapping.positions.get('name')).toBe(0)
  expect(Object.fromEntries(mapping.constants)).toEqual({ stockUnit: 'each', taxCode: 'std' })
})

test('what is missing is named, and a wrong --map says what there is', () => {
  expect(mapColumns(items, ['Code'], none).missing.map(({ field }) => field)).toEqual([
    'name',
    'group',
    'stockUnit',
    'taxCode',
  ])
  expect(() => mapColumns(items, ['Code'], { map: ['colour=Code'], set: [] })).toThrow(/no field "colour"/)
  expect(() => mapColumns(items, ['Code'], { map: ['name=Nom'], set: [] })).toThrow(/no column "Nom". It has: Code/)
  expect(() => mapColumns(items, ['Code'], { map: ['name'], set: [] })).toThrow(/field=Column/)
})
