// A hub of another release takes its database over: rows of tables whose `buckets` is a newer one are routed anew, as moves that devices
// pull like any other, and the buckets' digests are counted again. It runs before anybody is served, in the transaction of the migration.
import type { ClientBase } from 'pg'
import { rowHash } from '../../kernel/effects.ts'
import type { Catalogue } from '../../kernel/catalogue.ts'
import type { AnyRow, AnyTable } from '../../kernel/table.ts'
import { bucketsOf } from '../../store/postgres/flush.ts'
import { selectedOf } from '../../store/postgres/hub-tables.ts'
import { lockClock, mustKnow } from './tenant.ts'

interface Over {
  readonly tenant: string
  readonly catalogue: Catalogue
}

/** Rows that take one value of the clock: a page of a pull ends at its border. */
const ROWS_A_STEP = 2000

/** Throws OlderHubError when a newer release was here. From now on an older one neither writes nor answers. [VER5] */
export async function bringRowsOver(client: ClientBase, { tenant, catalogue }: Over): Promise<void> {
  const found = await client.query<{ schema: number }>(
    'SELECT schema FROM tenant_clock WHERE tenant_id = $1 FOR UPDATE',
    [tenant],
  )
  const { schema = catalogue.schema } = found.rows[0] ?? {}
  mustKnow(catalogue.schema, schema)
  if (schema === catalogue.schema) return
  const buckets = new Set<string>()
  let seq = await lockClock(client, { tenant, catalogue })
  for (const table of reroutedSince(catalogue, schema))
    seq = await rerouteTable(client, { tenant, table, clock: seq, buckets })
  await countAgain(client, tenant, [...buckets])
  await client.query('UPDATE tenant_clock SET seq = $2, schema = $3 WHERE tenant_id = $1', [
    tenant,
    seq,
    catalogue.schema,
  ])
}

/** Headers before their lines; a line goes where its header goes. */
function reroutedSince({ tables, linesOf }: Catalogue, schema: number): Set<AnyTable> {
  const found = new Set<AnyTable>()
  const add = (table: AnyTable): void => {
    found.add(table)
    for (const line of linesOf.get(table.name) ?? []) add(line)
  }
  // A table that is new has no rows, and was never routed otherwise.
  for (const table of tables.values()) if (table.bucketsSince > schema && table.since <= schema) add(table)
  return found
}

interface Rerouted {
  readonly tenant: string
  readonly table: AnyTable
  readonly clock: number
  /** Gets the names of buckets that won or lost rows. */
  readonly buckets: Set<string>
}

/** Answers the clock behind the last move. [BKT3] */
async function rerouteTable(client: ClientBase, { tenant, table, clock, buckets }: Rerouted): Promise<number> {
  let after = ''
  for (;;) {
    const rows = await rowsOf(client, tenant, table, 't.id > $2 ORDER BY t.id LIMIT $3', [after, ROWS_A_STEP])
    const last = rows.at(-1)
    if (last === undefined) return clock
    after = last.id
    const headers = await headersOf(client, tenant, table, rows)
    const held = await client.query<{ id: string; bucket: string }>(
      "SELECT id, bucket FROM bucket_row WHERE tenant_id = $1 AND tbl = $2 AND id = ANY ($3::text[]) AND op = 'put'",
      [tenant, table.name, rows.map(({ id }) => id)],
    )
    const was = new Map<string, string[]>()
    for (const { id, bucket } of held.rows) was.set(id, [...(was.get(id) ?? []), bucket])
    const moves: Move[] = []
    for (const row of rows) {
      const is = bucketsOf(table, row, (header, id) => headers.get(`${header.name} ${id}`) ?? null)
      const before = was.get(row.id) ?? []
      for (const bucket of before) if (!is.includes(bucket)) moves.push({ bucket, id: row.id, op: 'left', hash: '' })
      for (const bucket of is)
        if (!before.includes(bucket)) moves.push({ bucket, id: row.id, op: 'put', hash: rowHash(table, row) })
    }
    if (moves.length === 0) continue
    clock += 1
    for (const { bucket } of moves) buckets.add(bucket)
    await writeMoves(client, { tenant, table, clock }, moves)
  }
}

async function rowsOf(
  client: ClientBase,
  tenant: string,
  table: AnyTable,
  where: string,
  values: readonly unknown[],
): Promise<AnyRow[]> {
  const found = await client.query<AnyRow & Record<string, unknown>>(
    `SELECT ${selectedOf(table, 't')} FROM ${table.sqlName} t WHERE t.tenant_id = $1 AND ${where}`,
    [tenant, ...values],
  )
  return found.rows
}

/** The headers of lines, and theirs. */
async function headersOf(
  client: ClientBase,
  tenant: string,
  table: AnyTable,
  rows: readonly AnyRow[],
): Promise<ReadonlyMap<string, AnyRow>> {
  const found = new Map<string, AnyRow>()
  let [level, lines] = [table, rows]
  while (level.parent !== null) {
    const { table: header, field } = level.parent
    const ids = [...new Set(lines.map((line) => String(line[field])))]
    lines = await rowsOf(client, tenant, header, 't.id = ANY ($2::text[])', [ids])
    for (const row of lines) found.set(`${header.name} ${row.id}`, row)
    level = header
  }
  return found
}

interface Move {
  readonly bucket: string
  readonly id: string
  readonly op: 'put' | 'left'
  readonly hash: string
}

async function writeMoves(
  client: ClientBase,
  { tenant, table, clock }: { readonly tenant: string; readonly table: AnyTable; readonly clock: number },
  moves: readonly Move[],
): Promise<void> {
  await client.query(
    `INSERT INTO bucket_row (tenant_id, bucket, tbl, id, seq, op, hash)
     SELECT $1, bucket, $2, id, $3, op, hash FROM unnest($4::text[], $5::text[], $6::text[], $7::text[]) AS u(bucket, id, op, hash)
     ON CONFLICT (tenant_id, bucket, tbl, id) DO UPDATE SET seq = excluded.seq, op = excluded.op, hash = excluded.hash`,
    [
      tenant,
      table.name,
      clock,
      moves.map(({ bucket }) => bucket),
      moves.map(({ id }) => id),
      moves.map(({ op }) => op),
      moves.map(({ hash }) => hash),
    ],
  )
}

/** PostgreSQL's bigint is signed: the sum is brought into 0 … 2⁶⁴ − 1. */
async function countAgain(client: ClientBase, tenant: string, buckets: readonly string[]): Promise<void> {
  await client.query(
    `INSERT INTO bucket (tenant_id, name, generation, horizon, count, sum)
     SELECT $1, name, 0, 0, count(r.id), mod(mod(COALESCE(sum(('x' || r.hash)::bit(64)::bigint::numeric), 0), 18446744073709551616) + 18446744073709551616, 18446744073709551616)
     FROM unnest($2::text[]) AS q(name) LEFT JOIN bucket_row r ON r.tenant_id = $1 AND r.bucket = q.name AND r.op = 'put' GROUP BY name
     ON CONFLICT (tenant_id, name) DO UPDATE SET count = excluded.count, sum = excluded.sum`,
    [tenant, buckets],
  )
}
