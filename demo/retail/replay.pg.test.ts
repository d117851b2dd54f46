// A small file with every row of the table through a real hub and real devices, held against the reference: equal to the
// penny and the unit, on the hub and on each device; and a second import of it changes nothing.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogue } from '../../src/modules/all.ts'
import { aHub, type HubUnderTest } from '../../src/testing/hub-with-devices.ts'
import { compareResults, isEqual } from './compare.ts'
import { readFileLines } from './reference-csv.ts'
import { refer } from './reference.ts'
import { hubSelect, replay, type Replayed } from './replay.ts'
import { deviceFor } from './replay-plan.ts'
import type { RetailResult } from './result.ts'

type Row = readonly [no: string, code: string, quantity: number, price: string, customer?: string, country?: string]
const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'
const devices = 3

/** A number of a shape whose invoice goes elsewhere (`wanted` = the device), found by trying: the split is part of what is tested. */
function numberOn(wanted: number, customer: string, prefix: string): string {
  for (let at = 600_000; at < 700_000; at++)
    if (deviceFor({ number: `${prefix}${at}`, customer }, devices) === wanted) return `${prefix}${at}`
  throw new Error('No number leads there.')
}
const home = deviceFor({ number: 'x', customer: '12347' }, devices)
const away = numberOn((home + 1) % devices, '12347', '')

const rows: readonly Row[] = [
  // Sales on account and by the web, a free line, a repeat that is a real line, a lower-case code, a price of three decimals.
  ['500001', '22423', 6, '12.75', '12347.0'],
  ['500001', '85123a', 2, '2.55', '12347.0'],
  ['500001', '85123A', 2, '2.55', '12347.0'],
  ['500001', '84077', 48, '0.0', '12347.0'],
  ['500001', 'PADS', 1, '0.001', '12347.0'],
  ['500002', '22423', 1, '16.125', '', 'France'],
  ['500002', 'DOT', 1, '11.17', '', 'France'],
  ['500002', 'gift_0001_20', 2, '16.67', '', 'France'],
  // A second run after another invoice belongs to the first.
  ['500001', '22423', 4, '12.75', '12347.0'],
  [away, '22423', 10, '9.99', '12347.0'],
  // Services and adjustments of either sign, a fee recharged.
  ['500003', 'POST', 1, '18.00', '12350.0', 'Norway'],
  ['500003', 'M', 1, '4.5', '12350.0', 'Norway'],
  ['500003', 'S', 1, '3.5', '12350.0', 'Norway'],
  ['500003', 'BANK CHARGES', 1, '15', '12350.0', 'Norway'],
  ['500003', 'DCGS0003', 3, '2.5', '12350.0', 'Norway'],
  // Returns: linked in part, linked late (sold elsewhere), too much, without a customer; credits of carriage and discount.
  ['C500004', '22423', -4, '12.75', '12347.0'],
  ['C500005', '22423', -3, '9.99', '12347.0'],
  ['C500005', 'POST', -1, '5', '12347.0'],
  ['C500006', '22423', -100, '12.75', '12347.0'],
  ['C500007', '85123A', -1, '2.95', '', 'France'],
  ['C500008', 'D', -1, '27.5', '12350.0', 'Norway'],
  ['C500009', '84077', -8, '0', '12347.0'],
  ['C500009', '85123A', -2, '2.55', '12347.0'],
  // Expenses and one taken back.
  ['C500010', 'AMAZONFEE', -1, '13541.33', ''],
  ['500011', 'AMAZONFEE', 1, '13541.33', ''],
  ['C500012', 'BANK CHARGES', -1, '14.88', '12350.0', 'Norway'],
  // Lost, found, both on one invoice, and corrections of what is no stock.
  ['500013', '22423', -10, '0.0', ''],
  ['500014', '84077', 100, '0.0', ''],
  ['500015', '21777', -10, '0', ''],
  ['500015', '84077', 5, '0', ''],
  ['500015', 'M', 1, '0', ''],
  ['500016', 'POST', 1000, '0', ''],
  // Bad debt.
  ['A563185', 'B', 1, '11062.06', ''],
  ['A563186', 'B', 1, '-11062.06', ''],
  ['A563187', 'B', 1, '-11062.06', ''],
]
const csv = [
  header,
  ...rows.map(([no, code, quantity, price, customer = '', country = 'United Kingdom'], at) =>
    [
      no,
      code,
      at % 4 === 0 ? '"WET, damaged"' : 'A THING',
      quantity,
      `2011-0${at < 20 ? 3 : 4}-0${1 + (at % 7)} 10:00:00`,
      price,
      customer,
      country,
    ].join(','),
  ),
].join('\n')

let folder: string
let file: string
let hub: HubUnderTest
let reference: RetailResult
let replayed: Replayed

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-retail-test-'))
  file = join(folder, 'sales.csv')
  writeFileSync(file, csv)
  reference = await refer(readFileLines(file), devices)
  hub = await aHub(catalogue)
  replayed = await replay({ served: hub, directory: folder, file, devices, processes: 0, isTwice: true, say: () => {} })
})
afterAll(async () => {
  await hub.end()
  rmSync(folder, { recursive: true, force: true })
})

test('the file has every class of the table, and something of everything that can go wrong', () => {
  expect(Object.keys(reference.sections.documentsByClass).sort()).toEqual([
    'expense',
    'journal',
    'listed',
    'return',
    'sale',
    'stock-issue',
    'stock-receipt',
  ])
  expect(Object.keys(reference.sections.linesByClass)).toHaveLength(14)
  expect(reference.sections.returnLinks).toEqual({ linked: '17', unlinked: '101' })
})

test('the hub’s rows are equal to the reference, section by section', () => {
  for (const comparison of compareResults(reference, replayed.result))
    expect(comparison).toMatchObject({ differences: [] })
  expect(isEqual(compareResults(reference, replayed.result))).toBe(true)
})

test('each device counted its own share before it sent anything', () => {
  expect(Object.keys(replayed.fromDevices)).toHaveLength(6)
  expect(reference.sections).toMatchObject(replayed.fromDevices)
})

test('the hub accepted every command as it was; a return sold elsewhere was linked late', () => {
  expect(Object.keys(replayed.outcomes).filter((outcome) => !outcome.startsWith('accepted'))).toEqual([])
  expect(replayed.lateLinks).toBe(1)
  expect(replayed.outcomes['accepted pos.linkReturn']).toBe(1)
})

test('the books balance: ledger by document, customers by account, stock by balance', async () => {
  const select = hubSelect(hub)
  const none = async (sql: string): Promise<void> => expect(await select(sql)).toEqual([])
  await none('select document_id from kernel_gl_entry group by document_id, company having sum(amount) <> 0')
  await none(
    `select b.party from kernel_party_balance b where b.receivable <> (select sum(amount) from kernel_gl_entry e where e.party = b.party and e.account = 'receivable')`,
  )
  await none(
    'select b.item from kernel_stock_balance b where b.on_hand <> (select sum(quantity) from kernel_stock_entry e where e.item = b.item and e.warehouse = b.warehouse)',
  )
  await none('select b.item from kernel_stock_balance b where b.on_hand < 0')
})

test('the file imported again, each invoice on another device, changed nothing', () => {
  if (replayed.again === null) throw new Error('There was no second run.')
  for (const comparison of compareResults(replayed.result, replayed.again))
    expect(comparison).toMatchObject({ differences: [] })
})
