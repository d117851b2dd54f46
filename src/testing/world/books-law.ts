// L5: books balance. What moved is what lies there, the debit of each document is its credit, a drawer holds what its tenders came to, and
// whatever was posted once is the same for ever, wherever it is looked at. It asks the databases of both sides in the same words, believes no
// sum that the product worked out, and knows no command: what is wrong here is wrong whatever the reference says.
import { codecOf } from '../../store/sqlite/device-tables.ts'
import type { Catalogue } from '../../kernel/catalogue.ts'
import type { AnyRow, AnyTable } from '../../kernel/table.ts'
import { inTenant } from '../../sync/hub/tenant.ts'
import type { Replica } from '../../sync/device/replica.ts'
import type { Hub } from '../../hub/hub.ts'
import { rowsOf } from './hub-log.ts'

/** What is made once. None of them says anything personal, so not even an erasure may touch it. */
const POSTED = ['sim.move', 'sim.settlement', 'sim.settlementEntry', 'kernel.cashEntry']
const HUB_POSTED = [...POSTED, 'kernel.glEntry']

interface Sum {
  readonly what: string
  /** Where the sum stands. */
  readonly table: string
  readonly field: string
  /** What it is the sum of. */
  readonly of: string
  readonly value: string
  /** The key of the sum, and what has it there. */
  readonly by: readonly (readonly [sum: string, entry: string])[]
}

const same = (...names: readonly string[]): Sum['by'] => names.map((name) => [name, name])

const sums: readonly Sum[] = [
  {
    what: 'a shelf',
    table: 'sim_shelf',
    field: 'on_hand',
    of: 'sim_move',
    value: 'quantity',
    by: same('branch', 'item'),
  },
  {
    what: 'a drawer',
    table: 'kernel_cash_balance',
    field: 'amount',
    of: 'kernel_cash_entry',
    value: 'amount',
    by: same('shift', 'method', 'currency'),
  },
  {
    what: 'the tenders of a settlement',
    table: 'sim_settlement',
    field: 'paid',
    of: 'kernel_cash_entry',
    value: 'amount',
    by: [['id', 'document_id']],
  },
  {
    what: 'what a settlement credits',
    table: 'sim_settlement',
    field: 'paid',
    of: 'sim_settlement_entry',
    value: "CASE WHEN account IN ('sales', 'tax') THEN -amount ELSE 0 END",
    by: [['id', 'document']],
  },
]

const hubSums: readonly Sum[] = [
  ...sums,
  {
    what: 'an account',
    table: 'kernel_gl_balance',
    field: 'amount',
    of: 'kernel_gl_entry',
    value: 'amount',
    by: [...same('company', 'branch', 'account'), ['month', 'substr(business_date, 1, 7)']],
  },
  {
    what: 'what the journal of a settlement credits',
    table: 'sim_settlement',
    field: 'paid',
    of: 'kernel_gl_entry',
    value: "CASE WHEN account IN ('sales', 'tax') THEN -amount ELSE 0 END",
    by: [['id', 'document_id']],
  },
]

interface Off {
  readonly id: string
  readonly says: unknown
  readonly comes: unknown
}

/** From both sides: a sum without entries, and entries without a sum. */
const sumSql = ({ table, field, of, value, by }: Sum): string => {
  const key = by.map(([, entry], at) => `${entry} AS k${at}`).join(', ')
  const grouped = `(SELECT ${key}, SUM(${value}) AS comes FROM ${of} WHERE gone_at IS NULL GROUP BY ${by.map(([, entry]) => entry).join(', ')})`
  const living = `(SELECT * FROM ${table} WHERE gone_at IS NULL)`
  return `SELECT COALESCE(s.id, e.k0) AS id, s.${field} AS says, e.comes AS comes FROM ${living} s
    FULL JOIN ${grouped} e ON ${by.map(([sum], at) => `e.k${at} = s.${sum}`).join(' AND ')}
    WHERE COALESCE(s.${field}, 0) <> COALESCE(e.comes, 0) ORDER BY 1 LIMIT 3`
}

