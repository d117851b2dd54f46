// Brightwater Supply Ltd as commands: what creates the demo company, in order, each with the person who does it. Pure:
// the same tenant and day give the same list. It is run through the hub's own path, as commands of a device at the hub.
import { checkDigit } from '../../src/kernel/barcode.ts'
import { amountMinor, quantity6, rate6, type Quantity6, type Rate6 } from '../../src/kernel/amount.ts'
import type { AnyCommand, ArgsFor } from '../../src/kernel/command.ts'
import type { CanonicalValue } from '../../src/kernel/canonical.ts'
import { keyId } from '../../src/kernel/hash.ts'
import { addNote } from '../../src/modules/crm/add-note.ts'
import { createFollowUp } from '../../src/modules/crm/create-follow-up.ts'
import { planVisit } from '../../src/modules/crm/plan-visit.ts'
import { receiveGoods } from '../../src/modules/inventory/receive-goods.ts'
import { createItem } from '../../src/modules/masters/create-item.ts'
import { createParty } from '../../src/modules/masters/create-party.ts'
import { importParty } from '../../src/modules/masters/import-party.ts'
import { saveBarcode } from '../../src/modules/masters/save-barcode.ts'
import { saveBranch } from '../../src/modules/masters/save-branch.ts'
import { saveCompany } from '../../src/modules/masters/save-company.ts'
import { savePartyGroup } from '../../src/modules/masters/save-party-group.ts'
import { savePriceList } from '../../src/modules/masters/save-price-list.ts'
import { saveTaxCode } from '../../src/modules/masters/save-tax-code.ts'
import { saveTill } from '../../src/modules/masters/save-till.ts'
import { saveUnit } from '../../src/modules/masters/save-unit.ts'
import { saveWarehouse } from '../../src/modules/masters/save-warehouse.ts'
import { setPrice } from '../../src/modules/masters/set-price.ts'
import { setRole } from '../../src/modules/masters/set-role.ts'
import { setTaxRate } from '../../src/modules/masters/set-tax-rate.ts'
import { setUser } from '../../src/modules/masters/set-user.ts'
import { standardRoles } from '../../src/modules/masters/standard-roles.ts'
import { setPricingRule } from '../../src/modules/pricing/set-pricing-rule.ts'
import { items, opening, units, type ItemTuple } from './items.ts'
import { calls, customers, duplicate, promises, route, supplierOf, supplierOfItem, suppliers } from './parties.ts'
import { branches, methods, people, streetOf, tills, warehouses } from './places.ts'

export interface DemoStep {
  readonly command: AnyCommand
  readonly args: unknown
  /** The sign-in name of who does it; until people exist, it is the setup's. */
  readonly by: string
}

export interface DemoGiven {
  readonly tenant: string
  /** The day that the demo calls today, `YYYY-MM-DD`. */
  readonly today: string
}

const TZ = 'Europe/London'
const COMPANY = 'BW'
const ADMIN = 'sam'
const pounds = (value: number): Rate6 => rate6(Math.round(value * 1_000_000))
const of = (value: number): Quantity6 => quantity6(Math.round(value * 1_000_000))

/** A day some days from another. */
export function dayFrom(today: string, days: number): string {
  const [year, month, day] = today.split('-').map(Number)
  return new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, (day ?? 1) + days)).toISOString().slice(0, 10)
}

/** The Sunday of the week, or the day itself. */
const sundayFrom = (today: string): string => dayFrom(today, (7 - new Date(`${today}T00:00:00Z`).getUTCDay()) % 7)

