// What the fields, the keypad, the keys of a list and the live queries compute.
import { expect, test } from 'vitest'
import { loadLanguage, setLanguage } from '../text/translate.ts'
import { afterKey } from './keypad.tsx'
import { keepIdentity } from './keep-identity.ts'
import { entryOf, textOf } from './number-entry.ts'
import { rowAfterKey } from './use-row-keys.ts'

test('a typed number is exact or named as wrong, never rounded', () => {
  setLanguage('en')
  expect(entryOf('12.5', 2)).toEqual({ ok: true, value: 1250 })
  expect(entryOf('', 2)).toEqual({ ok: true, value: null })
  expect(entryOf('1.234', 2)).toMatchObject({ ok: false, message: 'At most 2 decimals.' })
  expect(entryOf('1.5', 6, 0)).toMatchObject({ ok: false, message: 'At most whole numbers.' })
  expect(entryOf('twelve', 2)).toMatchObject({ ok: false })
  expect(entryOf('99999999999999999999', 2)).toMatchObject({ ok: false, message: 'This number is too large.' })
  expect(textOf(1250, 2, 2)).toBe('12.50')
  expect(textOf(1_500_000, 6, 0)).toBe('1.5')
  expect(textOf(null, 2, 2)).toBe('')
})

test('what is written in German comes back as the same integer', async () => {
  await loadLanguage('de')
  setLanguage('de')
  for (const value of [0, 1, -1, 1050, 123_456, 100_000_000]) {
    expect(entryOf(textOf(value, 2, 2), 2)).toEqual({ ok: true, value })
  }
  setLanguage('en')
})

test('the keypad', () => {
  const press = (keys: string[]) => keys.reduce((value, key) => afterKey(value, key, { sign: '.', lengthMax: 6 }), '')
  expect(press(['0', '5'])).toBe('5')
  expect(press(['.', '5'])).toBe('0.5')
  expect(press(['1', '.', '.', '2'])).toBe('1.2')
  expect(press(['1', '2', 'back'])).toBe('1')
  expect(press(Array.from('123456789'))).toBe('123456')
})

test('the keys of a list stay inside it', () => {
  expect(rowAfterKey('ArrowDown', 0, 3)).toBe(1)
  expect(rowAfterKey('ArrowDown', 2, 3)).toBe(2)
  expect(rowAfterKey('ArrowUp', 0, 3)).toBe(0)
  expect(rowAfterKey('PageDown', 0, 30)).toBe(10)
  expect(rowAfterKey('End', 0, 30)).toBe(29)
  expect(rowAfterKey('a', 0, 30)).toBeNull()
})

test('rows that did not change keep their objects, whatever moved around them', () => {
  const before = [
    { id: 'a', n: 1 },
    { id: 'b', n: 2 },
    { id: 'c', n: 3 },
  ]
  const same = keepIdentity(before, [
    { id: 'a', n: 1 },
    { id: 'b', n: 2 },
    { id: 'c', n: 3 },
  ])
  expect(same).toBe(before)
  const moved = keepIdentity(before, [
    { id: 'c', n: 3 },
    { id: 'b', n: 9 },
    { id: 'a', n: 1 },
  ])
  expect(moved[0]).toBe(before[2])
  expect(moved[1]).toEqual({ id: 'b', n: 9 })
  expect(moved[1]).not.toBe(before[1])
  expect(moved[2]).toBe(before[0])
  expect(keepIdentity(before, [{ id: 'a', n: 1 }])).toEqual([{ id: 'a', n: 1 }])
  const keyless = [{ n: 1 }, { n: 2 }]
  expect(keepIdentity(keyless, [{ n: 1 }, { n: 3 }])[0]).toBe(keyless[0])
})
