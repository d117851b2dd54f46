// Photos and files on the hub: pieces of an upload lie in the database until the whole is here, has the hash that it is
// named by, and is durable in the blob store; only then is it confirmed. Who may fetch one is decided by the rows that name
// it, and whoever may not can't tell it from one that doesn't exist.
import { type BlobType, BLOB_BYTES_MAX } from '../../kernel/blob.ts'
import { hex } from '../../kernel/bytes.ts'
import { fileKindOf } from '../../kernel/file-kind.ts'
import { sha256 } from '../../kernel/hash.ts'
import type { Pool, PoolClient } from 'pg'
import type { CodesOf } from '../refusals.ts'
import type { BlobRoom } from './blob-room.ts'
import { inTenant } from './tenant.ts'

/** Where whole blobs lie. A name is 64 hex digits, and is never taken from anywhere but a checked request. */
export interface BlobStore {
  /** Durable, with exactly these bytes, when it resolves; the same again changes nothing. */
  put(tenant: string, sha: string, content: Uint8Array): Promise<void>
  /** Bytes, or null when there is none. */
  size(tenant: string, sha: string): Promise<number | null>
  /** What follows from `from` on. */
  read(tenant: string, sha: string, from: number): Promise<Uint8Array>
  /** None is there afterwards, also when there was none. */
  remove(tenant: string, sha: string): Promise<void>
}

export interface BlobContext {
  readonly pool: Pool
  readonly tenant: string
  readonly now: () => number
  readonly store: BlobStore
  readonly room: BlobRoom
}

export interface Held {
  readonly offset: number
  readonly isComplete: boolean
}

export interface Put {
  readonly dev: string
  readonly sha: string
  readonly size: number
  readonly at: number
  readonly content: Uint8Array
}

/** Of one device, begun or whole, that no command names yet: an honest one's commands travel ahead of its photos. */
const UNNAMED_BYTES_MAX = 512 * 1024 * 1024

/**
 * How much of it the hub holds from this device. Complete: checked, and really there. What another device has sent is not told, unless this
 * one may read it: a name is no right to learn that its content exists. [BLOB4] [BLOB8]
 */
export async function heldOf(
  context: BlobContext,
  { dev, sha, buckets }: Whose & { readonly buckets: () => Promise<ReadonlySet<string>> },
): Promise<Held> {
  const { pool, tenant, store } = context
  const upload = await inTenant(pool, tenant, (client) => uploadOf(client, tenant, { dev, sha }, ''))
  if (upload !== null && upload.done_at === null) {
    const offset = await inTenant(pool, tenant, (client) => heldBytes(client, tenant, { dev, sha }))
    return { offset, isComplete: false }
  }
  // Asked whether or not there is such a blob: the time of an answer tells nothing either.
  const allowed = upload === null ? await buckets() : null
  const kept = await inTenant(pool, tenant, async (client) =>
    allowed === null || (await mayRead(client, tenant, sha, allowed)) ? keptSize(client, tenant, sha) : null,
  )
  if (kept !== null && (await store.size(tenant, sha)) === kept) return { offset: kept, isComplete: true }
  return { offset: 0, isComplete: false }
}

export type PutAnswer = Held | { readonly refusal: CodesOf<'blob'>; readonly offset?: number }

/**
 * Takes what follows at `at`; bytes that are here already are passed over, so that a piece may come twice. With the last one the whole is
 * checked and kept: its answer is the confirmation. [BLOB4]
 */
export async function putPiece(context: BlobContext, put: Put): Promise<PutAnswer> {
  const { tenant, pool, now } = context
  const { dev, sha, size, at, content } = put
  if (size < 1 || at > size || at + content.length > size) return { refusal: 'blob.malformed' }
  if (size > BLOB_BYTES_MAX) return { refusal: 'blob.too-large' }
  return inTenant(pool, tenant, async (client): Promise<PutAnswer> => {
    const begun = await begin(client, context, put)
    if (begun !== null) return begun
    const held = await heldBytes(client, tenant, { dev, sha })
    if (at > held) return { refusal: 'blob.gap', offset: held }
    const fresh = content.subarray(held - at)
    if (fresh.length > 0)
      await client.query('INSERT INTO blob_piece (tenant_id, dev, sha, at, content) VALUES ($1, $2, $3, $4, $5)', [
        tenant,
        dev,
        sha,
        held,
        fresh,
      ])
    const offset = held + Math.max(0, fresh.length)
    if (offset < size) {
      await client.query('UPDATE blob_upload SET touched_at = $4 WHERE tenant_id = $1 AND dev = $2 AND sha = $3', [
        tenant,
        dev,
        sha,
        now(),
      ])
      return { offset, isComplete: false }
    }
    return finish(client, context, put)
  })
}

