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

/** A changed row that has no buckets or no hash: a bug of the command that made it. */
export class UnfitRow extends Error {}

/**
 * Writes every changed row of the batch, and routes it to its buckets while the database is busy with it. Returns the statements, which
 * are on their way in one flight; what the caller sends next comes behind them.
 */
export function flush(client: ClientBase, tenant: string, cache: BatchCache): Promise<unknown>[] {
  const moves = new BucketMoves(cache)
  const sent: Promise<unknown>[] = []
  for (const changes of cache.changes.values()) {
    const rows = [...changes.values()]
    sent.push(
      ...writeRows(
        client,
        tenant,
        rows.filter(({ isInsert }) => isInsert),
      ),
      ...writeRows(
        client,
        tenant,
        rows.filter(({ isInsert }) => !isInsert),
      ),
    )
    try {
      moves.add(rows)
    } catch (thrown) {
      // What is on its way is rolled back behind it, whatever comes of it.
      void Promise.allSettled(sent)
      throw new UnfitRow(thrown instanceof Error ? thrown.message : String(thrown))
    }
  }
  return [...sent, ...moves.write(client, tenant)]
}

/** None, or the one statement. */
function writeRows(client: ClientBase, tenant: string, changes: readonly ChangedRow[]): Promise<unknown>[] {
  const first = changes[0]
  if (first === undefined) return []
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
  const written = client.query({
    name: `flush-${isInsert ? 'i' : 'u'}-${table.sqlName}`,
    text: `INSERT INTO ${table.sqlName} (tenant_id, ${columns.join(', ')}) SELECT $1, ${values.join(', ')} FROM unnest(${arrays.join(', ')}) AS u(${names.join(', ')})${conflict}`,
    values: params,
  })
  return [written]
}

const NONE: readonly string[] = []

interface BucketMove {
  bucket: string
  table: string
  id: string
  at: number
  op: 'put' | 'left'
  hash: string
}

/** Where every changed row goes: the latest operation only, and the buckets' digests. [BKT1] */
class BucketMoves {
  private readonly moves: BucketMove[] = []
  private readonly digests = new Map<string, { count: number; sum: bigint }>()
  private readonly cache: BatchCache

  constructor(cache: BatchCache) {
    this.cache = cache
  }

  private count(bucket: string, rows: number, hash: string): void {
    const digest = this.digests.get(bucket) ?? { count: 0, sum: 0n }
    const value = BigInt(`0x${hash}`)
    this.digests.set(bucket, { count: digest.count + rows, sum: (digest.sum + (rows > 0 ? value : -value)) & MASK })
  }

  private readonly headerNow = (table: AnyTable, id: string): AnyRow | null => this.cache.get(table, id)
  private readonly headerBefore = (table: AnyTable, id: string): AnyRow | null => {
    const change = this.cache.changes.get(table.name)?.get(id)
    return change === undefined ? this.cache.get(table, id) : change.before
  }

  add(rows: readonly ChangedRow[]): void {
    for (const { table, before, after, at } of rows) {
      const was = before === null ? NONE : bucketsOf(table, before, this.headerBefore)
      const is = bucketsOf(table, after, this.headerNow)
      if (was.length + is.length === 0) continue
      const hashBefore = before === null || was.length === 0 ? '' : rowHash(table, before)
      const hash = is.length === 0 ? '' : rowHash(table, after)
      for (const bucket of was) {
        this.count(bucket, -1, hashBefore)
        if (!is.includes(bucket)) this.moves.push({ bucket, table: table.name, id: after.id, at, op: 'left', hash: '' })
      }
      for (const bucket of is) {
        this.count(bucket, 1, hash)
        this.moves.push({ bucket, table: table.name, id: after.id, at, op: 'put', hash })
      }
    }
    assert(!this.cache.hasMissed, 'The headers of all changed lines must be loaded before the buckets are written.')
  }

  write(client: ClientBase, tenant: string): Promise<unknown>[] {
    const { moves, digests } = this
    if (moves.length === 0) return []
    const names = [...digests.keys()]
    const rows = client.query({
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
    const sums = client.query({
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
    return [rows, sums]
  }
}
