// A ticket's money: what is left to pay, what is handed back, and a whole sale priced from rows. The figures are worked by hand.
import { describe, expect, test } from 'vitest'
import { amountMinor } from '../../../kernel/amount.ts'
import { resolvePrices } from '../../../modules/pricing/quote.ts'
import { priceReaderOf } from '../shared/use-quote.ts'
import { addItem, changeLine, decimalsOfLine, newTicket, removeLine, type Addable } from './ticket.ts'
import { dueOf, priceTicket, quickAmounts, quoteGiven, saleArgsOf, tenderOf } from './ticket-sale.ts'

const saw: Addable = {
  id: 'saw',
  code: 'SAW22',
  name: 'Hand saw',
  type: 'goods',
  stockUnit: 'each',
  decimals: 0,
  units: '[{"unit":"box","num":10,"den":1}]',
  hasSerial: 0,
  hasBatch: 0,
}
const drill: Addable = { ...saw, id: 'drill', code: 'DRILL', name: 'Drill', units: '[]', hasSerial: 1 }
const till = {
  shift: 'shift',
  businessDate: '2026-11-21',
  currency: 'GBP',
  minorDigits: 2,
  taxRounding: 'line',
  pricesIncludeTax: true,
  priceList: 'retail',
  cashStepMinor: 0,
} as const

/** Rows as the view gives them: flags 0 or 1, structured values as text. */
const rows = [
  {
    table: 'masters.item',
    row: {
      id: 'saw',
      codeKey: 'SAW22',
      code: 'SAW22',
      name: 'Hand saw',
      group: 'tools',
      type: 'goods',
      stockUnit: 'each',
      decimals: 0,
      units: saw.units,
      taxCode: 'STD',
      hasSerial: 0,
      isDisabled: 0,
    },
  },
  {
    table: 'masters.price',
    row: {
      id: 'p1',
      scope: 'list',
      scopeId: 'retail',
      item: 'saw',
      unit: 'each',
      currency: 'GBP',
      minQuantity: 0,
      rate: 13_200_000,
      isTaxIncluded: 1,
    },
  },
  {
    table: 'masters.priceList',
    row: { id: 'retail', code: 'retail', name: 'Retail', currency: 'GBP', isTaxIncluded: 1, isDisabled: 0 },
  },
  { table: 'masters.taxCode', row: { id: 't', code: 'STD', name: 'Standard', treatment: 'standard' } },
  { table: 'masters.taxRate', row: { id: 'r', code: 'STD', from: '2011-01-04', percent: 20_000_000 } },
].map(({ table, row }) => ({ table, row: JSON.stringify(row) }))

describe('a ticket', () => {
  test('counts the same item on one line, but never two with serial numbers', () => {
    const twice = addItem(addItem(newTicket('t'), saw).ticket, saw).ticket
    expect(twice.lines.map(({ quantity }) => quantity)).toEqual([2_000_000])
    expect(addItem(addItem(newTicket('t'), drill).ticket, drill).ticket.lines).toHaveLength(2)
  })

  test('does not count on a line with a discount, and gives every line a key of its own', () => {
    const first = addItem(newTicket('t'), saw)
    const off = changeLine(first.ticket, first.key, { discount: { kind: 'percent', percent: 5_000_000 as never } })
    const { ticket, key } = addItem(off, saw)
    expect(ticket.lines).toHaveLength(2)
    expect(addItem(removeLine(ticket, key), saw, 'box').key).not.toBe(key)
  })

  test('any change takes the payments off: they were for another total', () => {
    const { ticket, key } = addItem(newTicket('t'), saw)
    const paid = { ...ticket, isPaying: true, tenders: [tenderOf({ code: 'cash', kind: 'cash' }, 1320, 1320, null)] }
    for (const changed of [
      addItem(paid, saw).ticket,
      changeLine(paid, key, { quantity: 3_000_000 }),
      removeLine(paid, key),
    ]) {
      expect([changed.tenders, changed.isPaying]).toEqual([[], false])
    }
  })

  test('only the stock unit comes in fractions', () => {
    const kilo = {
      unit: 'kg',
      units: [
        { unit: 'kg', num: 1, den: 1 },
        { unit: 'bag', num: 25, den: 1 },
      ],
      decimals: 3,
    }
    expect([decimalsOfLine(kilo), decimalsOfLine({ ...kilo, unit: 'bag' })]).toEqual([3, 0])
  })
})

