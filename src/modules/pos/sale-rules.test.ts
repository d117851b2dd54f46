// Each "no" of a sale: refused on the device, an exception on the hub when it was overridden, parked when it is shape.
import { expect, test } from 'vitest'
import { amountMinor, rate6 } from '../../kernel/amount.ts'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { keyId } from '../../kernel/hash.ts'
import type { Lease } from '../../kernel/lease.ts'
import { cashBalance, glEntry, partyEntry, stockEntry } from '../../kernel/ledger.ts'
import { TestWorld } from '../../testing/two-sides.ts'
import { batch } from '../masters/batch.ts'
import { mastersModule } from '../masters/module.ts'
import { saveTill } from '../masters/save-till.ts'
import { pricingModule } from '../pricing/module.ts'
import { completeSale } from './complete-sale.ts'
import { holdSale } from './hold-sale.ts'
import { posModule } from './module.ts'
import { openShift } from './open-shift.ts'
import { posRuleRefusals } from './refusals.ts'
import { resumeSale } from './resume-sale.ts'
import type { SaleArgs } from './sale-args.ts'
import { sale, tender } from './sale.ts'
import { settleTender } from './settle-tender.ts'
import { shift } from './shift.ts'
import { aLine, aSale, card, cash, onAccount, openShop, pieces, pounds, shopIds } from './till-builders.ts'
import { heldSale } from './held-sale.ts'

const catalogue = catalogueOf([mastersModule, pricingModule, posModule])
const ids = shopIds('t1')
const { company, branch } = ids
const day = '2026-11-20'
const opening = { till: ids.till1, businessDate: day, currency: 'GBP', float: pounds(0) }

/** A shop whose stock nobody counts, with an open till. */
function aTill(lease: Partial<Lease> = {}) {
  const world = new TestWorld(catalogue)
  const office = world.device({ dev: 'OFFI', company, branch })
  openShop((command, args) => office.do(command, args), 't1')
  world.settle()
  const device = world.device({ dev: 'AAAA', company, branch, policy: { stockPolicy: 'allow' }, ...lease })
  return { world, office, device, opened: device.do(openShift, opening, shift) }
}
type Till = ReturnType<typeof aTill>
const sealant = () => aLine(ids.sealant, 2, 4.8)

