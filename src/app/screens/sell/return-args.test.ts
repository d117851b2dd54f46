// Money goes back the way it came, and no further. The figures are worked by hand.
import { expect, test } from 'vitest'
import { amountMinor } from '../../../kernel/amount.ts'
import type { SaleLine, Tender } from '../../../modules/pos/sale.ts'
import { refundOf, returnable } from './return-args.ts'

const paid = (id: string, kind: 'cash' | 'card', amount: number, refunded = 0): Tender =>
  ({ id, method: kind, kind, amount, refunded }) as unknown as Tender
const line = (quantity: number, returned: number): SaleLine =>
  ({ quantity, returned, pricedQuantity: null }) as unknown as SaleLine

test('a card gets its part first, cash the rest', () => {
  const { tenders } = refundOf(amountMinor(-1320), [paid('c', 'cash', 2240), paid('k', 'card', 1000)], 0)
  expect(tenders.map(({ method, amount, refundOf: of }) => [method, amount, of])).toEqual([
    ['card', -1000, 'k'],
    ['cash', -320, 'c'],
  ])
})

test('what was refunded before counts', () => {
  const { tenders } = refundOf(amountMinor(-500), [paid('k', 'card', 1000, 800), paid('c', 'cash', 400)], 0)
  expect(tenders.map(({ amount }) => amount)).toEqual([-200, -300])
})

test('coins are rounded to the smallest one, and the difference is told', () => {
  expect(refundOf(amountMinor(-1002), [paid('c', 'cash', 1000)], 5)).toMatchObject({
    tenders: [{ amount: -1000 }],
    cashRounding: 2,
  })
})

test('a line gives back what was sold less what came back, and a return gives nothing', () => {
  expect([returnable(line(3_000_000, 1_000_000)), returnable(line(-1_000_000, 0))]).toEqual([2_000_000, 0])
})
