// What a careful engineer would write for the orders of push.bench.ts and nothing else: the same rows, buckets and log, one statement a
// table, 500 orders a transaction. It has no rules, no seals to check and no device; it is the limit beside which a push stands.
import { createHash, randomUUID } from 'node:crypto'
import type { Pool, PoolClient } from 'pg'
import { inTenant } from '../src/sync/hub/tenant.ts'
import { LOG_COLUMNS, write, writeBuckets, type Carried } from './hub-apply-by-hand.ts'

const ORDERS_A_PART = 500
const hashOf = (row: unknown): string => createHash('sha256').update(JSON.stringify(row)).digest('hex').slice(0, 16)
const text = 'text',
  bigint = 'bigint'

async function writePart(client: PoolClient, tenant: string, first: number, lines: number): Promise<void> {
  await client.query('SELECT seq FROM tenant_clock WHERE tenant_id = $1 FOR UPDATE', [tenant])
  const orders: (string | number)[][] = []
  const orderLines: (string | number)[][] = []
  const log: (string | number)[][] = []
  const carried: Carried[] = []
  for (let seq = first; seq < first + ORDERS_A_PART; seq++) {
    const order = [randomUUID(), 'company', `O-BYHA-26-${String(seq).padStart(6, '0')}`, 'open', seq, 7_900, 0]
    orders.push(order)
    const rows = [{ table: 'wire.order', row: order }]
    for (let line = 0; line < lines; line++) {
      const row = [randomUUID(), order[0] as string, `item-${(seq * 31 + line * 7) % 500}`, 3_000_000]
      orderLines.push(row)
      rows.push({ table: 'wire.orderLine', row })
    }
    for (const { table, row } of rows)
      carried.push({ bucket: 'company', table, id: String(row[0]), seq, hash: hashOf(row) })
    const body = JSON.stringify({ order, lines: orderLines.slice(-lines), lease: 'x'.repeat(64), at: seq, seen: 0 })
    const seal = createHash('sha256').update(body).digest('hex')
    log.push(['BYHA', 1, seq, seq, 'wire.openOrder', seal, seal, body, 'accepted', seal.slice(0, 16), 'x', seq, seq])
  }
  await write(
    client,
    tenant,
    'wire_order',
    { id: text, place: text, number: text, state: text, rank: bigint, due: bigint, paid: bigint },
    orders,
  )
  await write(client, tenant, 'wire_order_line', { id: text, order: text, item: text, quantity: bigint }, orderLines)
  await writeBuckets(client, tenant, carried)
  await write(client, tenant, 'command_log', LOG_COLUMNS, log)
  await client.query('UPDATE tenant_clock SET seq = $2 WHERE tenant_id = $1', [tenant, first + ORDERS_A_PART])
}

/** Seconds until so many orders (to the next 500) are durable; the first part, which warms up, isn't counted. */
export async function pushByHand(
  pool: Pool,
  { orders, lines }: { readonly orders: number; readonly lines: number },
): Promise<number> {
  const tenant = 'by-hand'
  await inTenant(pool, tenant, (client) =>
    client.query('INSERT INTO tenant_clock (tenant_id, seq) VALUES ($1, 0)', [tenant]),
  )
  const part = (index: number): Promise<void> =>
    inTenant(pool, tenant, (client) => writePart(client, tenant, 1 + index * ORDERS_A_PART, lines))
  await part(0)
  const began = performance.now()
  for (let index = 1; index <= Math.ceil(orders / ORDERS_A_PART); index++) await part(index)
  return (performance.now() - began) / 1000
}
