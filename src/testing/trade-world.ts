// A small trading company for the tests of orders, deliveries, invoices, payments and the ledger: one branch, a store and
// two vans, two items, one customer. Everything in it was captured and settled as commands.
import { amountMinor, quantity6, rate6 } from '../kernel/amount.ts'
import { catalogueOf, type Catalogue } from '../kernel/catalogue.ts'
import type { ArgsFor } from '../kernel/command.ts'
import { keyId } from '../kernel/hash.ts'
import { accountingModule } from '../modules/accounting/module.ts'
import { deliveryModule } from '../modules/delivery/module.ts'
import { inventoryModule } from '../modules/inventory/module.ts'
import { receiveGoods } from '../modules/inventory/receive-goods.ts'
import { createItem } from '../modules/masters/create-item.ts'
import { importParty } from '../modules/masters/import-party.ts'
import { mastersModule } from '../modules/masters/module.ts'
import { saveBranch } from '../modules/masters/save-branch.ts'
import { saveCompany } from '../modules/masters/save-company.ts'
import { saveTaxCode } from '../modules/masters/save-tax-code.ts'
import { saveUnit } from '../modules/masters/save-unit.ts'
import { saveWarehouse } from '../modules/masters/save-warehouse.ts'
import { setPrice } from '../modules/masters/set-price.ts'
import { setTaxRate } from '../modules/masters/set-tax-rate.ts'
import { paymentsModule } from '../modules/payments/module.ts'
import { pricingModule } from '../modules/pricing/module.ts'
import { salesModule } from '../modules/sales/module.ts'
import type { placeOrder } from '../modules/sales/place-order.ts'
import { totalsOf } from '../modules/sales/priced-lines.ts'
import { TestWorld, type TestDevice } from './two-sides.ts'

export const TENANT = 't1'
export const COMPANY = keyId(TENANT, 'masters.company', ['BW'])
export const BRANCH = keyId(TENANT, 'masters.branch', [COMPANY, 'LDS'])
export const STORE = keyId(TENANT, 'masters.warehouse', [BRANCH, 'MAIN'])
export const VAN_A = keyId(TENANT, 'masters.warehouse', [BRANCH, 'VAN-A'])
export const VAN_B = keyId(TENANT, 'masters.warehouse', [BRANCH, 'VAN-B'])
export const PUMP = keyId(TENANT, 'masters.item', ['PUMP'])
export const HOSE = keyId(TENANT, 'masters.item', ['HOSE'])
export const CUSTOMER = keyId(TENANT, 'masters.party', ['C-1'])
export const DAY = '2026-11-20'

export const pieces = (count: number) => quantity6(count * 1_000_000)
export const rateOfMinor = (minor: number) => rate6(minor * 10_000)

/** Prices without tax, in minor units. */
export const PUMP_MINOR = 3_333
export const HOSE_MINOR = 1_099

export const tradeModules = [
  mastersModule,
  pricingModule,
  inventoryModule,
  salesModule,
  deliveryModule,
  paymentsModule,
  accountingModule,
]
export const tradeCatalogue = catalogueOf(tradeModules)

export interface TradeWorld {
  /** What made the company, in commit order: for a hub that is to settle it again. */
  readonly captured: readonly TestDevice['outbox'][number][]
  readonly world: TestWorld
  readonly office: TestDevice
  readonly vanA: TestDevice
  readonly vanB: TestDevice
}

export interface TradeGiven {
  /** Null: cash terms. */
  readonly creditLimitMinor?: number | null
  /** Each van begins with 100 of each item, at 20.00 and 5.00. */
  readonly isStocked?: boolean
  readonly catalogue?: Catalogue
}

