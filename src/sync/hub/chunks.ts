// Ready-made first downloads: the whole of a large bucket as compressed chunks named by their SHA-256, made by PostgreSQL
// in one snapshot and kept for every device that needs it. A chunk never changes; a set that fell too far behind is made
// anew. What a device may fetch is decided by its lease, and nothing here is the only place of a row.
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Pool, PoolClient } from 'pg'
import { hex } from '../../kernel/bytes.ts'
import type { Catalogue } from '../../kernel/catalogue.ts'
import { erasure } from '../../kernel/erasure.ts'
import { sha256 } from '../../kernel/hash.ts'
import { columnOf, type AnyTable } from '../../kernel/table.ts'
import { quoted } from '../../store/postgres/hub-tables.ts'
import type { BucketManifest, ChunkRef, Manifest } from '../protocol.ts'
import { inTenant } from './tenant.ts'

export interface ChunkContext {
  readonly pool: Pool
  readonly catalogue: Catalogue
  readonly tenant: string
  readonly incarnation: string
  readonly now: () => number
  readonly making: MakingChunks
}

/** Sets that this process is making now, by bucket: a thousand devices that ask together wait for one. */
export type MakingChunks = Map<string, Promise<BucketManifest>>

/** Below it a pull is as fast and needs no second request (decision 0006). */
export const CHUNKED_FROM_ROWS = 2000
/** A chunk is applied in one transaction, and nothing is captured meanwhile: some tenths of a second on a slow device. */
const ROWS_A_CHUNK = 5000
const TEXT_A_CHUNK = 4 * 1024 * 1024
/** The first rows of a table tell how long its rows are. */
const ROWS_A_PROBE = 500
/** A set is made anew when more than this share of its rows, and more than one chunk's, would come by a pull after it. */
const STALE_SHARE = 0.2
/** How long a device in the middle of an older set may go on with it. */
const KEPT_MS = 24 * 3_600_000
const GZIP_LEVEL = 6

const packed = promisify(gzip)

interface BucketState {
  readonly name: string
  readonly generation: number
  readonly horizon: number
  readonly count: number
}

interface StoredSet {
  readonly w: number
  readonly generation: number
  readonly row_count: number
  readonly chunks: readonly ChunkRef[]
}

/** What lies ready for the asked buckets that the lease allows; sets that are missing or too old are made first. [BOOT1] */
export async function manifestOf(
  context: ChunkContext,
  asked: readonly string[],
  allowed: ReadonlySet<string>,
): Promise<Manifest> {
  const { pool, tenant, incarnation } = context
  const names = [...new Set(asked)].filter((name) => allowed.has(name))
  const { states, w } = await inTenant(pool, tenant, async (client) => {
    const found = await client.query<BucketState>(
      'SELECT name, generation, horizon, count FROM bucket WHERE tenant_id = $1 AND name = ANY ($2::text[])',
      [tenant, names],
    )
    const clock = await client.query<{ seq: number }>('SELECT seq FROM tenant_clock WHERE tenant_id = $1', [tenant])
    return { states: found.rows, w: clock.rows[0]?.seq ?? 0 }
  })
  const buckets: BucketManifest[] = []
  for (const state of states) {
    const { name, generation, count } = state
    if (count < CHUNKED_FROM_ROWS) buckets.push({ name, generation, w, rows: count, chunks: [] })
    else buckets.push((await freshSet(context, state)) ?? (await makeOnce(context, name)))
  }
  return { manifest: 1, incarnation, buckets }
}

async function freshSet({ pool, tenant }: ChunkContext, state: BucketState): Promise<BucketManifest | null> {
  const { name, generation, horizon } = state
  return inTenant(pool, tenant, async (client) => {
    const found = await client.query<StoredSet>(
      'SELECT w, generation, row_count, chunks FROM chunk_set WHERE tenant_id = $1 AND bucket = $2 ORDER BY w DESC LIMIT 1',
      [tenant, name],
    )
    const set = found.rows[0]
    if (set === undefined || set.generation !== generation || set.w < horizon) return null
    const changesMax = Math.max(ROWS_A_CHUNK, Math.floor(set.row_count * STALE_SHARE))
    const behind = await client.query<{ n: number }>(
      'SELECT count(*) AS n FROM (SELECT 1 FROM bucket_row WHERE tenant_id = $1 AND bucket = $2 AND seq > $3 LIMIT $4) later',
      [tenant, name, set.w, changesMax + 1],
    )
    if ((behind.rows[0]?.n ?? 0) > changesMax) return null
    return { name, generation, w: set.w, rows: set.row_count, chunks: set.chunks }
  })
}

