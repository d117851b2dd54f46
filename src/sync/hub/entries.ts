// What the buckets of a pull say of their rows since its cursors: the latest operation of each, in commit order, up to the end of a
// whole commit. It reads bucket rows and never the rows themselves.
import type { PoolClient } from 'pg'

/** What a bucket says of one row: the latest operation only. */
export interface Entry {
  readonly bucket: string
  readonly tbl: string
  readonly id: string
  readonly seq: number
  readonly op: 'put' | 'left'
  /** The device has this row, but not all that its schema knows of it. */
  readonly isLearned?: boolean
}

export interface Cursor {
  readonly name: string
  readonly after: number
  /** Tables that the client learned something of, and how far it has been told about rows at or before `after`. */
  readonly learning?: { readonly after: number; readonly tables: readonly string[] } | undefined
}

export interface Wanted {
  readonly tenant: string
  readonly cursors: readonly Cursor[]
  readonly w: number
  readonly limit: number
}

/** Entries in commit order up to a whole commit; `upto` is w when nothing is left out. [PULL4] */
export async function entriesOf(client: PoolClient, wanted: Wanted): Promise<{ entries: Entry[]; upto: number }> {
  const { tenant, cursors, w, limit } = wanted
  const found = cursors.some(({ learning }) => learning !== undefined)
    ? await entriesWithLearned(client, wanted)
    : await client.query<Entry>({
        name: 'pull-entries',
        text: `SELECT b.bucket, b.tbl, b.id, b.seq, b.op FROM unnest($2::text[], $3::bigint[]) AS q(bucket, after)
      CROSS JOIN LATERAL (SELECT * FROM bucket_row r WHERE r.tenant_id = $1 AND r.bucket = q.bucket AND r.seq > q.after ORDER BY r.seq LIMIT $4) b
      ORDER BY b.seq LIMIT $4`,
        values: [tenant, cursors.map(({ name }) => name), cursors.map(({ after }) => after), limit + 1],
      })
  const rows = found.rows
  if (rows.length <= limit) return { entries: rows, upto: w }
  // The page ends at a commit's border. A single commit larger than a page is fetched whole.
  const last = rows.at(-1)?.seq ?? w
  const whole = rows.filter(({ seq }) => seq < last)
  if (whole.length > 0) return { entries: whole, upto: last - 1 }
  const all = await entriesWithLearned(client, { ...wanted, w: last, limit: null })
  return { entries: all.rows, upto: last }
}

/** Beside what came after the cursors, rows before them of tables that the client learned something of. [VER4] */
function entriesWithLearned(
  client: PoolClient,
  { tenant, cursors, w, limit }: Omit<Wanted, 'limit'> & { readonly limit: number | null },
): Promise<{ rows: Entry[] }> {
  const learning = cursors.flatMap((cursor) =>
    cursor.learning === undefined ? [] : [{ ...cursor, ...cursor.learning, upto: cursor.after }],
  )
  return client.query<Entry>(
    `SELECT bucket, tbl, id, seq, op, "isLearned" FROM (
       SELECT b.*, false AS "isLearned" FROM unnest($2::text[], $3::bigint[]) AS q(bucket, after)
       CROSS JOIN LATERAL (SELECT * FROM bucket_row r WHERE r.tenant_id = $1 AND r.bucket = q.bucket AND r.seq > q.after AND r.seq <= $4 ORDER BY r.seq LIMIT $5) b
       UNION ALL
       SELECT b.*, true FROM unnest($6::text[], $7::bigint[], $8::bigint[], $9::text[]) AS q(bucket, after, upto, tables)
       CROSS JOIN LATERAL (SELECT * FROM bucket_row r WHERE r.tenant_id = $1 AND r.bucket = q.bucket AND r.seq > q.after AND r.seq <= least(q.upto, $4)
         AND r.op = 'put' AND r.tbl = ANY (string_to_array(q.tables, ' ')) ORDER BY r.seq LIMIT $5) b
     ) e ORDER BY seq LIMIT $5`,
    [
      tenant,
      cursors.map(({ name }) => name),
      cursors.map(({ after }) => after),
      w,
      limit === null ? null : limit + 1,
      learning.map(({ name }) => name),
      learning.map(({ after }) => after),
      learning.map(({ upto }) => upto),
      learning.map(({ tables }) => tables.join(' ')),
    ],
  )
}
