import { expect, test } from 'vitest'
import { checkNumbers } from './numbers.ts'

test('[NUM1] numbers in order raise the series, each year for itself', () => {
  const state = {}
  expect(checkNumbers(state, { 'S-26': [1, 2], 'R-26': [1] })).toEqual({ isUsed: false, gaps: [] })
  expect(checkNumbers(state, { 'S-26': [3], 'S-27': [1] })).toEqual({ isUsed: false, gaps: [] })
  expect(state).toEqual({ 'S-26': 3, 'R-26': 1, 'S-27': 1 })
})

test('[NUM1] a gap is named and the series goes on behind it', () => {
  const state = { 'S-26': 3 }
  expect(checkNumbers(state, { 'S-26': [6] })).toEqual({
    isUsed: false,
    gaps: [{ code: 'NUMBER_GAP', facts: { series: 'S-26', expected: 4, drawn: 6 } }],
  })
  expect(state).toEqual({ 'S-26': 6 })
})

test('[NUM1] a number used before parks and changes nothing', () => {
  const state = { 'S-26': 3 }
  expect(checkNumbers(state, { 'S-26': [4, 4] })).toEqual({ isUsed: true, series: 'S-26', counter: 4 })
  expect(state).toEqual({ 'S-26': 3 })
})