/** Locks the upload, begins it anew where it has another size or its content was lost; an answer when there is nothing to do. */
async function begin(client: PoolClient, context: BlobContext, { dev, sha, size }: Put): Promise<PutAnswer | null> {
  const { tenant, store, now } = context
  const upload = await uploadOf(client, tenant, { dev, sha }, ' FOR UPDATE')
  if (upload?.done_at != null) {
    const kept = await keptSize(client, tenant, sha)
    if (kept !== null && (await store.size(tenant, sha)) === kept) return { offset: kept, isComplete: true }
  }
  if (upload !== null && upload.done_at === null && upload.size === size) return null
  if (upload === null && (await unnamedBytes(client, tenant, dev)) + size > UNNAMED_BYTES_MAX)
    return { refusal: 'blob.too-many' }
  if (upload === null) {
    const refusal = await context.room.refusalOf(client, { tenant, dev, size, now: now() })
    if (refusal !== null) return { refusal }
  }
  await dropPieces(client, tenant, { dev, sha })
  await client.query(
    `INSERT INTO blob_upload (tenant_id, dev, sha, size, touched_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant_id, dev, sha) DO UPDATE SET size = excluded.size, touched_at = excluded.touched_at, done_at = NULL`,
    [tenant, dev, sha, size, now()],
  )
  return null
}

/** The whole is here: wrong bytes are thrown away, right ones are durable before anybody hears so. */
async function finish(client: PoolClient, context: BlobContext, { dev, sha, size }: Put): Promise<PutAnswer> {
  const { tenant, store, now } = context
  const found = await client.query<{ content: Buffer }>(
    'SELECT content FROM blob_piece WHERE tenant_id = $1 AND dev = $2 AND sha = $3 ORDER BY at',
    [tenant, dev, sha],
  )
  const content = Buffer.concat(found.rows.map((piece) => piece.content))
  const type = hex(sha256(content)) === sha ? fileKindOf(content)?.type : null
  await dropPieces(client, tenant, { dev, sha })
  if (type === undefined || type === null) {
    await client.query('DELETE FROM blob_upload WHERE tenant_id = $1 AND dev = $2 AND sha = $3', [tenant, dev, sha])
    return { refusal: type === null ? 'blob.wrong-content' : 'blob.unsupported' }
  }
  // The row is locked from here to the commit: the sweep, which takes bytes away under the same lock, comes before or after, never between.
  await keep(client, tenant, { sha, size, type, at: now() })
  await store.put(tenant, sha, content)
  await client.query(
    'UPDATE blob_upload SET done_at = $4, touched_at = $4 WHERE tenant_id = $1 AND dev = $2 AND sha = $3',
    [tenant, dev, sha, now()],
  )
  return { offset: size, isComplete: true }
}

const keep = (
  client: PoolClient,
  tenant: string,
  of: { readonly sha: string; readonly size: number; readonly type: BlobType; readonly at: number },
): Promise<unknown> =>
  client.query(
    `INSERT INTO blob (tenant_id, sha, size, type, kept_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant_id, sha) DO UPDATE SET state = 'kept', kept_at = excluded.kept_at`,
    [tenant, of.sha, of.size, of.type, of.at],
  )

interface Whose {
  readonly dev: string
  readonly sha: string
}

async function uploadOf(
  client: PoolClient,
  tenant: string,
  { dev, sha }: Whose,
  lock: '' | ' FOR UPDATE',
): Promise<{ readonly size: number; readonly done_at: number | null } | null> {
  const found = await client.query<{ size: number; done_at: number | null }>(
    `SELECT size, done_at FROM blob_upload WHERE tenant_id = $1 AND dev = $2 AND sha = $3${lock}`,
    [tenant, dev, sha],
  )
  return found.rows[0] ?? null
}

async function heldBytes(client: PoolClient, tenant: string, { dev, sha }: Whose): Promise<number> {
  const found = await client.query<{ bytes: number }>(
    'SELECT coalesce(sum(length(content)), 0)::bigint AS bytes FROM blob_piece WHERE tenant_id = $1 AND dev = $2 AND sha = $3',
    [tenant, dev, sha],
  )
  return found.rows[0]?.bytes ?? 0
}

async function unnamedBytes(client: PoolClient, tenant: string, dev: string): Promise<number> {
  const found = await client.query<{ bytes: number }>(
    `SELECT coalesce(sum(u.size), 0)::bigint AS bytes FROM blob_upload u WHERE u.tenant_id = $1 AND u.dev = $2
     AND NOT EXISTS (SELECT 1 FROM blob_use n WHERE n.tenant_id = u.tenant_id AND n.sha = u.sha)`,
    [tenant, dev],
  )
  return found.rows[0]?.bytes ?? 0
}

const dropPieces = (client: PoolClient, tenant: string, { dev, sha }: Whose): Promise<unknown> =>
  client.query('DELETE FROM blob_piece WHERE tenant_id = $1 AND dev = $2 AND sha = $3', [tenant, dev, sha])

async function keptSize(client: PoolClient, tenant: string, sha: string): Promise<number | null> {
  const found = await client.query<{ size: number }>(
    "SELECT size FROM blob WHERE tenant_id = $1 AND sha = $2 AND state = 'kept'",
    [tenant, sha],
  )
  return found.rows[0]?.size ?? null
}

