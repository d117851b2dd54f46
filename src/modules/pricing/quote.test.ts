// Quotes and the recheck of agreed prices over stored rows; expected numbers are worked out by hand.
import { expect, test } from 'vitest'
import { amountMinor, quantity6, rate6 } from '../../kernel/amount.ts'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { command, type Context } from '../../kernel/command.ts'
import { json } from '../../kernel/field.ts'
import { keyId } from '../../kernel/hash.ts'
import type { Lease } from '../../kernel/lease.ts'
import { TestWorld } from '../../testing/two-sides.ts'
import { createItem } from '../masters/create-item.ts'
import { editItem } from '../masters/edit-item.ts'
import { importParty } from '../masters/import-party.ts'
import { mastersModule } from '../masters/module.ts'
import { savePartyGroup } from '../masters/save-party-group.ts'
import { savePriceList } from '../masters/save-price-list.ts'
import { saveTaxCode } from '../masters/save-tax-code.ts'
import { saveUnit } from '../masters/save-unit.ts'
import { setPrice } from '../masters/set-price.ts'
import { setTaxRate } from '../masters/set-tax-rate.ts'
import { checkAgreedPrices, type AgreedDocument, type AgreedLine } from './check-agreed-prices.ts'
import { pricingModule } from './module.ts'
import { quoteLine, resolvePrices, type Quote, type QuoteGiven } from './quote.ts'
import { setPricingRule } from './set-pricing-rule.ts'

/** Commands of the test alone: they hand the context over. */
let seen: Quote | null = null
const ask = command('test.ask', {
  kind: 'fact',
  version: 1,
  permission: 'pos.sell',
  args: { given: json<QuoteGiven>() },
  run(ctx: Context, a) {
    seen = resolvePrices(ctx, a.given)
  },
})
const agree = command('test.agree', {
  kind: 'fact',
  version: 1,
  permission: 'pos.sell',
  args: { document: json<AgreedDocument>() },
  run: (ctx, a) => checkAgreedPrices(ctx, a.document),
})
const catalogue = catalogueOf([mastersModule, pricingModule, { name: 'test', tables: [], commands: [ask, agree] }])

const pieces = (n: number) => quantity6(n * 1_000_000)
const pounds = (n: number) => rate6(Math.round(n * 1_000_000))
const percent = (n: number) => rate6(n * 1_000_000)
const list = (code: string) => keyId('t1', 'masters.priceList', [code])
const sealant = keyId('t1', 'masters.item', ['SEAL'])
const milk = keyId('t1', 'masters.item', ['MILK'])
const dale = keyId('t1', 'masters.party', ['DALE'])

function aWorld(lease: Partial<Lease> = {}) {
  const world = new TestWorld(catalogue)
  const office = world.device({ dev: 'OFFI' })
  for (const code of ['tube', 'box']) office.do(saveUnit, { code, name: code })
  office.do(saveTaxCode, { code: 'STD', name: 'Standard', treatment: 'standard' })
  office.do(saveTaxCode, { code: 'ZERO', name: 'Zero', treatment: 'zero' })
  office.do(setTaxRate, { code: 'STD', from: '2011-01-04', percent: percent(20) })
  office.do(createItem, {
    code: 'SEAL',
    name: 'Sealant',
    group: 'sealants',
    stockUnit: 'tube',
    taxCode: 'STD',
    units: [{ unit: 'box', num: 12, den: 1 }],
    floorRate: pounds(3),
  })
  office.do(createItem, { code: 'MILK', name: 'Milk', group: 'café', stockUnit: 'tube', taxCode: 'ZERO' })
  office.do(savePriceList, { code: 'retail', name: 'Retail', currency: 'GBP', isTaxIncluded: true })
  office.do(savePriceList, { code: 'trade', name: 'Trade', currency: 'GBP', isTaxIncluded: false })
  const price = (code: string, item: string, rate: number, minQuantity = 0) =>
    office.do(setPrice, {
      scope: 'list',
      scopeId: list(code),
      item,
      rate: pounds(rate),
      minQuantity: pieces(minQuantity),
    })
  price('retail', sealant, 6)
  price('trade', sealant, 4.5)
  price('trade', sealant, 4, 12)
  price('retail', milk, 1.2)
  office.do(savePartyGroup, { code: 'trade', name: 'Trade', priceList: list('trade') })
  office.do(importParty, { code: 'DALE', name: 'Dale', roles: ['customer'], territory: 'leeds', group: 'trade' })
  world.settle()
  const till = world.device({ dev: 'TILL', permissions: ['pos.*'], limits: { discountPercent: percent(5) }, ...lease })
  const quote = (more: Partial<QuoteGiven>): Quote => {
    till.do(ask, {
      given: {
        businessDate: '2026-11-20',
        currency: 'GBP',
        minorDigits: 2,
        pricesIncludeTax: true,
        profileList: list('retail'),
        lines: [],
        ...more,
      },
    })
    return seen as Quote
  }
  return { world, office, till, quote }
}
const line = (item: string, n: number, unit = 'tube') => ({ line: item, item, unit, quantity: pieces(n) })

