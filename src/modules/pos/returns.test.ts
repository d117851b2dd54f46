// What comes back: to the penny by line, never more than was sold or paid without somebody knowing, and to its place.
import { expect, test } from 'vitest'
import { rate6 } from '../../kernel/amount.ts'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { ELSEWHERE } from '../../kernel/command.ts'
import { canonicalOps } from '../../kernel/effects.ts'
import { keyId } from '../../kernel/hash.ts'
import { link } from '../../kernel/kernel-tables.ts'
import type { Lease } from '../../kernel/lease.ts'
import { glEntry, partyBalance, partyEntry, stockBalance } from '../../kernel/ledger.ts'
import { runCommand } from '../../kernel/run.ts'
import { MemoryStore } from '../../store/memory.ts'
import { TestWorld, type TestDevice } from '../../testing/two-sides.ts'
import { serial } from '../masters/batch.ts'
import { mastersModule } from '../masters/module.ts'
import { pricingModule } from '../pricing/module.ts'
import { completeSale } from './complete-sale.ts'
import { posModule } from './module.ts'
import { openShift } from './open-shift.ts'
import { posRuleRefusals } from './refusals.ts'
import { returnSale } from './return-sale.ts'
import type { ReturnLineArgs, SaleArgs, TenderArgs } from './sale-args.ts'
import { STORE_CREDIT } from './sale-money.ts'
import { sale, saleLine, tender, type SaleLine } from './sale.ts'
import { shift } from './shift.ts'
import { aLine, aSale, backOf, card, cash, onAccount, openShop, pieces, pounds, shopIds } from './till-builders.ts'

const catalogue = catalogueOf([mastersModule, pricingModule, posModule])
const ids = shopIds('t1')
const { company, branch } = ids
const day = '2026-11-20'

function aShop() {
  const world = new TestWorld(catalogue)
  const office = world.device({ dev: 'OFFI', company, branch })
  openShop((command, args) => office.do(command, args), 't1')
  world.settle()
  const at = (dev: string, till: string, lease: Partial<Lease> = {}) => {
    const device = world.device({ dev, company, branch, policy: { stockPolicy: 'allow' }, ...lease })
    return {
      device,
      opened: device.do(openShift, { till, businessDate: day, currency: 'GBP', float: pounds(0) }, shift),
    }
  }
  return { world, at, ...at('AAAA', ids.till1) }
}
const soldLine = (device: TestDevice, of: string): SaleLine => {
  const found = device.rows(saleLine).find((row) => row.document === of)
  if (found === undefined) throw new Error(`${of} has no line.`)
  return found
}
const paidBy = (device: TestDevice, of: string) => device.rows(tender).find((row) => row.document === of)?.id ?? ''
const storeCredit = (amount: number): TenderArgs => ({ method: STORE_CREDIT, kind: 'voucher', amount: pounds(amount) })

test('partial returns take tax in proportion, and the last one takes the rest', () => {
  const { world, device, opened } = aShop()
  // 3 for £10.00 (3 × £3.3333…, as £10.00 ÷ 3 rounded to six decimals): tax £1.67.
  const args = aSale({ shift: opened, lines: [aLine(ids.sealant, 3, 3.333333, { source: 'manual' })] })
  const id = device.do(completeSale, args, sale)
  const origin = soldLine(device, id)
  const before: SaleLine[] = []
  for (let piece = 0; piece < 3; piece++) {
    const back = backOf(origin, 1, before)
    const amount = aSale({ shift: opened, returns: [back], tenders: [] }).total / 100
    const returned = device.do(
      returnSale,
      aSale({ shift: opened, returns: [back], tenders: [{ ...cash(amount), refundOf: paidBy(device, id) }] }),
      sale,
    )
    before.push(soldLine(device, returned))
  }
  expect(world.settle().every(({ outcome }) => outcome === 'accepted')).toBe(true)
  const back = world.rows(sale).filter((row) => row.kind === 'return')
  expect(back.map((row) => [row.total, row.tax])).toEqual([
    [-333, -56],
    [-333, -56],
    [-334, -55],
  ])
  expect(back.map((row) => row.number?.slice(0, 2))).toEqual(['R-', 'R-', 'R-'])
  expect(
    world
      .rows(glEntry)
      .filter((row) => row.account === 'till-cash')
      .reduce((sum, row) => sum + row.amount, 0),
  ).toBe(0)
  expect(world.rows(saleLine).find((row) => row.id === origin.id)?.returned).toBe(pieces(3))
  expect(world.rows(link)).toHaveLength(3)
  expect(world.exceptions).toEqual([])
})