const shapes: [string, (till: Till) => SaleArgs][] = [
  ['pos.unknown-shift', () => aSale({ shift: 'none', lines: [sealant()] })],
  ['pos.no-lines', ({ opened }) => aSale({ shift: opened })],
  ['pos.unknown-item', ({ opened }) => aSale({ shift: opened, lines: [aLine('none', 1, 1)] })],
  ['pos.unknown-party', ({ opened }) => aSale({ shift: opened, party: 'none', lines: [sealant()] })],
  ['pos.unknown-held-sale', ({ opened }) => aSale({ shift: opened, heldSale: 'none', lines: [sealant()] })],
  [
    'pos.unknown-tender',
    ({ opened }) => aSale({ shift: opened, lines: [sealant()], tenders: [{ ...cash(9.6), refundOf: 'none' }] }),
  ],
  [
    'pos.unknown-sale-line',
    ({ opened }) => {
      const sums = {
        quantity: pieces(1),
        gross: pounds(60),
        discount: pounds(0),
        taxes: [{ code: 'standard', percent: rate6(20_000_000), tax: pounds(10) }],
      }
      const nothing = { quantity: pieces(0), gross: pounds(0), discount: pounds(0), taxes: [] }
      return aSale({
        shift: opened,
        lines: [sealant()],
        returns: [{ ...aLine(ids.drill, 1, 60), originLine: 'none', origin: { sold: sums, returned: nothing } }],
      })
    },
  ],
  [
    'pos.origin-incomplete',
    ({ opened }) =>
      aSale({ shift: opened, lines: [sealant()], returns: [{ ...aLine(ids.drill, 1, 60), originLine: 'x' }] }),
  ],
  ['pos.quantity-not-positive', ({ opened }) => aSale({ shift: opened, lines: [aLine(ids.sealant, 0, 4.8)] })],
  [
    'pos.quantity-not-positive',
    ({ opened }) => aSale({ shift: opened, lines: [sealant()], returns: [aLine(ids.drill, -1, 60)] }),
  ],
  [
    'pos.quantity-not-exact',
    ({ opened }) => aSale({ shift: opened, lines: [aLine(ids.sealant, 1, 4.8, { factorNum: 1, factorDen: 7 })] }),
  ],
  [
    'pos.negative-goods',
    ({ opened }) => aSale({ shift: opened, lines: [aLine(ids.sealant, -1, 4.8)], tenders: [cash(-4.8)] }),
  ],
  [
    'pricing.price-negative',
    ({ opened }) => ({ ...aSale({ shift: opened, lines: [sealant()] }), lines: [aLine(ids.sealant, 1, -1)] }),
  ],
  ['pos.totals-differ', ({ opened }) => ({ ...aSale({ shift: opened, lines: [sealant()] }), total: pounds(9.59) })],
  ['pos.totals-differ', ({ opened }) => ({ ...aSale({ shift: opened, lines: [sealant()] }), tax: pounds(1.61) })],
  ['pos.currency-differs', ({ opened }) => aSale({ shift: opened, currency: 'EUR', lines: [sealant()] })],
  ['pos.currency-differs', ({ opened }) => aSale({ shift: opened, minorDigits: 0, lines: [aLine(ids.sealant, 1, 5)] })],
  ['pos.tender-zero', ({ opened }) => aSale({ shift: opened, lines: [sealant()], tenders: [cash(9.6), cash(0)] })],
  ['pos.tender-sign', ({ opened }) => aSale({ shift: opened, lines: [sealant()], tenders: [card(10), cash(-0.4)] })],
  ['pos.tender-short', ({ opened }) => aSale({ shift: opened, lines: [sealant()], tenders: [cash(9.5)] })],
  ['pos.tender-over', ({ opened }) => aSale({ shift: opened, lines: [sealant()], tenders: [card(10)] })],
  ['pos.given-short', ({ opened }) => aSale({ shift: opened, lines: [sealant()], tenders: [cash(9.6, 9.5)] })],
  [
    'pos.change-only-from-cash',
    ({ opened }) => aSale({ shift: opened, lines: [sealant()], tenders: [card(9.6, { given: pounds(10) })] }),
  ],
  [
    'pos.exchange-differs',
    ({ opened }) =>
      aSale({
        shift: opened,
        lines: [sealant()],
        tenders: [
          {
            ...cash(9.6, 10),
            foreignCurrency: 'EUR',
            foreignAmount: pounds(12),
            foreignDigits: 2,
            exchangeRate: rate6(800_000),
          },
        ],
      }),
  ],
  [
    'pos.rounding-differs',
    ({ opened }) => ({
      ...aSale({ shift: opened, lines: [sealant()] }),
      cashStepMinor: 5,
      cashRounding: amountMinor(1),
    }),
  ],
  ['pos.party-needed', ({ opened }) => aSale({ shift: opened, lines: [sealant()], tenders: [onAccount(9.6)] })],
]
test.each(shapes)('%s is refused and captures nothing', (code, args) => {
  const till = aTill()
  const run = till.device.run(completeSale, args(till))
  expect(run.refusal).toMatchObject({ code, check: 'shape' })
  expect(till.device.rows(sale)).toEqual([])
})

