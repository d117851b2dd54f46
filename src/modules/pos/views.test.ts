// The till's views on the real SQLite of a device, over rows that its commands wrote.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rate6 } from '../../kernel/amount.ts'
import { catalogueOf } from '../../kernel/catalogue.ts'
import type { View } from '../../kernel/view.ts'
import { codecOf, ddlOf } from '../../store/sqlite/device-tables.ts'
import type { Sqlite } from '../../store/sqlite/engine.ts'
import { openNodeDatabase } from '../../store/sqlite/node-vfs.ts'
import { TestWorld } from '../../testing/two-sides.ts'
import { mastersModule } from '../masters/module.ts'
import { pricingModule } from '../pricing/module.ts'
import { completeSale } from './complete-sale.ts'
import { heldSale } from './held-sale.ts'
import { holdSale } from './hold-sale.ts'
import { posModule } from './module.ts'
import { openDrawer } from './open-drawer.ts'
import { openShift } from './open-shift.ts'
import { returnSale } from './return-sale.ts'
import { safeDrop } from './safe-drop.ts'
import { sale, saleLine, tender } from './sale.ts'
import { shift } from './shift.ts'
import { aLine, aSale, backOf, card, cash, openShop, pieces, pounds, shopIds } from './till-builders.ts'
import * as views from './views.ts'

const catalogue = catalogueOf([mastersModule, pricingModule, posModule])
const { company, branch, ...ids } = shopIds('t1')
const directory = mkdtempSync(join(tmpdir(), 'holdfast-till-views-'))
let sqlite: Sqlite
let opened = ''
let first = ''
let back = ''
let held = ''

