// One hub process at work: its pools, its tenant, its keys, and what the endpoints share. Processes of one hub share
// nothing but the database; every decision is inside a transaction.
import '../device/native-sha256.ts'
import { randomUUID } from 'node:crypto'
import { Pool } from 'pg'
import type { Catalogue } from '../kernel/catalogue.ts'
import { hubDdl } from '../sync/hub/schema.ts'
import { WarmRows } from '../store/postgres/warm-rows.ts'
import { BlobRoom } from '../sync/hub/blob-room.ts'
import type { BlobContext, BlobStore } from '../sync/hub/blobs.ts'
import type { ChunkContext, MakingChunks } from '../sync/hub/chunks.ts'
import { OlderDigests } from '../sync/hub/older-digests.ts'
import { PartSize, type PushContext } from '../sync/hub/push.ts'
import { FairLine } from '../sync/hub/fair-line.ts'
import { OneByOne } from '../sync/hub/one-by-one.ts'
import { eraseAgain } from '../sync/hub/erase-again.ts'
import type { SubjectKeys } from '../sync/hub/subjects.ts'
import { beginClock, inTenant } from '../sync/hub/tenant.ts'
import { KnownDevices } from './device-auth.ts'
import { Door, standardLimits, type Limits } from './door.ts'
import { Hints } from './hints.ts'
import { bringRowsOver } from '../sync/hub/reroute.ts'
import type { HubKeys } from './hub-keys.ts'
import { rightsToday } from './leases.ts'
import type { HubDatabase } from './postgres/open-database.ts'

export interface HubOptions {
  readonly database: HubDatabase
  readonly catalogue: Catalogue
  readonly keys: HubKeys
  readonly tenant: string
  /** Keys of people, outside of the database. */
  readonly subjectKeys: SubjectKeys
  /** Where photos and files lie. */
  readonly blobs: BlobStore
  readonly now?: () => number
  /** Milliseconds that never go back: measures lock time. */
  readonly monotonic?: () => number
  readonly poolSize?: number
  readonly limits?: Limits
  /** Apps of a schema before it may begin nothing new; whatever they have is taken. */
  readonly oldestSchema?: number
}

const STATEMENT_MS_MAX = 120_000

/** Advisory key of migrations: only here, never for the correctness of synced data. */
const MIGRATION_LOCK = 4_801_976

export class Hub {
  readonly pool: Pool
  readonly catalogue: Catalogue
  readonly keys: HubKeys
  readonly tenant: string
  readonly incarnation: string
  readonly now: () => number
  readonly oldestSchema: number | undefined
  private readonly subjectKeys: SubjectKeys
  private readonly blobs: BlobStore
  private readonly room: BlobRoom
  private readonly monotonic: () => number
  private readonly partSize = new PartSize()
  private readonly warm = new WarmRows()
  readonly olderDigests = new OlderDigests()
  private readonly makingChunks: MakingChunks = new Map()
  /** Parts of all pushes of this process, one at a time. */
  private readonly line = new FairLine(1)
  private readonly streams = new OneByOne()
  readonly door: Door
  readonly hints: Hints
  readonly devices: KnownDevices

  /** A process over a database that is migrated: `pool` connects as the app's role. */
  constructor(options: Omit<HubOptions, 'database' | 'poolSize'>, pool: Pool, incarnation: string) {
    this.pool = pool
    this.catalogue = options.catalogue
    this.keys = options.keys
    this.tenant = options.tenant
    this.subjectKeys = options.subjectKeys
    this.blobs = options.blobs
    this.oldestSchema = options.oldestSchema
    this.now = options.now ?? Date.now
    this.monotonic = options.monotonic ?? (() => performance.now())
    this.incarnation = incarnation
    const limits = options.limits ?? standardLimits
    this.door = new Door(limits, this.now)
    this.room = new BlobRoom(limits.room)
    this.hints = new Hints(() => this.clock())
    this.devices = new KnownDevices(this)
  }

  /** Migrates as the schema's owner, then serves as the app role that owns nothing. */
  static async open(options: HubOptions): Promise<Hub> {
    const incarnation = await migrate(options)
    const pool = new Pool({
      ...options.database.appConfig,
      max: options.poolSize ?? 8,
      // A statement that hangs, or a process that died in the middle of one, mustn't hold the tenant's clock for ever.
      statement_timeout: STATEMENT_MS_MAX,
      idle_in_transaction_session_timeout: STATEMENT_MS_MAX,
    })
    // A connection that dies while idle is replaced at its next use; an unheard error event would end the process.
    pool.on('error', () => undefined)
    // Nor may one that dies at work: whoever asked it hears that from the question, which fails.
    pool.on('connect', (client) => void client.on('error', () => undefined))
    const hub = new Hub(options, pool, incarnation)
    await hub.eraseAgain()
    return hub
  }

  get pushContext(): PushContext {
    return {
      pool: this.pool,
      catalogue: this.catalogue,
      tenant: this.tenant,
      incarnation: this.incarnation,
      now: this.now,
      monotonic: this.monotonic,
      verify: (jws) => this.keys.verify(jws),
      committed: (_, w) => this.hints.rose(w),
      rightsToday: (client, user) => rightsToday(client, this, user),
      keys: this.subjectKeys,
      partSize: this.partSize,
      warm: this.warm,
      line: this.line,
      streams: this.streams,
    }
  }

  get chunkContext(): ChunkContext {
    const { pool, catalogue, tenant, incarnation, now } = this
    return { pool, catalogue, tenant, incarnation, now, making: this.makingChunks }
  }

  /** Before it serves anybody: a database from a backup may be older than an erasure. [ERASE5] */
  eraseAgain(): Promise<number> {
    return eraseAgain(this.pushContext)
  }

  /** The tenant's clock as it is committed now. */
  async clock(): Promise<number> {
    const found = await inTenant(this.pool, this.tenant, (client) =>
      client.query<{ seq: number }>('SELECT seq FROM tenant_clock WHERE tenant_id = $1', [this.tenant]),
    )
    return found.rows[0]?.seq ?? 0
  }

  get blobContext(): BlobContext {
    const { pool, tenant, now, blobs, room } = this
    return { pool, tenant, now, store: blobs, room }
  }

  async close(): Promise<void> {
    this.hints.stop()
    await this.pool.end()
  }
}

async function migrate({ database, catalogue, tenant }: HubOptions): Promise<string> {
  const owner = new Pool({ ...database.ownerConfig, max: 1 })
  try {
    const client = await owner.connect()
    try {
      await client.query('BEGIN')
      await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
      await client.query("SELECT set_config('client_min_messages', 'warning', true)")
      await client.query(hubDdl(catalogue, database.appRole))
      await client.query("SELECT set_config('holdfast.tenant', $1, true)", [tenant])
      await client.query("INSERT INTO hub_meta (key, value) VALUES ('incarnation', $1) ON CONFLICT DO NOTHING", [
        randomUUID(),
      ])
      await beginClock(client, tenant)
      await bringRowsOver(client, { tenant, catalogue })
      const found = await client.query<{ value: string }>("SELECT value FROM hub_meta WHERE key = 'incarnation'")
      await client.query('COMMIT')
      return found.rows[0]?.value ?? ''
    } finally {
      client.release()
    }
  } finally {
    await owner.end()
  }
}
