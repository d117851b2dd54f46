// How long ago something was, by two clocks that may both mislead: anybody may set the wall clock, and the monotonic one stands still on many
// machines while they sleep. Where the wall clock went further nobody can tell which it was, so both stay possible. It never asks anybody.
import type { DeviceClock } from './clock.ts'

/** Two honest clocks of one machine part by less between two looks, and some browsers round both to 100 ms; beyond it something happened. */
export const JUMP_MS = 1_000

/** Milliseconds since a stopwatch began. */
export interface Passed {
  /** For certain: what the machine was awake for. */
  readonly least: number
  /** If it slept whenever the wall clock went further. Less `least`: what nobody can tell. */
  readonly most: number
}

export class Stopwatch {
  private readonly clock: Pick<DeviceClock, 'now' | 'monotonic'>
  private readonly beganAt: number
  /** Where both clocks were when they last parted, and what the wall clock had gone further until then, each time by itself. */
  private wall: number
  private mono: number
  private further = 0

  constructor(clock: Pick<DeviceClock, 'now' | 'monotonic'>) {
    this.clock = clock
    this.wall = clock.now()
    this.beganAt = this.mono = clock.monotonic()
  }

  /** The more often it is asked, the better it tells a clock that was set back from a sleep before or after. [TIME2] */
  passed(): Passed {
    const [wall, mono] = [this.clock.now(), this.clock.monotonic()]
    const parted = wall - this.wall - (mono - this.mono)
    const further = this.further + Math.max(0, parted)
    if (Math.abs(parted) >= JUMP_MS) {
      this.further = further
      this.wall = wall
      this.mono = mono
    }
    const least = mono - this.beganAt
    return { least, most: least + further }
  }
}
