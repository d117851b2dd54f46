// A device at work: saves commands at once, answers views, and settles with the hub by itself whenever it can be
// reached. Work never waits for the network; the status is derived from the durable outbox and the last exchange.
import type { View } from '../../kernel/view.ts'
import { isDiskFull } from '../../store/sqlite/sqlite-error.ts'
import type {
  BlobWhere,
  DeviceApi,
  DeviceFault,
  DeviceStatus,
  Foreseen,
  OutboxEntry,
  RunAnswer,
  RunOptions,
  SignedIn,
  Taken,
  WhoIsBack,
} from './api.ts'
import { BlobLane } from './blob-lane.ts'
import { Bootstrap } from './bootstrap.ts'
import { capture, momentOf, type Moment } from './capture.ts'
import type { DeviceClock } from './clock.ts'
import { foresee } from './foresight.ts'
import { HubClock } from './hub-clock.ts'
import { Exchange } from './exchange.ts'
import { IdleWork } from './idle-work.ts'
import { noteIncident } from './incident.ts'
import { LeaseClock } from './lease-clock.ts'
import { refusalOfWork, standingFault } from './new-work.ts'
import { takeLease } from './profile.ts'
import { confirmErasures } from './erasures.ts'
import { durableStatus, signedInOf } from './durable-status.ts'
import { Lane } from './lane.ts'
import type { Identity, Replica } from './replica.ts'
import { savedWork } from './saved-work.ts'
import { askOffice } from './office.ts'
import { makeRescue, type Rescue } from './rescue.ts'
import { Schedule } from './schedule.ts'
import { HubSession } from './session.ts'
import { readLease } from './signed.ts'
import { forPhotos, syncSettingsOf } from './sync-settings.ts'
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

