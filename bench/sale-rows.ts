// The rows that one sale of two lines leaves on a device, taken from a device that has just saved one: what a program that knows nothing of
// commands has to write to have written the same.
import type { AnyCommand, ArgsFor } from '../src/kernel/command.ts'
import type { AnyTable } from '../src/kernel/table.ts'
import { catalogue } from '../src/modules/all.ts'
import { completeSale } from '../src/modules/pos/complete-sale.ts'
import { openShift } from '../src/modules/pos/open-shift.ts'
import { shift } from '../src/modules/pos/shift.ts'
import { aLine, aSale, openShop, pounds, shopIds } from '../src/modules/pos/till-builders.ts'
import { codecOf, ddlOf } from '../src/store/sqlite/device-tables.ts'
import { applyPull } from '../src/sync/device/settle.ts'
import { aLoneDevice, aPage, NOON } from '../src/testing/lone-device.ts'
import type { SqliteValue } from '../src/store/sqlite/engine.ts'

export interface SaleRows {
  /** Statements that make the tables with all of their indexes, and the outbox. */
  readonly ddl: string
  /** Inserts and sums of one sale. */
  readonly statements: readonly { readonly sql: string; readonly values: readonly SqliteValue[] }[]
  /** Run once before: the balances that the sums go to. */
  readonly before: readonly { readonly sql: string; readonly values: readonly SqliteValue[] }[]
  /** Ids in `values` that every further sale has to have anew. */
  readonly ids: readonly string[]
}

const DAY = '2026-11-21'
const OUTBOX =
  'CREATE TABLE outbox (seq INTEGER PRIMARY KEY, type TEXT NOT NULL, line TEXT NOT NULL, seal TEXT NOT NULL, at INTEGER NOT NULL) STRICT;'

const insertOf = (table: AnyTable): string => {
  const { columns } = codecOf(table)
  return `INSERT INTO ${table.sqlName} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
}

export async function saleRows(): Promise<SaleRows> {
  const shop = shopIds('t1')
  const buckets = ['company', 'catalogue', 'parties']
  const device = await aLoneDevice(catalogue, {
    company: shop.company,
    branch: shop.branch,
    policy: { stockPolicy: 'warn' },
    buckets,
  })
  try {
    const { replica } = device
    applyPull(
      replica,
      buckets.map((bucket) => aPage({ w: 0, bucket })),
      NOON,
    )
    const act = <C extends AnyCommand>(command: C, args: ArgsFor<C>, table?: AnyTable): string =>
      device.do(command.name, args, table)[0] ?? ''
    openShop(act, 't1')
    const open = act(openShift, { businessDate: DAY, currency: 'GBP', till: shop.till1, float: pounds(50) }, shift)
    const lines = [
      aLine(shop.drill, 1, 60, { itemCode: 'DRILL', itemName: 'Drill' }),
      aLine(shop.sealant, 3, 4.8, { itemCode: 'SEALANT', itemName: 'Sealant' }),
    ]
    const sale = aSale({ shift: open, businessDate: DAY, lines })
    // The second sale finds its balances; the first made them.
    act(completeSale, sale)
    const saved = device.run(completeSale.name, sale)
    if (!saved.saved) throw new Error(`The sale was refused: ${saved.refusal.code}`)
    const tables = new Set<AnyTable>()
    const statements: { sql: string; values: readonly SqliteValue[] }[] = []
    const before: typeof statements = []
    const ids: string[] = []
    for (const { tbl, id } of replica.touches.writtenBy(saved.seq)) {
      const table = catalogue.tables.get(tbl)
      const row = table === undefined ? null : replica.store.read(table, id)
      if (table === undefined || row === null) throw new Error(`${tbl} ${id} isn't there.`)
      tables.add(table)
      const insert = { sql: insertOf(table), values: codecOf(table).values(row) }
      if (saved.inserted[tbl]?.includes(id) === true) {
        statements.push(insert)
        ids.push(id)
        continue
      }
      before.push(insert)
      const sum = table.fieldNames.find((field) => table.fields[field]?.traits.isDelta === true)
      if (sum === undefined) throw new Error(`${tbl} has no sum.`)
      const column = codecOf(table).columns[table.fieldNames.indexOf(sum) + 2]
      statements.push({ sql: `UPDATE ${table.sqlName} SET ${column} = ${column} + ? WHERE id = ?`, values: [1, id] })
    }
    const kept = replica.db.get<{ type: string; line: string; seal: string; at: number }>(
      'SELECT type, line, seal, at FROM outbox WHERE seq = ?',
      [saved.seq],
    )
    if (kept === undefined) throw new Error('The sale is not in the outbox.')
    statements.push({
      sql: 'INSERT INTO outbox (type, line, seal, at) VALUES (?, ?, ?, ?)',
      values: [kept.type, kept.line, kept.seal, kept.at],
    })
    return { ddl: `${[...tables].map((table) => ddlOf(table)).join('\n')}\n${OUTBOX}`, statements, before, ids }
  } finally {
    device.end()
  }
}
