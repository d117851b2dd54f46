// What a careful engineer would write for one kind of order and nothing else: the same rows as the kernel writes, one
// statement a table, sums in SQL. It has no rules, no merge, no exceptions; it is the yardstick of hub-apply.bench.ts.
import { createHash, randomUUID } from 'node:crypto'
import type { PoolClient } from 'pg'

export interface Order {
  readonly territory: string
  readonly party: string
  readonly businessDate: string
  readonly isNumbered: boolean
  readonly lines: readonly { readonly item: string; readonly quantity: number; readonly amount: number }[]
}

const hashOf = (row: unknown): string => createHash('sha256').update(JSON.stringify(row)).digest('hex').slice(0, 16)
const idOf = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 32)
type Cell = string | number | null

/** Inserts rows of one table from columns; `sums` are added to what is there. Returns the rows as they stand. */
export async function write(
  client: PoolClient,
  tenant: string,
  table: string,
  columns: Readonly<Record<string, 'text' | 'bigint'>>,
  rows: readonly (readonly Cell[])[],
  sums: readonly string[] = [],
): Promise<Record<string, Cell>[]> {
  const names = Object.keys(columns)
  const arrays = Object.values(columns).map((type, index) => `$${index + 2}::${type}[]`)
  const conflict =
    sums.length === 0
      ? ''
      : ` ON CONFLICT (tenant_id, id) DO UPDATE SET ${sums.map((sum) => `${sum} = ${table}.${sum} + excluded.${sum}`).join(', ')} RETURNING ${names.join(', ')}`
  const found = await client.query<Record<string, Cell>>({
    name: `hand-${table}`,
    text: `INSERT INTO ${table} (tenant_id, ${names.map((name) => `"${name}"`).join(', ')}) SELECT $1, * FROM unnest(${arrays.join(', ')})${conflict}`,
    values: [tenant, ...names.map((_, index) => rows.map((row) => row[index]))],
  })
  return found.rows
}

/** Of the command log, what both sides of a bench write, with their types. */
export const LOG_COLUMNS = {
  dev: 'text',
  ep: 'bigint',
  seq: 'bigint',
  at: 'bigint',
  type: 'text',
  seal: 'text',
  prev: 'text',
  line: 'text',
  outcome: 'text',
  eff: 'text',
  user_id: 'text',
  captured_at: 'bigint',
  received_at: 'bigint',
} as const