const storageFull = { code: 'device.storage-full', facts: {}, check: 'rule' } as const

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
  /** Large downloads and photos, beside the exchange: none waits for another. */
  private readonly downloads: Lane
  private readonly uploads: Lane
  private readonly blobs: BlobLane
  private readonly idle: IdleWork
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
      incarnation: () => parts.replica.incarnation,
      changed: (tables) => this.changed(tables),
      now: () => parts.clock.now(),
    })
    this.exchange = new Exchange({
      replica: parts.replica,
      identity: parts.identity,
      session: this.session,
      transport: parts.transport,
      bootstrap: this.bootstrap,
      clock: parts.clock,
      hubClock: this.hubClock,
      events: {
        changed: (tables) => this.changed(tables),
        progress: (stage, done, total) => this.progressed(stage, done, total),
        fault: (fault) => (this.exchangeFault = fault),
        leased: (jws) => this.leased(jws),
        dated: (hubNow, asked) => this.leaseClock.heard(hubNow, asked),
      },
    })
    this.leaseClock = new LeaseClock(parts.replica, parts.clock)
    const { clock, replica, isMetered, isAutomatic = true } = parts
    this.idle = new IdleWork({ replica, clock, isAutomatic, found: () => this.schedule.soon() })
    const settings = () => syncSettingsOf(replica.lease()?.lease.policy ?? {}, parts.pollIntervalMs)
    const work = () => this.exchangeOnce()
    this.schedule = new Schedule(clock, work, settings, isAutomatic, () => this.tell(), isMetered)
    this.blobs = new BlobLane({ replica, session: this.session, clock })
    const outcome = { isClosed: () => this.isClosed, broken: (fault: unknown) => this.brokenBy(fault) }
    const beside = { clock, isAutomatic, isMetered, ...outcome }
    this.downloads = new Lane({ ...beside, settings, step: () => this.downloadOne() })
    this.uploads = new Lane({ ...beside, settings: () => forPhotos(settings()), step: () => this.uploadOne() })
    if (isAutomatic) {
      this.stopHints = parts.transport.hints(
        '/sync/hint',
        () => this.session.proof('GET', '/sync/hint', null),
        (w) => {
          if (w > this.replica.watermark) this.schedule.soon('hint')
        },
      )
      this.schedule.soon()
      if (this.blobs.isWaiting) this.uploads.soon()
      this.leaseClock.watch(() => this.tell())
    }
  }

  async run(command: string, args: Readonly<Record<string, unknown>>, options: RunOptions = {}): Promise<RunAnswer> {
    const refusal = refusalOfWork(this.replica, this.leaseClock)
    if (refusal !== null) return { saved: false, refusal }
    const answer = this.save(command, args, options)
    if (answer.saved) {
      if (this.fault === 'storage-full') this.fault = null
      this.changed(new Set(this.replica.touches.writtenBy(answer.seq).map(({ tbl }) => tbl)))
      this.schedule.soon('save')
      if (this.blobs.isWaiting) this.uploads.soon('save')
    }
    return answer
  }

  private readonly save = (...of: Parameters<DeviceApi['run']>): RunAnswer =>
    this.unlessFull(() => capture(this.replica, this.moment, ...of)) ?? { saved: false, refusal: storageFull }

  async foresee(command: string, args: Readonly<Record<string, unknown>>): Promise<readonly Foreseen[]> {
    this.leaseClock.requireRead()
    return foresee(this.replica, this.moment, command, args)
  }

  async query<R>(name: string, args: Readonly<Record<string, unknown>> = {}): Promise<readonly R[]> {
    this.leaseClock.requireRead()
    const view = this.replica.catalogue.views.get(name) as View | undefined
    if (view === undefined) throw new TypeError(`There is no view ${name}.`)
    const { text, params } = view.sql(args)
    return this.replica.db.all<R>(text, params)
  }

  async signedIn(): Promise<SignedIn> {
    return signedInOf(this.replica)
  }

  private get moment(): Moment {
    return momentOf(this.clock, this.app, this.hubClock.estimate())
  }

  get isPushOnly(): boolean {
    return this.leaseClock.isOver
  }

  async status(): Promise<DeviceStatus> {
    return {
      ...durableStatus(this.replica, this.identity),
      exchange: this.stage,
      progress: this.progress,
      isOnline: this.isOnline,
      lastTryAt: this.lastTryAt,
      nextTryAt: this.schedule.nextAt,
      pollIntervalMs: this.schedule.intervalMs,
      download: this.bootstrap.progress(),
      bytesSent: this.session.bytesSent,
      bytesReceived: this.session.bytesReceived,
      fault: this.fault ?? standingFault(this.replica, this.leaseClock),
      isPushOnly: this.isPushOnly,
      leaseUntil: this.leaseClock.until,
    }
  }

  async outbox(): Promise<readonly OutboxEntry[]> {
    this.leaseClock.requireRead()
    return savedWork(this.replica.db, this.identity)
  }

  async take(content: Uint8Array): Promise<Taken> {
    const refusal = refusalOfWork(this.replica, this.leaseClock)
    if (refusal !== null) return { taken: false, refusal }
    const taken = this.unlessFull(() => this.replica.blobs.take(content, this.clock.now()))
    return taken ?? { taken: false, refusal: storageFull }
  }

  async untake(sha: string): Promise<void> {
    this.unlessFull(() => this.replica.blobs.untake(sha))
  }

  async blob(sha: string, size: number): Promise<Uint8Array | null | 'offline'> {
    this.leaseClock.requireRead()
    return this.blobs.read(sha, size)
  }

  async blobsTaken(): Promise<Readonly<Record<string, BlobWhere>>> {
    return this.replica.blobs.whereabouts()
  }

  async acknowledge(seq: number): Promise<void> {
    this.unlessFull(() => this.replica.db.run('UPDATE outbox SET is_acknowledged = 1 WHERE seq = ?', [seq]))
    this.tell()
  }

  async rescue(passphrase: string): Promise<Rescue | null> {
    return makeRescue(this.replica, passphrase)
  }

  readonly office: DeviceApi['office'] = (question, given) => askOffice(this.session, question, given)

  async sync(): Promise<DeviceStatus> {
    await this.schedule.now()
    this.downloads.isOpen = true
    while (this.isOnline && this.downloads.isOpen && !this.isClosed && this.bootstrap.isUnderWay) {
      await this.downloads.now()
      // What chunks began, a pull completes.
      await this.schedule.now()
    }
    if (this.isOnline && !this.isClosed && this.blobs.isWaiting) await this.uploads.now()
    return this.status()
  }

  /** Lanes too: each has failures of its own. What hangs on the network before is given up. */
  wake(who: WhoIsBack): void {
    if (who === 'network') this.session.giveUp()
    for (const each of [this.schedule, this.downloads, this.uploads]) each.soon('return')
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
    this.idle.stop()
    this.leaseClock.stop()
    this.session.stop()
    await this.schedule.stop()
    await this.downloads.stop()
    await this.uploads.stop()
    this.replica.db.close()
  }

  /** Whether the hub was reached: decides when the schedule tries again. A disk that is full says nothing of the network. */
  private async exchangeOnce(): Promise<boolean> {
    if (this.isClosed) return true
    this.lastTryAt = this.clock.now()
    this.exchangeFault = null
    let isNoted = false
    const heard = this.session.bytesReceived
    try {
      this.leaseClock.keep()
      this.hubClock.keep()
      isNoted = await this.exchange.run()
      // One that can't take anything down and has nothing to send asked nobody, and knows nothing. [VER3]
      this.isOnline = this.session.bytesReceived > heard
      // A whole exchange mends what the one before found, and says again what still stands.
      this.fault = this.exchangeFault
      if (!this.isClosed && confirmErasures(this.replica, this.save)) this.schedule.soon('save')
      if (!this.isClosed) this.idle.lookSoon()
      if (!this.isClosed && this.bootstrap.isUnderWay) this.downloads.soon()
      if (!this.isClosed && this.blobs.isWaiting) this.uploads.soon()
      return true
    } catch (error) {
      this.isOnline = !(error instanceof OfflineError) && this.session.bytesReceived > heard
      if (error instanceof HubError) this.refusedBy(error)
      else if (error instanceof OfflineError) this.holdFor(error.retryAfter)
      else this.brokenBy(error)
      return false
    } finally {
      this.stage = 'idle'
      this.progress = null
      if (!isNoted && this.isOnline && !this.isClosed)
        this.unlessFull(() => this.replica.meta.set('contactAt', String(this.clock.now())))
      this.tell()
    }
  }

  /** The next chunk; the exchange says what a failure means for the person. */
  private async downloadOne(): Promise<boolean> {
    const before = this.replica.downloading().size
    if (!(await this.bootstrap.step())) return false
    this.tell()
    if (this.replica.downloading().size < before) this.schedule.soon()
    return true
  }

  private async uploadOne(): Promise<boolean> {
    return this.blobs.step().finally(() => this.tell())
  }

  /** Nothing was written when the disk is full: null, and it is shown. */
  private unlessFull<T>(write: () => T): T | null {
    try {
      return write()
    } catch (fault) {
      if (!isDiskFull(fault)) throw fault
      this.faulted('storage-full')
      return null
    }
  }

  private holdFor(retryAfterS: number | null): void {
    if (retryAfterS !== null) this.schedule.holdFor(retryAfterS * 1000)
  }

  /** A full disk is the world's fault and is shown. Anything else is a bug: it is kept for whoever looks, and thrown. */
  private brokenBy(error: unknown): void {
    if (isDiskFull(error)) return this.faulted('storage-full')
    if (!this.isClosed) this.note('bug', error instanceof Error ? error.message : String(error))
    throw error
  }

  private refusedBy({ status, code, retryAfter }: HubError): void {
    this.holdFor(retryAfter)
    if (status === 401 || status === 403) this.fault = code === 'sync.revoked' ? 'revoked' : 'signed-out'
    // The hub speaks another protocol: this app keeps everything, goes on fetching, and is to be updated. [VER2]
    else if (code === 'push.other-protocol') this.fault = 'update-needed'
    else if (status !== 429) this.note('hub-refused', `${status} ${code}`)
  }

  /** What happened isn't lost for what can't be written of it: a full disk is shown, and who failed still says why. */
  private note(kind: string, detail: string): void {
    this.unlessFull(() => noteIncident(this.replica.db, this.clock.now(), kind, detail))
  }

  private async leased(jws: string): Promise<void> {
    const changed = takeLease(this.replica, await readLease(jws, this.identity.hubKeys))
    // Also without a changed row: a lease that was over is over no more.
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
    // Whatever happens in one turn is told once, and after the answer that this turn may owe: counting takes as long as half a save.
    this.clock.after(0, () => void this.tellNow())
  }

  private async tellNow(): Promise<void> {
    this.isTelling = false
    if (this.isClosed) return
    const status = await this.status()
    for (const listener of this.statusListeners) listener(status)
  }
}
