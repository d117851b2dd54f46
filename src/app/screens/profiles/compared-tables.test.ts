// What comes and what goes with another profile.
import { expect, test } from 'vitest'
import { comparedTables } from './compared-tables.ts'

test('what leaves whole, what shrinks, what comes; what stays is not told', () => {
  const now = [
    { table: 'pos.sale', rows: 40 },
    { table: 'masters.item', rows: 500 },
    { table: 'crm.visit', rows: 9 },
  ]
  const next = [
    { table: 'masters.item', rows: 500 },
    { table: 'crm.visit', rows: 4 },
    { table: 'crm.note', rows: 4 },
  ]
  expect(comparedTables(now, next)).toEqual([
    { table: 'pos.sale', before: 40, after: 0 },
    { table: 'crm.visit', before: 9, after: 4 },
    { table: 'crm.note', before: 0, after: 4 },
  ])
  expect(comparedTables(now, now)).toEqual([])
})
