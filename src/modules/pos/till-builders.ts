// Builders for the till's tests and benches: arguments of believable sales, made from a few words. They compute by the
// module's own arithmetic, so a test that proves the arithmetic must bring its own numbers.
import { amountMinor, quantity6, rate6 } from '../../kernel/amount.ts'
import type { AnyCommand, ArgsFor } from '../../kernel/command.ts'
import { keyId } from '../../kernel/hash.ts'
import { createItem } from '../masters/create-item.ts'
import { importParty } from '../masters/import-party.ts'
import { saveBranch } from '../masters/save-branch.ts'
import { saveCompany } from '../masters/save-company.ts'
import { saveTaxCode } from '../masters/save-tax-code.ts'
import { saveTill } from '../masters/save-till.ts'
import { saveUnit } from '../masters/save-unit.ts'
import { saveWarehouse } from '../masters/save-warehouse.ts'
import { setPrice } from '../masters/set-price.ts'
import { setTaxRate } from '../masters/set-tax-rate.ts'
import type { LineArgs, ReturnLineArgs, SaleArgs, TenderArgs } from './sale-args.ts'
import { STORE_CREDIT } from './sale-money.ts'
import { cashDue, originOf, saleTotals } from './sale-sums.ts'
import type { SaleLine } from './sale.ts'

export const pieces = (count: number) => quantity6(Math.round(count * 1_000_000))
/** 12.5 is a rate of 12 500 000. */
export const priceOf = (major: number) => rate6(Math.round(major * 1_000_000))
export const pounds = (major: number) => amountMinor(Math.round(major * 100))

const STANDARD = [{ code: 'standard', percent: rate6(20_000_000) }]

export const aLine = (item: string, count: number, major: number, more: Partial<LineArgs> = {}): LineArgs => ({
  item,
  itemCode: 'CODE',
  itemName: 'Name',
  quantity: pieces(count),
  rate: priceOf(major),
  source: 'item',
  taxes: STANDARD,
  ...more,
})

/** A linked return of `count` from a stored line. */
export const backOf = (
  sold: SaleLine,
  count: number,
  before: readonly SaleLine[] = [],
  more: Partial<ReturnLineArgs> = {},
): ReturnLineArgs => ({
  item: sold.item,
  itemCode: sold.itemCode,
  itemName: sold.itemName,
  quantity: pieces(count),
  unit: sold.unit,
  rate: sold.rate,
  source: sold.source,
  taxes: sold.taxes.map(({ code, percent }) => ({ code, percent })),
  originLine: sold.id,
  origin: originOf(sold, before),
  ...more,
})

export const cash = (amount: number, given: number = amount): TenderArgs =>
  amount < 0
    ? { method: 'cash', kind: 'cash', amount: pounds(amount) }
    : { method: 'cash', kind: 'cash', amount: pounds(amount), given: pounds(given) }
export const card = (amount: number, more: Partial<TenderArgs> = {}): TenderArgs => ({
  method: 'card',
  kind: 'card',
  amount: pounds(amount),
  reference: 'T-4711',
  ...more,
})
export const onAccount = (amount: number): TenderArgs => ({
  method: 'account',
  kind: 'account',
  amount: pounds(amount),
})

type Given = Pick<SaleArgs, 'shift'> & Partial<SaleArgs>

/** Arguments whose sums fit. Without tenders it is paid in cash, to the penny. */
export function aSale(given: Given): SaleArgs {
  const settings = {
    businessDate: '2026-11-20',
    currency: 'GBP',
    minorDigits: 2,
    pricesIncludeTax: true,
    taxRounding: 'line',
  } as const
  const priced = { ...settings, ...given }
  const totals = saleTotals(priced)
  const total = totals.ok ? totals.total : amountMinor(0)
  const { payable, rounding } = cashDue(
    total,
    given.tenders ?? [{ kind: 'cash', amount: total }],
    given.cashStepMinor ?? 0,
  )
  const inCash: TenderArgs[] = payable === 0 ? [] : [{ method: 'cash', kind: 'cash', amount: payable }]
  const tenders = given.tenders ?? inCash
  const cashRounding = tenders.some(({ kind }) => kind === 'cash') ? rounding : amountMinor(0)
  return { ...priced, total, tax: totals.ok ? totals.tax : amountMinor(0), tenders, cashRounding, ...given }
}

