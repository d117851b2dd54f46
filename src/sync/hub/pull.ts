// Answers a pull from one snapshot: the latest operation of each row of the device's buckets since its cursors, up to
// the watermark. Which buckets a device may hold is decided by its lease on the hub, never by what it asks for.
import type { Pool, PoolClient } from 'pg'
import type { Catalogue } from '../../kernel/catalogue.ts'
import type { AnyTable } from '../../kernel/table.ts'
import { selectedOf } from '../../store/postgres/hub-tables.ts'
import type { PullEnd, PullHead, PullLeft, PullLine, PullRequest, PullRows } from '../protocol.ts'
import { differingLeaves } from './leaves.ts'
import { inTenant } from './tenant.ts'

export interface PullContext {
  readonly pool: Pool
  readonly catalogue: Catalogue
  readonly tenant: string
  readonly incarnation: string
  /** The hub's wall time, ms since 1970. */
  readonly now: () => number
}

/** What a bucket says of one row: the latest operation only. */
export interface Entry {
  readonly bucket: string
  readonly tbl: string
  readonly id: string
  readonly seq: number
  readonly op: 'put' | 'left'
}

const ROWS_A_LINE = 1000
const LIMIT_MAX = 20_000

/** One page. `allowed` are the lease's buckets: anything else asked for is left out. [PULL3] */
export async function answerPull(
  context: PullContext,
  request: PullRequest,
  device: { readonly dev: string; readonly ep: number },
  allowed: ReadonlySet<string>,
): Promise<PullLine[]> {
  return inTenant(
    context.pool,
    context.tenant,
    async (client) => {
      const clock = await client.query<{ seq: number; has: number | null; state: string | null }>(
        'SELECT c.seq, d.last_seq AS has, d.state FROM tenant_clock c LEFT JOIN device d ON d.tenant_id = $1 AND d.dev = $2 AND d.ep = $3 WHERE c.tenant_id = $1',
        [context.tenant, device.dev, device.ep],
      )
      const w = clock.rows[0]?.seq ?? 0
      // Another life of this hub (restored from a backup): its clock ran over the same numbers with other commits.
      const isOtherLife = request.incarnation !== context.incarnation
      const asked = request.buckets.filter(({ name }) => allowed.has(name))
      const states = await bucketStates(
        client,
        context.tenant,
        asked.map(({ name }) => name),
      )
      const resets: { name: string; generation: number }[] = []
      // A cursor of another generation, of another life, or from before the horizon of removals begins anew. [BKT2]
      const cursors = asked.map(({ name, after, generation }) => {
        const state = states.get(name) ?? { generation: 0, horizon: 0, count: 0, sum: '0' }
        const isStale =
          isOtherLife || generation !== state.generation || after > w || (after > 0 && after < state.horizon)
        if (isStale) resets.push({ name, generation: state.generation })
        return { name, after: isStale ? 0 : after }
      })
      const limit = Math.min(Math.max(1, request.limit), LIMIT_MAX)
      const { entries, upto } = await entriesOf(client, context.tenant, cursors, w, limit)
      const more = upto < w
      const repairs = await differingLeaves(
        client,
        context.tenant,
        asked.filter(({ name }) => !resets.some((reset) => reset.name === name)),
      )
      const names = asked.map(({ name }) => name)
      const head: PullHead = {
        pull: 1,
        incarnation: context.incarnation,
        w,
        upto,
        more,
        resets,
        ...(repairs.length > 0 && { leaves: repairs.map(({ name, leaves }) => ({ name, leaves })) }),
        names,
        has: clock.rows[0]?.has ?? 0,
        now: context.now(),
        ...(clock.rows[0]?.state !== 'active' && { isForked: true }),
      }
      const digests: Record<string, [number, string]> = {}
      if (!more)
        for (const name of names)
          digests[name] = [
            states.get(name)?.count ?? 0,
            BigInt(states.get(name)?.sum ?? '0')
              .toString(16)
              .padStart(16, '0'),
          ]
      const end: PullEnd = { end: 1, digests }
      const sent = new Set(entries.map(({ bucket, tbl, id }) => `${bucket} ${tbl} ${id}`))
      const again = repairs
        .flatMap((repair) => repair.entries)
        .filter(({ bucket, tbl, id }) => !sent.has(`${bucket} ${tbl} ${id}`))
      return [head, ...(await linesOf(client, context, [...entries, ...again], names)), end]
    },
    'snapshot',
  )
}

