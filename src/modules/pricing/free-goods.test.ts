// Free goods: the cases people know by name, and a search over every way to give, written from what the promotion
// promises and not from the code's arithmetic.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { amountMinor, quantity6, rate6 } from '../../kernel/amount.ts'
import { applyRules } from './apply-rules.ts'
import type { PricingRule, RuleContext, RuleLine } from './price-types.ts'
import { times } from '../../testing/properties.ts'

const units = (n: number) => quantity6(Math.round(n * 1_000_000))
const six = (n: number) => rate6(Math.round(n * 1_000_000))
const today: RuleContext = { businessDate: '2026-11-21', minorDigits: 2 }

interface GiftGiven {
  readonly of?: string
  readonly unit?: string
  readonly quantity?: number
  readonly forEach?: number | null
}
const aGift = (id: string, given: GiftGiven = {}, over: Partial<PricingRule> = {}): PricingRule => ({
  id,
  scope: { kind: 'item', item: 'tea' },
  benefit: {
    kind: 'free',
    item: given.of ?? 'tea',
    unit: given.unit ?? 'pc',
    quantity: units(given.quantity ?? 1),
    forEach: given.forEach === undefined ? units(2) : given.forEach === null ? null : units(given.forEach),
    worth: six(6),
  },
  priority: 1,
  isStackable: false,
  ...over,
})
const aLine = (quantity: number, rate = 6, over: Partial<RuleLine> = {}): RuleLine => ({
  line: over.line ?? over.item ?? 'tea',
  item: 'tea',
  group: 'drinks',
  brand: null,
  unit: 'pc',
  quantity: units(quantity),
  stockQuantity: units(quantity),
  rate: six(rate),
  ...over,
})
const percentOff = (id: string, percent: number, over: Partial<PricingRule> = {}): PricingRule =>
  aGift(id, {}, { benefit: { kind: 'percent', percent: six(percent) }, ...over })
/** What is free of each line, what it takes off in pence, and what is still offered. */
const told = (rules: PricingRule[], lines: RuleLine[]) => {
  const ruled = applyRules(rules, lines, today)
  return {
    free: ruled.lines.map(({ free }) => free / 1_000_000),
    off: ruled.lines.map(({ ruleDiscount }) => ruleDiscount),
    offered: ruled.offered.map(({ item, quantity }) => `${quantity / 1_000_000} ${item}`),
  }
}

describe('three for two', () => {
  test.each([
    [1, 0, []],
    [2, 0, ['1 tea']],
    [3, 1, []],
    [4, 1, []],
    [5, 1, ['1 tea']],
    [6, 2, []],
    [100, 33, []],
  ])('%i in the basket: %i free, offered %j', (count, free, offered) => {
    expect(told([aGift('r')], [aLine(count)])).toEqual({ free: [free], off: [free * 600], offered })
  })
  test('over two lines of the item the first gives, and the line says which rule', () => {
    const lines = [aLine(1, 6, { line: 'a' }), aLine(2, 6, { line: 'b' })]
    expect(told([aGift('r')], lines)).toEqual({ free: [1, 0], off: [600, 0], offered: [] })
    expect(applyRules([aGift('r')], lines, today).lines.map(({ rules }) => rules)).toEqual([['r'], ['r']])
  })
  test('a price by hand is neither given away nor is it in the way', () => {
    const byHand = aLine(5, 4, { line: 'b', isFixed: true })
    expect(told([aGift('r')], [aLine(3), byHand])).toEqual({ free: [1, 0], off: [600, 0], offered: [] })
    expect(told([aGift('r')], [byHand])).toEqual({ free: [0], off: [0], offered: [] })
  })
  test('two of four, and a share of a kilogram', () => {
    const twoAndTwo = aGift('r', { quantity: 2 })
    expect([2, 3, 4, 5, 7].map((count) => told([twoAndTwo], [aLine(count)]).free[0])).toEqual([0, 1, 2, 2, 3])
    expect(told([aGift('r')], [aLine(2.5)])).toEqual({ free: [0.5], off: [300], offered: ['0.5 tea'] })
  })
  test('a box is no gift where a piece is, and its pieces earn', () => {
    const box = aLine(1, 60, { line: 'box', unit: 'box', stockQuantity: units(12) })
    expect(told([aGift('r')], [box])).toEqual({ free: [0], off: [0], offered: ['6 tea'] })
    expect(told([aGift('r')], [box, aLine(4)])).toEqual({ free: [0, 4], off: [0, 2400], offered: ['2 tea'] })
  })
  test('a box for each two boxes is given in whole boxes', () => {
    const rule = aGift('r', { unit: 'box', forEach: 24 })
    const boxes = (count: number) => [aLine(count, 60, { unit: 'box', stockQuantity: units(12 * count) })]
    expect([1, 2, 3, 5, 6].map((count) => told([rule], boxes(count)).free[0])).toEqual([0, 0, 1, 1, 2])
    const mixed = [...boxes(2), aLine(6, 6, { line: 'loose' })]
    expect(told([rule], mixed)).toEqual({ free: [0, 0], off: [0, 0], offered: ['1 tea'] })
  })
})

