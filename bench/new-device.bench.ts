// `npm run bench -- new-device [items] [orders]`: a new device of a company with many items and orders: seconds until it
// may be worked with, until all is durable on it, and bytes a row on the wire, beside the time a bare encrypted SQLite
// takes in the same run to insert the very same rows into the same tables.
import '../src/device/native-sha256.ts'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { fillDemoCompany } from '../src/cli/demo-company.ts'
import { openDevice } from '../src/device/open-device.ts'
import { serve } from '../src/hub/serve.ts'
import { completeRow } from '../src/kernel/effects.ts'
import { keyId, rowId } from '../src/kernel/hash.ts'
import type { AnyRow, AnyTable } from '../src/kernel/table.ts'
import { catalogue } from '../src/modules/all.ts'
import { item } from '../src/modules/masters/item.ts'
import { order, orderLine } from '../src/modules/sales/order.ts'
import { openNodeDatabase } from '../src/store/sqlite/node-vfs.ts'
import { SqliteStore } from '../src/store/sqlite/sqlite-store.ts'
import { argon2Floor } from '../src/store/vault/kdf.ts'
import type { Device } from '../src/sync/device/device.ts'
import { writeHubRows, type MadeRow } from '../src/testing/write-hub-rows.ts'

const TENANT = 'main'
const LINES = 3
const ROWS_A_FLUSH = 5000
const company = keyId(TENANT, 'masters.company', ['BW'])
const branch = keyId(TENANT, 'masters.branch', [company, 'leeds'])
const nouns = ['drill bit', 'hinge', 'wood screw', 'paint roller', 'pipe elbow', 'cable tie', 'work light', 'spanner']
const noun = (index: number): string => nouns[(index * 7 + Math.floor(index / 11)) % nouns.length] ?? ''
const AT = Date.UTC(2026, 10, 2)
const idOf = (label: string, index: number): string =>
  rowId({ tenant: TENANT, device: 'B3NC', epoch: 1, seq: index + 1, at: AT + index * 311, label })
const standard = [{ code: 'STD', percent: 20_000_000 }]

const made = (table: AnyTable, id: string, values: object): MadeRow => ({
  table,
  row: completeRow(table, id, values as Record<string, unknown>),
})

function anItem(index: number): MadeRow {
  const code = `B${String(index).padStart(6, '0')}`
  const name = `${noun(index)} ${(index % 97) + 3} mm, ${['box', 'bag', 'card'][index % 3]} of ${(index % 9) * 25 + 5}`
  return made(item, keyId(TENANT, item.name, [code]), {
    code,
    codeKey: code,
    name: name.charAt(0).toUpperCase() + name.slice(1),
    group: `group-${index % 40}`,
    kind: 'goods',
    stockUnit: 'each',
    salesUnit: 'each',
    taxCategory: 'standard',
    reorderLevel: ((index % 50) + 5) * 1_000_000,
  })
}

function anOrder(index: number, items: number, day: string): MadeRow[] {
  const id = idOf('order', index)
  const lines = Array.from({ length: LINES }, (_, at): MadeRow => {
    const of = anItem((index * 31 + at * 977) % items).row
    const quantity = ((index + at) % 9) + 1
    const net = (199 + ((index * 13 + at) % 700)) * quantity
    const tax = Math.round(net / 5)
    return made(orderLine, idOf(`line/${at}`, index), {
      document: id,
      position: at + 1,
      item: of.id,
      itemCode: of['code'],
      itemName: of['name'],
      quantity: quantity * 1_000_000,
      unit: 'each',
      rate: (net / quantity) * 10_000,
      gross: net,
      discount: 0,
      net,
      tax,
      taxes: [{ ...standard[0], base: net, tax }],
      total: net + tax,
      source: 'profile-list',
      ruleDiscount: 0,
      lineDiscount: 0,
      documentDiscount: 0,
      isGoods: true,
    })
  })
  const sum = (field: string): number => lines.reduce((all, { row }) => all + Number(row[field]), 0)
  const header = made(order, id, {
    company,
    branch,
    number: `O-B3NCA-26-${String(index + 1).padStart(6, '0')}`,
    state: 'submitted',
    businessDate: day,
    capturedAt: AT + index * 311,
    tz: 'Europe/London',
    device: 'B3NC',
    user: 'grace',
    currency: 'GBP',
    pricesIncludeTax: false,
    taxRounding: 'line',
    minorDigits: 2,
    gross: sum('gross'),
    discount: 0,
    net: sum('net'),
    tax: sum('tax'),
    taxes: [{ ...standard[0], base: sum('net'), tax: sum('tax') }],
    total: sum('total'),
    party: keyId(TENANT, 'masters.party', [`P${index % 900}`]),
    partyName: `Customer number ${index % 900} & Sons`,
    territory: 'leeds',
    salesperson: 'grace',
    termsDays: 30,
    isOnHold: false,
  })
  return [header, ...lines]
}

