// Scans told from typing by their speed alone.
import { expect, test } from 'vitest'
import { WedgeReader } from './wedge.ts'

function scans(keys: string[], eachMs: number, startAt = 0): string[] {
  const reader = new WedgeReader()
  const found: string[] = []
  let at = startAt
  for (const key of keys) {
    at += eachMs
    const code = reader.read({ key, at, isCombined: false })
    if (code !== null) found.push(code)
  }
  return found
}

const ean = [...Array.from('5012345678900'), 'Enter']

test('a scanner at any of its speeds is heard, with Enter or Tab', () => {
  for (const eachMs of [0.5, 2, 10, 20, 34]) expect(scans(ean, eachMs)).toEqual(['5012345678900'])
  expect(scans([...Array.from('5012345678900'), 'Tab'], 8)).toEqual(['5012345678900'])
})

test('a person is not, however fast, and neither is a short burst', () => {
  expect(scans(ean, 60)).toEqual([])
  expect(scans(ean, 35)).toEqual([])
  expect(scans(['1', '2', '3', 'Enter'], 5)).toEqual([])
})

test('Shift for capitals belongs to the scan, a short cut ends it', () => {
  const reader = new WedgeReader()
  const keys = ['Shift', 'A', 'B', 'Shift', 'C', '1', '2', 'Enter']
  expect(keys.map((key, at) => reader.read({ key, at: at * 5, isCombined: false })).at(-1)).toBe('ABC12')
  const combined = new WedgeReader()
  for (const [at, key] of Array.from('12345').entries()) combined.read({ key, at: at * 5, isCombined: key === '3' })
  expect(combined.read({ key: 'Enter', at: 25, isCombined: false })).toBeNull()
})

test('typing before a scan is no part of it, and two scans in a row are two', () => {
  const reader = new WedgeReader()
  const found: string[] = []
  let at = 0
  const press = (keys: string[], eachMs: number) => {
    for (const key of keys) {
      at += eachMs
      const code = reader.read({ key, at, isCombined: false })
      if (code !== null) found.push(code)
    }
  }
  press(Array.from('beans'), 120)
  at += 400
  press(ean, 8)
  press([...Array.from('4006381333931'), 'Enter'], 8)
  expect(found).toEqual(['5012345678900', '4006381333931'])
})