describe('once', () => {
  const once = (over: Partial<PricingRule> = {}) => aGift('r', { forEach: null }, over)
  test('something is paid, and so much that the bounds still hold', () => {
    expect([1, 2, 3].map((count) => told([once()], [aLine(count)]).free[0])).toEqual([0, 1, 1])
    expect([2, 3, 4].map((count) => told([once({ quantityMin: units(3) })], [aLine(count)]).free[0])).toEqual([0, 0, 1])
    const over20 = once({ amountMin: amountMinor(2_000) })
    expect([3, 4, 5].map((count) => told([over20], [aLine(count)]).free[0])).toEqual([0, 0, 1])
    expect(told([over20], [aLine(4)]).offered).toEqual(['1 tea'])
  })
})

describe('another item', () => {
  const mug = (count = 1, over: Partial<RuleLine> = {}) => aLine(count, 4.99, { item: 'mug', group: 'ware', ...over })
  test('is offered, and free when it is there: so many as were earned', () => {
    const rule = aGift('r', { of: 'mug' })
    expect(told([rule], [aLine(4)])).toEqual({ free: [0], off: [0], offered: ['2 mug'] })
    expect(told([rule], [aLine(4), mug(3)])).toEqual({ free: [0, 2], off: [0, 998], offered: [] })
    expect(told([rule], [mug(3), aLine(1)])).toEqual({ free: [0, 0], off: [0, 0], offered: [] })
  })
  test('the rest of its line takes its own offer, once', () => {
    const rules = [aGift('r', { of: 'mug' }), percentOff('s', 10, { scope: { kind: 'item', item: 'mug' } })]
    expect(told(rules, [aLine(2), mug(3)])).toEqual({ free: [0, 1], off: [0, 499 + 100], offered: [] })
  })
  test('a gift earns no other offer’s quantity', () => {
    const rules = [
      aGift('r', { of: 'mug' }),
      percentOff('s', 10, { scope: { kind: 'item', item: 'mug' }, quantityMin: units(3) }),
    ]
    expect(told(rules, [aLine(2), mug(3)])).toEqual({ free: [0, 1], off: [0, 499], offered: [] })
  })
  test('two offers of the same thing give it twice and no more', () => {
    const rules = [aGift('r', { of: 'mug' }), aGift('s', { of: 'mug' }, { scope: { kind: 'item', item: 'milk' } })]
    expect(told(rules, [aLine(2), aLine(2, 1, { item: 'milk' }), mug(3)]).free).toEqual([0, 0, 2])
    expect(told(rules, [aLine(2), aLine(2, 1, { item: 'milk' }), mug(1)]).offered).toEqual(['1 mug'])
  })
})

describe('on the document', () => {
  const bag = (over: Partial<PricingRule> = {}) =>
    aGift('r', { of: 'bag', forEach: null }, { scope: { kind: 'document' }, amountMin: amountMinor(5_000), ...over })
  test('a bag over fifty pounds, and its own price doesn’t bring one there', () => {
    const aBag = (count: number) => aLine(count, 10, { item: 'bag' })
    expect(told([bag()], [aLine(10)])).toEqual({ free: [0], off: [0], offered: ['1 bag'] })
    expect(told([bag()], [aLine(10), aBag(2)])).toEqual({ free: [0, 1], off: [0, 1000], offered: [] })
    expect(told([bag()], [aLine(7), aBag(1)])).toEqual({ free: [0, 0], off: [0, 0], offered: ['1 bag'] })
  })
  test('beside a percentage of what is paid', () => {
    const rules = [bag({ isStackable: true }), percentOff('s', 10, { scope: { kind: 'document' }, isStackable: true })]
    const ruled = applyRules(rules, [aLine(10), aLine(1, 10, { item: 'bag' })], today)
    expect(ruled.lines.map(({ ruleDiscount }) => ruleDiscount)).toEqual([0, 1000])
    expect(ruled.documentDiscounts).toEqual([{ kind: 'amount', amount: 600 }])
  })
})

