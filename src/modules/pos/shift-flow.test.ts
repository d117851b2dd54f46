// A whole day at two tills under any interleaving of captures, settlements and pulls. The books are added up here from
// the entries, by plain sums, never by the module's own functions.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { catalogueOf } from '../../kernel/catalogue.ts'
import {
  cashBalance,
  cashEntry,
  glEntry,
  partyBalance,
  partyEntry,
  stockBalance,
  stockEntry,
} from '../../kernel/ledger.ts'
import { keyId } from '../../kernel/hash.ts'
import { TestWorld, type TestDevice } from '../../testing/two-sides.ts'
import { inventoryModule } from '../inventory/module.ts'
import { receiveGoods } from '../inventory/receive-goods.ts'
import { importParty } from '../masters/import-party.ts'
import { mastersModule } from '../masters/module.ts'
import { pricingModule } from '../pricing/module.ts'
import { cashMovement } from './cash-movement.ts'
import { closeShift } from './close-shift.ts'
import { completeSale } from './complete-sale.ts'
import { posModule } from './module.ts'
import { openShift } from './open-shift.ts'
import { returnSale } from './return-sale.ts'
import { safeDrop } from './safe-drop.ts'
import { sale, saleLine, tender } from './sale.ts'
import { shift } from './shift.ts'
import {
  aLine,
  aSale,
  backOf,
  card,
  cash,
  onAccount,
  openShop,
  pieces,
  pounds,
  priceOf,
  shopIds,
} from './till-builders.ts'
import { times } from '../../testing/properties.ts'

const catalogue = catalogueOf([mastersModule, pricingModule, inventoryModule, posModule])
const day = '2026-11-20'

function aShop(stock: { drill: number; sealant: number }) {
  const world = new TestWorld(catalogue)
  const { company, branch, warehouse } = shopIds('t1')
  const office = world.device({ dev: 'OFFI', company, branch })
  const ids = openShop((command, args) => office.do(command, args), 't1')
  office.do(importParty, { code: 'S1', name: 'Northern', roles: ['supplier'], territory: 'suppliers' })
  world.settle()
  const keeper = world.device({ dev: 'KEEP', company, branch })
  const supplier = keyId('t1', 'masters.party', ['S1'])
  const lines = [
    { item: ids.drill, unit: 'each', accepted: pieces(stock.drill), rate: priceOf(30) },
    { item: ids.sealant, unit: 'each', accepted: pieces(stock.sealant), rate: priceOf(2) },
  ]
  keeper.do(receiveGoods, { warehouse, businessDate: day, supplier, lines })
  world.settle()
  return {
    world,
    ids,
    tillDevice: (dev: string) => world.device({ dev, company, branch, limits: { returnUnlinkedMinor: 10_000 } }),
  }
}

/** What one till does in a day, a step at a time; each step sees what its device has then. */
function dayAt(device: TestDevice, ids: ReturnType<typeof aShop>['ids'], till: string): (() => void)[] {
  let opened = ''
  const header = () => ({ shift: opened, businessDate: day })
  const saleRow = (at: number) => device.rows(sale).filter((row) => row.shift === opened)[at]
  return [
    () => void (opened = device.do(openShift, { till, businessDate: day, currency: 'GBP', float: pounds(150) }, shift)),
    // £60.00 + 2 × £4.80 = £69.60: £40.00 by card, £29.60 in cash with £30.00 given.
    () =>
      void device.do(
        completeSale,
        aSale({
          shift: opened,
          lines: [aLine(ids.drill, 1, 60), aLine(ids.sealant, 2, 4.8)],
          tenders: [card(40), cash(29.6, 30)],
        }),
      ),
    () =>
      void device.do(
        completeSale,
        aSale({ shift: opened, party: ids.acme, lines: [aLine(ids.drill, 2, 60)], tenders: [onAccount(120)] }),
      ),
    () => {
      const sold = device.rows(saleLine).find((row) => row.document === saleRow(0)?.id && row.item === ids.sealant)
      const paid = device.rows(tender).find((row) => row.document === saleRow(0)?.id && row.method === 'cash')
      if (sold === undefined || paid === undefined) throw new Error('The first sale is missing.')
      device.do(
        returnSale,
        aSale({ shift: opened, returns: [backOf(sold, 1)], tenders: [{ ...cash(-4.8), refundOf: paid.id }] }),
      )
    },
    () =>
      void device.do(
        returnSale,
        aSale({
          shift: opened,
          originalNumber: 'S-ZZZZA-26-000009',
          returns: [aLine(ids.drill, 1, 60, {})],
          tenders: [cash(-60)],
        }),
      ),
    () => void device.do(safeDrop, { ...header(), amount: pounds(50) }),
    () => {
      // 150.00 + 30.00 − 0.40 − 4.80 − 60.00 − 50.00 = 64.80, and £2.10 is missing.
      const documents = [
        ...device
          .rows(sale)
          .filter((row) => row.shift === opened)
          .map((row) => ({ kind: 'sale' as const, id: row.id, amountMinor: row.total })),
        ...device
          .rows(cashMovement)
          .filter((row) => row.shift === opened)
          .map((row) => ({ kind: 'movement' as const, id: row.id, amountMinor: row.amount })),
      ]
      const counts = [
        { method: 'cash', kind: 'cash' as const, currency: 'GBP', expected: pounds(64.8), counted: pounds(62.7) },
        { method: 'card', kind: 'card' as const, currency: 'GBP', expected: pounds(40), counted: pounds(40) },
      ]
      device.do(closeShift, { ...header(), minorDigits: 2, counts, documents })
    },
  ]
}