test('a walk-in pays the till list with tax; a unit without a price of its own pays by its factor', () => {
  const { quote } = aWorld()
  const { lines } = quote({ lines: [line(sealant, 1, 'box'), line(milk, 2)] })
  expect(lines.map((each) => [each.rate, each.source, each.stockQuantity, each.taxes])).toEqual([
    [pounds(72), 'profile-list', pieces(12), [{ code: 'STD', percent: percent(20) }]],
    [pounds(1.2), 'profile-list', pieces(2), [{ code: 'ZERO', percent: 0 }]],
  ])
})

test('a party pays its group list, shown with tax at a till and without on an invoice, and 12 pieces meet the break', () => {
  const { quote } = aWorld()
  const given = { party: dale, lines: [line(sealant, 11)] }
  expect(quote(given).lines[0]).toMatchObject({ rate: pounds(5.4), source: 'group-list' })
  expect(quote({ ...given, pricesIncludeTax: false }).lines[0]?.rate).toBe(pounds(4.5))
  expect(quote({ ...given, lines: [line(sealant, 12)], pricesIncludeTax: false }).lines[0]?.rate).toBe(pounds(4))
})

test('what is wrong with a line is said, and its price is no price', () => {
  const { quote, world } = aWorld()
  const office = world.device({ dev: 'OFF2' })
  office.do(createItem, { code: 'BARE', name: 'No price', group: 'x', stockUnit: 'tube', taxCode: 'STD' })
  office.do(saveTaxCode, { code: 'NEW', name: 'No rate yet', treatment: 'reduced' })
  office.do(createItem, { code: 'RATELESS', name: 'No rate', group: 'x', stockUnit: 'tube', taxCode: 'NEW' })
  world.settle()
  const bare = keyId('t1', 'masters.item', ['BARE'])
  const rateless = keyId('t1', 'masters.item', ['RATELESS'])
  const { lines } = quote({
    lines: [line(bare, 1), line('nothing', 1), line(sealant, 1, 'crate'), line(sealant, 0.5), line(rateless, 1)],
  })
  expect(lines.map((each) => each.flaw)).toEqual([
    'pricing.no-price',
    'pricing.unknown-item',
    'pricing.unknown-unit',
    'pricing.unit-not-exact',
    'pricing.no-tax-rate',
  ])
})