/** The ids of the demo's rows: they follow from their natural keys. */
export function brightwaterIds(tenant: string) {
  const id = (table: string, ...key: CanonicalValue[]): string => keyId(tenant, `masters.${table}`, key)
  const company = id('company', COMPANY)
  const branch = (code: string): string => id('branch', company, code)
  return {
    company,
    branch,
    /** `kendal/van1` */
    warehouse: (path: string): string => id('warehouse', branch(path.split('/')[0] ?? ''), path.split('/')[1] ?? ''),
    till: (path: string): string => id('till', branch(path.split('/')[0] ?? ''), path.split('/')[1] ?? ''),
    user: (signInName: string): string => id('user', signInName),
    item: (code: string): string => id('item', code),
    party: (code: string): string => id('party', code),
    priceList: (code: string): string => id('priceList', code),
  }
}

const step = <C extends AnyCommand>(command: C, args: ArgsFor<C>, by: string = ADMIN): DemoStep => ({
  command,
  args,
  by,
})

/** An EAN-13 of the range that shops number for themselves (200 …). */
const ownBarcode = (at: number): string => {
  const digits = `200${String(at).padStart(9, '0')}`
  return digits + String(checkDigit(digits))
}

/** Every step of the demo company, in the order it must run. */
export function* brightwater(given: DemoGiven): Generator<DemoStep> {
  yield* company(given)
  yield* catalogue(given)
  yield* promotions(given)
  yield* parties(given)
  yield* stock(given)
  yield* fieldWork(given)
}

function* company({ tenant }: DemoGiven): Generator<DemoStep> {
  const ids = brightwaterIds(tenant)
  yield step(saveCompany, {
    code: COMPANY,
    name: 'Brightwater Supply Ltd',
    currency: 'GBP',
    minorDigits: 2,
    country: 'GB',
    tz: TZ,
    taxRounding: 'line',
    stockPolicy: 'warn',
  })
  for (const [code, name, territory, town] of branches) {
    yield step(saveBranch, {
      company: ids.company,
      code,
      name,
      tz: TZ,
      territory,
      address: { lines: [streetOf(code)], town, country: 'GB' },
    })
  }
  const taxes = [
    ['STD', 'Standard rate', 'standard', 20],
    ['RED', 'Reduced rate', 'reduced', 5],
    ['ZERO', 'Zero rate', 'zero', null],
    ['EXPORT', 'Export', 'zero', null],
    ['OUT', 'Outside the scope of VAT', 'outside-scope', null],
  ] as const
  for (const [code, name, treatment, percent] of taxes) {
    yield step(saveTaxCode, { code, name, treatment })
    // VAT stands at 20 % since 4 January 2011.
    if (percent !== null) yield step(setTaxRate, { code, from: '2011-01-04', percent: pounds(percent) })
  }
  yield step(savePriceList, { code: 'retail', name: 'Retail, with VAT', currency: 'GBP', isTaxIncluded: true })
  yield step(savePriceList, { code: 'trade', name: 'Trade', currency: 'GBP', isTaxIncluded: false })
  yield step(savePriceList, { code: 'cafe', name: 'Café', currency: 'GBP', isTaxIncluded: false })
  for (const [code, name, list] of [
    ['retail', 'Retail', 'retail'],
    ['trade', 'Trade', 'trade'],
    ['café', 'Cafés', 'cafe'],
    ['council', 'Councils', 'trade'],
  ] as const) {
    yield step(savePartyGroup, { code, name, priceList: ids.priceList(list) })
  }
  for (const [branch, code, name, isVehicle] of warehouses)
    yield step(saveWarehouse, { branch: ids.branch(branch), code, name, isVehicle })
  for (const [branch, code, name, warehouse] of tills) {
    yield step(saveTill, {
      branch: ids.branch(branch),
      code,
      name,
      warehouse: ids.warehouse(warehouse),
      priceList: ids.priceList('retail'),
      methods,
      isOnAccountAllowed: true,
    })
  }
  for (const role of standardRoles) yield step(setRole, role)
  for (const [signInName, name, role, branch, territories, van] of people) {
    yield step(setUser, {
      signInName,
      name,
      roles: [role],
      branch: ids.branch(branch),
      territories,
      ...(van === undefined ? {} : { warehouse: ids.warehouse(van) }),
    })
  }
}

