// Pricing rules: each documented case by name, and the laws that hold for any set of them.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { amountMinor, quantity6, rate6 } from '../../kernel/amount.ts'
import type { PricingRule, RuleBenefit, RuleContext, RuleLine } from './price-types.ts'
import { applyRules } from './apply-rules.ts'
import { applyDocumentRules } from './pricing-rules.ts'
import { times } from '../../testing/properties.ts'

const units = (n: number) => quantity6(Math.round(n * 1_000_000))
const six = (n: number) => rate6(Math.round(n * 1_000_000))
const cents = amountMinor
const today: RuleContext = { businessDate: '2026-11-21', minorDigits: 2 }
const percent = (n: number): RuleBenefit => ({ kind: 'percent', percent: six(n) })
const amount = (n: number): RuleBenefit => ({ kind: 'amount', off: six(n) })
const price = (n: number): RuleBenefit => ({ kind: 'rate', rate: six(n) })
const aRule = (id: string, benefit: RuleBenefit, over: Partial<PricingRule> = {}): PricingRule => ({
  id,
  scope: { kind: 'item', item: 'tea' },
  benefit,
  priority: 1,
  isStackable: false,
  ...over,
})
const aLine = (quantity = 1, rate = 10, over: Partial<RuleLine> = {}): RuleLine => ({
  line: 'a',
  item: 'tea',
  group: 'drinks',
  brand: 'leaf',
  unit: 'pc',
  quantity: units(quantity),
  stockQuantity: units(quantity),
  rate: six(rate),
  ...over,
})
const mug = (over: Partial<RuleLine> = {}): RuleLine =>
  aLine(1, 10, { line: 'b', item: 'mug', group: 'ware', brand: null, ...over })
const run = (rules: PricingRule[], lines: RuleLine[] = [aLine()], context = today) => applyRules(rules, lines, context)
const offs = (...args: Parameters<typeof run>): (number | string)[][] =>
  run(...args).lines.map((line) => [line.ruleDiscount, ...line.rules])

describe('benefits', () => {
  test('percent, amount off each unit, a lower rate', () => {
    expect(offs([aRule('r', percent(15))], [aLine(3, 9.99)])).toEqual([[450, 'r']])
    expect(offs([aRule('r', amount(0.5))], [aLine(3, 9.99)])).toEqual([[150, 'r']])
    expect(offs([aRule('r', price(9))], [aLine(3, 9.99)])).toEqual([[297, 'r']])
  })
  test('never more than the price, and a rule never raises it', () => {
    expect(offs([aRule('r', amount(50))])).toEqual([[1_000, 'r']])
    expect(offs([aRule('r', price(11))])).toEqual([[0]])
    expect(offs([aRule('r', percent(-5))])).toEqual([[0]])
  })
  const gift = (over: object = {}): RuleBenefit => ({
    kind: 'free',
    item: 'mug',
    unit: 'pc',
    quantity: units(1),
    worth: six(4),
    ...over,
  })
  test('a free item, once or for each full three', () => {
    expect(run([aRule('r', gift())], [aLine(7)]).offered).toEqual([
      { rule: 'r', item: 'mug', unit: 'pc', quantity: units(1), worth: six(4) },
    ])
    expect(run([aRule('r', gift({ forEach: units(3) }))], [aLine(7)]).offered).toMatchObject([{ quantity: units(2) }])
    expect(run([aRule('r', gift({ forEach: units(3) }))], [aLine(2)])).toMatchObject({
      lines: [{ line: 'a', ruleDiscount: 0, rules: [] }],
      offered: [],
    })
  })
  test('a free item counts lines together, and is given once for all of them', () => {
    const rule = aRule('r', gift({ forEach: units(3) }), { scope: { kind: 'group', group: 'drinks' } })
    const result = run([rule], [aLine(2), aLine(1, 10, { line: 'c', item: 'milk' })])
    expect(result.offered).toMatchObject([{ quantity: units(1) }])
    expect(result.lines.map(({ rules }) => rules)).toEqual([['r'], ['r']])
  })
  test('a gift that comes to nothing costs its lines no other rule', () => {
    const rule = aRule('gift', gift({ forEach: units(3), worth: six(9) }), {
      scope: { kind: 'group', group: 'drinks' },
    })
    const rules = [
      rule,
      aRule('half', percent(50)),
      aRule('milk', percent(1), { scope: { kind: 'item', item: 'milk' } }),
    ]
    const result = run(rules, [aLine(2), aLine(1, 10, { line: 'c', item: 'milk' })])
    expect(result.offered).toEqual([])
    expect(result.lines).toMatchObject([
      { line: 'a', ruleDiscount: 1_000, rules: ['half'] },
      { line: 'c', ruleDiscount: 10, rules: ['milk'] },
    ])
  })
})

