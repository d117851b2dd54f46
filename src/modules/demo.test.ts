// The demo company through the rule book, and every view of the modules here over its rows, on the device's real SQLite.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { brightwater, brightwaterIds, dayFrom } from '../../demo/brightwater/brightwater.ts'
import { stockBalance } from '../kernel/ledger.ts'
import type { View } from '../kernel/view.ts'
import type { Sqlite } from '../store/sqlite/engine.ts'
import { openNodeDatabase } from '../store/sqlite/node-vfs.ts'
import { SqliteStore } from '../store/sqlite/sqlite-store.ts'
import { TestWorld, type TestDevice } from '../testing/two-sides.ts'
import { catalogueOf } from '../kernel/catalogue.ts'
import { customerCard, customerHistory, customers, followUpsDue, visitsOfDay } from './crm/views.ts'
import { crmModule } from './crm/module.ts'
import { inventoryModule } from './inventory/module.ts'
import { receipt } from './inventory/receipt.ts'
import {
  issues,
  itemBatches,
  itemEntries,
  itemSerials,
  itemStock,
  receiptLines,
  receipts,
  stockList,
} from './inventory/views.ts'
import { item } from './masters/item.ts'
import { mastersModule } from './masters/module.ts'
import { party } from './masters/party.ts'
import { price } from './masters/price.ts'
import { user } from './masters/people.ts'
import { standardRoles } from './masters/standard-roles.ts'
import {
  contacts,
  itemByScan,
  itemCard,
  items,
  parties,
  people,
  places,
  priceLists,
  roles,
  taxCodes,
} from './masters/views.ts'
import { pricingModule, pricingRules } from './pricing/module.ts'

const today = '2026-11-20'
const ids = brightwaterIds('t1')
const catalogue = catalogueOf([mastersModule, pricingModule, inventoryModule, crmModule])
const directory = mkdtempSync(join(tmpdir(), 'holdfast-demo-'))
const world = new TestWorld(catalogue)
let db: Sqlite

/** Runs the demo as the hub would: each person's commands with that person's lease. */
function play(): { outcomes: Set<string>; steps: number; effects: number } {
  const devices = new Map<string, TestDevice>()
  const outcomes = new Set<string>()
  let steps = 0
  let effects = 0
  for (const { command, args, by } of brightwater({ tenant: 't1', today })) {
    const role = by === 'sam' ? 'admin' : by === 'marta' ? 'rep' : 'manager'
    const { permissions, limits } = standardRoles.find((each) => each.code === role)!
    const device =
      devices.get(by) ??
      world.device({
        dev: by.slice(0, 4).toUpperCase(),
        user: ids.user(by),
        company: ids.company,
        branch: ids.branch('leeds'),
        permissions,
        limits: { ...limits },
      })
    devices.set(by, device)
    // One person after the other: what the last one did is known to the next.
    for (const table of catalogue.tables.values())
      if (table.side === 'both') for (const row of world.hub.rowsOf(table).values()) device.store.put(table, row)
    const run = device.run(command, args as never)
    expect(run.refusal, `${command.name} ${JSON.stringify(args)}`).toBeNull()
    effects += [...run.effects].length
    outcomes.add(world.settleOne(device).outcome)
    steps += 1
  }
  return { outcomes, steps, effects }
}

let first: ReturnType<typeof play>
beforeAll(async () => {
  first = play()
  db = await openNodeDatabase({ directory, name: 'device.db', key: new Uint8Array(32).fill(7) })
  SqliteStore.createTables(db, catalogue.tables.values())
  const store = new SqliteStore(db, () => true)
  db.transaction(() => {
    for (const table of catalogue.tables.values())
      for (const row of world.hub.rowsOf(table).values()) store.put(table, row)
  })
}, 60_000)
afterAll(() => {
  db.close()
  rmSync(directory, { recursive: true })
})

const read = <A, R>(view: View<A, R>, args: A): R[] => {
  const { text, params } = view.sql(args)
  return db.all<R>(text, params)
}

test('the company stands: all accepted, one likeness to look at', () => {
  expect([...first.outcomes]).toEqual(['accepted'])
  expect(world.exceptions.map((raised) => raised.code)).toEqual(['POSSIBLE_DUPLICATE'])
  expect(world.rows(item)).toHaveLength(40)
  expect(world.rows(party)).toHaveLength(25 + 6)
  expect(world.rows(user)).toHaveLength(10)
  expect(world.rows(stockBalance).every((row) => row.onHand > 0)).toBe(true)
  expect(world.rows(price).length).toBeGreaterThan(85)
})

test('items are found by words, parts of words, code and barcode', () => {
  expect(read(items, { search: 'sanit seal' }).map((row) => row.code)).toEqual(['SEAL-CL', 'SEAL-WH'])
  expect(read(items, { search: 'elb15' }).map((row) => row.code)).toEqual(['ELB15'])
  expect(read(items, { search: '2000000010007' }).map((row) => row.code)).toEqual(['PIPE15'])
  expect(read(items, { group: 'paint', limit: 2 })).toHaveLength(2)
  expect(read(itemByScan, { scanned: '2000000100203' })).toMatchObject([{ code: 'ELB15', unit: 'bag' }])
  expect(read(itemByScan, { scanned: 'elb15' })).toMatchObject([{ code: 'ELB15', unit: 'each' }])
  expect(read(itemByScan, { scanned: '1' })).toEqual([])
  const card = read(itemCard, { item: ids.item('SEAL-CL') })[0]
  expect(JSON.parse(card?.prices ?? '')).toHaveLength(3)
  expect(JSON.parse(card?.barcodes ?? '')).toHaveLength(2)
})