const sumBy = <T>(rows: readonly T[], key: (row: T) => string, amount: (row: T) => number): Map<string, number> => {
  const sums = new Map<string, number>()
  for (const row of rows) sums.set(key(row), (sums.get(key(row)) ?? 0) + amount(row))
  return sums
}

test(
  'openmsupply-8632: a day at two tills adds up under any interleaving',
  () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('A', 'B', 'settle A', 'settle B', 'pull'), { maxLength: 40 }),
        (schedule) => {
          const { world, ids, tillDevice } = aShop({ drill: 20, sealant: 20 })
          const [a, b] = [tillDevice('AAAA'), tillDevice('BBBB')]
          const days = { A: dayAt(a, ids, ids.till1), B: dayAt(b, ids, ids.till2) }
          const settlements: string[] = []
          const settle = (device: TestDevice) =>
            device.outbox.length > 0 && settlements.push(world.settleOne(device).outcome)
          for (const step of schedule) {
            if (step === 'A' || step === 'B') days[step].shift()?.()
            else if (step === 'pull') world.pullAll()
            else settle(step === 'settle A' ? a : b)
          }
          for (const step of [...days.A, ...days.B]) step()
          for (const device of [a, b]) while (device.outbox.length > 0) settle(device)
          expect(settlements).toEqual(Array.from({ length: 14 }, () => 'accepted'))

          const gl = world.rows(glEntry)
          expect(gl.reduce((sum, row) => sum + row.amount, 0)).toBe(0)
          for (const sum of sumBy(
            gl,
            (row) => row.documentId,
            (row) => row.amount,
          ).values())
            expect(sum).toBe(0)
          // Two days alike: each account is twice one till's, worked out by hand.
          expect(
            Object.fromEntries(
              sumBy(
                gl,
                (row) => row.account,
                (row) => row.amount,
              ),
            ),
          ).toEqual({
            'till-cash': 2 * 6270,
            safe: 2 * (5000 - 15_000),
            'card-clearing': 2 * 4000,
            receivable: 2 * 12_000,
            // Net: 50.00 + 8.00 + 100.00 sold, 4.00 + 50.00 back; tax 11.60 + 20.00 − 0.80 − 10.00.
            sales: 2 * -15_800,
            'sales-returns': 2 * 5400,
            'tax-standard': 2 * -2080,
            'cash-difference': 2 * 210,
          })

          const drawer = sumBy(
            world.rows(cashEntry),
            (row) => `${row.shift} ${row.method}`,
            (row) => row.amount,
          )
          for (const row of world.rows(cashBalance)) {
            expect(row.amount).toBe(drawer.get(`${row.shift} ${row.method}`))
            expect(row.amount).toBe(row.method === 'cash' ? 6270 : 4000)
          }
          const moved = sumBy(
            world.rows(stockEntry),
            (row) => row.item,
            (row) => row.quantity,
          )
          for (const row of world.rows(stockBalance)) expect(row.onHand).toBe(moved.get(row.item))
          expect(moved.get(ids.drill)).toBe(pieces(20 - 2 * (1 + 2 - 1)))
          expect(moved.get(ids.sealant)).toBe(pieces(20 - 2 * (2 - 1)))

          const open = sumBy(
            world.rows(partyEntry),
            (row) => row.item ?? '',
            (row) => row.amount,
          )
          expect(world.rows(partyBalance).map((row) => row.receivable)).toEqual([
            [...open.values()].reduce((sum, amount) => sum + amount, 0),
          ])
          expect(world.rows(partyEntry).map((row) => row.dueOn)).toEqual(['2026-12-20', '2026-12-20'])
          expect(world.rows(shift).every((row) => row.state === 'submitted' && row.isSettled)).toBe(true)
          expect(new Set(world.exceptions.map((each) => each.code))).toEqual(new Set(['RETURN_UNLINKED']))
        },
      ),
      { numRuns: times(60) },
    )
  },
  times(60_000),
)

test('two tills sell the last drill: both sales stand, the stock is −1 and OVERSOLD names it', () => {
  const { world, ids, tillDevice } = aShop({ drill: 1, sealant: 1 })
  const devices = [tillDevice('AAAA'), tillDevice('BBBB')]
  devices.forEach((device, at) => {
    const opened = device.do(
      openShift,
      { till: at === 0 ? ids.till1 : ids.till2, businessDate: day, currency: 'GBP', float: pounds(0) },
      shift,
    )
    expect(device.run(completeSale, aSale({ shift: opened, lines: [aLine(ids.drill, 1, 60)] })).exceptions).toEqual([])
  })
  expect(world.settle().map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'accepted', 'accepted'])
  expect(world.rows(sale)).toHaveLength(2)
  expect(world.rows(stockBalance).find((row) => row.item === ids.drill)?.onHand).toBe(pieces(-1))
  expect(world.exceptions).toMatchObject([
    { code: 'OVERSOLD', facts: { item: ids.drill, name: 'Name', onHand: 0, sold: pieces(1) } },
  ])
})
