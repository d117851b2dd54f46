// Answers a pull from one snapshot: the latest operation of each row of the device's buckets since its cursors, up to
// the watermark. Which buckets a device may hold is decided by its lease on the hub, never by what it asks for.
import type { PoolClient } from 'pg'
import type { Catalogue } from '../../kernel/catalogue.ts'
import { columnOf, type AnyTable } from '../../kernel/table.ts'
import { inOneFlight } from '../../store/postgres/in-one-flight.ts'
import { holdsAnyOf, quoted, selectedOf } from '../../store/postgres/hub-tables.ts'
import {
  UNANSWERED_MAX,
  type Outcome,
  type PullEnd,
  type PullHead,
  type PullLeft,
  type PullLine,
  type PullRequest,
  type PullRows,
} from '../protocol.ts'
import { ClientSchema } from './client-schema.ts'
import { loggedOutcomes } from './command-log.ts'
import { LIVES_BEFORE } from './earlier-life.ts'
import { entriesOf, type Cursor, type Entry } from './entries.ts'
import { differingLeaves } from './leaves.ts'
import { withDifferences, type OlderDigests } from './older-digests.ts'
import { mustKnow } from './tenant.ts'

export interface PullContext {
  readonly catalogue: Catalogue
  readonly tenant: string
  readonly incarnation: string
  /** The hub's wall time, ms since 1970. */
  readonly now: () => number
  readonly olderDigests: OlderDigests
  /** See PullHead.oldest. */
  readonly oldestSchema?: number | undefined
}

const ROWS_A_LINE = 1000
const LIMIT_MAX = 20_000

/** One page, in the caller's snapshot. `allowed` are the lease's buckets: anything else asked for is left out. [PULL3] */
export async function answerPull(
  client: PoolClient,
  context: PullContext,
  request: PullRequest,
  device: { readonly dev: string; readonly ep: number },
  allowed: ReadonlySet<string>,
): Promise<PullLine[]> {
  const asked = request.buckets.filter(({ name }) => allowed.has(name))
  const names = asked.map(({ name }) => name)
  const [clock, states, outcomes] = await inOneFlight([
    clockFor(client, context.tenant, device),
    bucketStates(client, context.tenant, names),
    outcomesFor(client, context.tenant, device, request.unanswered),
  ])
  mustKnow(context.catalogue.schema, clock.rows[0]?.schema ?? 0)
  const w = clock.rows[0]?.seq ?? 0
  // Another life of this hub (restored from a backup): its clock ran over the same numbers with other commits.
  const isOtherLife = request.incarnation !== context.incarnation
  const schema = new ClientSchema(context.catalogue, request.sv)
  const resets: { name: string; generation: number }[] = []
  // A cursor of another generation, of another life, or from before the horizon of removals begins anew. [BKT2]
  const cursors = asked.map(({ name, after, generation, sv, learned }): Cursor => {
    const state = states.get(name) ?? { generation: 0, horizon: 0, count: 0, sum: '0' }
    const isStale = isOtherLife || generation !== state.generation || after > w || (after > 0 && after < state.horizon)
    if (isStale) resets.push({ name, generation: state.generation })
    if (isStale) return { name, after: 0 }
    return { name, after, learning: sv === undefined ? undefined : learningOf(schema, sv, learned) }
  })
  // What the bucket that was fetched for the oldest schema lacks, all get: it is the same row.
  const oldest = Math.min(schema.sv, ...asked.map(({ sv }) => sv ?? schema.sv))
  const limit = Math.min(Math.max(1, request.limit), LIMIT_MAX)
  const { entries, upto } = await entriesOf(client, { tenant: context.tenant, cursors, w, limit })
  const more = upto < w
  const standing = asked.filter(({ name }) => !resets.some((reset) => reset.name === name))
  const isCompared = !more || standing.some(({ leaves }) => leaves !== undefined)
  const differences = isCompared
    ? await context.olderDigests.differences(client, { tenant: context.tenant, w, schema }, names)
    : new Map()
  const repairs = await differingLeaves(client, context.tenant, standing, differences)
  const head: PullHead = {
    pull: 1,
    incarnation: context.incarnation,
    sv: context.catalogue.schema,
    ...(context.oldestSchema !== undefined && { oldest: context.oldestSchema }),
    w,
    upto,
    more,
    resets,
    ...(repairs.length > 0 && { leaves: repairs.map(({ name, leaves }) => ({ name, leaves })) }),
    names,
    began: clock.rows[0]?.began ?? 0,
    has: clock.rows[0]?.has ?? 0,
    ...(device.ep > 1 && { before: clock.rows[0]?.before ?? [] }),
    now: context.now(),
    ...(outcomes.length > 0 && { outcomes }),
    ...(clock.rows[0]?.state !== 'active' && { isForked: true }),
  }
  const digests: Record<string, [number, string]> = {}
  if (!more)
    for (const name of names)
      digests[name] = withDifferences(
        states.get(name)?.count ?? 0,
        BigInt(states.get(name)?.sum ?? '0'),
        differences.get(name),
      )
  const end: PullEnd = { end: 1, digests }
  const sent = new Set(entries.map(({ bucket, tbl, id }) => `${bucket} ${tbl} ${id}`))
  const again = repairs
    .flatMap((repair) => repair.entries)
    .filter(({ bucket, tbl, id }) => !sent.has(`${bucket} ${tbl} ${id}`))
  return [head, ...(await linesOf(client, context, { entries: [...entries, ...again], names, schema }, oldest)), end]
}