/** By any row or command; with `dev`, by a command of that device. */
async function isNamed(client: PoolClient, tenant: string, sha: string, dev: string | null = null): Promise<boolean> {
  const found = await client.query(
    `SELECT 1 FROM blob_use WHERE tenant_id = $1 AND sha = $2 AND ($3::text IS NULL OR (tbl = 'command' AND dev = $3)) LIMIT 1`,
    [tenant, sha, dev],
  )
  return found.rows.length > 0
}

/** A device that was shut out may still bring what its commands name. */
export const isNamedBy = ({ pool, tenant }: BlobContext, { dev, sha }: Whose): Promise<boolean> =>
  inTenant(pool, tenant, (client) => isNamed(client, tenant, sha, dev))

/**
 * Some row in a bucket of theirs names it, and the device that put the name there has brought the bytes itself: whoever only heard of a name
 * gets nothing by writing it into a row of their own. [BLOB8]
 */
async function mayRead(
  client: PoolClient,
  tenant: string,
  sha: string,
  buckets: ReadonlySet<string>,
): Promise<boolean> {
  const found = await client.query(
    `SELECT 1 FROM blob_use u JOIN bucket_row r ON r.tenant_id = u.tenant_id AND r.tbl = u.tbl AND r.id = u.id AND r.op = 'put'
     JOIN blob_upload b ON b.tenant_id = u.tenant_id AND b.dev = u.dev AND b.sha = u.sha AND b.done_at IS NOT NULL
     WHERE u.tenant_id = $1 AND u.sha = $2 AND r.bucket = ANY ($3::text[]) LIMIT 1`,
    [tenant, sha, [...buckets]],
  )
  return found.rows.length > 0
}

/** The bytes from `from` on, for whoever holds a row that names it; null for anybody else, and for one that isn't there. [BLOB8] */
export async function readBlob(
  context: BlobContext,
  { sha, from, buckets }: { readonly sha: string; readonly from: number; readonly buckets: ReadonlySet<string> },
): Promise<{ readonly size: number; readonly content: Uint8Array } | null> {
  const { pool, tenant, store } = context
  const size = await inTenant(pool, tenant, async (client) =>
    (await mayRead(client, tenant, sha, buckets)) ? keptSize(client, tenant, sha) : null,
  )
  if (size === null || (await store.size(tenant, sha)) !== size) return null
  return { size, content: from >= size ? new Uint8Array(0) : await store.read(tenant, sha, from) }
}

/** After so long nobody comes back for an upload, or for what no command named. */
const UNUSED_MS = 30 * 24 * 3_600_000
const SWEPT_AT_ONCE = 20

/**
 * Takes away what was begun and left, and what nothing names. In two steps: marked where nothing names it, then removed under the lock that an
 * upload of the same content takes, if it is marked still. A crash between leaves the mark, and what is marked counts as not here. [BLOB9]
 */
export async function sweepBlobs(context: BlobContext): Promise<number> {
  const { pool, tenant, store, now } = context
  const before = now() - UNUSED_MS
  await inTenant(pool, tenant, async (client) => {
    const left = await client.query<Whose>(
      'DELETE FROM blob_upload WHERE tenant_id = $1 AND done_at IS NULL AND touched_at < $2 RETURNING dev, sha',
      [tenant, before],
    )
    for (const of of left.rows) await dropPieces(client, tenant, of)
    await client.query(
      `UPDATE blob SET state = 'leaving' WHERE tenant_id = $1 AND sha IN (
         SELECT b.sha FROM blob b WHERE b.tenant_id = $1 AND b.state = 'kept' AND b.kept_at < $2
         AND NOT EXISTS (SELECT 1 FROM blob_use u WHERE u.tenant_id = b.tenant_id AND u.sha = b.sha) LIMIT $3 FOR UPDATE SKIP LOCKED)`,
      [tenant, before, SWEPT_AT_ONCE],
    )
  })
  let removed = 0
  const leaving = await inTenant(pool, tenant, (client) =>
    client.query<{ sha: string }>("SELECT sha FROM blob WHERE tenant_id = $1 AND state = 'leaving' LIMIT $2", [
      tenant,
      SWEPT_AT_ONCE,
    ]),
  )
  for (const { sha } of leaving.rows)
    removed += await inTenant(pool, tenant, async (client) => {
      const still = await client.query(
        "SELECT 1 FROM blob WHERE tenant_id = $1 AND sha = $2 AND state = 'leaving' FOR UPDATE",
        [tenant, sha],
      )
      if (still.rows.length === 0) return 0
      // Named since it was marked: it stays, where a crash hasn't taken its bytes already.
      if ((await isNamed(client, tenant, sha)) && (await store.size(tenant, sha)) !== null) {
        await client.query("UPDATE blob SET state = 'kept' WHERE tenant_id = $1 AND sha = $2", [tenant, sha])
        return 0
      }
      await store.remove(tenant, sha)
      await client.query('DELETE FROM blob WHERE tenant_id = $1 AND sha = $2', [tenant, sha])
      await client.query('DELETE FROM blob_upload WHERE tenant_id = $1 AND sha = $2 AND done_at IS NOT NULL', [
        tenant,
        sha,
      ])
      return 1
    })
  return removed
}
