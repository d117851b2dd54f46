// One hub process at work: its pools, its tenant, its keys, and what the endpoints share. Processes of one hub share
// nothing but the database; every decision is inside a transaction.
import '../device/native-sha256.ts'
import { randomUUID } from 'node:crypto'
import { Pool } from 'pg'
import type { Catalogue } from '../kernel/catalogue.ts'
import { hubDdl } from '../sync/hub/schema.ts'
import { WarmRows } from '../store/postgres/warm-rows.ts'
import type { ChunkContext, MakingChunks } from '../sync/hub/chunks.ts'
import { PartSize, type PushContext } from '../sync/hub/push.ts'
import type { HubKeys } from './hub-keys.ts'
import type { HubDatabase } from './postgres/open-database.ts'

export interface HubOptions {
  readonly database: HubDatabase
  readonly catalogue: Catalogue
  readonly keys: HubKeys
  readonly tenant: string
  readonly now?: () => number
  /** Milliseconds that never go back: measures lock time. */
  readonly monotonic?: () => number
  readonly poolSize?: number
}

/** Advisory key of migrations: only here, never for the correctness of synced data. */
const MIGRATION_LOCK = 4_801_976

export class Hub {
  readonly pool: Pool
  readonly catalogue: Catalogue
  readonly keys: HubKeys
  readonly tenant: string
  readonly incarnation: string
  readonly now: () => number
  private readonly monotonic: () => number
  private readonly partSize = new PartSize()
  private readonly warm = new WarmRows()
  private readonly makingChunks: MakingChunks = new Map()
  private readonly watchers = new Set<(w: number) => void>()

  /** A process over a database that is migrated: `pool` connects as the app's role. */
  constructor(options: Omit<HubOptions, 'database' | 'poolSize'>, pool: Pool, incarnation: string) {
    this.pool = pool
    this.catalogue = options.catalogue
    this.keys = options.keys
    this.tenant = options.tenant
    this.now = options.now ?? Date.now
    this.monotonic = options.monotonic ?? (() => performance.now())
    this.incarnation = incarnation
  }

  /** Migrates as the schema's owner, then serves as the app role that owns nothing. */
  static async open(options: HubOptions): Promise<Hub> {
    const incarnation = await migrate(options)
    const pool = new Pool({ ...options.database.appConfig, max: options.poolSize ?? 8 })
    // A connection that dies while idle is replaced at its next use; an unheard error event would end the process.
    pool.on('error', () => undefined)
    return new Hub(options, pool, incarnation)
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
      committed: (_, w) => this.rose(w),
      partSize: this.partSize,
      warm: this.warm,
    }
  }

  get chunkContext(): ChunkContext {
    const { pool, catalogue, tenant, incarnation, now } = this
    return { pool, catalogue, tenant, incarnation, now, making: this.makingChunks }
  }

  /** Called with the clock's value after each commit of this process. */
  watch(listener: (w: number) => void): () => void {
    this.watchers.add(listener)
    return () => this.watchers.delete(listener)
  }

  get hasWatchers(): boolean {
    return this.watchers.size > 0
  }

  rose(w: number): void {
    for (const watcher of this.watchers) watcher(w)
  }

  async close(): Promise<void> {
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
      await client.query('INSERT INTO tenant_clock (tenant_id, seq) VALUES ($1, 0) ON CONFLICT DO NOTHING', [tenant])
      await client.query("INSERT INTO hub_meta (key, value) VALUES ('incarnation', $1) ON CONFLICT DO NOTHING", [
        randomUUID(),
      ])
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