describe('paying', () => {
  test('cash over what is left is change, a card never takes more', () => {
    expect(tenderOf({ code: 'cash', kind: 'cash' }, 3000, 2240, null)).toMatchObject({ amount: 2240, given: 3000 })
    expect(tenderOf({ code: 'card', kind: 'card' }, 3000, 2240, null)).toMatchObject({ amount: 2240, given: null })
  })

  test('several ways to pay leave nothing and give the change', () => {
    const card = tenderOf({ code: 'card', kind: 'card' }, 1000, 3240, null)
    const cash = tenderOf({ code: 'cash', kind: 'cash' }, 3000, 2240, null)
    expect(dueOf(amountMinor(3240), [card], 0)).toMatchObject({ left: 2240, change: 0 })
    expect(dueOf(amountMinor(3240), [card, cash], 0)).toMatchObject({ left: 0, change: 760, rounding: 0 })
  })

  test('only the part in coins is rounded to the smallest one', () => {
    expect(dueOf(amountMinor(1002), [], 5)).toMatchObject({ left: 1002, rounding: 0 })
    expect(dueOf(amountMinor(1002), [], 5, true)).toMatchObject({ left: 1000, rounding: -2 })
  })

  test('quick amounts begin with the exact sum and rise to the next notes', () => {
    expect(quickAmounts(2240, 2)).toEqual([2240, 2500, 3000, 4000])
    expect(quickAmounts(2000, 2)).toEqual([2000, 5000, 10000])
    expect(quickAmounts(1240, 0)).toEqual([1240, 1250, 1300])
  })
})

test('a sale is priced from the rows: two saws at 13.20 with 20 % tax inside', () => {
  const first = addItem(newTicket('t'), saw)
  const ticket = changeLine(first.ticket, first.key, { quantity: 2_000_000 })
  const quote = resolvePrices(priceReaderOf(rows), quoteGiven(ticket, till))
  const priced = priceTicket(ticket, quote, till)
  expect(priced.isReady).toBe(true)
  // 26.40 ÷ 1.2 = 22.00, tax 4.40
  expect(priced.totals).toMatchObject({ ok: true, total: 2640, tax: 440, net: 2200 })
  const paid = { ...ticket, tenders: [tenderOf({ code: 'cash', kind: 'cash' }, 3000, 2640, null)] }
  expect(saleArgsOf(paid, priced, till)).toMatchObject({
    total: 2640,
    tax: 440,
    tenders: [{ method: 'cash', amount: 2640, given: 3000 }],
  })
})

test('an item without a price, or not on this device, keeps the ticket from being paid', () => {
  const without = rows.filter(({ table }) => table !== 'masters.price')
  for (const some of [without, rows.filter(({ table }) => table !== 'masters.item')]) {
    const { ticket } = addItem(newTicket('t'), saw)
    expect(priceTicket(ticket, resolvePrices(priceReaderOf(some), quoteGiven(ticket, till)), till).isReady).toBe(false)
  }
})

test('three for two: of three saws one is free, of two the third is offered, and taking it makes it free', () => {
  const rule = {
    table: 'pricing.rule',
    row: {
      id: '3for2',
      code: '3FOR2',
      name: '3 for 2',
      scopeKind: 'item',
      scopeId: 'saw',
      benefit: '{"kind":"free","item":"saw","unit":"each","quantity":1000000,"forEach":2000000,"worth":13200000}',
      isTaxIncluded: 1,
      priority: 0,
      isStackable: 0,
      isDisabled: 0,
    },
  }
  const all = [...rows.slice(0, 5), { table: rule.table, row: JSON.stringify(rule.row) }]
  const priceOf = (ticket: ReturnType<typeof newTicket>) => {
    const quote = resolvePrices(priceReaderOf(all), quoteGiven(ticket, till))
    return { quote, priced: priceTicket(ticket, quote, till) }
  }
  const two = addItem(newTicket('t'), saw, 'each', 2_000_000).ticket
  const before = priceOf(two)
  expect(before.quote.offered).toMatchObject([{ item: 'saw', unit: 'each', quantity: 1_000_000 }])
  expect(before.priced.totals).toMatchObject({ total: 2640, discount: 0 })
  const offer = before.quote.offered[0]
  const three = addItem(two, saw, offer?.unit, offer?.quantity).ticket
  const after = priceOf(three)
  expect(after.quote).toMatchObject({ offered: [], lines: [{ free: 1_000_000, ruleDiscount: 1320 }] })
  expect(after.priced.totals).toMatchObject({ total: 2640, discount: 1320 })
  expect(after.priced.lines).toMatchObject([{ quantity: 3_000_000, ruleDiscount: 1320, rules: ['3for2'] }])
})
