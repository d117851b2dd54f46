// A device at work: saves commands at once, answers views, and settles with the hub by itself whenever it can be
// reached. Work never waits for the network; the status is derived from the durable outbox and the last exchange.
import type { View } from '../../kernel/view.ts'
import { SqliteError } from '../../store/sqlite/sqlite-error.ts'
import type { DeviceApi, DeviceFault, DeviceStatus, OutboxEntry, RunAnswer, RunOptions, SignedIn } from './api.ts'
import { Bootstrap } from './bootstrap.ts'
import { capture } from './capture.ts'
import type { DeviceClock } from './clock.ts'
import { HubClock } from './hub-clock.ts'
import { Exchange, incarnationOf } from './exchange.ts'
import { noteIncident } from './incident.ts'
import { LeaseClock } from './lease-clock.ts'
import { refusalOfWork, standingFault } from './new-work.ts'
import { takeLease } from './profile.ts'
import { integrityOf, SelfCheck } from './integrity.ts'
import type { Identity, Replica } from './replica.ts'
import { needsAuthor, savedWork } from './saved-work.ts'
import { makeRescue, type Rescue } from './rescue.ts'
import { Scrub } from './scrub.ts'
import { Schedule } from './schedule.ts'
import { HubSession } from './session.ts'
import { readLease } from './signed.ts'
import { syncSettingsOf } from './sync-settings.ts'
import { HubError, OfflineError, type Transport } from './transport.ts'

export interface DeviceParts {
  readonly replica: Replica
  readonly identity: Identity
  readonly transport: Transport
  readonly clock: DeviceClock
  /** Version of the app: recorded in every envelope. */
  readonly app: string
  /** Start exchanging by itself (default); false: only when `sync()` is called. */
  readonly isAutomatic?: boolean
  /** Milliseconds between polls while nothing happens, where the company has no wish of its own. */
  readonly pollIntervalMs?: number
  /** Whether the connection is paid by the byte, as far as the platform tells. */
  readonly isMetered?: () => boolean
}

/** Rows looked at after each exchange: some milliseconds of the worker. */
const SCRUB_ROWS = 200

export class Device implements DeviceApi {
  /** For checks and reports that a screen wouldn't make. */
  readonly replica: Replica
  private readonly identity: Identity
  private readonly clock: DeviceClock
  private readonly app: string
  private readonly hubClock: HubClock
  private readonly session: HubSession
  private readonly exchange: Exchange
  private readonly schedule: Schedule
  private readonly bootstrap: Bootstrap
  /** Large downloads, beside the exchange: neither waits for the other. */
  private readonly lane: Schedule
  /** The last try of the lane reached its end. */
  private isLaneOpen = true
  private readonly scrub: Scrub
  private readonly selfCheck: SelfCheck
  private readonly leaseClock: LeaseClock
  private readonly statusListeners = new Set<(status: DeviceStatus) => void>()
  private readonly changeListeners = new Set<(tables: ReadonlySet<string>) => void>()
  private stage: DeviceStatus['exchange'] = 'idle'
  private progress: DeviceStatus['progress'] = null
  private isOnline = false
  private lastTryAt: number | null = null
  private fault: DeviceFault | null = null
  /** What the exchange that is under way found wrong. */
  private exchangeFault: DeviceFault | null = null
  private stopHints: (() => void) | null = null
  private isClosed = false
  private isTelling = false

  constructor(parts: DeviceParts) {
    this.replica = parts.replica
    this.identity = parts.identity
    this.clock = parts.clock
    this.app = parts.app
    this.session = new HubSession(parts.transport, parts.identity, () => parts.replica.lease()?.jws ?? '')
    this.hubClock = new HubClock(parts.clock, parts.replica.meta)
    this.bootstrap = new Bootstrap({
      replica: parts.replica,
      session: this.session,
      transport: parts.transport,
      incarnation: () => incarnationOf(parts),
      changed: (tables) => this.changed(tables),
      now: () => parts.clock.now(),
    })
    this.exchange = new Exchange({
      replica: parts.replica,
      identity: parts.identity,
      session: this.session,
      transport: parts.transport,
      bootstrap: this.bootstrap,
      now: () => parts.clock.now(),
      monotonic: () => parts.clock.monotonic(),
      hubClock: this.hubClock,
      events: {
        changed: (tables) => this.changed(tables),
        progress: (stage, done, total) => this.progressed(stage, done, total),
        fault: (fault) => (this.exchangeFault = fault),
        leased: (jws) => this.leased(jws),
        dated: (hubNow, askedAt) => this.leaseClock.heard(hubNow, askedAt),
      },
    })
    this.leaseClock = new LeaseClock(parts.replica, parts.clock)
    this.scrub = new Scrub(parts.replica)
    this.selfCheck = new SelfCheck(parts.replica)
    this.schedule = new Schedule(
      parts.clock,
      () => this.exchangeOnce(),
      () => syncSettingsOf(parts.replica.lease()?.lease.policy ?? {}, parts.pollIntervalMs),
      parts.isAutomatic ?? true,
      () => this.tell(),
      parts.isMetered,
    )
    this.lane = new Schedule(
      parts.clock,
      () => this.downloadAll(),
      () => syncSettingsOf(parts.replica.lease()?.lease.policy ?? {}, parts.pollIntervalMs),
      parts.isAutomatic ?? true,
      () => undefined,
      parts.isMetered,
    )
    if (parts.isAutomatic ?? true) {
      this.stopHints = parts.transport.hints(
        '/sync/hint',
        () => this.session.proof('GET', '/sync/hint', null),
        (w) => this.hinted(w),
      )
      this.schedule.soon()
      this.leaseClock.watch(() => this.tell())
    }
  }