/** The clock, and what this life of the device and those before it have in the log. */
const clockFor = (
  client: PoolClient,
  tenant: string,
  { dev, ep }: { readonly dev: string; readonly ep: number },
): Promise<{
  readonly rows: readonly {
    readonly seq: number
    readonly schema: number
    readonly began: number
    readonly has: number | null
    readonly state: string | null
    readonly before: PullHead['before'] | null
  }[]
}> =>
  client.query({
    name: 'pull-clock',
    text: `SELECT c.seq, c.schema, c.began, d.last_seq AS has, d.state, ${LIVES_BEFORE} AS before FROM tenant_clock c LEFT JOIN device d ON d.tenant_id = $1 AND d.dev = $2 AND d.ep = $3 WHERE c.tenant_id = $1`,
    values: [tenant, dev, ep],
  })

/**
 * The rows of this snapshot hold what a device sent and never heard of: without the outcomes it would run that work again on top of its
 * own effect, and show each sum twice until its next push. [PULL6]
 */
async function outcomesFor(
  client: PoolClient,
  tenant: string,
  device: { readonly dev: string; readonly ep: number },
  unanswered: PullRequest['unanswered'],
): Promise<Outcome[]> {
  if (unanswered === undefined) return []
  const [first, last] = unanswered
  const count = Math.min(last - first + 1, UNANSWERED_MAX)
  if (count < 1) return []
  const seqs = Array.from({ length: count }, (_, index) => first + index)
  return loggedOutcomes(client, tenant, device, seqs)
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
  const found = await client.query<BucketState & { name: string }>({
    name: 'pull-buckets',
    text: 'SELECT name, generation, horizon, count, sum::text AS sum FROM bucket WHERE tenant_id = $1 AND name = ANY ($2::text[])',
    values: [tenant, names],
  })
  return new Map(found.rows.map((row) => [row.name, row]))
}

/** Null when the client knows no more than when the bucket was fetched. */
function learningOf(schema: ClientSchema, from: number, after = 0): Cursor['learning'] {
  const tables = [...schema.learnedSince(from).keys()].map(({ name }) => name)
  return tables.length === 0 ? undefined : { after, tables }
}

interface Answered {
  readonly entries: readonly Entry[]
  readonly names: readonly string[]
  readonly schema: ClientSchema
}