function* catalogue({ tenant }: DemoGiven): Generator<DemoStep> {
  for (const [code, name, decimals] of units) yield step(saveUnit, { code, name, decimals })
  for (const [at, item] of items.entries()) yield* oneItem(tenant, item, at)
}

function* oneItem(
  tenant: string,
  [code, name, group, stockUnit, taxCode, retail, trade, , more = {}]: ItemTuple,
  at: number,
): Generator<DemoStep> {
  const ids = brightwaterIds(tenant)
  const item = ids.item(code)
  const { tracked, reorderAt, floor } = more
  yield step(createItem, {
    code,
    name,
    group,
    stockUnit,
    taxCode,
    type: more.type ?? 'goods',
    brand: more.brand ?? null,
    decimals: more.decimals ?? 0,
    units: Object.entries(more.units ?? {}).map(([unit, num]) => ({ unit, num, den: 1 })),
    hasBatch: tracked === 'batch' || tracked === 'expiry',
    hasExpiry: tracked === 'expiry',
    hasSerial: tracked === 'serial',
    warrantyMonths: more.warrantyMonths ?? null,
    shelfLifeDays: more.shelfLifeDays ?? null,
    weighedCode: more.weighedCode ?? null,
    floorRate: floor === undefined ? null : pounds(floor),
    reorderLevel: reorderAt === undefined ? null : of(reorderAt),
    reorderQuantity: reorderAt === undefined ? null : of(reorderAt * 2),
  })
  yield step(saveBarcode, { value: ownBarcode(1000 + at), item })
  for (const [nth, unit] of Object.keys(more.units ?? {}).entries())
    yield step(saveBarcode, { value: ownBarcode(10_000 + at * 10 + nth), item, unit })
  const price = (list: string, rate: number, from = 0): DemoStep =>
    step(setPrice, { scope: 'list', scopeId: ids.priceList(list), item, rate: pounds(rate), minQuantity: of(from) })
  yield price('retail', retail)
  yield price('trade', trade)
  if (more.tradeFrom12 !== undefined) yield price('trade', more.tradeFrom12, 12)
  if (more.cafe !== undefined) yield price('cafe', more.cafe)
}

function* promotions({ tenant, today }: DemoGiven): Generator<DemoStep> {
  const ids = brightwaterIds(tenant)
  for (const code of ['SEAL-CL', 'SEAL-WH']) {
    const item = ids.item(code)
    const benefit = { kind: 'free', item, unit: 'tube', quantity: of(1), forEach: of(2), worth: pounds(5.99) } as const
    yield step(setPricingRule, {
      code: `3FOR2-${code}`,
      name: '3 for 2 on sealant until Sunday',
      scopeKind: 'item',
      scopeId: item,
      benefit,
      validFrom: dayFrom(today, -5),
      validTo: sundayFrom(today),
    })
  }
  yield step(setPricingRule, {
    code: 'DRILL99',
    name: 'Cordless drill at £99',
    scopeKind: 'item',
    scopeId: ids.item('DRILL18'),
    benefit: { kind: 'rate', rate: pounds(99) },
    validFrom: dayFrom(today, -3),
    validTo: dayFrom(today, 11),
  })
  yield step(setPricingRule, {
    code: 'TRADE10',
    name: '£10 off £150 with the trade card',
    scopeKind: 'document',
    benefit: { kind: 'amount', off: pounds(10) },
    coupon: 'TRADE10',
    amountMin: amountMinor(150_00),
    validTo: dayFrom(today, 60),
  })
}

