// Price choice: each documented step by name, then against a brute-force ranking of all candidates.
import { Buffer } from 'node:buffer'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quantity6, rate6 } from '../../kernel/amount.ts'
import { choosePrice, rateOfUnit, stockQuantityByItem } from './choose-price.ts'
import type { PriceQuery, PriceRow } from './price-types.ts'
import { times } from '../../testing/properties.ts'

const units = (n: number) => quantity6(n * 1_000_000)
const euro = (n: number) => rate6(Math.round(n * 1_000_000))
const aPrice = (id: string, over: Partial<PriceRow> = {}): PriceRow => ({
  id,
  item: 'tea',
  of: { kind: 'item' },
  unit: 'pc',
  rate: euro(10),
  currency: 'EUR',
  ...over,
})
const aQuery = (over: Partial<PriceQuery> = {}): PriceQuery => ({
  item: 'tea',
  unit: 'pc',
  stockUnit: 'pc',
  factor: { num: 1, den: 1 },
  stockQuantityInDocument: units(1),
  currency: 'EUR',
  businessDate: '2026-11-21',
  party: 'acme',
  partyList: 'acme-list',
  groupList: 'trade',
  profileList: 'till',
  ...over,
})
const list = (name: string): PriceRow['of'] => ({ kind: 'list', list: name })
const ladder = [
  aPrice('p1', { of: { kind: 'party', party: 'acme' } }),
  aPrice('p2', { of: list('acme-list') }),
  aPrice('p3', { of: list('trade') }),
  aPrice('p4', { of: list('till') }),
  aPrice('p5'),
]

describe('order', () => {
  test('manual → party + item → party list → group list → profile list → item', () => {
    const sources = ['party', 'party-list', 'group-list', 'profile-list', 'item']
    sources.forEach((source, i) => {
      expect(choosePrice(ladder.slice(i).reverse(), aQuery())).toMatchObject({ source, price: `p${i + 1}` })
    })
    expect(choosePrice(ladder, aQuery({ manual: { rate: euro(7), isPermitted: true } }))).toEqual({
      rate: euro(7),
      source: 'manual',
      price: null,
      isFromStockUnit: false,
    })
  })
  test('a manual price that is not permitted does not count', () => {
    expect(choosePrice(ladder, aQuery({ manual: { rate: euro(7), isPermitted: false } }))).toMatchObject({
      source: 'party',
    })
  })
  test('no price is null, never zero', () => {
    expect(choosePrice([], aQuery())).toBeNull()
    expect(choosePrice([aPrice('x', { item: 'coffee' })], aQuery())).toBeNull()
    expect(choosePrice([aPrice('x', { currency: 'USD' })], aQuery())).toBeNull()
    expect(
      choosePrice([aPrice('x', { of: { kind: 'party', party: 'other' } }), aPrice('y', { of: list('vip') })], aQuery()),
    ).toBeNull()
  })
  test('a price of zero is a price', () =>
    expect(choosePrice([aPrice('x', { rate: euro(0) })], aQuery())).toMatchObject({ rate: 0 }))
  test('without a party the walk-in gets the profile list', () => {
    expect(choosePrice(ladder, aQuery({ party: null, partyList: null, groupList: null }))).toMatchObject({
      source: 'profile-list',
    })
  })
})

describe('minimum quantity', () => {
  const breaks = [
    aPrice('one'),
    aPrice('ten', { minQuantity: units(10), rate: euro(9) }),
    aPrice('hundred', { minQuantity: units(100), rate: euro(8) }),
  ]
  test('the largest that the item reaches over the whole document', () => {
    const sums = stockQuantityByItem([
      { item: 'tea', stockQuantity: units(6) },
      { item: 'mug', stockQuantity: units(99) },
      { item: 'tea', stockQuantity: units(4) },
    ])
    expect(choosePrice(breaks, aQuery({ stockQuantityInDocument: sums.get('tea') ?? units(0) }))).toMatchObject({
      price: 'ten',
    })
    expect(choosePrice(breaks, aQuery({ stockQuantityInDocument: units(9.999999) }))).toMatchObject({ price: 'one' })
    expect(choosePrice(breaks, aQuery({ stockQuantityInDocument: units(100) }))).toMatchObject({ price: 'hundred' })
  })
  test('a return counts by its size', () => {
    expect(choosePrice(breaks, aQuery({ stockQuantityInDocument: units(-10) }))).toMatchObject({ price: 'ten' })
  })
  test('a break of 2 boxes is met by 24 pieces', () => {
    const rows = [aPrice('box', { unit: 'box', minQuantity: units(2), rate: euro(99) }), aPrice('pc')]
    const query = { unit: 'box', factor: { num: 12, den: 1 } }
    expect(choosePrice(rows, aQuery({ ...query, stockQuantityInDocument: units(24) }))).toMatchObject({ price: 'box' })
    expect(choosePrice(rows, aQuery({ ...query, stockQuantityInDocument: units(23) }))).toMatchObject({
      price: 'pc',
      rate: euro(120),
    })
  })
})