interface Put {
  readonly buckets: number[]
  /** The device has it in every bucket that tells of it: only what it learned is sent. */
  isPart: boolean
}

async function linesOf(
  client: PoolClient,
  context: PullContext,
  { entries, names, schema }: Answered,
  oldest: number,
): Promise<(PullRows | PullLeft)[]> {
  const index = new Map(names.map((name, at) => [name, at]))
  const put = new Map<string, Map<string, Put>>()
  const left = new Map<string, { ids: string[]; buckets: number[] }>()
  for (const { bucket, tbl, id, op, isLearned = false } of entries) {
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
    const row = rows.get(id)
    if (row === undefined) rows.set(id, { buckets: [at], isPart: isLearned })
    else {
      row.buckets.push(at)
      row.isPart &&= isLearned
    }
  }
  const knows = (tbl: string): AnyTable | null => {
    const table = context.catalogue.tables.get(tbl)
    return table === undefined || schema.fieldsOf(table) === null ? null : table
  }
  const learned = schema.learnedSince(oldest)
  const lines: (PullRows | PullLeft)[] = []
  for (const [tbl, rows] of put) {
    const table = knows(tbl)
    if (table === null) continue
    const fields = learned.get(table) ?? null
    const parts = fields === null ? new Map<string, Put>() : new Map([...rows].filter(([, { isPart }]) => isPart))
    const whole = new Map([...rows].filter(([id]) => !parts.has(id)))
    lines.push(
      ...(await rowLines(client, context.tenant, { table, rows: whole, fields: schema.fieldsOf(table) ?? [] })),
    )
    if (fields !== null) lines.push(...(await partLines(client, context.tenant, { table, rows: parts, fields })))
  }
  for (const [tbl, { ids, buckets }] of left) if (knows(tbl) !== null) lines.push({ left: tbl, ids, buckets })
  return lines
}

interface Sent {
  readonly table: AnyTable
  readonly rows: ReadonlyMap<string, Put>
  readonly fields: readonly string[]
}

async function rowLines(client: PoolClient, tenant: string, { table, rows, fields }: Sent): Promise<PullRows[]> {
  if (rows.size === 0) return []
  const found = await client.query<Selected>({
    name: `rows-${table.sqlName}`,
    text: `SELECT ${selectedOf(table, 't')} FROM ${table.sqlName} t WHERE t.tenant_id = $1 AND t.id = ANY ($2::text[])`,
    values: [tenant, [...rows.keys()]],
  })
  return linesFrom(table, ['goneAt', ...fields], found.rows, rows)
}

/** Only rows that hold more in these columns than everybody had before: the rest is as the device has it. */
async function partLines(client: PoolClient, tenant: string, { table, rows, fields }: Sent): Promise<PullRows[]> {
  if (rows.size === 0) return []
  const columns = fields.map((field) => `t.${quoted(columnOf(field))} AS "${field}"`)
  const found = await client.query<Selected>(
    `SELECT t.id, ${columns.join(', ')} FROM ${table.sqlName} t WHERE t.tenant_id = $1 AND t.id = ANY ($2::text[]) AND (${holdsAnyOf(table, fields, 't')})`,
    [tenant, [...rows.keys()]],
  )
  return linesFrom(table, fields, found.rows, rows).map((line) => ({ ...line, isPart: true }))
}

type Selected = Record<string, never> & { readonly id: string }

function linesFrom(
  table: AnyTable,
  cols: readonly string[],
  found: readonly Selected[],
  rows: ReadonlyMap<string, Put>,
): PullRows[] {
  const lines: PullRows[] = []
  for (let at = 0; at < found.length; at += ROWS_A_LINE) {
    const page = found.slice(at, at + ROWS_A_LINE)
    lines.push({
      rows: table.name,
      cols,
      ids: page.map(({ id }) => id),
      buckets: page.map(({ id }) => rows.get(id)?.buckets ?? []),
      vals: page.map((row) => cols.map((col) => row[col] ?? null)),
    })
  }
  return lines
}