function* parties({ tenant }: DemoGiven): Generator<DemoStep> {
  const ids = brightwaterIds(tenant)
  for (const [code, name, group, territory, town, phone, limit, termsDays, more = {}] of customers) {
    const place = more.place === undefined ? {} : { latitude6: more.place[0], longitude6: more.place[1] }
    yield step(importParty, {
      code,
      name,
      roles: ['customer'],
      group,
      territory,
      phone,
      type: code === 'C-001' ? 'person' : 'company',
      addresses: [{ lines: [streetOf(code)], town, country: more.country ?? 'GB', ...place }],
      creditLimitMinor: limit === null ? null : amountMinor(limit * 100),
      termsDays,
      isOnHold: more.isOnHold ?? false,
      needsOrderNumber: more.needsOrderNumber ?? false,
      taxCode: more.taxCode ?? null,
      visitFrequencyDays: more.visitEveryDays ?? null,
      owner: group === 'café' ? ids.user('marta') : null,
      tags: more.tags ?? [],
    })
  }
  for (const [code, name, town] of suppliers) {
    yield step(importParty, {
      code,
      name,
      roles: ['supplier'],
      territory: 'suppliers',
      termsDays: 30,
      addresses: [{ lines: [streetOf(code)], town, country: 'GB' }],
    })
  }
  yield step(createParty, { ...duplicate, roles: ['customer'] }, 'marta')
}

/** Opening stock: a receipt for each warehouse and supplier, with batches and serials where the item has them. */
function* stock({ tenant, today }: DemoGiven): Generator<DemoStep> {
  const ids = brightwaterIds(tenant)
  const businessDate = dayFrom(today, -21)
  const byCode = new Map(items.map((item) => [item[0], item]))
  const serials = new Map<string, number>()
  for (const [warehouse, goods] of Object.entries(opening)) {
    const bySupplier = new Map<string, ArgsFor<typeof receiveGoods>['lines'][number][]>()
    for (const [code, quantity] of Object.entries(goods)) {
      const [, , group, unit, , , , cost, more = {}] = byCode.get(code) as ItemTuple
      const first = serials.get(code) ?? 1
      if (more.tracked === 'serial') serials.set(code, first + quantity)
      const supplier = supplierOfItem[code] ?? supplierOf[group] ?? 'S-01'
      const line = {
        item: ids.item(code),
        unit,
        accepted: of(quantity),
        rate: pounds(cost),
        ...(more.tracked === 'serial'
          ? { serials: Array.from({ length: quantity }, (_, nth) => `${code}-${String(first + nth).padStart(5, '0')}`) }
          : {}),
        ...(more.tracked === 'batch' || more.tracked === 'expiry' ? { batch: `${code}-2417` } : {}),
        ...(more.tracked === 'expiry'
          ? { expiresOn: dayFrom(today, Math.max(6, Math.floor((more.shelfLifeDays ?? 0) * 0.7))) }
          : {}),
      }
      bySupplier.set(supplier, [...(bySupplier.get(supplier) ?? []), line])
    }
    for (const [supplier, lines] of bySupplier) {
      yield step(receiveGoods, {
        warehouse: ids.warehouse(warehouse),
        businessDate,
        supplier: ids.party(supplier),
        remarks: 'Opening stock',
        externalRef: `opening/${warehouse}/${supplier}`,
        lines,
      })
    }
  }
}

/** Marta's route of today and what she wrote down the weeks before. */
function* fieldWork({ tenant, today }: DemoGiven): Generator<DemoStep> {
  const ids = brightwaterIds(tenant)
  for (const [party, days, plannedAtMinute, purpose] of route) {
    yield step(
      planVisit,
      { party: ids.party(party), plannedOn: dayFrom(today, days), plannedAtMinute, purpose, owner: ids.user('marta') },
      'grace',
    )
  }
  for (const [party, daysAgo, text] of calls) {
    yield step(addNote, { party: ids.party(party), businessDate: dayFrom(today, -daysAgo), text }, 'marta')
  }
  for (const [party, days, subject] of promises) {
    yield step(
      createFollowUp,
      { party: ids.party(party), subject, dueOn: dayFrom(today, days), owner: ids.user('marta') },
      'marta',
    )
  }
}
