// Flushes a batch in bulk: one statement a table with unnest, then the bucket rows and the buckets' digests. Images come
// whole from the batch, which holds the tenant's lock; nothing is read here and nothing is decided.
import type { ClientBase } from 'pg'
import { assert } from '../../kernel/assert.ts'
import { rowHash } from '../../kernel/effects.ts'
import { columnOf, type AnyRow, type AnyTable } from '../../kernel/table.ts'
import type { BatchCache, ChangedRow } from './batch-cache.ts'
import { quoted, sqlTypeOf } from './hub-tables.ts'

const MASK = (1n << 64n) - 1n

/** Which buckets carry a row; a line's are its header's. */
export function bucketsOf(
  table: AnyTable,
  row: AnyRow,
  headerOf: (table: AnyTable, id: string) => AnyRow | null,
): readonly string[] {
  if (table.parent === null) {
    const named = table.bucketsOf(row)
    return named.length > 1 ? [...new Set(named)] : named
  }
  const header = headerOf(table.parent.table, String(row[table.parent.field]))
  return header === null ? [] : bucketsOf(table.parent.table, header, headerOf)
}

/** Writes every changed row of the batch. */
export async function flushRows(client: ClientBase, tenant: string, cache: BatchCache): Promise<void> {
  for (const changes of cache.changes.values()) {
    const rows = [...changes.values()]
    await flushTable(
      client,
      tenant,
      rows.filter(({ isInsert }) => isInsert),
    )
    await flushTable(
      client,
      tenant,
      rows.filter(({ isInsert }) => !isInsert),
    )
  }
}

async function flushTable(client: ClientBase, tenant: string, changes: readonly ChangedRow[]): Promise<void> {
  const first = changes[0]
  if (first === undefined) return
  const { table, isInsert } = first
  const fields = table.fieldNames
  const isJson = fields.map((field) => table.fields[field]?.traits.type === 'json')
  const params: unknown[] = [tenant, changes.map(({ after }) => after.id), changes.map(({ after }) => after.goneAt)]
  for (const [index, field] of fields.entries()) {
    params.push(
      changes.map(({ after }) =>
        isJson[index] === true && after[field] !== null ? JSON.stringify(after[field]) : after[field],
      ),
    )
  }
  const arrays = [
    '$2::text[]',
    '$3::bigint[]',
    ...fields.map(
      (field, index) =>
        `$${index + 4}::${isJson[index] === true ? 'text' : sqlTypeOf(table, field).replace(' COLLATE "C"', '')}[]`,
    ),
  ]
  const names = ['id', 'gone_at', ...fields.map((_, index) => `c${index}`)]
  const columns = ['id', 'gone_at', ...fields.map((field) => quoted(columnOf(field)))]
  const values = [
    'id',
    'gone_at',
    ...fields.map((_, index) => (isJson[index] === true ? `c${index}::jsonb` : `c${index}`)),
  ]
  const updates = columns.slice(1).map((column) => `${column} = excluded.${column}`)
  const conflict = isInsert ? '' : ` ON CONFLICT (tenant_id, id) DO UPDATE SET ${updates.join(', ')}`
  await client.query({
    name: `flush-${isInsert ? 'i' : 'u'}-${table.sqlName}`,
    text: `INSERT INTO ${table.sqlName} (tenant_id, ${columns.join(', ')}) SELECT $1, ${values.join(', ')} FROM unnest(${arrays.join(', ')}) AS u(${names.join(', ')})${conflict}`,
    values: params,
  })
}

interface BucketMove {
  bucket: string
  table: string
  id: string
  at: number
  op: 'put' | 'left'
  hash: string
}

/** Routes every changed row to its buckets: the latest operation only, and the buckets' digests. [BKT1] */
export async function flushBuckets(client: ClientBase, tenant: string, cache: BatchCache): Promise<void> {
  const moves: BucketMove[] = []
  const digests = new Map<string, { count: number; sum: bigint }>()
  const count = (bucket: string, rows: number, hash: string): void => {
    const digest = digests.get(bucket) ?? { count: 0, sum: 0n }
    const value = BigInt(`0x${hash}`)
    digests.set(bucket, { count: digest.count + rows, sum: (digest.sum + (rows > 0 ? value : -value)) & MASK })
  }
  const headerNow = (table: AnyTable, id: string): AnyRow | null => cache.get(table, id)
  const headerBefore = (table: AnyTable, id: string): AnyRow | null => {
    const change = cache.changes.get(table.name)?.get(id)
    return change === undefined ? cache.get(table, id) : change.before
  }
  for (const { table, before, after, hash, at } of [...cache.changes.values()].flatMap((changes) => [
    ...changes.values(),
  ])) {
    const was = before === null ? [] : bucketsOf(table, before, headerBefore)
    const is = bucketsOf(table, after, headerNow)
    const hashBefore = before === null ? '' : rowHash(table, before)
    for (const bucket of was) {
      count(bucket, -1, hashBefore)
      if (!is.includes(bucket)) moves.push({ bucket, table: table.name, id: after.id, at, op: 'left', hash: '' })
    }
    for (const bucket of is) {
      count(bucket, 1, hash)
      moves.push({ bucket, table: table.name, id: after.id, at, op: 'put', hash })
    }
  }
  assert(!cache.hasMissed, 'The headers of all changed lines must be loaded before the buckets are written.')
  if (moves.length === 0) return
  await client.query({
    name: 'flush-bucket-row',
    text: `INSERT INTO bucket_row (tenant_id, bucket, tbl, id, seq, op, hash)
      SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[])
      ON CONFLICT (tenant_id, bucket, tbl, id) DO UPDATE SET seq = excluded.seq, op = excluded.op, hash = excluded.hash`,
    values: [
      tenant,
      moves.map((m) => m.bucket),
      moves.map((m) => m.table),
      moves.map((m) => m.id),
      moves.map((m) => m.at),
      moves.map((m) => m.op),
      moves.map((m) => m.hash),
    ],
  })
  const names = [...digests.keys()]
  await client.query({
    name: 'flush-bucket',
    text: `INSERT INTO bucket (tenant_id, name, generation, horizon, count, sum)
      SELECT $1, name, 0, 0, count, sum FROM unnest($2::text[], $3::bigint[], $4::numeric[]) AS u(name, count, sum)
      ON CONFLICT (tenant_id, name) DO UPDATE SET count = bucket.count + excluded.count, sum = (bucket.sum + excluded.sum) % 18446744073709551616`,
    values: [
      tenant,
      names,
      names.map((name) => digests.get(name)?.count ?? 0),
      names.map((name) => String(digests.get(name)?.sum ?? 0n)),
    ],
  })
}