test('two tills take the same drill back: refused where it is known, named on the hub where it wasn’t', () => {
  const { world, at, device, opened } = aShop()
  const id = device.do(completeSale, aSale({ shift: opened, lines: [aLine(ids.drill, 1, 60)] }), sale)
  world.settle()
  const other = at('BBBB', ids.till2)
  const back = (on: TestDevice, of: string) =>
    aSale({ shift: of, returns: [backOf(soldLine(on, id), 1)], tenders: [{ ...cash(-60), refundOf: paidBy(on, id) }] })
  device.do(returnSale, back(device, opened))
  expect(device.run(returnSale, back(device, opened)).refusal).toMatchObject({
    code: 'pos.return-exceeds-sold',
    facts: { returnable: 0 },
  })
  other.device.do(returnSale, back(other.device, other.opened))
  world.settle()
  expect(world.exceptions.map((each) => each.code)).toEqual(['RETURN_EXCEEDS_SOLD', 'REFUND_EXCEEDS_PAID'])
  expect(world.rows(stockBalance).map((row) => row.onHand)).toEqual([pieces(1)])
  expect(world.rows(saleLine).find((row) => row.document === id)?.returned).toBe(pieces(2))
})

test('one document may not take more from a line by taking it twice', () => {
  const { device, opened } = aShop()
  const id = device.do(completeSale, aSale({ shift: opened, lines: [aLine(ids.drill, 1, 60)] }), sale)
  const back = backOf(soldLine(device, id), 1)
  const run = device.run(
    returnSale,
    aSale({ shift: opened, returns: [back, back], tenders: [{ ...cash(-120), refundOf: paidBy(device, id) }] }),
  )
  expect(run.refusal?.code).toBe('pos.return-exceeds-sold')
})

test('goods go to the shelf, to quarantine, or through the books to scrap', () => {
  const { world, device, opened } = aShop()
  const id = device.do(completeSale, aSale({ shift: opened, lines: [aLine(ids.sealant, 3, 4.8)] }), sale)
  const origin = soldLine(device, id)
  const before: SaleLine[] = []
  for (const disposition of ['saleable', 'quarantine', 'scrap'] as const) {
    const returns = [backOf(origin, 1, before, { disposition })]
    before.push(
      soldLine(
        device,
        device.do(
          returnSale,
          aSale({ shift: opened, returns, tenders: [{ ...cash(-4.8), refundOf: paidBy(device, id) }] }),
          sale,
        ),
      ),
    )
  }
  world.settle()
  expect(world.rows(stockBalance)).toMatchObject([{ onHand: pieces(-2), quarantine: pieces(1) }])
})

test('an exchange is one document with both signs, and only the difference is paid', () => {
  const { world, device, opened } = aShop()
  const id = device.do(completeSale, aSale({ shift: opened, lines: [aLine(ids.sealant, 1, 4.8)] }), sale)
  const args = aSale({
    shift: opened,
    lines: [aLine(ids.drill, 1, 60)],
    returns: [backOf(soldLine(device, id), 1)],
    tenders: [card(55.2)],
  })
  device.do(completeSale, args)
  expect(world.settle().every(({ outcome }) => outcome === 'accepted')).toBe(true)
  const made = world.rows(sale).find((row) => row.kind === 'exchange')
  expect(made).toMatchObject({ total: 5520, tax: 920 })
  const gl = Object.fromEntries(
    world
      .rows(glEntry)
      .filter((row) => row.documentId === made?.id)
      .map((row) => [row.account, row.amount]),
  )
  expect(gl).toEqual({ 'card-clearing': 5520, sales: -5000, 'sales-returns': 400, 'tax-standard': -920 })
})