const rules: [keyof typeof posRuleRefusals, Partial<Lease>, (till: Till) => SaleArgs][] = [
  [
    'pos.out-of-stock',
    { policy: { stockPolicy: 'block' } },
    ({ opened }) => aSale({ shift: opened, lines: [sealant()] }),
  ],
  [
    'pos.unit-differs',
    {},
    ({ opened }) => aSale({ shift: opened, lines: [aLine(ids.sealant, 1, 57.6, { unit: 'box', factorNum: 10 })] }),
  ],
  ['pos.unit-differs', {}, ({ opened }) => aSale({ shift: opened, lines: [aLine(ids.sealant, 0.5, 4.8)] })],
  ['pos.serials-missing', {}, ({ opened }) => aSale({ shift: opened, lines: [aLine(ids.pump, 1, 90)] })],
  [
    'pos.method-not-at-till',
    {},
    ({ opened }) =>
      aSale({
        shift: opened,
        lines: [sealant()],
        tenders: [{ method: 'bitcoin', kind: 'other', amount: pounds(9.6) }],
      }),
  ],
  [
    'pos.over-floor-limit',
    {},
    ({ opened }) =>
      aSale({ shift: opened, lines: [aLine(ids.drill, 1, 60)], tenders: [card(60, { isOffline: true })] }),
  ],
  [
    'pos.credit-exceeded',
    {},
    ({ opened }) =>
      aSale({ shift: opened, party: ids.acme, lines: [aLine(ids.drill, 9, 60)], tenders: [onAccount(540)] }),
  ],
]
test.each(rules)('%s asks at the till and is an exception on the hub', (code, lease, args) => {
  const till = aTill(lease)
  expect(till.device.run(completeSale, args(till)).refusal).toMatchObject({ code, check: 'rule' })
  till.device.do(completeSale, args(till), sale, { overrides: [code] })
  expect(till.world.settle().map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted'])
  expect(till.world.exceptions.map((each) => each.code)).toEqual([posRuleRefusals[code]])
  expect(till.world.rows(sale)).toHaveLength(1)
})

test('credit counts what is owed already, to the penny', () => {
  const till = aTill()
  const owing = (count: number, major: number) =>
    aSale({ shift: till.opened, party: ids.acme, lines: [aLine(ids.carriage, count, 6)], tenders: [onAccount(major)] })
  till.device.do(completeSale, owing(80, 480))
  expect(till.device.run(completeSale, owing(4, 24)).refusal).toMatchObject({
    code: 'pos.credit-exceeded',
    facts: { exposureMinor: 48_000, limitMinor: 50_000 },
  })
  till.device.do(completeSale, owing(3, 18))
  expect(till.world.settle().every(({ outcome }) => outcome === 'accepted')).toBe(true)
  expect(till.world.rows(partyEntry).map((row) => row.amount)).toEqual([48_000, 1800])
})

test('a discount over the role and a price below the floor are pricing’s to say', () => {
  const till = aTill({ permissions: ['pos.*'], limits: { discountPercent: 5_000_000 } })
  const off = (percent: number) =>
    aSale({
      shift: till.opened,
      lines: [aLine(ids.drill, 1, 60, { lineDiscount: { kind: 'percent', percent: rate6(percent * 1_000_000) } })],
    })
  expect(till.device.run(completeSale, off(5)).refusal).toBeNull()
  expect(till.device.run(completeSale, off(6)).refusal?.code).toBe('pricing.discount-over-limit')
  till.device.do(completeSale, off(25), sale, { overrides: ['pricing.discount-over-limit', 'pricing.below-floor'] })
  till.world.settle()
  expect(till.world.exceptions.map((each) => each.code)).toEqual(['DISCOUNT_OVER_LIMIT', 'BELOW_FLOOR'])
  // £60.00 less 25 % is £45.00, of which £7.50 is tax.
  expect(till.world.rows(sale)).toContainEqual(
    expect.objectContaining({ total: 4500, discount: 1500, tax: 750, net: 3750 }),
  )
})

test('a stale price keeps the receipt and is named on the hub', () => {
  const till = aTill()
  till.device.do(completeSale, aSale({ shift: till.opened, lines: [aLine(ids.sealant, 1, 4.5)] }))
  till.world.settle()
  expect(till.world.exceptions.map((each) => each.code)).toEqual(['PRICE_DIFFERS'])
  expect(till.world.rows(sale)[0]?.total).toBe(450)
})

test('a recalled or expired batch leaves only by an override', () => {
  const till = aTill()
  const known = { item: ids.milk, number: 'M1', expiresOn: '2026-11-19', isRecalled: false, goneAt: null }
  for (const store of [till.world.hub, till.device.store])
    store.put(batch, { ...known, id: keyId('t1', 'masters.batch', [ids.milk, 'M1']) })
  const zero = [{ code: 'zero', percent: rate6(0) }]
  const args = aSale({ shift: till.opened, lines: [aLine(ids.milk, 1, 1.2, { batch: 'M1', taxes: zero })] })
  expect(till.device.run(completeSale, args).refusal?.code).toBe('pos.batch-expired')
  till.device.do(completeSale, args, sale, { overrides: ['pos.batch-expired'] })
  till.world.settle()
  expect(till.world.exceptions).toMatchObject([
    { code: 'RECALLED_SOLD', facts: { batch: 'M1', expiresOn: '2026-11-19' } },
  ])
})

test('cash is rounded to the smallest coin after tax, and the difference has its own account', () => {
  const till = aTill()
  // 3 × £1.11 = £3.33; £1.00 by card leaves £2.33, in coins of 5p £2.35: 2p too much.
  const args = aSale({
    shift: till.opened,
    lines: [aLine(ids.milk, 3, 1.11, { source: 'manual', taxes: [] })],
    cashStepMinor: 5,
    tenders: [card(1), cash(2.35, 5)],
  })
  expect(args).toMatchObject({ total: 333, cashRounding: 2 })
  till.device.do(completeSale, args, sale, { overrides: ['pricing.discount-over-limit'] })
  till.world.settle()
  const gl = Object.fromEntries(till.world.rows(glEntry).map((row) => [row.account, row.amount]))
  expect(gl).toEqual({ 'card-clearing': 100, 'till-cash': 235, sales: -333, 'cash-rounding': -2 })
  expect(till.world.rows(sale)[0]).toMatchObject({ cashRounding: 2, change: 265 })
  expect(till.world.rows(cashBalance).map((row) => [row.method, row.amount])).toEqual([
    ['card', 100],
    ['cash', 235],
  ])
})

test('foreign notes lie in the drawer in their own currency, the change in ours', () => {
  const till = aTill()
  const euros = {
    foreignCurrency: 'EUR',
    foreignAmount: amountMinor(2000),
    foreignDigits: 2,
    exchangeRate: rate6(850_000),
  }
  till.device.do(
    completeSale,
    aSale({ shift: till.opened, lines: [aLine(ids.sealant, 3, 4.8)], tenders: [{ ...cash(14.4, 17), ...euros }] }),
  )
  till.world.settle()
  expect(till.world.rows(cashBalance).map((row) => [row.currency, row.amount])).toEqual([
    ['EUR', 2000],
    ['GBP', -260],
  ])
  expect(till.world.rows(glEntry).find((row) => row.account === 'till-cash')?.amount).toBe(1440)
})

test('a voucher sold is owed, not earned; a box takes twelve from the shelf; a service takes nothing', () => {
  const till = aTill()
  const zero = { taxes: [{ code: 'zero', percent: rate6(0) }] }
  const lines = [
    aLine(ids.voucher, 1, 25, zero),
    aLine(ids.sealant, 1, 57.6, { unit: 'box', factorNum: 12 }),
    aLine(ids.carriage, 1, 6),
  ]
  till.device.do(completeSale, aSale({ shift: till.opened, lines }))
  till.world.settle()
  const gl = Object.fromEntries(till.world.rows(glEntry).map((row) => [row.account, row.amount]))
  expect(gl).toEqual({
    'till-cash': 8860,
    'voucher-liability': -2500,
    sales: -4800,
    'service-income': -500,
    'tax-standard': -1060,
  })
  expect(till.world.rows(stockEntry).map((row) => [row.item, row.quantity])).toEqual([[ids.sealant, pieces(-12)]])
  expect(till.world.exceptions).toEqual([])
})

test('the same external document counts once, whichever devices bring it in', () => {
  const till = aTill()
  const other = till.world.device({ dev: 'BBBB', company, branch, policy: { stockPolicy: 'allow' } })
  const args = (opened: string) => aSale({ shift: opened, externalRef: '536365', source: 'import', lines: [sealant()] })
  const second = other.do(openShift, { ...opening, till: ids.till2 }, shift)
  till.device.do(completeSale, args(till.opened))
  other.do(completeSale, args(second))
  expect(till.device.run(completeSale, args(till.opened)).refusal).toMatchObject({
    code: 'kernel.already-imported',
    check: 'rule',
  })
  expect(till.world.settle([till.device, other]).map(({ outcome }) => outcome)).toEqual([
    'accepted',
    'accepted',
    'accepted',
    'adjusted',
  ])
  expect(till.world.rows(sale)).toHaveLength(1)
  expect(till.world.rows(stockEntry)).toHaveLength(1)
  expect(till.world.exceptions).toMatchObject([{ code: 'ALREADY_IMPORTED', facts: { externalRef: '536365' } }])
})

test('a held sale waits by name; two tills that take it both sell and it is said', () => {
  const till = aTill()
  const held = till.device.do(
    holdSale,
    { shift: till.opened, businessDate: day, name: 'blue coat', basket: { lines: [] } },
    heldSale,
  )
  till.world.settle()
  const other = till.world.device({ dev: 'BBBB', company, branch, policy: { stockPolicy: 'allow' } })
  const second = other.do(openShift, { ...opening, till: ids.till2 }, shift)
  for (const [device, opened] of [
    [till.device, till.opened],
    [other, second],
  ] as const) {
    device.do(resumeSale, { heldSale: held })
    device.do(completeSale, aSale({ shift: opened, heldSale: held, lines: [sealant()] }))
  }
  expect(till.device.run(resumeSale, { heldSale: held }).refusal?.code).toBe('pos.held-sale-gone')
  till.world.settle()
  expect(till.world.rows(sale).map((row) => row.heldName)).toEqual(['blue coat', 'blue coat'])
  expect(till.world.rows(heldSale)[0]?.state).toBe('completed')
  expect(till.world.exceptions.map((each) => each.code)).toEqual(['HELD_TWICE', 'HELD_TWICE'])
})

test('a card declined later leaves the sale as printed and the money owed', () => {
  const till = aTill()
  till.device.do(
    completeSale,
    aSale({
      shift: till.opened,
      party: ids.acme,
      lines: [aLine(ids.carriage, 2, 6)],
      tenders: [card(12, { isOffline: true })],
    }),
  )
  till.world.settle()
  const [paid] = till.world.rows(tender)
  expect(paid?.state).toBe('taken')
  if (paid !== undefined) till.office.store.put(tender, paid)
  till.office.do(settleTender, { tender: paid?.id ?? '', outcome: 'declined', businessDate: '2026-11-21' })
  till.world.settle()
  expect(till.world.rows(tender)[0]?.state).toBe('declined')
  expect(till.world.rows(partyEntry)).toMatchObject([{ amount: 1200, item: till.world.rows(sale)[0]?.id }])
  expect(till.world.exceptions.map((each) => each.code)).toEqual(['CARD_DECLINED'])
  expect(till.world.rows(sale)[0]?.total).toBe(1200)
})

test('a till that doesn’t sell on account, or another group, asks first', () => {
  const till = aTill()
  till.office.do(saveTill, {
    branch,
    code: 'till1',
    name: 'till1',
    warehouse: ids.warehouse,
    methods: [{ code: 'account', kind: 'account' }],
    isOnAccountAllowed: false,
    groups: ['cafe'],
  })
  till.world.settle()
  const args = aSale({
    shift: till.opened,
    party: ids.acme,
    lines: [aLine(ids.drill, 1, 60)],
    tenders: [onAccount(60)],
  })
  expect(till.device.run(completeSale, args).refusal?.code).toBe('pos.item-not-sold-here')
  expect(till.device.run(completeSale, args, { overrides: ['pos.item-not-sold-here'] }).refusal?.code).toBe(
    'pos.on-account-not-allowed',
  )
})
