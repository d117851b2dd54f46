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

  /** The hub said `hubAt` somewhere between `sentMono` and now. Only a clearly better reading takes the place of the one at hand. [TIME1] */
  hear(hubAt: number, sentMono: number): void {
    const [wall, mono] = [this.clock.now(), this.clock.monotonic()]
    const error = Math.ceil((mono - sentMono) / 2) + 1
    if (this.heard !== null && this.errorOf(this.heard) < 2 * error) return
    this.heard = { offset: Math.round(hubAt + (mono - sentMono) / 2 - wall), error, wall, mono }
    const { mono: _, ...kept } = this.heard
    this.meta.set('hubClock', JSON.stringify(kept))
  }

  private errorOf({ error, wall, mono }: Heard): number {
    return mono === null
      ? error + Math.abs(this.clock.now() - wall) * DRIFT + UNWATCHED_MS
      : error + (this.clock.monotonic() - mono) * DRIFT
  }

  /** Hub minus device and the error, ms; null until the hub was heard once. Both stand still while nothing happens: a backlog packs well. */
  estimate(): readonly [number, number] | null {
    if (this.heard === null) return null
    const { offset, wall, mono } = this.heard
    const error = Math.ceil(this.errorOf(this.heard) / STEP_MS) * STEP_MS
    if (mono === null) return [offset, error]
    // What the wall clock did since is known: a step in it is no step in time.
    const stepped = Math.round(this.clock.monotonic() - mono - (this.clock.now() - wall))
    return [Math.abs(stepped) < STEP_MS ? offset : offset + stepped, error]
  }
}
