// Files through the importer, a real device and a real hub: what is new, what changes, what is left alone, what is bad.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogue } from '../../modules/all.ts'
import type { Device } from '../../sync/device/device.ts'
import { aHub, type HubUnderTest } from '../../testing/hub-with-devices.ts'
import { importFile } from './import-command.ts'

let hub: HubUnderTest
let folder: string
let device: Device

const done = async (
  on: Device,
  command: string,
  args: Readonly<Record<string, unknown>>,
  table = '',
): Promise<string> => {
  const answer = await on.run(command, args)
  if (!answer.saved) throw new Error(JSON.stringify(answer.refusal))
  return answer.inserted[table]?.[0] ?? ''
}

beforeAll(async () => {
  hub = await aHub(catalogue)
  folder = mkdtempSync(join(tmpdir(), 'holdfast-import-'))
  const setup = await hub.device()
  await setup.sync()
  const company = await done(
    setup,
    'masters.saveCompany',
    { code: 'bw', name: 'Brightwater', currency: 'GBP', minorDigits: 2, country: 'GB', tz: 'Europe/London' },
    'masters.company',
  )
  const branch = await done(
    setup,
    'masters.saveBranch',
    { company, code: 'leeds', name: 'Leeds', tz: 'Europe/London', territory: 'north' },
    'masters.branch',
  )
  await done(setup, 'masters.saveWarehouse', { branch, code: 'main', name: 'Main' })
  for (const code of ['each', 'm'])
    await done(setup, 'masters.saveUnit', { code, name: code, decimals: code === 'm' ? 2 : 0 })
  await done(setup, 'masters.saveTaxCode', { code: 'std', name: 'Standard', treatment: 'standard' })
  await done(setup, 'masters.savePriceList', { code: 'trade', name: 'Trade', currency: 'GBP', isTaxIncluded: false })
  await done(setup, 'masters.setRole', { code: 'admin', name: 'Admin', permissions: ['*'], home: 'overview' })
  const user = await done(
    setup,
    'masters.setUser',
    { signInName: 'sam', name: 'Sam', roles: ['admin'], branch },
    'masters.user',
  )
  await setup.sync()
  await hub.account(user, 'sam')
  device = await hub.device({ signIn: 'sam' })
  await device.sync()
})
afterAll(async () => {
  await hub.end()
  rmSync(folder, { recursive: true, force: true })
})

interface Told {
  readonly code: number
  readonly seq: number
  readonly bad: string
}

/** Imports text as a file; the device stays open. `seq`: how many commands the device has made by then. */
async function imported(
  kind: string,
  text: string,
  more: { set?: string[]; decimalComma?: boolean } = {},
): Promise<Told> {
  const file = join(folder, `${kind}.csv`)
  const report = join(folder, `${kind}.bad.csv`)
  rmSync(report, { force: true })
  writeFileSync(file, text)
  const options = {
    map: [],
    set: more.set ?? [],
    dates: 'ymd',
    on: '2026-11-19',
    report,
    quiet: true,
    yes: true,
    ...(more.decimalComma === true && { decimalComma: true }),
  } as const
  const code = await importFile({ kind, file, options, withDevice: (use) => use(device), isStopped: () => false })
  return { code, seq: device.replica.seq, bad: code === 0 ? '' : readFileSync(report, 'utf8') }
}
const rows = <R>(sql: string): readonly R[] => device.replica.db.all<R>(sql, [])

const itemFile =
  'SKU;Name;Category;Unit;VAT;Packs\nP15;Copper pipe 15 mm;pipe;m;std;bundle=30\nE15;Elbow;pipe;each;std;\nX1;Odd;pipe;furlong;std;\np15;Copper pipe 15 mm, hard;pipe;m;std;\n;Nameless;pipe;each;std;\n'

test('items: good rows go on past bad ones, and each bad one is reported with line, column, value and reason', async () => {
  await done(device, 'masters.saveUnit', { code: 'bundle', name: 'Bundle' })
  const first = await imported('items', itemFile)
  expect(first.code).toBe(1)
  expect(rows<{ name: string }>('select name from masters_item order by code_key').map(({ name }) => name)).toEqual([
    'Elbow',
    'Copper pipe 15 mm, hard',
  ])
  expect(first.bad).toMatch(/4,,X1,.*unit does not exist/)
  expect(first.bad).toMatch(/6,SKU,,is empty/)
  expect(first.bad.trim().split('\r\n')).toHaveLength(3)
})

test('a second run of a file makes no command, and a changed cell makes one', async () => {
  const file = 'Code,Name,Group,Unit,Tax code\nE15,Elbow,pipe,each,std\nT15,Tee,pipe,each,std\n'
  const before = await imported('items', file)
  expect(before.code).toBe(0)
  expect((await imported('items', file)).seq).toBe(before.seq)
  expect((await imported('items', file.replace('Tee', 'Tee piece'))).seq).toBe(before.seq + 1)
})

test('barcodes, parties, prices and opening stock stand by their natural keys; a second run changes nothing', async () => {
  const files: readonly (readonly [string, string, { set?: string[]; decimalComma?: boolean }])[] = [
    ['barcodes', 'EAN,Item\n5012345678900,E15\n5012345678917,T15\n', {}],
    [
      'parties',
      'Customer no;Name;Town;Credit limit;Terms\n1001;Harbour Café;Whitby;1.500,00;30\n1002;Kendal Council;Kendal;;30\n',
      { set: ['roles=customer', 'territory=north'], decimalComma: true },
    ],
    ['prices', 'Item,Price,Price list,From quantity\nE15,1.25,trade,\nE15,1.10,TRADE,12\nT15,2.375,,\n', {}],
    ['opening-stock', 'Item,Qty,Cost\nE15,250,0.61\nT15,40,\n', {}],
  ]
  for (const [kind, text, more] of files)
    expect({ kind, ...(await imported(kind, text, more)) }).toMatchObject({ kind, code: 0 })
  const seq = device.replica.seq
  for (const [kind, text, more] of files)
    expect({ kind, ...(await imported(kind, text, more)) }).toEqual({ kind, code: 0, seq, bad: '' })
  expect(rows('select value from masters_barcode order by value')).toEqual([
    { value: '05012345678900' },
    { value: '05012345678917' },
  ])
  expect(rows('select code, credit_limit_minor as limit_ from masters_party order by code')).toEqual([
    { code: '1001', limit_: 150_000 },
    { code: '1002', limit_: null },
  ])
  expect(rows('select rate, min_quantity as n from masters_price order by rate')).toEqual([
    { rate: 1_100_000, n: 12_000_000 },
    { rate: 1_250_000, n: 0 },
    { rate: 2_375_000, n: 0 },
  ])
  expect(rows('select on_hand as n from kernel_stock_balance order by n')).toEqual([
    { n: 40_000_000 },
    { n: 250_000_000 },
  ])
  expect(await device.sync()).toMatchObject({ waiting: 0, needsYou: 0, incidents: 0 })
})

test('what another device imported already is left alone here too', async () => {
  const other = await hub.device({ signIn: 'sam' })
  await other.sync()
  const here = device
  device = other
  try {
    expect(await imported('opening-stock', 'Item,Qty\nE15,250\nT15,40\n')).toEqual({ code: 0, seq: 0, bad: '' })
    const unknown = await imported('barcodes', 'EAN,Item\n1,NOPE\n')
    expect(unknown).toMatchObject({ code: 1, bad: expect.stringContaining('import the items first') as string })
  } finally {
    device = here
  }
})