test('three for two: of five tubes one is free and another may be taken, on the day and not after it', () => {
  const { office, world, quote } = aWorld()
  office.do(setPricingRule, {
    code: '3FOR2',
    name: '3 for 2',
    scopeKind: 'item',
    scopeId: sealant,
    benefit: { kind: 'free', item: sealant, unit: 'tube', quantity: pieces(1), forEach: pieces(2), worth: pounds(6) },
    validTo: '2026-11-22',
  })
  world.settle()
  const five = quote({ lines: [line(sealant, 5)] })
  expect(five.lines).toMatchObject([{ free: pieces(1), ruleDiscount: 600 }])
  expect(five.offered).toMatchObject([{ quantity: pieces(1), worth: pounds(6) }])
  const late = quote({ lines: [line(sealant, 5)], businessDate: '2026-11-23' })
  expect(late).toMatchObject({ lines: [{ free: 0, ruleDiscount: 0, rules: [] }], offered: [] })
})

test('a promotional price with tax counts without it on an invoice', () => {
  const { office, world, quote } = aWorld()
  office.do(setPricingRule, {
    code: 'PROMO',
    name: 'Promo',
    scopeKind: 'group',
    scopeId: 'sealants',
    benefit: { kind: 'rate', rate: pounds(4.8) },
  })
  world.settle()
  expect(quote({ lines: [line(sealant, 1)] }).lines[0]?.ruleDiscount).toBe(120)
  expect(quote({ lines: [line(sealant, 1)], party: dale, pricesIncludeTax: false }).lines[0]?.ruleDiscount).toBe(50)
})

test('one line by itself', () => {
  const { till } = aWorld()
  const reader: Pick<Context, 'get' | 'getByKey' | 'find'> = {
    get: (table, id) => till.store.get(table, id, null) as never,
    getByKey: (table, key) =>
      till.store.get(
        table,
        keyId(
          't1',
          table.name,
          (table.key ?? []).map((field) => (key as Record<string, string>)[field] ?? null),
        ),
        null,
      ) as never,
    find: (table, index, eq) =>
      till.store.find(table, {
        index,
        columns: table.indexes[index] ?? [],
        eq: Object.values(eq),
        from: null,
        to: null,
        desc: false,
        limit: null,
      }) as never,
  }
  const quoted = quoteLine(
    reader,
    {
      businessDate: '2026-11-20',
      currency: 'GBP',
      minorDigits: 2,
      pricesIncludeTax: true,
      profileList: list('retail'),
    },
    { item: sealant, unit: 'tube', quantity: pieces(1) },
  )
  expect(quoted).toMatchObject({ rate: pounds(6), flaw: null })
})

const standard = [{ code: 'STD', percent: percent(20) }]
const agreed = (
  line: Partial<AgreedLine> = {},
  document: Partial<AgreedDocument> = {},
): { document: AgreedDocument } => ({
  document: {
    businessDate: '2026-11-20',
    currency: 'GBP',
    minorDigits: 2,
    pricesIncludeTax: true,
    profileList: list('retail'),
    lines: [
      {
        line: '1',
        item: sealant,
        unit: 'tube',
        quantity: pieces(10),
        rate: pounds(6),
        source: 'profile-list',
        taxes: standard,
        ...line,
      },
    ],
    ...document,
  },
})

test('the price of the day raises nothing', () => {
  const { till, world } = aWorld()
  till.do(agree, agreed())
  world.settle()
  expect(world.exceptions).toEqual([])
})

test('a price or tax that changed meanwhile is an exception on the hub and never a refusal', () => {
  const { till, world, office } = aWorld()
  office.do(setPrice, {
    scope: 'list',
    scopeId: list('retail'),
    item: sealant,
    rate: pounds(6.5),
    minQuantity: quantity6(0),
  })
  office.do(setTaxRate, { code: 'STD', from: '2026-11-01', percent: percent(21) })
  till.do(agree, agreed())
  expect(world.settle([office, till]).map((each) => each.outcome)).toEqual(['accepted', 'accepted', 'accepted'])
  expect(world.exceptions.map((raised) => raised.code)).toEqual(['PRICE_DIFFERS', 'TAX_RATE_STALE'])
  expect(world.exceptions[0]?.facts).toMatchObject({ agreedRate: pounds(6), expectedRate: pounds(6.5) })
})