test('a sale on account that comes back settles its own open item', () => {
  const { world, device, opened } = aShop()
  const id = device.do(
    completeSale,
    aSale({ shift: opened, party: ids.acme, lines: [aLine(ids.drill, 2, 60)], tenders: [onAccount(120)] }),
    sale,
  )
  const returns = [backOf(soldLine(device, id), 1)]
  device.do(
    returnSale,
    aSale({ shift: opened, party: ids.acme, returns, tenders: [{ ...onAccount(-60), refundOf: paidBy(device, id) }] }),
  )
  world.settle()
  expect(world.rows(partyEntry).map((row) => [row.item, row.amount])).toEqual([
    [id, 12_000],
    [id, -6000],
  ])
  expect(world.rows(partyBalance)[0]?.receivable).toBe(6000)
})

test('a return by a receipt number is linked on the hub when the number is known there', () => {
  const { world, at, device, opened } = aShop()
  const other = at('BBBB', ids.till2, { limits: { returnUnlinkedMinor: 6000 } })
  const id = device.do(completeSale, aSale({ shift: opened, lines: [aLine(ids.drill, 1, 60)] }), sale)
  const originalNumber = device.rows(sale)[0]?.number ?? ''
  other.device.do(
    returnSale,
    aSale({ shift: other.opened, originalNumber, returns: [aLine(ids.drill, 1, 60)], tenders: [cash(-60)] }),
  )
  expect(world.settle([device, other.device]).map(({ outcome }) => outcome)).toEqual([
    'accepted',
    'accepted',
    'accepted',
    'adjusted',
  ])
  expect(world.rows(saleLine).find((row) => row.document === id)?.returned).toBe(pieces(1))
  expect(world.exceptions).toEqual([])
})

test('a serial that comes back is in stock again', () => {
  const { world, device, opened } = aShop()
  const held = {
    id: keyId('t1', 'masters.serial', [ids.pump, 'P-1']),
    item: ids.pump,
    number: 'P-1',
    state: 'in-stock',
    branch,
    warehouse: ids.warehouse,
    party: null,
    document: 'x.y',
    documentId: 'z',
    goneAt: null,
  }
  for (const store of [world.hub, device.store]) store.put(serial, held)
  const id = device.do(
    completeSale,
    aSale({ shift: opened, lines: [aLine(ids.pump, 1, 90, { serials: ['P-1'] })] }),
    sale,
  )
  expect(device.rows(serial)[0]).toMatchObject({ state: 'out', documentId: id })
  expect(
    device.run(completeSale, aSale({ shift: opened, lines: [aLine(ids.pump, 1, 90, { serials: ['P-1'] })] })).refusal
      ?.code,
  ).toBe('masters.serial-not-in-stock')
  const returns = [backOf(soldLine(device, id), 1, [], { serials: ['P-1'] })]
  device.do(returnSale, aSale({ shift: opened, returns, tenders: [{ ...cash(-90), refundOf: paidBy(device, id) }] }))
  world.settle()
  expect(world.rows(serial)[0]).toMatchObject({ state: 'in-stock', warehouse: ids.warehouse })
})