  async run(command: string, args: Readonly<Record<string, unknown>>, options: RunOptions = {}): Promise<RunAnswer> {
    const refusal = refusalOfWork(this.replica, this.leaseClock)
    if (refusal !== null) return { saved: false, refusal }
    try {
      const moment = {
        at: this.clock.now(),
        tz: this.clock.timeZone(),
        mono: Math.floor(this.clock.monotonic()),
        app: this.app,
        off: this.hubClock.estimate(),
      }
      const answer = capture(this.replica, moment, command, args, options)
      if (answer.saved) {
        if (this.fault === 'storage-full') this.fault = null
        this.changed(new Set([...Object.keys(answer.inserted), ...this.replica.tablesTouchedBy(answer.seq)]))
        this.schedule.soon('save')
      }
      return answer
    } catch (fault) {
      if (!(fault instanceof SqliteError) || fault.kind !== 'disk-full') throw fault
      this.faulted('storage-full')
      return { saved: false, refusal: { code: 'device.storage-full', facts: {}, check: 'rule' } }
    }
  }

  async query<R>(name: string, args: Readonly<Record<string, unknown>> = {}): Promise<readonly R[]> {
    this.leaseClock.requireRead()
    const view = this.replica.catalogue.views.get(name) as View | undefined
    if (view === undefined) throw new TypeError(`There is no view ${name}.`)
    const { text, params } = view.sql(args)
    return this.replica.db.all<R>(text, params)
  }

  async signedIn(): Promise<SignedIn> {
    const lease = this.replica.lease()?.lease
    if (lease === undefined) throw new Error('This device holds no lease.')
    const { user, name, company, branch, roles, permissions, limits, policy } = lease
    return { user, name, company, branch, roles, permissions, limits, policy }
  }

  get isPushOnly(): boolean {
    return this.leaseClock.isOver
  }

  async status(): Promise<DeviceStatus> {
    const { db, meta } = this.replica
    const waiting = this.replica.waiting.read()
    const incidents = db.get<{ n: number }>('SELECT COUNT(*) AS n FROM incident')
    const contact = meta.get('contactAt')
    return {
      device: this.identity.dev,
      epoch: this.identity.ep,
      tenant: this.identity.tenant,
      hubUrl: this.identity.hubUrl,
      waiting: waiting.count,
      oldestWaitingAt: waiting.oldestAt,
      needsYou: needsAuthor(db, this.identity.dev),
      exchange: this.stage,
      progress: this.progress,
      isOnline: this.isOnline,
      lastContactAt: contact === null ? null : Number(contact),
      lastTryAt: this.lastTryAt,
      nextTryAt: this.schedule.nextAt,
      pollIntervalMs: this.schedule.intervalMs,
      watermark: this.replica.watermark,
      seq: this.replica.meta.number('seq'),
      isReady: this.replica.isReady,
      integrity: integrityOf(this.replica),
      download: this.bootstrap.progress(),
      bytesSent: this.session.bytesSent,
      bytesReceived: this.session.bytesReceived,
      fault: this.fault ?? standingFault(this.replica, this.leaseClock),
      isPushOnly: this.isPushOnly,
      leaseUntil: this.leaseClock.until,
      incidents: incidents?.n ?? 0,
    }
  }

  async outbox(): Promise<readonly OutboxEntry[]> {
    this.leaseClock.requireRead()
    return savedWork(this.replica.db, this.identity.dev)
  }

  async acknowledge(seq: number): Promise<void> {
    this.replica.db.run('UPDATE outbox SET is_acknowledged = 1 WHERE seq = ?', [seq])
    this.tell()
  }

  async rescue(passphrase: string): Promise<Rescue | null> {
    return makeRescue(this.replica, passphrase)
  }

  async sync(): Promise<DeviceStatus> {
    await this.schedule.now()
    this.isLaneOpen = true
    while (this.isOnline && this.isLaneOpen && !this.isClosed && this.bootstrap.isUnderWay) {
      await this.lane.now()
      // What chunks began, a pull completes.
      await this.schedule.now()
    }
    return this.status()
  }

  onStatus(listener: (status: DeviceStatus) => void): () => void {
    this.statusListeners.add(listener)
    return () => this.statusListeners.delete(listener)
  }

