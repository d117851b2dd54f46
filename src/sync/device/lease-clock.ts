// What time it is for the lease: the hub's time as this device last heard it, and all that passed since, on whichever of its clocks
// went further. Setting a clock back gives nobody more time. It dates nothing else and never orders anything.
import type { DeviceClock } from './clock.ts'
import type { Replica } from './replica.ts'
import { Stopwatch } from './stopwatch.ts'

/** A moment on both sides, ms. */
interface Anchor {
  /** The hub's time, as far as this device could tell. */
  readonly hub: number
  /** What its own wall clock showed then. */
  readonly wall: number
  /** How long the hub's answer was on its way at most. */
  readonly error: number
}

/** Two honest clocks of one machine drift apart by less. */
const DRIFT_MS = 1_000
/** How much time an attacker may win by ending the program: what passed is written down as often. */
const KEPT_EACH_MS = 60_000
/** A timer is no longer than this, so that a machine that slept is looked at again soon after. */
const WATCH_MS_MAX = 600_000

/** A read, while the lease is over: the device sends what waits and shows nothing until the hub gives another lease. */
export class LeaseOverError extends Error {
  override readonly name = 'LeaseOverError'
  readonly code = 'sync.lease-expired'
  readonly until: number
  constructor(until: number) {
    super(`The permission to work without the hub ran out on ${new Date(until).toISOString()}. Connect once to go on.`)
    this.until = until
  }
}

/** Enrolment is the first contact: the lease it brought was signed just now. */
export function beginAnchor(replica: Replica, hub: number, wall: number): void {
  replica.meta.set('anchor', JSON.stringify({ hub, wall, error: 0 } satisfies Anchor))
}

export class LeaseClock {
  private readonly replica: Replica
  private readonly clock: Pick<DeviceClock, 'now' | 'monotonic' | 'after'>
  private anchor: Anchor
  /** Since `anchor`. */
  private since: Stopwatch
  private cancel: (() => void) | null = null

  constructor(replica: Replica, clock: Pick<DeviceClock, 'now' | 'monotonic' | 'after'>) {
    this.replica = replica
    this.clock = clock
    const from = replica.lease()?.lease.from ?? clock.now()
    const kept = replica.meta.json<Anchor>('anchor') ?? { hub: from, wall: from, error: 0 }
    // While the program was away only the wall clock went on, or was set back.
    const away = Math.max(0, clock.now() - kept.wall)
    this.anchor = { hub: kept.hub + away, wall: clock.now(), error: kept.error }
    this.since = new Stopwatch(clock)
  }

  /** Milliseconds since then, awake and asleep: a machine that slept, or may have, has no more time for it. [AUTH5] [TIME2] */
  private passed(): number {
    return Math.floor(this.since.passed().most)
  }

  /** The hub's time as far as this device can tell; never before what it has seen. */
  now(): number {
    return this.anchor.hub + this.passed()
  }

  /** When the lease ends, on the hub's clock; null without a lease. */
  get until(): number | null {
    return this.replica.lease()?.lease.to ?? null
  }

  get isOver(): boolean {
    const { until } = this
    return until !== null && this.now() > until
  }

  /** Throws LeaseOverError when nothing may be read. [AUTH6] */
  requireRead(): void {
    const { until } = this
    if (until !== null && this.now() > until) throw new LeaseOverError(until)
  }

  /** The hub said its time, at the earliest when it was asked. Its word counts, also when it is earlier than what was believed. */
  heard(hub: number, asked: Stopwatch): void {
    const error = Math.ceil(asked.passed().most)
    // A lease in hand was signed before now, whatever an answer on the way says.
    const at = Math.max(hub + error, this.replica.lease()?.lease.from ?? 0)
    const isAsBelieved = Math.abs(at - this.now()) <= error + this.anchor.error + DRIFT_MS
    // A clock that was set during a question made its round trip last for years: what is known better now replaces that.
    const isAsExact = this.anchor.error <= error + DRIFT_MS
    if (isAsBelieved && isAsExact && this.passed() < KEPT_EACH_MS) return
    this.take({ hub: at, wall: this.clock.now(), error })
  }

  /** Writes down what passed, so that it also counts when this program ends now and the clock is set back before the next begins. */
  keep(): void {
    const passed = this.passed()
    if (passed < KEPT_EACH_MS) return
    this.take({ hub: this.anchor.hub + passed, wall: this.clock.now(), error: this.anchor.error })
  }

  private take(anchor: Anchor): void {
    this.replica.meta.set('anchor', JSON.stringify(anchor))
    this.anchor = anchor
    this.since = new Stopwatch(this.clock)
  }

  /** Calls `turned` when the lease has come to its end, or has been found again, until `stop`. */
  watch(turned: () => void): void {
    let wasOver = this.isOver
    const look = (): void => {
      if (this.isOver !== wasOver) {
        wasOver = this.isOver
        turned()
      }
      const left = (this.until ?? 0) - this.now()
      this.cancel = this.clock.after(left > 0 ? Math.min(left + 1, WATCH_MS_MAX) : WATCH_MS_MAX, look)
    }
    look()
  }

  stop(): void {
    this.cancel?.()
    this.cancel = null
  }
}
