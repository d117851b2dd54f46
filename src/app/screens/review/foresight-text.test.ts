// A dry run is told in words of the business, with sums before and after.
import { expect, test } from 'vitest'
import type { ForeseenRow } from '../../../sync/device/api.ts'
import { loadLanguage } from '../../text/translate.ts'
import { foreseenTexts, raisedTexts, tableName } from './foresight-text.ts'
import type { FactContext } from './fact-text.ts'

await loadLanguage('en')
const names: Record<string, string> = { elbow: 'Elbow 15 mm', leeds: 'Leeds shop', aire: 'Aire Valley Plumbing' }
const context: FactContext = { nameOf: (id) => names[id] ?? null, currency: 'GBP', now: Date.UTC(2026, 10, 21, 12) }
const sum = (field: string, type: 'quantity' | 'amount', before: number, after: number) => ({
  field,
  type,
  before,
  after,
  isSum: true,
})
const row = (table: string, change: ForeseenRow['change'], more: Partial<ForeseenRow> = {}): ForeseenRow => ({
  table,
  id: table,
  change,
  fields: [],
  row: {},
  ...more,
})

test('an order: what is new, lines counted, sums with before and after', () => {
  const rows = [
    row('sales.order', 'made', { row: { number: 'O-K7Q2A-26-000001' } }),
    ...[1, 2].map(() => row('sales.orderLine', 'made', { row: { item: 'elbow' } })),
    row('kernel.partyBalance', 'changed', { row: { party: 'aire' }, fields: [sum('ordered', 'amount', 0, 12_500)] }),
    row('kernel.stockBalance', 'made', {
      row: { item: 'elbow', warehouse: 'leeds' },
      fields: [sum('onHand', 'quantity', 0, -2_000_000), sum('reserved', 'quantity', 0, 0)],
    }),
  ]
  expect(foreseenTexts({ rows }, context)).toEqual([
    'New: order O-K7Q2A-26-000001',
    'New: 2 × order line',
    'Customer balance Aire Valley Plumbing: Ordered £0.00 → £125.00',
    'Stock Elbow 15 mm, Leeds shop: On hand 0 → -2',
  ])
})

test('what goes, what isn’t here, and what is too much to tell', () => {
  const fields = Array.from({ length: 15 }, (_, at) => ({
    field: `x${at}`,
    type: 'text' as const,
    before: 'a',
    after: 'b',
    isSum: false,
  }))
  const texts = foreseenTexts(
    {
      rows: [
        row('masters.party', 'removed', { row: { name: 'Aire Valley Plumbing' } }),
        row('kernel.stockBalance', 'changed', { row: null, fields: [sum('onHand', 'quantity', 0, 3_000_000)] }),
        row('crm.note', 'changed', { fields }),
      ],
    },
    context,
  )
  expect(texts[0]).toBe('Stock: On hand changes by 3')
  expect(texts.slice(-2)).toEqual(['4 more changes', 'Taken away: customer Aire Valley Plumbing'])
  expect(texts.length).toBe(14)
})

test('the same exception of many lines is said once; a table without a word has its name', () => {
  const sold = { code: 'OVERSOLD', facts: { name: 'Elbow 15 mm' } }
  expect(raisedTexts({ exceptions: [sold, sold] }).length).toBe(1)
  expect(tableName('sales.orderLine')).toBe('order line')
  expect(tableName('other.thingOfOurs')).toBe('Thing of ours')
})
