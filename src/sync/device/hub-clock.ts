// How far this device's clock is off the hub's, and how sure that is: heard with each pull, kept over restarts. It dates
// captures for people and counts; no work is ordered, refused or delayed by it.
import type { DeviceClock } from './clock.ts'
import type { Meta } from './meta.ts'
import { JUMP_MS, Stopwatch } from './stopwatch.ts'

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
}

export class HubClock {
  private readonly clock: DeviceClock
  private readonly meta: Meta
  private heard: Heard | null
  /** Since `heard`. */
  private since: Stopwatch

  constructor(clock: DeviceClock, meta: Meta) {
    this.clock = clock
    this.meta = meta
    this.since = new Stopwatch(clock)
    const kept = meta.json<Heard>('hubClock')
    this.heard = kept === null ? null : unwatched(kept, clock.now())
  }

  /** The hub said `hubAt` somewhere between the question and now. Only a clearly better reading takes the place of the one at hand. [TIME1] */
  hear(hubAt: number, asked: Stopwatch): void {
    // The machine may have slept over the answer: then the way was that much longer.
    const half = asked.passed().most / 2
    const error = Math.ceil(half) + 1
    const now = this.now()
    if (now !== null && now.error < 2 * error) this.keep()
    else this.take({ offset: Math.round(hubAt + half - this.clock.now()), error, wall: this.clock.now() })
  }

  /** Writes down what became of the clocks since the hub was heard, because the next start of the program wouldn't know. [TIME2] */
  keep(): void {
    const { heard } = this
    const now = this.now()
    if (heard === null || now === null) return
    if (now.offset !== heard.offset || now.unsure >= JUMP_MS)
      this.take({ offset: now.offset, error: Math.ceil(now.error), wall: this.clock.now() })
  }

  private take(heard: Heard): void {
    this.heard = heard
    this.since = new Stopwatch(this.clock)
    this.meta.set('hubClock', JSON.stringify(heard))
  }

  /**
   * By the latest that it may be: where the wall clock went further the machine has slept, which is far more common than a clock that is set
   * forward. The error covers that too, so that nobody who reads it is sure of either.
   */
  private now(): (Omit<Heard, 'wall'> & { readonly unsure: number }) | null {
    if (this.heard === null) return null
    const { offset, error, wall } = this.heard
    const { least, most } = this.since.passed()
    // What the wall clock was set back by: the hub is that much further.
    const back = Math.round(wall + most - this.clock.now())
    const told = Math.floor(back / STEP_MS) * STEP_MS
    const unsure = most - least
    return { offset: offset + told, error: error + most * DRIFT + unsure + (back - told), unsure }
  }

  /** Hub minus device and the error, ms; null until the hub was heard once. Both stand still while nothing happens: a backlog packs well. */
  estimate(): readonly [number, number] | null {
    const now = this.now()
    return now === null ? null : [now.offset, Math.ceil(now.error / STEP_MS) * STEP_MS]
  }
}

/** What an earlier process of this program heard. */
function unwatched({ offset, error, wall }: Heard, now: number): Heard {
  const passed = now - wall
  // Before what was heard is no time at all: by so much at least the clock was set back.
  return { offset, error: error + UNWATCHED_MS + (passed < 0 ? -passed : passed * DRIFT), wall: now }
}