describe('scope and conditions', () => {
  test('on item, group and brand', () => {
    for (const scope of [
      { kind: 'item', item: 'tea' },
      { kind: 'group', group: 'drinks' },
      { kind: 'brand', brand: 'leaf' },
    ] as const) {
      expect(offs([aRule('r', percent(10), { scope })], [aLine(), mug()])).toEqual([[100, 'r'], [0]])
    }
  })
  test('a price set by hand and a return are left alone', () => {
    expect(offs([aRule('r', percent(10))], [aLine(1, 10, { isFixed: true }), aLine(-1), aLine(0)])).toEqual([
      [0],
      [0],
      [0],
    ])
  })
  test('validity by business date, both days included', () => {
    const rule = aRule('r', percent(10), { validFrom: '2026-11-21', validTo: '2026-11-21' })
    for (const [day, found] of [
      ['2026-11-20', 0],
      ['2026-11-21', 100],
      ['2026-11-22', 0],
    ] as const) {
      expect(offs([rule], [aLine()], { ...today, businessDate: day })[0]?.[0]).toBe(found)
    }
  })
  test('party, group of parties, coupon', () => {
    const rules = [
      aRule('p', percent(1), { party: 'acme' }),
      aRule('g', percent(2), { partyGroup: 'trade' }),
      aRule('c', percent(3), { coupon: 'TEA3' }),
    ]
    expect(offs(rules)).toEqual([[0]])
    expect(offs(rules, [aLine()], { ...today, party: 'acme' })).toEqual([[10, 'p']])
    expect(offs(rules, [aLine()], { ...today, party: 'acme', partyGroup: 'trade' })).toEqual([[20, 'g']])
    expect(offs(rules, [aLine()], { ...today, coupons: ['X', 'TEA3'] })).toEqual([[30, 'c']])
  })
  test('quantity bounds count the whole document, both ends included', () => {
    const rule = aRule('r', percent(10), { quantityMin: units(3), quantityMax: units(5) })
    for (const [n, hits] of [
      [1, false],
      [2, true],
      [4, true],
      [5, false],
    ] as const) {
      expect(offs([rule], [aLine(n), aLine(1, 10, { line: 'c' })])[0]?.[0] !== 0).toBe(hits)
    }
  })
  test('amount bounds count the chosen prices of all lines in scope, and of no other', () => {
    const rule = aRule('r', percent(10), { amountMin: cents(2_000), amountMax: cents(2_999) })
    expect(offs([rule], [aLine(1), mug()])).toEqual([[0], [0]])
    expect(offs([rule], [aLine(1), aLine(1, 10, { line: 'c' })])).toEqual([
      [100, 'r'],
      [100, 'r'],
    ])
    expect(offs([rule], [aLine(3)])).toEqual([[0]])
  })
})

describe('which rule', () => {
  test('the higher priority goes first, even when it gives less', () => {
    expect(offs([aRule('big', percent(30)), aRule('first', percent(5), { priority: 2 })])).toEqual([[50, 'first']])
  })
  test('same priority → best for the customer', () => {
    expect(offs([aRule('a', percent(10)), aRule('b', price(8.5)), aRule('c', amount(1.4))])).toEqual([[150, 'b']])
  })
  test('equally good → lowest id by UTF-8 bytes', () => {
    expect(offs([aRule('😀', percent(10)), aRule('\uffff', price(9))])).toEqual([[100, '\uffff']])
  })
  test('stackable rules follow each other, each on what the one before left', () => {
    const stack = [
      aRule('a', percent(10), { isStackable: true, priority: 2 }),
      aRule('b', percent(10), { isStackable: true }),
    ]
    expect(offs(stack)).toEqual([[190, 'a', 'b']])
  })
  test('one that stands alone ends it, and never joins a stack', () => {
    expect(offs([aRule('alone', percent(5), { priority: 2 }), aRule('s', percent(50), { isStackable: true })])).toEqual(
      [[50, 'alone']],
    )
    expect(offs([aRule('s', percent(5), { priority: 2, isStackable: true }), aRule('alone', percent(50))])).toEqual([
      [50, 's'],
    ])
  })
  test('at one priority the whole stack competes with the one that stands alone', () => {
    const stack = [aRule('s1', percent(10), { isStackable: true }), aRule('s2', percent(10), { isStackable: true })]
    expect(offs([aRule('alone', percent(15)), ...stack])).toEqual([[190, 's1', 's2']])
    expect(offs([aRule('alone', percent(20)), ...stack])).toEqual([[200, 'alone']])
    expect(offs([aRule('alone', percent(19)), ...stack])).toEqual([[190, 'alone']])
    expect(offs([aRule('z', percent(19)), ...stack])).toEqual([[190, 's1', 's2']])
  })
  test('a rule that gives nothing is not recorded and blocks none below it', () => {
    expect(offs([aRule('none', price(12), { priority: 2 }), aRule('some', percent(10))])).toEqual([[100, 'some']])
  })
})