describe('every way to give', () => {
  test('as many of one item as its promise allows, and never a pound more', () => {
    const given = fc.record({
      count: fc.integer({ min: 0, max: 40 }),
      forEach: fc.integer({ min: 1, max: 7 }),
      quantity: fc.integer({ min: 1, max: 5 }),
      quantityMin: fc.nat(9),
    })
    fc.assert(
      fc.property(given, ({ count, forEach, quantity, quantityMin }) => {
        const rule = aGift('r', { forEach, quantity }, { quantityMin: units(quantityMin) })
        // Of `count` things each is paid or free; the free ones are covered by what the paid ones earn.
        let most = 0
        for (let free = 0; free <= count; free++) {
          const paid = count - free
          if (paid >= quantityMin && free <= Math.floor(paid / forEach) * quantity) most = Math.max(most, free)
        }
        const { free, off, offered } = told([rule], [aLine(count)])
        expect({ free, off }).toEqual({ free: [most], off: [most * 600] })
        // Taking what is offered makes exactly that free.
        const more = Number((offered[0] ?? '0').split(' ')[0])
        expect(told([rule], [aLine(count + more)])).toMatchObject({ free: [most + more] })
      }),
      { numRuns: times(1_000) },
    )
  })
  test('whatever the rules: nothing costs less than nothing, and paying for what is left chooses the same again', () => {
    const rule = fc.oneof(
      fc.record({
        of: fc.constantFrom('tea', 'mug'),
        quantity: fc.nat(3),
        forEach: fc.option(fc.integer({ min: 1, max: 4 })),
      }),
      fc.nat(100),
    )
    const scope = fc.constantFrom<PricingRule['scope']>(
      { kind: 'item', item: 'tea' },
      { kind: 'item', item: 'mug' },
      { kind: 'group', group: 'drinks' },
      { kind: 'document' },
    )
    const rules = fc.array(
      fc.record({ rule, scope, priority: fc.nat(2), isStackable: fc.boolean(), quantityMin: fc.nat(4) }),
      { maxLength: 5 },
    )
    const line = fc.record({
      item: fc.constantFrom('tea', 'mug'),
      count: fc.integer({ min: -2, max: 9 }),
      rate: fc.nat(9),
      isFixed: fc.boolean(),
    })
    fc.assert(
      fc.property(rules, fc.array(line, { maxLength: 5 }), (drafts, basket) => {
        const all = drafts.map(({ rule: benefit, quantityMin, ...over }, at) =>
          typeof benefit === 'number'
            ? percentOff(`r${at}`, benefit, { ...over, quantityMin: units(quantityMin) })
            : aGift(`r${at}`, benefit, { ...over, quantityMin: units(quantityMin) }),
        )
        const lines = basket.map(({ item, count, rate, isFixed }, at) =>
          aLine(count, rate, { line: String(at), item, isFixed, group: item === 'tea' ? 'drinks' : 'ware' }),
        )
        const ruled = applyRules(all, lines, today)
        let given = 0
        ruled.lines.forEach(({ free, ruleDiscount, rules: ids }, at) => {
          const own = basket[at] as (typeof basket)[number]
          const gross = own.count * own.rate * 100
          given += free
          expect(ruleDiscount).toBeGreaterThanOrEqual(0)
          expect(ruleDiscount).toBeLessThanOrEqual(Math.max(0, gross))
          expect(free).toBeLessThanOrEqual(Math.max(0, own.count * 1_000_000))
          // Given away is given whole; a penny of rounding where a discount was spread.
          expect(ruleDiscount).toBeGreaterThanOrEqual((free / 1_000_000) * own.rate * 100 - 1)
          if (own.isFixed || own.count <= 0) expect({ free, ids }).toEqual({ free: 0, ids: [] })
        })
        if (given > 0)
          expect(ruled.lines.some(({ free }, at) => free < Math.max(0, (basket[at]?.count ?? 0) * 1_000_000))).toBe(
            true,
          )
      }),
      { numRuns: times(1_000) },
    )
  })
})