test('what typing alone may break: quotes, stars, other scripts', () => {
  for (const search of ['"', '*', "O'Neill", 'NEAR(', 'ﬁ', 'Ω', '-', 'a AND'])
    expect(() => read(items, { search })).not.toThrow()
})

test('masters for the shell', () => {
  expect(read(parties, { role: 'supplier' }).map((row) => row.name)).toContain('Halden Heating')
  expect(read(parties, { search: '960202' }).map((row) => row.name)).toEqual(['Blue Kettle Whitby', 'The Blue Kettle'])
  expect(read(parties, { territory: 'ireland' })).toHaveLength(2)
  expect(read(contacts, { party: ids.party('C-101') })).toEqual([])
  expect(read(places, {}).filter((row) => row.isVehicle === 1)).toHaveLength(3)
  expect(read(people, {})).toHaveLength(10)
  expect(read(roles, {})).toHaveLength(9)
  expect(read(priceLists, {})).toHaveLength(3)
  expect(read(taxCodes, { on: today }).find((row) => row.code === 'STD')?.percent).toBe(20_000_000)
  expect(read(pricingRules, { on: today })).toHaveLength(4)
  expect(read(pricingRules, { on: '2027-03-01' })).toHaveLength(0)
  expect(read(pricingRules, {})).toHaveLength(4)
})

test('the stock of a place, with the bucket that tells its age', () => {
  const list = read(stockList, { warehouse: ids.warehouse('whitby/shop'), search: 'pump' })
  expect(list).toMatchObject([
    { code: 'PUMP', onHand: 1_000_000, available: 1_000_000, bucket: `stock:${ids.branch('whitby')}`, isLow: 1 },
  ])
  expect(read(stockList, { warehouse: ids.warehouse('kendal/van3') })).toHaveLength(4)
  expect(
    read(stockList, { warehouse: ids.warehouse('kendal/van3'), withAll: true, limit: 100 }).length,
  ).toBeGreaterThan(30)
  const everywhere = read(itemStock, { item: ids.item('PUMP') })
  expect(everywhere.map((row) => [row.warehouseName, row.onHand / 1_000_000, row.lastMovedOn])).toEqual([
    ['Kendal depot', 5, dayFrom(today, -21)],
    ['Leeds main warehouse', 2, dayFrom(today, -21)],
    ['Whitby shop floor', 1, dayFrom(today, -21)],
    ['Van 2 (Aisha)', 2, dayFrom(today, -21)],
    ['Van 3', 1, dayFrom(today, -21)],
  ])
  expect(read(itemEntries, { item: ids.item('PUMP') })).toHaveLength(5)
  expect(read(itemEntries, { item: ids.item('PUMP'), warehouse: ids.warehouse('kendal/van3') })).toHaveLength(1)
  expect(read(itemBatches, { item: ids.item('SEAL-CL'), warehouse: ids.warehouse('leeds/main'), today })).toMatchObject(
    [{ number: 'SEAL-CL-2417', onHand: 72_000_000, isExpired: 0 }],
  )
  expect(read(itemSerials, { item: ids.item('PUMP') })).toHaveLength(11)
  expect(read(itemSerials, { item: ids.item('PUMP'), search: '00007' })).toMatchObject([
    { number: 'PUMP-00007', state: 'in-stock' },
  ])
  const papers = read(receipts, { branch: ids.branch('leeds') })
  expect(papers).toHaveLength(6)
  expect(read(receiptLines, { receipt: papers[0]?.id ?? '' }).length).toBe(papers[0]?.lineCount)
  expect(world.rows(receipt).length).toBeGreaterThan(15)
  expect(read(issues, { branch: ids.branch('leeds') })).toEqual([])
})

test('customers, their story, the route of the day and what is due', () => {
  const cafes = read(customers, { search: 'kettle', today })
  expect(cafes.map((row) => [row.name, row.nextVisitOn, row.isVisitDue])).toEqual([
    ['Blue Kettle Whitby', null, 0],
    ['The Blue Kettle', today, 1],
  ])
  expect(read(customers, { owner: ids.user('marta'), territory: 'coast', today })).toHaveLength(6)
  expect(read(customerCard, { party: ids.party('C-201') })).toMatchObject([
    { name: 'Harbour Café', ownerName: 'Marta Kowalska', creditLimitMinor: 40_000, receivableMinor: 0 },
  ])
  expect(read(customerHistory, { party: ids.party('C-201') }).map((row) => row.kind)).toEqual([
    'crm.visit',
    'crm.followUp',
    'crm.visit',
    'crm.note',
  ])
  expect(read(visitsOfDay, { owner: ids.user('marta'), on: today }).map((row) => row.plannedAtMinute)).toEqual([
    540, 575, 615, 660, 735, 790, 860, 915, 960,
  ])
  expect(
    read(followUpsDue, { owner: ids.user('marta'), by: today, today }).map((row) => [row.partyName, row.isLate]),
  ).toEqual([
    ['Esk Coast Borough Council', 1],
    ['Wharfe Electrical', 0],
  ])
})

test('run again, the masters and the opening stock change nothing', () => {
  const balances = JSON.stringify(world.rows(stockBalance))
  const device = world.device({ dev: 'SAM2', user: ids.user('sam'), company: ids.company, branch: ids.branch('leeds') })
  const changed = new Set<string>()
  for (const { command, args, by } of brightwater({ tenant: 't1', today })) {
    if (by === 'sam' && [...device.run(command, args as never).effects].length > 0) changed.add(command.name)
  }
  world.settle()
  expect([...changed]).toEqual([])
  expect(JSON.stringify(world.rows(stockBalance))).toBe(balances)
})
