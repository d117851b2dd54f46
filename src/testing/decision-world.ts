// A small shop that also delivers, for the tests of who may decide what: an office, two tills and two vans, each a device
// of its own with the lease of its role. Everything in it was captured and settled as commands.
import { amountMinor, rate6 } from '../kernel/amount.ts'
import type { ArgsFor } from '../kernel/command.ts'
import { keyId } from '../kernel/hash.ts'
import type { Lease } from '../kernel/lease.ts'
import { catalogue } from '../modules/all.ts'
import type { deliver } from '../modules/delivery/deliver.ts'
import { receiveGoods } from '../modules/inventory/receive-goods.ts'
import { createItem } from '../modules/masters/create-item.ts'
import { setPrice } from '../modules/masters/set-price.ts'
import { standardRoles } from '../modules/masters/standard-roles.ts'
import { openShift } from '../modules/pos/open-shift.ts'
import { shift } from '../modules/pos/shift.ts'
import { openShop, pieces, priceOf, shopIds } from '../modules/pos/till-builders.ts'
import { orderLine } from '../modules/sales/order.ts'
import type { placeOrder } from '../modules/sales/place-order.ts'
import { totalsOf } from '../modules/sales/priced-lines.ts'
import { TestWorld, type TestDevice } from './two-sides.ts'

export const TODAY = '2026-11-20'
export const shop = shopIds('t1')
/** By batch with a date of expiry. */
export const PAINT = keyId('t1', 'masters.item', ['PAINT'])

/** What a person of a standard role works under. */
export function leaseOf(code: string): Pick<Lease, 'permissions' | 'limits' | 'roles'> {
  const role = standardRoles.find((each) => each.code === code)
  if (role === undefined) throw new Error(`There is no standard role ${code}.`)
  return { permissions: role.permissions, limits: role.limits ?? {}, roles: [code] }
}

/** Each owner with its code, in the order they were raised on the hub. */
export const named = (world: TestWorld): string[] => world.exceptions.map(({ code, owner }) => `${code} → ${owner}`)

export interface DecisionWorld {
  readonly world: TestWorld
  readonly office: TestDevice
  readonly tillA: TestDevice
  readonly tillB: TestDevice
  readonly shiftA: string
  readonly shiftB: string
  readonly vanA: TestDevice
  readonly vanB: TestDevice
}

/** `more` goes to the leases of tills and vans. The store has so many drills and sealants at £10.00 each. */
export function aDecisionWorld(more: Partial<Lease> = {}, kept = 50): DecisionWorld {
  const world = new TestWorld(catalogue)
  const { company, branch } = shop
  const at = { company, branch, policy: { stockPolicy: 'allow' as const } }
  const office = world.device({ ...at, dev: 'OFFI', user: 'sam' })
  openShop((command, args) => office.do(command, args), 't1')
  const goods = { group: 'paint', stockUnit: 'each', taxCode: 'standard' }
  office.do(createItem, { ...goods, code: 'PAINT', name: 'Paint', hasBatch: true, hasExpiry: true })
  office.do(setPrice, { scope: 'item', item: PAINT, rate: priceOf(12), isTaxIncluded: true })
  world.settle()
  for (const item of [shop.drill, shop.sealant]) receiveInto(office, item, kept)
  world.settle()
  const [tillA, tillB] = (['AAAA', 'BBBB'] as const).map((dev) =>
    world.device({ ...at, ...leaseOf('cashier'), dev, user: dev.toLowerCase(), ...more }),
  ) as [TestDevice, TestDevice]
  const [vanA, vanB] = (['VANA', 'VANB'] as const).map((dev) =>
    world.device({ ...at, ...leaseOf('driver'), dev, user: dev.toLowerCase(), ...more }),
  ) as [TestDevice, TestDevice]
  const opening = { businessDate: TODAY, currency: 'GBP', float: amountMinor(0) }
  const shiftA = tillA.do(openShift, { ...opening, till: shop.till1 }, shift)
  const shiftB = tillB.do(openShift, { ...opening, till: shop.till2 }, shift)
  world.settle()
  return { world, office, tillA, tillB, shiftA, shiftB, vanA, vanB }
}

type Receipt = ArgsFor<typeof receiveGoods>['lines'][number]

/** Goods into the shop's store, before anybody works. */
export function stockUp(
  { office, world }: DecisionWorld,
  item: string,
  count: number,
  more: Partial<Receipt> = {},
): void {
  receiveInto(office, item, count, more)
  world.settle()
}

function receiveInto(office: TestDevice, item: string, count: number, more: Partial<Receipt> = {}): void {
  const line = { item, unit: 'each', accepted: pieces(count), rate: priceOf(10), ...more }
  office.do(receiveGoods, { warehouse: shop.warehouse, businessDate: TODAY, lines: [line] })
}

/** Acme orders so many drills at £60.00 with tax. */
export function anOrderOf(drills: number): ArgsFor<typeof placeOrder> {
  const priced = {
    minorDigits: 2,
    pricesIncludeTax: true,
    taxRounding: 'line' as const,
    lines: [
      {
        item: shop.drill,
        quantity: pieces(drills),
        unit: 'each',
        rate: priceOf(60),
        source: 'item' as const,
        taxes: [{ code: 'standard', percent: rate6(20_000_000) }],
      },
    ],
  }
  const totals = totalsOf(priced)
  if (!totals.ok) throw new Error(totals.code)
  const sums = { total: totals.total, tax: totals.tax }
  return { businessDate: TODAY, party: shop.acme, currency: 'GBP', termsDays: 30, ...priced, ...sums }
}

/** A delivery of so many pieces of every line of an order that this device holds. */
export function aDeliveryOf(van: TestDevice, order: string, count: number): ArgsFor<typeof deliver> {
  const lines = van
    .rows(orderLine)
    .filter(({ document }) => document === order)
    .map(({ id, item, unit }) => ({ orderLine: id, item, unit, quantity: pieces(count) }))
  const at = { businessDate: TODAY, currency: 'GBP', warehouse: shop.warehouse }
  return { ...at, party: shop.acme, order, outcome: 'delivered', recipient: 'Pat', lines }
}