describe('validity and ties', () => {
  test('by business date, both days included', () => {
    const row = aPrice('x', { validFrom: '2026-11-01', validTo: '2026-11-21' })
    for (const [day, found] of [
      ['2026-10-31', false],
      ['2026-11-01', true],
      ['2026-11-21', true],
      ['2026-11-22', false],
    ] as const) {
      expect(choosePrice([row], aQuery({ businessDate: day })) !== null).toBe(found)
    }
  })
  test('a higher level without a valid price falls through', () => {
    expect(
      choosePrice(
        [aPrice('old', { of: { kind: 'party', party: 'acme' }, validTo: '2026-01-01' }), aPrice('x')],
        aQuery(),
      ),
    ).toMatchObject({ price: 'x' })
  })
  test('newest start, an open start being the oldest, then the lowest id', () => {
    const rows = [
      aPrice('c', { validFrom: '2026-05-01' }),
      aPrice('b', { validFrom: '2026-06-01' }),
      aPrice('a', { validFrom: '2026-06-01' }),
      aPrice('0'),
    ]
    expect(choosePrice(rows, aQuery())).toMatchObject({ price: 'a' })
  })
})

describe('units', () => {
  const box = { unit: 'box', factor: { num: 12, den: 1 } }
  test('a price of the unit first, otherwise stock unit price × factor', () => {
    expect(choosePrice([aPrice('pc'), aPrice('box', { unit: 'box', rate: euro(110) })], aQuery(box))).toEqual({
      rate: euro(110),
      source: 'item',
      price: 'box',
      isFromStockUnit: false,
    })
    expect(choosePrice([aPrice('pc')], aQuery(box))).toEqual({
      rate: euro(120),
      source: 'item',
      price: 'pc',
      isFromStockUnit: true,
    })
  })
  test('the source goes before the unit: a party price per piece beats the item price per box', () => {
    expect(
      choosePrice(
        [aPrice('pc', { of: { kind: 'party', party: 'acme' } }), aPrice('box', { unit: 'box' })],
        aQuery(box),
      ),
    ).toMatchObject({ price: 'pc' })
  })
  test('an unrelated unit is no price', () =>
    expect(choosePrice([aPrice('x', { unit: 'crate' })], aQuery(box))).toBeNull())
  test('a third of a price is rounded at the sixth decimal, half away from zero', () => {
    expect(rateOfUnit(euro(10), { num: 1, den: 3 })).toBe(3_333_333)
    expect(rateOfUnit(euro(20), { num: 1, den: 3 })).toBe(6_666_667)
  })
})

test('agrees with a brute-force ranking, whatever the order of rows', () => {
  const of = fc.constantFrom<PriceRow['of']>(
    { kind: 'party', party: 'acme' },
    { kind: 'party', party: 'b' },
    list('acme-list'),
    list('trade'),
    list('till'),
    list('z'),
    { kind: 'item' },
  )
  const day = fc.option(fc.constantFrom('2026-01-01', '2026-11-20', '2026-11-21', '2026-11-22'), { nil: null })
  const row = fc.record({
    of,
    unit: fc.constantFrom('pc', 'box', 'crate'),
    minQuantity: fc.option(fc.nat(3).map(units), { nil: null }),
    validFrom: day,
    validTo: day,
  })
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 12 }),
      fc.constantFrom('pc', 'box'),
      fc.nat(40),
      fc.infiniteStream(fc.nat()),
      (drafts, unit, size, noise) => {
        const rows = drafts.map((draft, i) =>
          aPrice(`${String.fromCodePoint(i % 2 ? 0xffff : 0x1f600)}${i}`, { ...draft, rate: euro(i + 1) }),
        )
        const factor = unit === 'box' ? 12 : 1
        const rank = (r: PriceRow): (number | string)[] | null => {
          const level =
            r.of.kind === 'party'
              ? r.of.party === 'acme'
                ? 0
                : -1
              : r.of.kind === 'item'
                ? 4
                : ['acme-list', 'trade', 'till'].indexOf(r.of.list) + 1 || -1
          if (level < 0 || (r.unit !== unit && r.unit !== 'pc')) return null
          if ((r.validFrom ?? '0') > '2026-11-21' || (r.validTo ?? '9') < '2026-11-21') return null
          if ((r.minQuantity ?? 0) / 1e6 > size / (r.unit === 'box' ? 12 : 1)) return null
          return [level, r.unit === unit ? 0 : 1, -(r.minQuantity ?? 0), r.validFrom ?? '', r.id]
        }
        const byRank = (x: PriceRow, y: PriceRow): number => {
          const [a, b] = [rank(x) ?? [], rank(y) ?? []]
          for (const i of [0, 1, 2]) if (a[i] !== b[i]) return Number(a[i]) - Number(b[i])
          if (a[3] !== b[3]) return String(a[3]) > String(b[3]) ? -1 : 1
          return Buffer.compare(Buffer.from(String(a[4])), Buffer.from(String(b[4])))
        }
        const expected = rows.filter((r) => rank(r) !== null).sort(byRank)[0]
        const shuffled = rows
          .map((r) => [noise.next().value ?? 0, r] as const)
          .sort(([a], [b]) => a - b)
          .map(([, r]) => r)
        const chosen = choosePrice(
          shuffled,
          aQuery({ unit, factor: { num: factor, den: 1 }, stockQuantityInDocument: units(size) }),
        )
        expect(chosen?.price ?? null).toBe(expected?.id ?? null)
        if (expected) expect(chosen?.rate).toBe(expected.unit === unit ? expected.rate : expected.rate * factor)
      },
    ),
    { numRuns: times(1000) },
  )
})