test.each([
  ['a line discount', agreed({ lineDiscount: { kind: 'percent', percent: percent(5) } }), null],
  [
    'too much on the line',
    agreed({ lineDiscount: { kind: 'percent', percent: percent(6) } }),
    'pricing.discount-over-limit',
  ],
  ['a document discount', agreed({}, { documentDiscount: { kind: 'amount', amount: amountMinor(300) } }), null],
  [
    'too much in two steps',
    agreed(
      { lineDiscount: { kind: 'percent', percent: percent(4) } },
      { documentDiscount: { kind: 'percent', percent: percent(4) } },
    ),
    'pricing.discount-over-limit',
  ],
  [
    'a price by hand without the right',
    agreed({ source: 'manual', rate: pounds(5.9) }),
    'pricing.manual-price-not-permitted',
  ],
  ['a return', agreed({ quantity: pieces(-1), lineDiscount: { kind: 'percent', percent: percent(50) } }), null],
])('at the till, %s', (_, args, code) => {
  const { till } = aWorld()
  expect(till.run(agree, args).refusal?.code ?? null).toBe(code)
})

test('a co-signed discount stands with its exception', () => {
  const { till, world } = aWorld()
  till.do(agree, agreed({ lineDiscount: { kind: 'percent', percent: percent(20) } }), undefined, {
    overrides: ['pricing.discount-over-limit'],
  })
  world.settle()
  expect(world.exceptions).toMatchObject([
    { code: 'DISCOUNT_OVER_LIMIT', facts: { discountMinor: 1200, allowedMinor: 300 } },
  ])
})

test('a price by hand is a discount on our own, and stops at the floor', () => {
  const { till } = aWorld({
    permissions: ['pos.*', 'pricing.setPriceByHand'],
    limits: { discountPercent: percent(60) },
  })
  expect(till.run(agree, agreed({ source: 'manual', rate: pounds(2.39) })).refusal?.code).toBe(
    'pricing.discount-over-limit',
  )
  // 10 tubes for £36.00 with tax leave £30.00: the floor itself. A penny a tube less is below.
  expect(till.run(agree, agreed({ source: 'manual', rate: pounds(3.6) })).refusal).toBeNull()
  expect(till.run(agree, agreed({ source: 'manual', rate: pounds(3.59) })).refusal).toMatchObject({
    code: 'pricing.below-floor',
    facts: { netMinor: 2992, floorMinor: 3000 },
  })
})

test('a floor raised meanwhile is an exception on the hub', () => {
  const { till, world, office } = aWorld({ permissions: ['*'], limits: {} })
  office.do(editItem, { item: sealant, floorRate: pounds(5.5) })
  till.do(agree, agreed())
  world.settle([office, till])
  expect(world.exceptions.map((raised) => raised.code)).toEqual(['BELOW_FLOOR'])
})

test.each([
  [
    'a rate on the whole document',
    { scopeKind: 'document', benefit: { kind: 'rate', rate: pounds(1) } },
    'pricing.rate-needs-lines',
  ],
  [
    'an item rule without its item',
    { scopeKind: 'item', benefit: { kind: 'percent', percent: percent(1) } },
    'pricing.scope-malformed',
  ],
  [
    'an unknown item',
    { scopeKind: 'item', scopeId: 'x', benefit: { kind: 'percent', percent: percent(1) } },
    'masters.unknown-item',
  ],
  [
    'more than all',
    { scopeKind: 'document', benefit: { kind: 'percent', percent: percent(101) } },
    'kernel.bad-arguments',
  ],
  [
    'days reversed',
    {
      scopeKind: 'document',
      benefit: { kind: 'percent', percent: percent(1) },
      validFrom: '2026-02-01',
      validTo: '2026-01-01',
    },
    'pricing.period-reversed',
  ],
] as const)('a pricing rule with %s is refused', (_, args, code) => {
  const { office } = aWorld()
  expect(office.run(setPricingRule, { code: 'R', name: 'R', ...args }).refusal?.code).toBe(code)
})
