// Law L14: what a receipt says is what is stored, on both sides, and it stays so when the masters change.
import { expect, test } from 'vitest'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { rate6 } from '../../kernel/amount.ts'
import { TestWorld } from '../../testing/two-sides.ts'
import type { MemoryStore } from '../../store/memory.ts'
import { createItem } from '../masters/create-item.ts'
import { mastersModule } from '../masters/module.ts'
import { setTaxRate } from '../masters/set-tax-rate.ts'
import { pricingModule } from '../pricing/module.ts'
import { completeSale } from './complete-sale.ts'
import { posModule } from './module.ts'
import { openShift } from './open-shift.ts'
import { readReceiptCode, receiptOf } from './receipt.ts'
import { returnSale } from './return-sale.ts'
import { sale, saleLine, tender, type Sale, type SaleLine, type Tender } from './sale.ts'
import { shift } from './shift.ts'
import { aLine, aSale, backOf, card, cash, openShop, pounds, shopIds } from './till-builders.ts'

const catalogue = catalogueOf([mastersModule, pricingModule, posModule])
const house = {
  name: 'Brightwater Supply Ltd',
  branch: 'Leeds',
  address: ['1 Canal Street'],
  taxId: 'GB 1',
  till: 'till1',
  cashier: 'Priya',
}
const seal = '5e'.repeat(32)

const printed = (store: MemoryStore, id: string) => {
  const of = <T>(rows: Iterable<unknown>, isOwn: (row: T) => boolean): T[] => ([...rows] as T[]).filter(isOwn)
  const [found] = of<Sale>(store.rowsOf(sale).values(), (row) => row.id === id)
  if (found === undefined) throw new Error(`There is no sale ${id}.`)
  const lines = of<SaleLine>(store.rowsOf(saleLine).values(), (row) => row.document === id)
  const tenders = of<Tender>(store.rowsOf(tender).values(), (row) => row.document === id)
  return receiptOf({ sale: found, lines, tenders, house, seal })
}

function aDay() {
  const { company, branch, ...ids } = shopIds('t1')
  const world = new TestWorld(catalogue)
  const office = world.device({ dev: 'OFFI', company, branch })
  openShop((command, args) => office.do(command, args), 't1')
  world.settle()
  const device = world.device({ dev: 'AAAA', company, branch, policy: { stockPolicy: 'allow' } })
  const opened = device.do(
    openShift,
    { till: ids.till1, businessDate: '2026-11-20', currency: 'GBP', float: pounds(0) },
    shift,
  )
  const id = device.do(
    completeSale,
    aSale({
      shift: opened,
      partyName: 'Mrs Hall',
      lines: [
        aLine(ids.sealant, 3, 4.8, { itemName: 'Sealant', lineDiscount: { kind: 'amount', amount: pounds(1.4) } }),
        aLine(ids.milk, 2, 1.2, { itemName: 'Milk', taxes: [{ code: 'zero', percent: rate6(0) }] }),
      ],
      tenders: [card(10), cash(5.4, 6)],
    }),
    sale,
  )
  return { world, office, device, opened, ids, id }
}

test('a receipt holds every line, tax and payment, and its number and seal as a code', () => {
  const { device, id } = aDay()
  const receipt = printed(device.store, id)
  expect(receipt).toMatchObject({
    kind: 'sale',
    number: 'S-AAAAA-26-000001',
    party: 'Mrs Hall',
    copy: null,
    lines: [
      {
        name: 'Sealant',
        quantity: '3',
        rate: '4.80',
        gross: '14.40',
        discount: '1.40',
        amount: '13.00',
        taxCodes: ['standard'],
        isReturn: false,
      },
      { name: 'Milk', quantity: '2', rate: '1.20', gross: '2.40', discount: null, amount: '2.40' },
    ],
    // £13.00 with 20 % holds £2.17.
    net: '13.23',
    taxes: [
      { code: 'standard', percent: '20', base: '10.83', tax: '2.17' },
      { code: 'zero', percent: '0', base: '2.40', tax: '0.00' },
    ],
    total: '15.40',
    tenders: [
      { method: 'card', amount: '10.00', given: null, change: null, reference: 'T-4711' },
      { method: 'cash', amount: '5.40', given: '6.00', change: '0.60' },
    ],
    change: '0.60',
    code: 'HF1|S-AAAAA-26-000001|1540|5e5e5e5e5e5e5e5e',
  })
  expect(readReceiptCode(receipt.code)).toEqual({
    number: 'S-AAAAA-26-000001',
    totalMinor: 1540,
    seal: '5e5e5e5e5e5e5e5e',
  })
  expect(readReceiptCode('HF1|x')).toBeNull()
})

test('it prints the same on the hub, and after names, prices and taxes have changed', () => {
  const { world, office, device, id, ids, opened } = aDay()
  const atTill = printed(device.store, id)
  office.do(createItem, {
    code: 'SEALANT',
    name: 'Sealant, now blue',
    group: 'tools',
    stockUnit: 'each',
    taxCode: 'standard',
  })
  office.do(setTaxRate, { code: 'standard', from: '2026-01-01', percent: rate6(25_000_000) })
  world.settle([office, device])
  expect(world.exceptions.map((each) => each.code)).toEqual(['TAX_RATE_STALE'])
  expect(printed(world.hub, id)).toEqual(atTill)
  expect(printed(device.store, id)).toEqual(atTill)
  const line = device.rows(saleLine).find((row) => row.document === id && row.item === ids.milk)
  if (line === undefined) throw new Error('The milk is missing.')
  const paid = device.rows(tender).find((row) => row.document === id && row.method === 'cash')?.id ?? ''
  const back = device.do(
    returnSale,
    aSale({ shift: opened, returns: [backOf(line, 1)], tenders: [{ ...cash(-1.2), refundOf: paid }] }),
    sale,
  )
  expect(printed(device.store, back)).toMatchObject({
    kind: 'return',
    number: 'R-AAAAA-26-000001',
    total: '-1.20',
    lines: [{ quantity: '-1', amount: '-1.20', isReturn: true }],
  })
})
