// What the page of merge rules finds: by the words of the reader's language, a record's fields together.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadLanguage, setLanguage } from '../../text/translate.ts'
import { foundRules } from './found-rules.ts'

const rows = [
  { table: 'masters.till', field: 'name', own: null, clashes: 0 },
  { table: 'masters.party', field: 'termsDays', own: null, clashes: 0 },
  { table: 'masters.party', field: 'phone', own: null, clashes: 2 },
  { table: 'masters.party', field: 'code', own: null, clashes: 0 },
  { table: 'masters.batch', field: 'isRecalled', own: null, clashes: 0 },
  { table: 'sales.order', field: 'deliverOn', own: 'first', clashes: 0 },
]
const found = (search: string, isUsed = false, locale = 'en-GB'): string[] =>
  foundRules(rows, { search, isUsed, locale }).map(({ table, field }) => `${table}.${field}`)

beforeAll(() => Promise.all([loadLanguage('en'), loadLanguage('de')]))
afterAll(() => setLanguage('en'))

test('a record’s fields stand together; records and fields that were used come first', () => {
  setLanguage('en')
  expect(found('')).toEqual([
    'masters.party.phone',
    'masters.party.code',
    'masters.party.termsDays',
    'sales.order.deliverOn',
    'masters.batch.isRecalled',
    'masters.till.name',
  ])
  expect(found('', true)).toEqual(['masters.party.phone', 'sales.order.deliverOn'])
})

test('found by every word that the reader sees, whatever the code calls it', () => {
  setLanguage('en')
  expect(found('customer days')).toEqual(['masters.party.termsDays'])
  expect(found('termsdays')).toEqual([])
  setLanguage('de')
  expect(found('kunde telefon', false, 'de-DE')).toEqual(['masters.party.phone'])
  expect(found('phone', false, 'de-DE')).toEqual([])
})
