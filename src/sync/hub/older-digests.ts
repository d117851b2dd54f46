// The digests of buckets as a client of an older schema must find them: over the tables and columns that it knows. The hub keeps one
// hash a row, over all columns; what differs from it is worked out once for each schema and carried on with the rows that change.
// It never changes a stored digest, and what is kept here can be lost at any moment.
import type { PoolClient } from 'pg'
import { rowHash } from '../../kernel/effects.ts'
import type { AnyRow, AnyTable } from '../../kernel/table.ts'
import { holdsAnyOf, selectedOf } from '../../store/postgres/hub-tables.ts'
import type { ClientSchema } from './client-schema.ts'

/** What a row adds to its bucket's digest for this client, beside what it adds for everybody. */
export interface Difference {
  readonly id: string
  readonly rows: 0 | -1
  readonly sum: bigint
}

/** Of one bucket, with what they come to: a pull of nothing new adds nothing up. */
export class Differences {
  private readonly byRow: Map<string, Difference>
  count = 0
  sum = 0n

  constructor(from?: Differences) {
    this.byRow = new Map(from?.byRow)
    this.count = from?.count ?? 0
    this.sum = from?.sum ?? 0n
  }

  values(): Iterable<Difference> {
    return this.byRow.values()
  }

  put(table: string, difference: Difference): void {
    this.drop(table, difference.id)
    this.byRow.set(`${table} ${difference.id}`, difference)
    this.count += difference.rows
    this.sum += difference.sum
  }

  drop(table: string, id: string): void {
    const key = `${table} ${id}`
    const before = this.byRow.get(key)
    if (before === undefined) return
    this.byRow.delete(key)
    this.count -= before.rows
    this.sum -= before.sum
  }
}

interface Kept {
  readonly upto: number
  readonly rows: Differences
}

/** Buckets whose differences are kept at once, over all schemas. */
const KEPT_MAX = 2000

export class OlderDigests {
  private readonly kept = new Map<string, Kept>()

  /** In the snapshot of `client`, whose watermark is `w`. Buckets without a difference may be left out. [VER4] */
  async differences(
    client: PoolClient,
    { tenant, w, schema }: { readonly tenant: string; readonly w: number; readonly schema: ClientSchema },
    buckets: readonly string[],
  ): Promise<ReadonlyMap<string, Differences>> {
    if (!schema.isOlder) return new Map()
    const keyOf = (bucket: string): string => JSON.stringify([tenant, schema.sv, bucket])
    const before = new Map(
      buckets.map((bucket) => {
        const kept = this.kept.get(keyOf(bucket))
        // Another request may have looked at a later snapshot: what it keeps isn't of this one.
        return [bucket, kept !== undefined && kept.upto <= w ? kept : { upto: 0, rows: new Differences() }]
      }),
    )
    const after = await carriedOn(client, { tenant, schema }, before)
    for (const [bucket, rows] of after) {
      const key = keyOf(bucket)
      if ((this.kept.get(key)?.upto ?? 0) > w) continue
      this.kept.delete(key)
      this.kept.set(key, { upto: w, rows })
    }
    for (const key of this.kept.keys()) if (this.kept.size > KEPT_MAX) this.kept.delete(key)
    return after
  }
}

interface Changed {
  readonly bucket: string
  readonly tbl: string
  readonly id: string
  readonly op: 'put' | 'left'
  readonly hash: string
}

async function carriedOn(
  client: PoolClient,
  { tenant, schema }: { readonly tenant: string; readonly schema: ClientSchema },
  before: ReadonlyMap<string, Kept>,
): Promise<ReadonlyMap<string, Differences>> {
  const missing = schema.missing()
  const given = [tenant, [...before.keys()], [...before.values()].map(({ upto }) => upto)]
  const rows = `unnest($2::text[], $3::bigint[]) AS q(bucket, upto)
    CROSS JOIN LATERAL (SELECT * FROM bucket_row b WHERE b.tenant_id = $1 AND b.bucket = q.bucket AND b.seq > q.upto ORDER BY b.seq) r`
  const changed = await client.query<Changed>(
    `SELECT r.bucket, r.tbl, r.id, r.op, r.hash FROM ${rows} WHERE r.tbl = ANY ($4::text[])`,
    [...given, [...missing.keys()].map(({ name }) => name)],
  )
  const after = new Map([...before].map(([bucket, kept]) => [bucket, kept.rows]))
  // What others hold of the kept ones stays as it is: they may be in the middle of an older snapshot.
  for (const bucket of new Set(changed.rows.map((row) => row.bucket)))
    after.set(bucket, new Differences(after.get(bucket)))
  const unknown = new Set([...missing].filter(([, fields]) => fields === null).map(([{ name }]) => name))
  for (const { bucket, tbl, id, op, hash } of changed.rows) {
    if (unknown.has(tbl) && op === 'put') after.get(bucket)?.put(tbl, { id, rows: -1, sum: -BigInt(`0x${hash}`) })
    else after.get(bucket)?.drop(tbl, id)
  }
  const touched = new Set(changed.rows.map(({ tbl }) => tbl))
  for (const [table, fields] of missing)
    if (fields !== null && touched.has(table.name)) await narrowed(client, { rows, given, table, fields }, after)
  return after
}

/** Rows that hold something in the columns that the client doesn't know. */
async function narrowed(
  client: PoolClient,
  of: {
    readonly rows: string
    readonly given: readonly unknown[]
    readonly table: AnyTable
    readonly fields: readonly string[]
  },
  after: ReadonlyMap<string, Differences>,
): Promise<void> {
  const { rows, given, table, fields } = of
  const found = await client.query<AnyRow & { readonly bucket: string; readonly hash: string }>(
    `SELECT r.bucket, r.hash, ${selectedOf(table, 't')} FROM ${rows} JOIN ${table.sqlName} t ON t.tenant_id = r.tenant_id AND t.id = r.id
     WHERE r.tbl = $4 AND r.op = 'put' AND (${holdsAnyOf(table, fields, 't')})`,
    [...given, table.name],
  )
  const none = Object.fromEntries(fields.map((field) => [field, null]))
  for (const { bucket, hash, ...row } of found.rows) {
    const narrow = rowHash(table, { ...row, ...none })
    const sum = BigInt(`0x${narrow}`) - BigInt(`0x${hash}`)
    after.get(bucket)?.put(table.name, { id: row.id, rows: 0, sum })
  }
}

const WHOLE = 1n << 64n

/** A digest with the differences of its rows: count and sum as 16 hex digits. */
export function withDifferences(
  count: number,
  sum: bigint,
  differences: Pick<Differences, 'count' | 'sum'> | undefined,
): [number, string] {
  const total = sum + (differences?.sum ?? 0n)
  return [count + (differences?.count ?? 0), (((total % WHOLE) + WHOLE) % WHOLE).toString(16).padStart(16, '0')]
}
