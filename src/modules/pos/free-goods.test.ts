// "3 for 2" at a till: a cashier without any right over prices sells what a rule gives, and the hub finds nothing to say.
import { expect, test } from 'vitest'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { keyId } from '../../kernel/hash.ts'
import { stockEntry } from '../../kernel/ledger.ts'
import { TestWorld } from '../../testing/two-sides.ts'
import { mastersModule } from '../masters/module.ts'
import { pricingModule } from '../pricing/module.ts'
import { setPricingRule } from '../pricing/set-pricing-rule.ts'
import { completeSale } from './complete-sale.ts'
import { posModule } from './module.ts'
import { openShift } from './open-shift.ts'
import { returnSale } from './return-sale.ts'
import type { LineArgs } from './sale-args.ts'
import { sale, saleLine, tender } from './sale.ts'
import { shift } from './shift.ts'
import { aLine, aSale, backOf, cash, openShop, pieces, pounds, priceOf, shopIds } from './till-builders.ts'

const catalogue = catalogueOf([mastersModule, pricingModule, posModule])
const ids = shopIds('t1')
const { company, branch } = ids
const rule = keyId('t1', 'pricing.rule', ['3FOR2'])

/** A cashier: no price by hand, no discount, no override. The drill's floor is £40 without tax. */
function aTill() {
  const world = new TestWorld(catalogue)
  const office = world.device({ dev: 'OFFI', company, branch })
  openShop((command, args) => office.do(command, args), 't1')
  office.do(setPricingRule, {
    code: '3FOR2',
    name: '3 for 2',
    scopeKind: 'item',
    scopeId: ids.drill,
    benefit: {
      kind: 'free',
      item: ids.drill,
      unit: 'each',
      quantity: pieces(1),
      forEach: pieces(2),
      worth: priceOf(60),
    },
  })
  world.settle()
  const device = world.device({
    dev: 'AAAA',
    company,
    branch,
    permissions: ['pos.sell', 'pos.shift', 'pos.return'],
    policy: { stockPolicy: 'allow' },
  })
  const opened = device.do(
    openShift,
    { till: ids.till1, businessDate: '2026-11-20', currency: 'GBP', float: pounds(200) },
    shift,
  )
  const drills = (count: number, more: Partial<LineArgs> = {}) =>
    aSale({ shift: opened, lines: [aLine(ids.drill, count, 60, { rules: [rule], ...more })] })
  return { world, device, opened, drills }
}

test('three are sold for two, below no floor and by nobody’s leave; the hub has nothing to say', () => {
  const { world, device, drills } = aTill()
  const id = device.do(completeSale, drills(3, { ruleDiscount: pounds(60) }), sale)
  expect(world.settle().map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted'])
  expect(world.exceptions).toEqual([])
  // £180.00 less £60.00; of £120.00 £20.00 is tax. Three left the shelf.
  expect(world.rows(sale)).toMatchObject([{ id, total: 12_000, discount: 6000, tax: 2000 }])
  expect(world.rows(stockEntry).map(({ quantity }) => quantity)).toEqual([pieces(-3)])
})

test('on lines apart: the free one is a line of its own that costs nothing', () => {
  const { world, device, opened } = aTill()
  const free = aLine(ids.drill, 1, 60, { rules: [rule], ruleDiscount: pounds(60) })
  device.do(completeSale, aSale({ shift: opened, lines: [free, aLine(ids.drill, 2, 60, { rules: [rule] })] }))
  world.settle()
  expect(world.exceptions).toEqual([])
  expect(world.rows(saleLine).map(({ total }) => total)).toEqual([0, 12_000])
})

test('more given than the rule gives is named on the hub, at the receipt’s own price', () => {
  const { world, device, drills } = aTill()
  // The till claims two free of three: the floor is a rule on the device too, so only an override got it out of the door.
  expect(device.run(completeSale, drills(3, { ruleDiscount: pounds(120) })).refusal?.code).toBe('pricing.below-floor')
  device.do(completeSale, drills(3, { ruleDiscount: pounds(120) }), sale, { overrides: ['pricing.below-floor'] })
  world.settle()
  expect(world.exceptions.map(({ code }) => code).sort()).toEqual(['BELOW_FLOOR', 'PRICE_DIFFERS'])
  expect(world.rows(sale)[0]?.total).toBe(6000)
})

test('a discount by hand beside the free one still asks', () => {
  const { device, drills } = aTill()
  const lineDiscount = { kind: 'percent', percent: priceOf(10) } as const
  expect(device.run(completeSale, drills(3, { ruleDiscount: pounds(60), lineDiscount })).refusal?.code).toBe(
    'pricing.discount-over-limit',
  )
})

test('of three for two, one that comes back is a third of what was paid', () => {
  const { world, device, opened, drills } = aTill()
  device.do(completeSale, drills(3, { ruleDiscount: pounds(60) }))
  world.settle()
  const sold = world.rows(saleLine)[0]
  if (sold === undefined) throw new Error('The sale has one line.')
  device.do(
    returnSale,
    aSale({
      shift: opened,
      returns: [backOf(sold, 1)],
      tenders: [{ ...cash(-40), refundOf: world.rows(tender)[0]?.id ?? '' }],
    }),
  )
  world.settle()
  expect(world.exceptions).toEqual([])
  expect(world.rows(sale).map(({ total }) => total)).toEqual([12_000, -4000])
})