interface BucketState {
  readonly generation: number
  readonly horizon: number
  readonly count: number
  readonly sum: string
}

async function bucketStates(
  client: PoolClient,
  tenant: string,
  names: readonly string[],
): Promise<Map<string, BucketState>> {
  const found = await client.query<BucketState & { name: string }>(
    'SELECT name, generation, horizon, count, sum::text AS sum FROM bucket WHERE tenant_id = $1 AND name = ANY ($2::text[])',
    [tenant, names],
  )
  return new Map(found.rows.map((row) => [row.name, row]))
}

/** Entries in commit order up to a whole commit; `upto` is w when nothing is left out. [PULL4] */
async function entriesOf(
  client: PoolClient,
  tenant: string,
  cursors: readonly { name: string; after: number }[],
  w: number,
  limit: number,
): Promise<{ entries: Entry[]; upto: number }> {
  const found = await client.query<Entry>({
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
  const all = await client.query<Entry>(
    `SELECT r.bucket, r.tbl, r.id, r.seq, r.op FROM unnest($2::text[], $3::bigint[]) AS q(bucket, after)
     JOIN bucket_row r ON r.tenant_id = $1 AND r.bucket = q.bucket AND r.seq > q.after WHERE r.seq <= $4`,
    [tenant, cursors.map(({ name }) => name), cursors.map(({ after }) => after), last],
  )
  return { entries: all.rows, upto: last }
}

async function linesOf(
  client: PoolClient,
  context: PullContext,
  entries: readonly Entry[],
  names: readonly string[],
): Promise<(PullRows | PullLeft)[]> {
  const index = new Map(names.map((name, at) => [name, at]))
  const put = new Map<string, Map<string, number[]>>()
  const left = new Map<string, { ids: string[]; buckets: number[] }>()
  for (const { bucket, tbl, id, op } of entries) {
    const at = index.get(bucket) ?? 0
    if (op === 'left') {
      let group = left.get(tbl)
      if (group === undefined) left.set(tbl, (group = { ids: [], buckets: [] }))
      group.ids.push(id)
      group.buckets.push(at)
      continue
    }
    let rows = put.get(tbl)
    if (rows === undefined) put.set(tbl, (rows = new Map()))
    const buckets = rows.get(id)
    if (buckets === undefined) rows.set(id, [at])
    else buckets.push(at)
  }
  const lines: (PullRows | PullLeft)[] = []
  for (const [tbl, rows] of put) {
    const table = context.catalogue.tables.get(tbl)
    if (table !== undefined) lines.push(...(await rowLines(client, context.tenant, table, rows)))
  }
  for (const [tbl, { ids, buckets }] of left) lines.push({ left: tbl, ids, buckets })
  return lines
}

async function rowLines(
  client: PoolClient,
  tenant: string,
  table: AnyTable,
  rows: ReadonlyMap<string, number[]>,
): Promise<PullRows[]> {
  const found = await client.query<Record<string, never> & { id: string }>({
    name: `rows-${table.sqlName}`,
    text: `SELECT ${selectedOf(table, 't')} FROM ${table.sqlName} t WHERE t.tenant_id = $1 AND t.id = ANY ($2::text[])`,
    values: [tenant, [...rows.keys()]],
  })
  const cols = ['goneAt', ...table.fieldNames]
  const lines: PullRows[] = []
  for (let at = 0; at < found.rows.length; at += ROWS_A_LINE) {
    const page = found.rows.slice(at, at + ROWS_A_LINE)
    lines.push({
      rows: table.name,
      cols,
      ids: page.map(({ id }) => id),
      buckets: page.map(({ id }) => rows.get(id) ?? []),
      vals: page.map((row) => cols.map((col) => row[col] ?? null)),
    })
  }
  return lines
}
