// How recorded facts are read: by the names of their fields, with rows by their names, and nothing invented.
import { expect, test } from 'vitest'
import { priceSources } from '../../../modules/sales/price-fields.ts'
import { loadLanguage } from '../../text/translate.ts'
import { isEditable, isLines } from './args-draft.ts'
import { aboutText, fieldName, idsIn, readable, readableWith, valueText, type FactContext } from './fact-text.ts'

await loadLanguage('en')
const elbow = 'a6b104d0-a50a-8041-b423-82763f20f2d6'
const context: FactContext = {
  nameOf: (id) => (id === elbow ? 'Elbow 15 mm' : null),
  currency: 'GBP',
  now: Date.UTC(2026, 10, 21, 12),
}

test('numbers are what their field says', () => {
  expect(valueText('amountMinor', 12_500, context)).toBe('£125.00')
  expect(valueText('amount', 12_500, context)).toBe('£125.00')
  expect(valueText('onHand', 1_249_000_000, context)).toBe('1,249')
  expect(valueText('discountPercent', 5_000_000, context)).toBe('5 %')
  expect(valueText('line', 0, context)).toBe('1')
  expect(valueText('line', 'line/2', context)).toBe('3')
  expect(valueText('seq', 7, context)).toBe('7')
})

test('rows have names; one that is not here says so', () => {
  expect(valueText('item', elbow, context)).toBe('Elbow 15 mm')
  expect(valueText('invoice', '11111111-2222-4333-8444-555555555555', context)).toBe('not on this device (11111111)')
  expect(idsIn({ item: elbow, lines: [{ item: elbow, note: 'x' }], none: null })).toEqual([elbow, elbow])
})

test('days, lists and nothing', () => {
  expect(valueText('businessDate', '2026-11-21', context)).toContain('2026')
  expect(valueText('serials', ['A-1', 'A-2'], context)).toBe('A-1, A-2')
  expect(valueText('taxes', [{ code: 'STD', percent: 20_000_000 }], context)).toBe('Code: STD · Percent: 20 %')
  expect(valueText('phone', null, context)).toBe('–')
  expect(valueText('isAgain', true, context)).toBe('Yes')
})

test('[BLOB8] photos and signatures are told as what they are, and are nothing to type in', () => {
  const photo = { sha: 'a'.repeat(64), type: 'image/jpeg', size: 9, thumbnail: '/9j/AA' }
  expect(valueText('photos', [photo, photo], context)).toBe('2 photos')
  expect(valueText('cover', photo, context)).toBe('1 photo')
  expect(valueText('signature', 'M120 80L124 91M5 6', context)).toBe('Signed')
  expect(valueText('note', 'M', context)).toBe('M')
  expect([isLines([photo]), isLines([{ item: elbow }])]).toEqual([false, true])
  expect([isEditable('signature', 'M120 80L124 91'), isEditable('note', 'M60')]).toEqual([false, true])
})

test('what it is about: a number, else a row that has a name', () => {
  expect(aboutText({ order: 'O-1', item: elbow }, context)).toBe('O-1')
  expect(aboutText({ party: '11111111-2222-4333-8444-555555555555', item: elbow }, context)).toBe('Elbow 15 mm')
  expect(aboutText({ dev: 'YA29' }, context)).toBeNull()
})

test('a name that was copied beside its row is read once, and twice when the row is called otherwise now', () => {
  const names = (line: object): string[] =>
    readableWith(line as Record<string, unknown>, context).map(([field]) => field)
  expect(names({ item: elbow, itemName: 'Elbow 15 mm', quantity: 1 })).toEqual(['item', 'quantity'])
  expect(names({ item: elbow, itemName: 'Elbow', quantity: 1 })).toEqual(['item', 'itemName', 'quantity'])
  expect(names({ itemName: 'Elbow 15 mm' })).toEqual(['itemName'])
})

test('where a price came from is said in words', () => {
  for (const source of priceSources) expect(valueText('source', source, context)).not.toBe(source)
})

test('field names are words, and the machinery is left out', () => {
  expect(fieldName('creditLimitMinor')).toBe('Credit limit')
  expect(readable({ exception: 'OVERSOLD', code: 'ELB15', remarks: null, lines: [] })).toEqual([['code', 'ELB15']])
})