beforeAll(async () => {
  const world = new TestWorld(catalogue)
  const office = world.device({ dev: 'OFFI', company, branch })
  openShop((command, args) => office.do(command, args), 't1')
  world.settle()
  const device = world.device({ dev: 'AAAA', company, branch, policy: { stockPolicy: 'allow' } })
  opened = device.do(
    openShift,
    { till: ids.till1, businessDate: '2026-11-20', currency: 'GBP', float: pounds(150) },
    shift,
  )
  const milk = aLine(ids.milk, 2, 1.2, {
    itemCode: 'MILK',
    itemName: 'Milk',
    taxes: [{ code: 'zero', percent: rate6(0) }],
  })
  first = device.do(
    completeSale,
    aSale({ shift: opened, lines: [aLine(ids.drill, 1, 60), milk], tenders: [card(42.4), cash(20, 50)] }),
    sale,
  )
  const line = device.rows(saleLine).find((row) => row.item === ids.milk)
  const paid = device.rows(tender).find((row) => row.method === 'cash')
  if (line === undefined || paid === undefined) throw new Error('The sale is missing.')
  back = device.do(
    returnSale,
    aSale({ shift: opened, returns: [backOf(line, 1)], tenders: [{ ...cash(-1.2), refundOf: paid.id }] }),
    sale,
  )
  const at = { shift: opened, businessDate: '2026-11-20' }
  device.do(safeDrop, { ...at, amount: pounds(100) })
  device.do(openDrawer, { ...at, reason: 'change' })
  held = device.do(holdSale, { ...at, name: 'ladder', basket: {} }, heldSale)

  sqlite = await openNodeDatabase({ directory, name: 'device.db', key: new Uint8Array(32).fill(1) })
  for (const table of catalogue.tables.values()) {
    if (table.side === 'hub') continue
    sqlite.exec(ddlOf(table))
    const codec = codecOf(table)
    const { columns } = codec
    const insert = `INSERT INTO ${table.sqlName} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
    for (const row of device.rows(table)) sqlite.run(insert, codec.values(row))
  }
})
afterAll(() => {
  sqlite.close()
  rmSync(directory, { recursive: true })
})

function rowsOf<A, R>(view: View<A, R>, args: A): R[] {
  const { text, params } = view.sql(args)
  return sqlite.all<R>(text, [...params])
}

test('every view of the module is a statement that SQLite takes', () => {
  const args = { till: 'x', device: 'x', shift: 'x', sale: 'x', number: 'x' }
  for (const view of views.posViews) expect(rowsOf(view as unknown as View<object>, args)).toEqual([])
})

test('a till finds its open shift, and another device doesn’t', () => {
  expect(rowsOf(views.openShiftOfTill, { till: ids.till1, device: 'AAAA' })).toMatchObject([
    { id: opened, state: 'draft', isSettled: 0, carriedOver: '[]' },
  ])
  expect(rowsOf(views.openShiftOfTill, { till: ids.till1, device: 'BBBB' })).toEqual([])
})

test('sales are found by shift and by the number on the receipt, with lines, payments and what came back', () => {
  expect(rowsOf(views.salesOfShift, { shift: opened }).map((row) => [row.id, row.kind, row.total])).toEqual([
    [back, 'return', -120],
    [first, 'sale', 6240],
  ])
  expect(rowsOf(views.saleByNumber, { number: ' s-aaaaa-26-000001 ' })).toMatchObject([{ id: first }])
  expect(rowsOf(views.saleById, { sale: back })).toMatchObject([{ number: 'R-AAAAA-26-000001', kind: 'return' }])
  expect(rowsOf(views.linesOfSale, { sale: first }).map((row) => [row.itemName, row.quantity, row.returned])).toEqual([
    ['Name', pieces(1), 0],
    ['Milk', pieces(2), pieces(1)],
  ])
  expect(rowsOf(views.returnsOfSale, { sale: first }).map((row) => [row.document, row.quantity])).toEqual([
    [back, pieces(-1)],
  ])
  expect(
    rowsOf(views.tendersOfSale, { sale: first }).map((row) => [row.method, row.amount, row.change, row.refunded]),
  ).toEqual([
    ['card', 4240, 0, 0],
    ['cash', 2000, 3000, 120],
  ])
  expect(rowsOf(views.heldSales, { till: ids.till1 })).toMatchObject([{ id: held, name: 'ladder' }])
})

test('a report adds up the shift, and the drawer holds what it says', () => {
  const report = rowsOf(views.shiftReport, { shift: opened }).map((row) => [
    row.section,
    row.name,
    row.detail,
    row.count,
    row.amountMinor,
    row.besideMinor,
  ])
  expect(report).toEqual([
    ['cash', 'card/sale', 'GBP', 1, 4240, 0],
    ['cash', 'cash/change', 'GBP', 1, -3000, 0],
    ['cash', 'cash/drop', 'GBP', 1, -10_000, 0],
    ['cash', 'cash/float', 'GBP', 1, 15_000, 0],
    ['cash', 'cash/refund', 'GBP', 1, -120, 0],
    ['cash', 'cash/sale', 'GBP', 1, 5000, 0],
    ['drawer', 'drop', null, 1, -10_000, 0],
    ['drawer', 'no-sale', null, 1, 0, 0],
    ['sales', 'return', null, 1, -120, 0],
    ['sales', 'sale', null, 1, 6240, 1000],
    ['taxes', 'standard', '20000000', 1, 1000, 5000],
    ['taxes', 'zero', '0', 2, 0, 120],
  ])
  expect(rowsOf(views.expectedCash, { shift: opened })).toEqual([
    { method: 'card', currency: 'GBP', amountMinor: 4240 },
    { method: 'cash', currency: 'GBP', amountMinor: 6880 },
  ])
  expect(
    rowsOf(views.documentsOfShift, { shift: opened })
      .map((row) => row.kind)
      .sort(),
  ).toEqual(['movement', 'movement', 'sale', 'sale'])
  expect(
    rowsOf(views.itemsOfShift, { shift: opened }).map((row) => [row.itemName, row.stockQuantity, row.netMinor]),
  ).toEqual([
    ['Name', pieces(1), 5000],
    ['Milk', pieces(1), 120],
  ])
})