export async function writeByHand(
  client: PoolClient,
  tenant: string,
  before: number,
  orders: readonly Order[],
): Promise<void> {
  const clock =
    (await client.query<{ seq: number }>('SELECT seq FROM tenant_clock WHERE tenant_id = $1 FOR UPDATE', [tenant]))
      .rows[0]?.seq ?? 0
  const bills: Cell[][] = []
  const lines: Cell[][] = []
  const entries: Cell[][] = []
  const movements: Cell[][] = []
  const gl: Cell[][] = []
  const log: Cell[][] = []
  const carried: Carried[] = []
  const stock = new Map<string, { quantity: number; amount: number; seq: number }>()
  let due = 0
  for (const [index, order] of orders.entries()) {
    const seq = clock + index + 1
    const id = randomUUID()
    const total = order.lines.reduce((sum, line) => sum + line.amount, 0)
    due += total
    const bill = [id, 'open', order.territory, order.party, order.businessDate, total, 0]
    bills.push(bill)
    const buckets = [`bills:${order.territory}`, `open:${order.party}`]
    for (const bucket of buckets) carried.push({ bucket, table: 'script.bill', id, seq, hash: hashOf(bill) })
    for (const { item, quantity, amount } of order.lines) {
      const line = [randomUUID(), id, item, quantity, amount]
      lines.push(line)
      for (const bucket of buckets)
        carried.push({ bucket, table: 'script.billLine', id: line[0] as string, seq, hash: hashOf(line) })
      const entry = [
        randomUUID(),
        'script.bill',
        id,
        order.businessDate,
        order.territory,
        item,
        'shop',
        'onHand',
        -quantity,
      ]
      entries.push(entry)
      movements.push([entry[0] as string, item, 'shop', -quantity, 'AAAA', 1, before + index + 1, seq, 0, seq])
      carried.push({
        bucket: `entries:${order.territory}:2026-11`,
        table: 'kernel.stockEntry',
        id: entry[0] as string,
        seq,
        hash: hashOf(entry),
      })
      const sum = stock.get(item) ?? { quantity: 0, amount: 0, seq }
      stock.set(item, { quantity: sum.quantity - quantity, amount: sum.amount - amount, seq })
    }
    for (const [purpose, amount] of [
      ['due', total],
      ['sales', -total],
    ] as const) {
      const entry = [
        randomUUID(),
        'script.bill',
        id,
        order.businessDate,
        order.territory,
        'co',
        purpose,
        purpose,
        amount,
      ]
      gl.push(entry)
      carried.push({ bucket: 'ledger:co', table: 'kernel.glEntry', id: entry[0] as string, seq, hash: hashOf(entry) })
    }
    const body = JSON.stringify(order)
    log.push([
      'AAAA',
      1,
      before + index + 1,
      seq,
      'script.openBill',
      createHash('sha256').update(body).digest('hex'),
      '',
      body,
      'adjusted',
      '',
      'priya',
      seq,
      seq,
    ])
  }
  const text = 'text',
    bigint = 'bigint'
  await write(
    client,
    tenant,
    'script_bill',
    { id: text, state: text, territory: text, party: text, business_date: text, amount: bigint, paid: bigint },
    bills,
  )
  await write(
    client,
    tenant,
    'script_bill_line',
    { id: text, document: text, item: text, quantity: bigint, amount: bigint },
    lines,
  )
  await write(
    client,
    tenant,
    'kernel_stock_entry',
    {
      id: text,
      document: text,
      document_id: text,
      business_date: text,
      branch: text,
      item: text,
      warehouse: text,
      state: text,
      quantity: bigint,
    },
    entries,
  )
  await write(
    client,
    tenant,
    'kernel_stock_move',
    {
      id: text,
      item: text,
      warehouse: text,
      quantity: bigint,
      dev: text,
      ep: bigint,
      seq: bigint,
      at: bigint,
      seen: bigint,
      commit: bigint,
    },
    movements,
  )
  await write(
    client,
    tenant,
    'kernel_gl_entry',
    {
      id: text,
      document: text,
      document_id: text,
      business_date: text,
      branch: text,
      company: text,
      account: text,
      purpose: text,
      amount: bigint,
    },
    gl,
  )
  const sums = [...stock]
  const shop = await write(
    client,
    tenant,
    'script_stock',
    { id: text, item: text, place: text, rank: bigint, on_hand: bigint, value: bigint },
    sums.map(([item, sum]) => [idOf(`s${item}`), item, 'shop', 3, sum.quantity, sum.amount]),
    ['on_hand', 'value'],
  )
  const balances = await write(
    client,
    tenant,
    'kernel_stock_balance',
    {
      id: text,
      item: text,
      warehouse: text,
      branch: text,
      on_hand: bigint,
      reserved: bigint,
      in_transit: bigint,
      quarantine: bigint,
    },
    sums.map(([item, sum]) => [idOf(`b${item}`), item, 'shop', 'north', sum.quantity, 0, 0, 0]),
    ['on_hand'],
  )
  const accounts = await write(
    client,
    tenant,
    'kernel_gl_balance',
    { id: text, company: text, branch: text, account: text, month: text, amount: bigint },
    [
      ['due', due],
      ['sales', -due],
    ].map(([account, amount]) => [idOf(`g${account}`), 'co', 'north', account as string, '2026-11', amount as number]),
    ['amount'],
  )
  const changed = [
    ['stock:shop', 'script.stock', shop],
    ['stock:north', 'kernel.stockBalance', balances],
    ['ledger:co', 'kernel.glBalance', accounts],
  ] as const
  for (const [bucket, table, rows] of changed)
    for (const row of rows)
      carried.push({ bucket, table, id: String(row['id']), seq: clock + orders.length, hash: hashOf(row) })
  await writeBuckets(client, tenant, carried)
  await write(client, tenant, 'command_log', LOG_COLUMNS, log)
  await client.query('UPDATE tenant_clock SET seq = $2 WHERE tenant_id = $1', [tenant, clock + orders.length])
}

export interface Carried {
  readonly bucket: string
  readonly table: string
  readonly id: string
  readonly seq: number
  readonly hash: string
}

export async function writeBuckets(client: PoolClient, tenant: string, carried: readonly Carried[]): Promise<void> {
  await client.query({
    name: 'hand-bucket-row',
    text: `INSERT INTO bucket_row (tenant_id, bucket, tbl, id, seq, op, hash) SELECT $1, b, t, i, s, 'put', h FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[]) AS u(b, t, i, s, h)
      ON CONFLICT (tenant_id, bucket, tbl, id) DO UPDATE SET seq = excluded.seq, op = excluded.op, hash = excluded.hash`,
    values: [
      tenant,
      carried.map((c) => c.bucket),
      carried.map((c) => c.table),
      carried.map((c) => c.id),
      carried.map((c) => c.seq),
      carried.map((c) => c.hash),
    ],
  })
  const sums = new Map<string, { count: number; sum: bigint }>()
  for (const { bucket, hash } of carried) {
    const sum = sums.get(bucket) ?? { count: 0, sum: 0n }
    sums.set(bucket, { count: sum.count + 1, sum: (sum.sum + BigInt(`0x${hash}`)) & 0xffff_ffff_ffff_ffffn })
  }
  await client.query({
    name: 'hand-bucket',
    text: `INSERT INTO bucket (tenant_id, name, generation, horizon, count, sum) SELECT $1, n, 0, 0, c, s FROM unnest($2::text[], $3::bigint[], $4::numeric[]) AS u(n, c, s)
      ON CONFLICT (tenant_id, name) DO UPDATE SET count = bucket.count + excluded.count, sum = (bucket.sum + excluded.sum) % 18446744073709551616`,
    values: [
      tenant,
      [...sums.keys()],
      [...sums.values()].map(({ count }) => count),
      [...sums.values()].map(({ sum }) => String(sum)),
    ],
  })
}