  onChange(listener: (tables: ReadonlySet<string>) => void): () => void {
    this.changeListeners.add(listener)
    return () => this.changeListeners.delete(listener)
  }

  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    this.stopHints?.()
    this.leaseClock.stop()
    this.session.stop()
    await this.schedule.stop()
    await this.lane.stop()
    this.replica.db.close()
  }

  /** Whether the hub was reached: decides when the schedule tries again. */
  private async exchangeOnce(): Promise<boolean> {
    if (this.isClosed) return true
    this.lastTryAt = this.clock.now()
    this.exchangeFault = null
    try {
      this.leaseClock.keep()
      await this.exchange.run()
      this.isOnline = true
      // A whole exchange mends what the one before found, and says again what still stands.
      this.fault = this.exchangeFault
      if (!this.isClosed) this.lookAfter()
      if (!this.isClosed && this.bootstrap.isUnderWay) this.lane.soon()
      return true
    } catch (error) {
      this.isOnline = !(error instanceof OfflineError)
      if (error instanceof HubError) this.refusedBy(error)
      else if (error instanceof OfflineError) this.holdFor(error.retryAfter)
      else this.brokenBy(error)
      return false
    } finally {
      this.stage = 'idle'
      this.progress = null
      this.noteContact()
      this.tell()
    }
  }

  /** Idle work after an exchange: held rows and saved lines are still what they were. */
  private lookAfter(): void {
    if (this.replica.isHeldBack) return
    const now = this.clock.now()
    this.selfCheck.step(now, SCRUB_ROWS)
    if (this.scrub.step(now, SCRUB_ROWS)) this.schedule.soon()
  }

  /** Chunk after chunk; whether each that was left came. The exchange says what a failure means for the person. */
  private async downloadAll(): Promise<boolean> {
    this.isLaneOpen = false
    try {
      while (!this.isClosed) {
        const before = this.replica.downloading().size
        if (!(await this.bootstrap.step())) break
        this.tell()
        if (this.replica.downloading().size < before) this.schedule.soon()
      }
      this.isLaneOpen = true
    } catch (error) {
      const isWorld = error instanceof OfflineError || error instanceof HubError
      if (!isWorld) this.brokenBy(error)
      else if (error.retryAfter !== null) this.lane.holdFor(error.retryAfter * 1000)
    }
    return this.isLaneOpen
  }

  /** When the hub last answered is worth nothing to a disk that is full. */
  private noteContact(): void {
    if (!this.isOnline || this.isClosed) return
    try {
      this.replica.meta.set('contactAt', String(this.clock.now()))
    } catch (fault) {
      if (!(fault instanceof SqliteError) || fault.kind !== 'disk-full') throw fault
      this.fault = 'storage-full'
    }
  }

  private holdFor(retryAfterS: number | null): void {
    if (retryAfterS !== null) this.schedule.holdFor(retryAfterS * 1000)
  }

  /** A full disk is the world's fault and is shown. Anything else is a bug: it is kept for whoever looks, and thrown. */
  private brokenBy(error: unknown): void {
    if (error instanceof SqliteError && error.kind === 'disk-full') return this.faulted('storage-full')
    if (!this.isClosed)
      noteIncident(this.replica.db, this.clock.now(), 'bug', error instanceof Error ? error.message : String(error))
    throw error
  }

  private refusedBy({ status, code, retryAfter }: HubError): void {
    this.holdFor(retryAfter)
    if (status === 401 || status === 403) this.fault = code === 'sync.revoked' ? 'revoked' : 'signed-out'
    // The hub speaks another protocol: this app keeps everything, goes on fetching, and is to be updated. [VER2]
    else if (code === 'push.other-protocol') this.fault = 'update-needed'
    else if (status !== 429) noteIncident(this.replica.db, this.clock.now(), 'hub-refused', `${status} ${code}`)
  }

  private hinted(w: number): void {
    if (w > this.replica.watermark) this.schedule.soon('hint')
  }

  private async leased(jws: string): Promise<void> {
    const changed = takeLease(this.replica, await readLease(jws, this.identity.hubKeys))
    // Told at once, also without a changed row: a lease that was over is over no more.
    this.changed(changed)
  }

  private progressed(stage: 'sending' | 'receiving', done: number, total: number): void {
    this.stage = stage
    this.progress = { done, total }
    this.tell()
  }

  private faulted(fault: DeviceFault | null): void {
    this.fault = fault
    this.tell()
  }

  private changed(tables: ReadonlySet<string>): void {
    for (const listener of this.changeListeners) listener(tables)
    this.tell()
  }

  private tell(): void {
    if (this.isTelling || this.statusListeners.size === 0) return
    this.isTelling = true
    // Whatever happens in one turn is told once.
    void Promise.resolve().then(async () => {
      this.isTelling = false
      if (this.isClosed) return
      const status = await this.status()
      for (const listener of this.statusListeners) listener(status)
    })
  }
}