function makeOnce(context: ChunkContext, bucket: string): Promise<BucketManifest> {
  const { making } = context
  let made = making.get(bucket)
  if (made === undefined) {
    made = makeSet(context, bucket).finally(() => making.delete(bucket))
    making.set(bucket, made)
  }
  return made
}

/** The bucket at one watermark, whole: every row up to it and no other, whatever is written meanwhile. [BOOT2] */
async function makeSet(context: ChunkContext, bucket: string): Promise<BucketManifest> {
  const { pool, tenant, catalogue, now } = context
  const contents: { readonly ref: ChunkRef; readonly content: Buffer }[] = []
  const { w, generation } = await inTenant(
    pool,
    tenant,
    async (client) => {
      const state = await client.query<{ w: number; generation: number }>(
        'SELECT c.seq AS w, b.generation FROM tenant_clock c JOIN bucket b ON b.tenant_id = c.tenant_id AND b.name = $2 WHERE c.tenant_id = $1',
        [tenant, bucket],
      )
      const tables = await client.query<{ tbl: string }>(
        "SELECT DISTINCT tbl FROM bucket_row WHERE tenant_id = $1 AND bucket = $2 AND op = 'put' ORDER BY tbl",
        [tenant, bucket],
      )
      const open = new OpenChunk()
      const close = async (): Promise<void> => {
        const { text, rows } = open.take()
        if (rows === 0) return
        const content = await packed(text, { level: GZIP_LEVEL })
        contents.push({ ref: { sha: hex(sha256(content)), bytes: content.length, rows }, content })
      }
      for (const { tbl } of tables.rows) {
        const table = catalogue.tables.get(tbl)
        if (table === undefined) continue
        for await (const { line, rows } of linesOf(client, { tenant, bucket, table })) {
          if (open.isFullWith(rows)) await close()
          open.add(line, rows)
        }
      }
      await close()
      return { w: state.rows[0]?.w ?? 0, generation: state.rows[0]?.generation ?? 0 }
    },
    'snapshot',
  )
  const chunks = contents.map(({ ref }) => ref)
  const rows = chunks.reduce((sum, chunk) => sum + chunk.rows, 0)
  const isKept = await inTenant(pool, tenant, async (client) => {
    // Two processes may have made the same set: then it is the same rows at the same watermark.
    await client.query(
      `INSERT INTO chunk_set (tenant_id, bucket, w, generation, row_count, chunks, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (tenant_id, bucket, w) DO UPDATE SET generation = excluded.generation, row_count = excluded.row_count, chunks = excluded.chunks, made_at = excluded.made_at`,
      [tenant, bucket, w, generation, rows, JSON.stringify(chunks), now()],
    )
    for (const { ref, content } of contents)
      await client.query(
        'INSERT INTO chunk (tenant_id, bucket, w, sha, content) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
        [tenant, bucket, w, ref.sha, content],
      )
    await sweep(client, { tenant, bucket, w, before: now() - KEPT_MS })
    if (!(await hasErasedSince(client, context, w))) return true
    await drop(client, { tenant, bucket, sets: [w] })
    return false
  })
  return isKept ? { name: bucket, generation, w, rows, chunks } : makeSet(context, bucket)
}

/** An erasure behind the snapshot found no set to take away; one that comes now waits for this one. [ERASE1] */
async function hasErasedSince(
  client: PoolClient,
  { tenant, catalogue }: Pick<ChunkContext, 'tenant' | 'catalogue'>,
  w: number,
): Promise<boolean> {
  await client.query('SELECT seq FROM tenant_clock WHERE tenant_id = $1 FOR SHARE', [tenant])
  if (!catalogue.tables.has(erasure.name)) return false
  const found = await client.query(
    'SELECT 1 FROM bucket_row WHERE tenant_id = $1 AND bucket = ANY ($2::text[]) AND tbl = $3 AND seq > $4 LIMIT 1',
    [tenant, erasure.whole, erasure.name, w],
  )
  return found.rows.length > 0
}

/** Sets of before go with their chunks once nobody can still be in the middle of them. */
async function sweep(
  client: PoolClient,
  { tenant, bucket, w, before }: { tenant: string; bucket: string; w: number; before: number },
): Promise<void> {
  const old = await client.query<{ w: number }>(
    'DELETE FROM chunk_set WHERE tenant_id = $1 AND bucket = $2 AND w < $3 AND made_at < $4 RETURNING w',
    [tenant, bucket, w, before],
  )
  await drop(client, { tenant, bucket, sets: old.rows.map((set) => set.w) })
}