async function hubProcess(dataDir: string, items: number, orders: number): Promise<void> {
  const served = await serve({ dataDir, port: 0, log: pino({ level: 'silent' }) })
  const { password } = await fillDemoCompany(served, dataDir, () => undefined)
  let waiting: MadeRow[] = []
  const put = async (rows: readonly MadeRow[], isLast = false): Promise<void> => {
    waiting.push(...rows)
    if (waiting.length < ROWS_A_FLUSH && !isLast) return
    await writeHubRows(served.hub, waiting)
    waiting = []
  }
  const day = `${new Date().toISOString().slice(0, 7)}-02`
  for (let index = 0; index < items; index++) await put([anItem(index)])
  for (let index = 0; index < orders; index++) await put(anOrder(index, items, day))
  await put([], true)
  const codes = [await served.newCode(null), await served.newCode(null)]
  process.stdout.write(`${JSON.stringify({ port: served.port, codes, password })}\n`)
  process.stdin.once('data', () => void served.stop().then(() => process.exit(0)))
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/** The same rows into the same tables of a bare encrypted database, as many a transaction as a download writes. */
async function bareInsert(root: string, device: Device): Promise<{ seconds: number; cpuS: number; rows: number }> {
  const directory = join(root, 'bare')
  mkdirSync(directory)
  const db = await openNodeDatabase({ directory, name: 'bare.db', key: randomBytes(32) })
  const tables = [...catalogue.tables.values()]
  SqliteStore.createTables(db, tables)
  const store = new SqliteStore(db, () => true)
  const rows = tables.flatMap((table) =>
    device.replica.db
      .all<{ id: string }>(`SELECT id FROM ${table.sqlName}`)
      .map(({ id }) => ({ table, row: device.replica.store.read(table, id) as AnyRow })),
  )
  const started = performance.now()
  const cpuBefore = process.cpuUsage()
  for (let at = 0; at < rows.length; at += ROWS_A_FLUSH)
    db.transaction(() => {
      const part = rows.slice(at, at + ROWS_A_FLUSH)
      for (const table of new Set(part.map((each) => each.table))) {
        const own = part.filter((each) => each.table === table).map(({ row }) => row)
        store.inBulk(
          table,
          own.map(({ id }) => id),
          () => own.forEach((row) => store.put(table, row)),
        )
      }
    })
  const seconds = (performance.now() - started) / 1000
  const cpuS = cpuSince(cpuBefore)
  db.close()
  return { seconds, cpuS, rows: rows.length }
}

async function main(items: number, orders: number): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
  const child = spawn(
    process.execPath,
    [...process.execArgv, process.argv[1] ?? '', '--hub', join(root, 'hub'), String(items), String(orders)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { port, codes, password } = JSON.parse(line.toString()) as { port: number; codes: string[]; password: string }
  try {
    console.log(`a company with ${items} items and ${orders} orders of ${LINES} lines`)
    for (const [index, what] of ['first new device (the hub makes ready)', 'next new device'].entries()) {
      const device = await openDevice({
        directory: join(root, `device-${index}`),
        hubUrl: `http://127.0.0.1:${port}`,
        catalogue,
        passphrase: 'p',
        kdf: argon2Floor,
        enrol: { code: codes[index] ?? '', signIn: 'grace', password },
        isAutomatic: false,
      })
      let readyS = 0
      const started = performance.now()
      const cpuBefore = process.cpuUsage()
      device.onStatus(({ isReady }) => {
        if (isReady && readyS === 0) readyS = (performance.now() - started) / 1000
      })
      const { integrity, bytesReceived, incidents } = await device.sync()
      const { rowsHeld } = integrity
      const seconds = (performance.now() - started) / 1000
      const cpuS = cpuSince(cpuBefore)
      console.log(
        `${what}: work may begin after ${readyS.toFixed(2)} s; ${rowsHeld} rows durable after ${seconds.toFixed(2)} s (own CPU ${cpuS.toFixed(2)} s), ${(bytesReceived / rowsHeld).toFixed(1)} bytes a row; incidents ${incidents}`,
      )
      if (index === 1) {
        const bare = await bareInsert(root, device)
        console.log(
          `limit, bare encrypted SQLite inserting the same ${bare.rows} rows: ${bare.seconds.toFixed(2)} s (CPU ${bare.cpuS.toFixed(2)} s); ratio ${(seconds / bare.seconds).toFixed(2)}, of CPU ${(cpuS / bare.cpuS).toFixed(2)}`,
        )
      }
      await device.close()
    }
  } finally {
    child.stdin.write('stop\n')
    await once(child, 'exit')
    rmSync(root, { recursive: true, force: true })
  }
}

const given = process.argv.slice(2)
if (given[0] === '--hub') await hubProcess(given[1] ?? '', Number(given[2]), Number(given[3]))
else await main(Number(given[0] ?? 50_000), Number(given[1] ?? 10_000))
