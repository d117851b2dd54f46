// How far this device's clock is off the hub's, and how sure that is: heard with each pull, kept over restarts. It dates
// captures for people and counts; no work is ordered, refused or delayed by it.
import type { DeviceClock } from './clock.ts'
import type { Meta } from './meta.ts'

/** A quartz may lose this much: 50 parts in a million. */
const DRIFT = 50 / 1_000_000
/** Nobody watched the wall clock while the process was gone: somebody may have set it. */
const UNWATCHED_MS = 120_000
/** Nothing finer is told. */
const STEP_MS = 100

interface Heard {
  /** Hub minus device, ms. */
  readonly offset: number
  readonly error: number
  readonly wall: number
  /** Null when it was heard before this process began. */
  readonly mono: number | null
}

export class HubClock {
  private readonly clock: DeviceClock
  private readonly meta: Meta
  private heard: Heard | null

  constructor(clock: DeviceClock, meta: Meta) {
    this.clock = clock
    this.meta = meta
    const kept = meta.json<Omit<Heard, 'mono'>>('hubClock')
    this.heard = kept === null ? null : { ...kept, mono: null }
  }

  /**
   * The hub said `hubAt` somewhere between `sentMono` and now. Only a clearly better reading takes the place of the one at hand; where the wall
   * clock was set since, that is written down with it, because the next start of the program wouldn't know. [TIME1]
   */
  hear(hubAt: number, sentMono: number): void {
    const [wall, mono] = [this.clock.now(), this.clock.monotonic()]
    const error = Math.ceil((mono - sentMono) / 2) + 1
    const { heard } = this
    if (heard === null || this.errorOf(heard) >= 2 * error)
      return this.keep({ offset: Math.round(hubAt + (mono - sentMono) / 2 - wall), error, wall, mono })
    const stepped = this.steppedSince(heard)
    if (stepped !== 0) this.keep({ offset: heard.offset + stepped, error: Math.ceil(this.errorOf(heard)), wall, mono })
  }

  private keep(heard: Heard): void {
    const { mono: _, ...kept } = heard
    this.heard = heard
    this.meta.set('hubClock', JSON.stringify(kept))
  }

  private errorOf({ error, wall, mono }: Heard): number {
    if (mono !== null) return error + (this.clock.monotonic() - mono) * DRIFT
    const passed = this.clock.now() - wall
    // Before what was heard is no time at all: by so much at least the clock was set back.
    return error + UNWATCHED_MS + (passed < 0 ? -passed : passed * DRIFT)
  }

  /** What the wall clock was set by since, where this process watched it; the hub is that much further. */
  private steppedSince({ wall, mono }: Heard): number {
    if (mono === null) return 0
    const stepped = Math.round(this.clock.monotonic() - mono - (this.clock.now() - wall))
    return Math.abs(stepped) < STEP_MS ? 0 : stepped
  }

  /** Hub minus device and the error, ms; null until the hub was heard once. Both stand still while nothing happens: a backlog packs well. */
  estimate(): readonly [number, number] | null {
    if (this.heard === null) return null
    const error = Math.ceil(this.errorOf(this.heard) / STEP_MS) * STEP_MS
    // What the wall clock did since is known: a step in it is no step in time.
    return [this.heard.offset + this.steppedSince(this.heard), error]
  }
}
