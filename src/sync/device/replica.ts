// One device's copy of its company: the catalogue, the business tables, the outbox and the book of touches over one
// database, with the identity it works under. Everything that captures, settles or pulls goes through this object.
import type { Catalogue } from '../../kernel/catalogue.ts'
import type { Lease } from '../../kernel/lease.ts'
import { FIRST_SCHEMA } from '../../kernel/table.ts'
import type { Sqlite } from '../../store/sqlite/engine.ts'
import { SqliteStore } from '../../store/sqlite/sqlite-store.ts'
import { textHash, type DeviceKeys, type Jwk } from '../seal.ts'
import { KeptBlobs } from './kept-blobs.ts'
import { Meta } from './meta.ts'
import { Touches } from './touches.ts'
import { bringUpToDate } from './upgrade.ts'
import { WaitingWork } from './waiting-work.ts'

/** Who this database is: stored inside it at enrolment. */
export interface Identity {
  readonly hubUrl: string
  readonly tenant: string
  readonly dev: string
  readonly ep: number
  readonly keys: DeviceKeys
  /** The hub's signature over tenant, device, epoch, key and hub keys: its hash is `prev` of the first command. */
  readonly certificate: string
  readonly hubKeys: readonly Jwk[]
  readonly incarnation: string
  /** The sequence that the first command of this life follows; left out: none. */
  readonly after?: number
}

export interface HeldLease {
  readonly jws: string
  readonly hash: string
  readonly lease: Lease
}

/** A lease lives 30 days at most, and an envelope stays 30 days after it settled. */
const LEASES_KEPT_MS = 90 * 24 * 3_600_000

export class Replica {
  readonly db: Sqlite
  readonly catalogue: Catalogue
  readonly store: SqliteStore
  readonly touches: Touches
  readonly meta: Meta
  readonly waiting: WaitingWork
  /** What kept the database as the release before left it; null: it is today's. [VER3] */
  readonly heldBack: unknown
  readonly blobs: KeptBlobs
  private heldBuckets: ReadonlySet<string> | null = null

  constructor(db: Sqlite, catalogue: Catalogue) {
    this.db = db
    this.catalogue = catalogue
    this.meta = new Meta(db)
    this.waiting = new WaitingWork(db)
    this.blobs = new KeptBlobs(db, () => this.incarnation)
    this.store = new SqliteStore(db, (bucket) => this.holds(bucket))
    this.touches = new Touches(this.store)
    this.heldBack = bringUpToDate(this)
  }

  /** This release couldn't be brought in: the database is the one of the release before, to be read and sent from, and nothing else. */
  get isHeldBack(): boolean {
    return this.heldBack !== null
  }

  identity(): Identity | null {
    return this.meta.json<Identity>('identity')
  }

  lease(): HeldLease | null {
    return this.meta.json<HeldLease>('lease')
  }

  /** From now on this device works under `held`; earlier leases stay for the work done under them. */
  keepLease(held: HeldLease): void {
    this.meta.set('lease', JSON.stringify(held))
    this.db.run('INSERT OR IGNORE INTO lease_held (hash, jws, at) VALUES (?, ?, ?)', [
      held.hash,
      held.jws,
      held.lease.from,
    ])
    this.db.run('DELETE FROM lease_held WHERE at < ?', [held.lease.from - LEASES_KEPT_MS])
  }

  /** What work needs of the first download is here. */
  get isReady(): boolean {
    if (this.meta.get('ready') !== '1') return false
    const lacking = this.db.get('SELECT 1 FROM bootstrap_chunk WHERE is_essential = 1 AND is_applied = 0 LIMIT 1')
    return lacking === undefined
  }

  /** Buckets that come by chunks and aren't whole yet: no pull is for them. */
  downloading(): ReadonlySet<string> {
    const found = this.db.all<{ bucket: string }>('SELECT DISTINCT bucket FROM bootstrap_chunk WHERE is_applied = 0')
    return new Set(found.map(({ bucket }) => bucket))
  }

  private newest(): { readonly seq: number; readonly epoch: number; readonly seal: string } | undefined {
    return this.db.get('SELECT seq, epoch, seal FROM outbox ORDER BY seq DESC LIMIT 1')
  }

  /**
   * What the next command follows: how many commands this device has captured, in all of its lives (the outbox never loses its newest),
   * and the seal before it, or in a new life the hash of its certificate. [SEAL1]
   */
  endOfChain({ ep, certificate, after = 0 }: Identity): { readonly seq: number; readonly seal: string } {
    const newest = this.newest()
    return { seq: newest?.seq ?? after, seal: newest?.epoch === ep ? newest.seal : textHash(certificate) }
  }

  get seq(): number {
    return this.newest()?.seq ?? this.identity()?.after ?? 0
  }

  /** The life of the hub that this device last heard of. */
  get incarnation(): string {
    return this.meta.get('incarnation') ?? this.identity()?.incarnation ?? ''
  }

  get watermark(): number {
    return this.meta.number('watermark')
  }

  /** Whether this device carries the whole of a bucket. */
  holds(bucket: string): boolean {
    this.heldBuckets ??= new Set(
      this.db.all<{ name: string }>('SELECT name FROM bucket WHERE is_complete = 1').map(({ name }) => name),
    )
    return this.heldBuckets.has(bucket)
  }

  bucketsChanged(): void {
    this.heldBuckets = null
  }
}

/** The schema that both this device and the hub know, as far as a pull told. */
export const knownSchema = ({ meta, catalogue }: Replica): number =>
  Math.min(Math.max(FIRST_SCHEMA, meta.number('hubSchema')), catalogue.schema)