const documentSql = (entries: string, document: string): string =>
  `SELECT ${document} AS id, 0 AS says, SUM(amount) AS comes FROM ${entries} WHERE gone_at IS NULL
   GROUP BY ${document} HAVING SUM(amount) <> 0 ORDER BY 1 LIMIT 3`

interface Question {
  readonly what: string
  readonly sql: string
}
const asked = (each: Sum): Question => ({ what: each.what, sql: sumSql(each) })
const onDevice: readonly Question[] = [
  ...sums.map(asked),
  { what: 'debit and credit of a document', sql: documentSql('sim_settlement_entry', 'document') },
]
const onHub: readonly Question[] = [
  ...hubSums.map(asked),
  ...onDevice.slice(sums.length),
  { what: 'debit and credit of a journal', sql: documentSql('kernel_gl_entry', 'document_id') },
]

const told = (where: string, what: string, found: readonly Off[]): string[] =>
  found.map(({ id, says, comes }) => `${where}: ${what}, ${id}, is ${String(says)}, and comes to ${String(comes)}.`)

/** All that a device shows together, its own work that waits included. */
export const wrongOnDevice = (name: string, { db }: Replica): string[] =>
  onDevice.flatMap(({ what, sql }) => told(name, what, db.all<Off & Record<string, string>>(sql)))

export async function wrongOnHub(hub: Hub): Promise<string[]> {
  return inTenant(hub.pool, hub.tenant, async (client) => {
    const wrong: string[] = []
    for (const { what, sql } of onHub) wrong.push(...told('the hub', what, (await client.query<Off>(sql)).rows))
    return wrong
  })
}

/** Everything that was ever posted, as it was when somebody looked for the first time. */
export class Posted {
  private readonly values = new Map<string, string>()
  /** What this life of the hub had. */
  private had = new Set<string>()

  /** The hub came back with less: what comes again must be what it was. */
  wentBack(): void {
    this.had = new Set()
  }

  async onHub(hub: Hub): Promise<string[]> {
    const rows = await rowsOf(hub, { tables: tablesOf(hub.catalogue, HUB_POSTED) })
    const had = this.had
    this.had = new Set()
    const wrong: string[] = []
    for (const [table, of] of rows) wrong.push(...this.changed('the hub', table, of))
    for (const [table, of] of rows) for (const { id } of of) this.had.add(`${table} ${id}`)
    for (const key of had) if (!this.had.has(key)) wrong.push(`the hub: ${key} was posted, and is no more.`)
    return wrong
  }

  /** What waits is a prediction: people may mend it before it is posted. */
  onDevice(name: string, { db, catalogue, touches }: Replica): string[] {
    return [...tablesOf(catalogue, POSTED).values()].flatMap((table) => {
      const codec = codecOf(table)
      const rows = db.all(`SELECT ${codec.selected} FROM ${table.sqlName}`).map((row) => codec.decode(row))
      const posted = rows.filter(({ id }) => !touches.isTouched(table.name, id))
      return this.changed(name, table.name, posted)
    })
  }

  private changed(where: string, table: string, rows: readonly AnyRow[]): string[] {
    const wrong: string[] = []
    for (const { id, goneAt, ...fields } of rows) {
      const key = `${table} ${id}`
      const is = JSON.stringify(Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      const was = this.values.get(key)
      if (was === undefined) this.values.set(key, is)
      else if (was !== is) wrong.push(`${where}: ${key} was posted as ${was}, and is ${is}.`)
      if (goneAt !== null) wrong.push(`${where}: ${key} was posted, and is taken away.`)
    }
    return wrong
  }
}

const tablesOf = ({ tables }: Pick<Catalogue, 'tables'>, names: readonly string[]): ReadonlyMap<string, AnyTable> =>
  new Map(
    names.flatMap((name) => {
      const table = tables.get(name)
      return table === undefined ? [] : [[name, table] as const]
    }),
  )