export function aTradeWorld(given: TradeGiven = {}): TradeWorld {
  const world = new TestWorld(given.catalogue ?? tradeCatalogue)
  const lease = { company: COMPANY, branch: BRANCH, policy: { stockPolicy: 'allow' } }
  const office = world.device({ ...lease, dev: 'OFFI', user: 'sam' })
  office.do(saveCompany, {
    code: 'BW',
    name: 'Brightwater',
    currency: 'GBP',
    minorDigits: 2,
    country: 'GB',
    tz: 'Europe/London',
  })
  office.do(saveBranch, { company: COMPANY, code: 'LDS', name: 'Leeds', tz: 'Europe/London', territory: 'leeds' })
  for (const [code, name] of [
    ['MAIN', 'Store'],
    ['VAN-A', 'Van A'],
    ['VAN-B', 'Van B'],
  ] as const)
    office.do(saveWarehouse, { branch: BRANCH, code, name })
  office.do(saveUnit, { code: 'each', name: 'each' })
  office.do(saveTaxCode, { code: 'STD', name: 'Standard', treatment: 'standard' })
  office.do(setTaxRate, { code: 'STD', from: '2020-01-01', percent: rate6(20_000_000) })
  office.do(createItem, { code: 'PUMP', name: 'Pump', group: 'pumps', stockUnit: 'each', taxCode: 'STD' })
  office.do(createItem, { code: 'HOSE', name: 'Hose', group: 'hoses', stockUnit: 'each', taxCode: 'STD' })
  for (const [item, minor] of [
    [PUMP, PUMP_MINOR],
    [HOSE, HOSE_MINOR],
  ] as const) {
    office.do(setPrice, { scope: 'item', item, currency: 'GBP', isTaxIncluded: false, rate: rateOfMinor(minor) })
  }
  const creditLimitMinor = given.creditLimitMinor === undefined ? 10_000_000 : given.creditLimitMinor
  office.do(importParty, {
    code: 'C-1',
    name: 'Dale Plumbing',
    roles: ['customer'],
    territory: 'leeds',
    termsDays: 30,
    creditLimitMinor: creditLimitMinor === null ? null : amountMinor(creditLimitMinor),
  })
  if (given.isStocked === true) {
    for (const van of [VAN_A, VAN_B]) {
      receiveInto(office, van, { item: PUMP, count: 100, costMinor: 2_000 })
      receiveInto(office, van, { item: HOSE, count: 100, costMinor: 500 })
    }
  }
  const captured = [...office.outbox]
  world.settle()
  const vanA = world.device({ ...lease, dev: 'VANA', user: 'mo' })
  const vanB = world.device({ ...lease, dev: 'VANB', user: 'jo' })
  return { captured, world, office, vanA, vanB }
}

export type OrderArgs = ArgsFor<typeof placeOrder>

/** An order of so many pieces, with its sums. */
export function anOrder(pumps: number, hoses: number, more: Partial<OrderArgs> = {}): OrderArgs {
  const taxes = [{ code: 'STD', percent: rate6(20_000_000) }]
  const line = (item: string, count: number, minor: number) => ({
    item,
    quantity: pieces(count),
    unit: 'each',
    rate: rateOfMinor(minor),
    source: 'item' as const,
    taxes,
  })
  const lines = [line(PUMP, pumps, PUMP_MINOR), line(HOSE, hoses, HOSE_MINOR)].filter(({ quantity }) => quantity > 0)
  const priced = { minorDigits: 2, pricesIncludeTax: false, taxRounding: 'line' as const, lines, ...more }
  const totals = totalsOf(priced)
  if (!totals.ok) throw new Error(totals.code)
  return {
    businessDate: DAY,
    party: CUSTOMER,
    currency: 'GBP',
    termsDays: 30,
    ...priced,
    total: totals.total,
    tax: totals.tax,
  }
}

/** Goods into a warehouse at a cost in minor units. */
export function receiveInto(
  device: TestDevice,
  warehouse: string,
  given: { readonly item: string; readonly count: number; readonly costMinor: number },
  options: { readonly at?: number } = {},
): void {
  device.do(
    receiveGoods,
    {
      warehouse,
      businessDate: DAY,
      lines: [{ item: given.item, unit: 'each', accepted: pieces(given.count), rate: rateOfMinor(given.costMinor) }],
    },
    undefined,
    options,
  )
}

/** The row at a place that the test knows to be filled. */
export function rowAt<T>(rows: readonly T[], at = 0): T {
  const row = rows[at]
  if (row === undefined) throw new Error(`There is no row ${at} of ${rows.length}.`)
  return row
}

/** What a test knows to be there. */
export function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('It must be there.')
  return value
}