describe('document rules', () => {
  const onDocument = (id: string, benefit: RuleBenefit, over: Partial<PricingRule> = {}) =>
    aRule(id, benefit, { scope: { kind: 'document' }, ...over })
  const document = { stockQuantity: units(5), amount: cents(10_000) }
  test('percent and amount once, within bounds', () => {
    expect(applyDocumentRules([onDocument('r', percent(10))], document, today)).toMatchObject({
      discounts: [{ kind: 'amount', amount: 1_000 }],
      rules: ['r'],
    })
    expect(applyDocumentRules([onDocument('r', amount(7.5))], document, today).discounts).toEqual([
      { kind: 'amount', amount: 750 },
    ])
    expect(
      applyDocumentRules([onDocument('r', percent(10), { amountMin: cents(10_001) })], document, today).rules,
    ).toEqual([])
    expect(
      applyDocumentRules([onDocument('r', percent(10), { quantityMin: units(5) })], document, today).rules,
    ).toEqual(['r'])
  })
  test('a gift over an amount', () => {
    const gift = onDocument(
      'r',
      { kind: 'free', item: 'bag', unit: 'pc', quantity: units(1), worth: six(2) },
      { amountMin: cents(5_000) },
    )
    expect(run([gift], [aLine(6)])).toMatchObject({
      documentDiscounts: [],
      documentRules: ['r'],
      offered: [{ item: 'bag', quantity: units(1) }],
    })
    expect(run([gift], [aLine(4)])).toMatchObject({ documentRules: [], offered: [] })
  })
  test('line rules, a rate, and a document that pays out play no part', () => {
    expect(applyDocumentRules([aRule('r', percent(10)), onDocument('q', price(1))], document, today).rules).toEqual([])
    expect(applyDocumentRules([onDocument('r', percent(10))], { ...document, amount: cents(-1) }, today).rules).toEqual(
      [],
    )
    expect(offs([onDocument('r', percent(10))])).toEqual([[0]])
  })
})

const benefit = fc.oneof(
  fc.nat(120).map(percent),
  fc.nat(12).map(amount),
  fc.nat(12).map(price),
  fc.record({
    kind: fc.constant('free' as const),
    item: fc.constant('mug'),
    unit: fc.constant('pc'),
    quantity: fc.nat(2).map(units),
    forEach: fc.option(fc.integer({ min: 1, max: 4 }).map(units), { nil: null }),
    worth: fc.nat(9).map(six),
  }),
)
const rule = fc.record({
  benefit,
  priority: fc.nat(2),
  isStackable: fc.boolean(),
  scope: fc.constantFrom<PricingRule['scope']>(
    { kind: 'item', item: 'tea' },
    { kind: 'group', group: 'drinks' },
    { kind: 'brand', brand: 'leaf' },
  ),
  quantityMin: fc.option(fc.nat(6).map(units), { nil: null }),
})
const line = fc.record({
  quantity: fc.nat(5),
  rate: fc.nat(2_000),
  item: fc.constantFrom('tea', 'milk'),
  isFixed: fc.boolean(),
})

describe('any rules', () => {
  test('never more than the line, never a fixed line, the same for any order of rules', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), fc.array(line, { maxLength: 4 }), (rules, lines) => {
        const all = rules.map((each, i) => aRule(`r${i}`, each.benefit, each))
        const own = lines.map(({ quantity, rate, item, isFixed }, i) =>
          aLine(quantity, rate / 100, { line: `${i}`, item, isFixed }),
        )
        const result = run(all, own)
        expect(run([...all].reverse(), own)).toEqual(result)
        result.lines.forEach((each, i) => {
          expect(each.ruleDiscount).toBeGreaterThanOrEqual(0)
          expect(each.ruleDiscount).toBeLessThanOrEqual((lines[i]?.quantity ?? 0) * (lines[i]?.rate ?? 0))
          if (lines[i]?.isFixed) expect(each.rules).toEqual([])
          expect(each.rules.length > 1 && each.rules.some((id) => !all[Number(id.slice(1))]?.isStackable)).toBe(false)
        })
        for (const gift of result.offered)
          expect(result.lines.some(({ rules: ids }) => ids.includes(gift.rule))).toBe(true)
      }),
      { numRuns: times(500) },
    )
  })
  test('rules that stand alone: the customer gets the best of the highest priority that gives anything', () => {
    const alone = fc.record({ off: fc.nat(100), priority: fc.nat(2) })
    fc.assert(
      fc.property(fc.array(alone, { maxLength: 8 }), (drafts) => {
        const useful = drafts.filter(({ off }) => off > 0)
        const top = Math.max(...useful.map(({ priority }) => priority))
        const expected = Math.max(0, ...useful.filter(({ priority }) => priority === top).map(({ off }) => off * 10))
        expect(offs(drafts.map(({ off, priority }, i) => aRule(`r${i}`, percent(off), { priority })))[0]?.[0]).toBe(
          expected,
        )
      }),
    )
  })
})