/** The ids of a small shop's masters: natural keys, so that a test can name them. */
export function shopIds(tenant: string) {
  const company = keyId(tenant, 'masters.company', ['BW'])
  const branch = keyId(tenant, 'masters.branch', [company, 'leeds'])
  const itemOf = (code: string): string => keyId(tenant, 'masters.item', [code])
  return {
    company,
    branch,
    warehouse: keyId(tenant, 'masters.warehouse', [branch, 'main']),
    till1: keyId(tenant, 'masters.till', [branch, 'till1']),
    till2: keyId(tenant, 'masters.till', [branch, 'till2']),
    /** £60.00 with tax, floor £40 without. */
    drill: itemOf('DRILL'),
    /** £4.80 with tax; box of 12. */
    sealant: itemOf('SEALANT'),
    /** £1.20, no tax. */
    milk: itemOf('MILK'),
    /** By serial, £90.00 with tax. */
    pump: itemOf('PUMP'),
    voucher: itemOf('VOUCHER'),
    /** A service. */
    carriage: itemOf('CARRIAGE'),
    /** 30 days, limit £500. */
    acme: keyId(tenant, 'masters.party', ['ACME']),
  }
}

type Act = <C extends AnyCommand>(command: C, args: ArgsFor<C>) => unknown

/** Makes the shop by the masters' own commands. */
export function openShop(act: Act, tenant: string): ReturnType<typeof shopIds> {
  const ids = shopIds(tenant)
  const { company, branch, warehouse } = ids
  act(saveCompany, {
    code: 'BW',
    name: 'Brightwater',
    currency: 'GBP',
    minorDigits: 2,
    country: 'GB',
    tz: 'Europe/London',
  })
  act(saveBranch, { company, code: 'leeds', name: 'Leeds', tz: 'Europe/London', territory: 'leeds' })
  act(saveWarehouse, { branch, code: 'main', name: 'Main' })
  const methods = [
    { code: 'cash', kind: 'cash' },
    { code: 'card', kind: 'card', floorLimitMinor: 3000 },
    { code: 'account', kind: 'account' },
    { code: 'gift', kind: 'voucher' },
    { code: STORE_CREDIT, kind: 'voucher' },
    { code: 'web', kind: 'other' },
  ] as const
  for (const code of ['till1', 'till2'])
    act(saveTill, { branch, code, name: code, warehouse, methods, isOnAccountAllowed: true, cashRoundingMinor: 5 })
  for (const code of ['each', 'box']) act(saveUnit, { code, name: code })
  act(saveTaxCode, { code: 'standard', name: 'VAT 20 %', treatment: 'standard' })
  act(saveTaxCode, { code: 'zero', name: 'VAT 0 %', treatment: 'zero' })
  act(setTaxRate, { code: 'standard', from: '2020-01-01', percent: rate6(20_000_000) })
  const goods = { group: 'tools', stockUnit: 'each', taxCode: 'standard' }
  act(createItem, { ...goods, code: 'DRILL', name: 'Drill', floorRate: priceOf(40) })
  act(createItem, { ...goods, code: 'SEALANT', name: 'Sealant', units: [{ unit: 'box', num: 12, den: 1 }] })
  act(createItem, { ...goods, code: 'MILK', name: 'Milk', group: 'cafe', taxCode: 'zero' })
  act(createItem, { ...goods, code: 'PUMP', name: 'Pump', hasSerial: true })
  act(createItem, { ...goods, code: 'VOUCHER', name: 'Gift voucher', type: 'voucher', taxCode: 'zero' })
  act(createItem, { ...goods, code: 'CARRIAGE', name: 'Delivery', type: 'service' })
  const prices = [
    [ids.drill, 60],
    [ids.sealant, 4.8],
    [ids.milk, 1.2],
    [ids.pump, 90],
    [ids.voucher, 25],
    [ids.carriage, 6],
  ] as const
  for (const [item, major] of prices) act(setPrice, { scope: 'item', item, rate: priceOf(major), isTaxIncluded: true })
  act(importParty, {
    code: 'ACME',
    name: 'Acme Builders',
    roles: ['customer'],
    territory: 'leeds',
    creditLimitMinor: pounds(500),
    termsDays: 30,
  })
  return ids
}