type Shop = ReturnType<typeof aShop>
const looseDrill: ReturnLineArgs = aLine(ids.drill, 1, 60)
const aSold = ({ device, opened }: Shop, tenders: TenderArgs[] = [cash(60)]) => {
  const id = device.do(completeSale, aSale({ shift: opened, lines: [aLine(ids.drill, 1, 60)], tenders }), sale)
  return { line: soldLine(device, id), paid: paidBy(device, id) }
}
const rules: [
  keyof typeof posRuleRefusals,
  Partial<Lease>,
  (shop: Shop, opened: string) => SaleArgs,
  (keyof typeof posRuleRefusals)[],
][] = [
  [
    'pos.return-over-limit',
    { limits: { returnUnlinkedMinor: 5999 } },
    (_, shift) => aSale({ shift, originalNumber: 'S-ZZZZA-26-000001', returns: [looseDrill], tenders: [cash(-60)] }),
    [],
  ],
  [
    'pos.return-needs-approval',
    {},
    (_, shift) => aSale({ shift, returns: [looseDrill], tenders: [storeCredit(-60)] }),
    [],
  ],
  [
    'pos.store-credit-only',
    { limits: { returnWithoutReceiptMinor: 6000 } },
    (_, shift) => aSale({ shift, returns: [looseDrill], tenders: [cash(-60)] }),
    [],
  ],
  [
    'pos.origin-differs',
    {},
    (shop, shift) => {
      const { line, paid } = aSold(shop)
      const back = backOf(line, 1)
      const taxes = [{ code: 'standard', percent: rate6(20_000_000), tax: pounds(11) }]
      const nothing = { quantity: pieces(0), gross: pounds(0), discount: pounds(0), taxes: [] }
      const dearer = { sold: { quantity: pieces(1), gross: pounds(66), discount: pounds(0), taxes }, returned: nothing }
      return aSale({ shift, returns: [{ ...back, origin: dearer }], tenders: [{ ...cash(-66), refundOf: paid }] })
    },
    ['pos.refund-over-paid'],
  ],
  [
    'pos.refund-over-paid',
    {},
    (shop, shift) => {
      const { line, paid } = aSold(shop, [cash(20), card(40)])
      return aSale({ shift, returns: [backOf(line, 1)], tenders: [{ ...cash(-60), refundOf: paid }] })
    },
    [],
  ],
  [
    'pos.refund-other-tender',
    {},
    (shop, shift) => {
      const { line, paid } = aSold(shop, [card(60)])
      return aSale({ shift, returns: [backOf(line, 1)], tenders: [{ ...cash(-60), refundOf: paid }] })
    },
    [],
  ],
]
test.each(rules)('%s asks at the till and is an exception on the hub', (code, lease, args, also) => {
  const shop = aShop()
  Object.assign(shop.device.lease, { limits: {}, ...lease })
  const given = args(shop, shop.opened)
  expect(shop.device.run(returnSale, given).refusal).toMatchObject({ code, check: 'rule' })
  shop.device.do(returnSale, given, sale, { overrides: [code, ...also] })
  shop.world.settle()
  expect(new Set(shop.world.exceptions.map((each) => each.code))).toEqual(
    new Set([code, ...also].map((each) => posRuleRefusals[each])),
  )
})

test('somebody who may not take back can’t do it inside a sale either', () => {
  const { at } = aShop()
  const { device, opened } = at('BBBB', ids.till2, { permissions: ['pos.sell', 'pos.shift'] })
  const exchange = aSale({ shift: opened, lines: [aLine(ids.drill, 1, 60)], returns: [aLine(ids.sealant, 1, 4.8)] })
  expect(device.run(completeSale, exchange).refusal?.code).toBe('pos.return-not-permitted')
  expect(device.run(returnSale, exchange).refusal).toMatchObject({ code: 'kernel.not-permitted', check: 'authority' })
})

test('a linked return on a till that doesn’t hold the sale has the same effects there and on the hub', () => {
  const { world, device, opened } = aShop()
  const id = device.do(completeSale, aSale({ shift: opened, lines: [aLine(ids.drill, 1, 60)] }), sale)
  world.settle()
  const args = aSale({
    shift: opened,
    returns: [backOf(soldLine(device, id), 1)],
    tenders: [{ ...cash(-60), refundOf: paidBy(device, id) }],
  })
  const far = new MemoryStore(() => ELSEWHERE)
  for (const table of catalogue.tables.values()) {
    if ([sale.name, saleLine.name, tender.name].includes(table.name) || table.side === 'hub') continue
    for (const row of world.hub.rowsOf(table).values()) far.put(table, row)
  }
  const frame = {
    tenant: 't1',
    dev: 'AAAA',
    ep: 1,
    seq: 9,
    at: 1,
    tz: 'Europe/London',
    lease: device.lease,
    nos: {},
    base: {},
  }
  const captured = runCommand(returnSale, args, { phase: 'capture', reader: far, frame, draw: () => 1 })
  expect(captured.refusal).toBeNull()
  const decided = runCommand(returnSale, args, {
    phase: 'hub',
    reader: world.hub,
    frame: { ...frame, nos: captured.nos },
  })
  expect(decided.exceptions).toEqual([])
  expect(canonicalOps(captured.effects)).toBe(canonicalOps(decided.effects))
})