async function drop(
  client: PoolClient,
  { tenant, bucket, sets }: { tenant: string; bucket: string; sets: readonly number[] },
): Promise<void> {
  for (const table of ['chunk', 'chunk_set'])
    await client.query(`DELETE FROM ${table} WHERE tenant_id = $1 AND bucket = $2 AND w = ANY ($3::bigint[])`, [
      tenant,
      bucket,
      sets,
    ])
}

class OpenChunk {
  private lines: string[] = []
  private rows = 0
  private length = 0

  isFullWith(rows: number): boolean {
    return this.rows > 0 && (this.rows + rows > ROWS_A_CHUNK || this.length > TEXT_A_CHUNK)
  }

  add(line: string, rows: number): void {
    this.lines.push(`${line}\n`)
    this.rows += rows
    this.length += line.length
  }

  take(): { text: string; rows: number } {
    const taken = { text: this.lines.join(''), rows: this.rows }
    this.lines = []
    this.rows = 0
    this.length = 0
    return taken
  }
}

interface Wanted {
  readonly tenant: string
  readonly bucket: string
  readonly table: AnyTable
}

/** The table's rows in the bucket by id, as finished JSON: PostgreSQL writes it with a sixth of the work it was here. */
async function* linesOf(
  client: PoolClient,
  { tenant, bucket, table }: Wanted,
): AsyncGenerator<{ readonly line: string; readonly rows: number }> {
  const cols = ['goneAt', ...table.fieldNames]
  const column = (name: string): string => `json_agg(t.${quoted(columnOf(name))} ORDER BY t.id)::text`
  const text = `SELECT count(*) AS rows, max(t.id) AS last, json_agg(t.id ORDER BY t.id)::text AS ids,
      '[' || ${cols.map(column).join(" || ',' || ")} || ']' AS columns
    FROM (SELECT t.* FROM bucket_row r JOIN ${table.sqlName} t ON t.tenant_id = r.tenant_id AND t.id = r.id
      WHERE r.tenant_id = $1 AND r.bucket = $2 AND r.tbl = $3 AND r.id > $4 AND r.op = 'put' ORDER BY r.id LIMIT $5) t`
  const head = `{"chunk":${JSON.stringify(table.name)},"cols":${JSON.stringify(cols)}`
  let after = ''
  let limit = ROWS_A_PROBE
  for (;;) {
    const found = await client.query<{ rows: number; last: string | null; ids: string; columns: string }>({
      name: `chunk-${table.sqlName}`,
      text,
      values: [tenant, bucket, table.name, after, limit],
    })
    const page = found.rows[0]
    if (page === undefined || page.last === null) return
    const line = `${head},"ids":${page.ids},"columns":${page.columns}}`
    yield { line, rows: page.rows }
    if (page.rows < limit) return
    after = page.last
    const longest = Math.floor((page.rows * TEXT_A_CHUNK) / line.length)
    limit = Math.max(1, Math.min(ROWS_A_CHUNK, longest))
  }
}

export type ChunkPart = { readonly content: Uint8Array; readonly size: number }

/** The bytes of a chunk from `from` on; refused unless the lease has a bucket that it belongs to. [BOOT3] */
export async function chunkPart(
  { pool, tenant }: Pick<ChunkContext, 'pool' | 'tenant'>,
  sha: string,
  from: number,
  allowed: ReadonlySet<string>,
): Promise<ChunkPart | 'chunk.unknown' | 'chunk.not-yours'> {
  return inTenant(pool, tenant, async (client) => {
    const found = await client.query<{ bucket: string; size: number }>(
      'SELECT bucket, length(content) AS size FROM chunk WHERE tenant_id = $1 AND sha = $2',
      [tenant, sha],
    )
    if (found.rows.length === 0) return 'chunk.unknown'
    const mine = found.rows.find(({ bucket }) => allowed.has(bucket))
    if (mine === undefined) return 'chunk.not-yours'
    const part = await client.query<{ content: Buffer }>(
      'SELECT substring(content FROM $4::int) AS content FROM chunk WHERE tenant_id = $1 AND sha = $2 AND bucket = $3 LIMIT 1',
      [tenant, sha, mine.bucket, from + 1],
    )
    return { content: part.rows[0]?.content ?? new Uint8Array(0), size: mine.size }
  })
}
