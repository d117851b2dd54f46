// A device's clock that stands still until a test moves it: timers run in order, jitter is none. Nothing waits for real time.
import type { DeviceClock } from '../sync/device/clock.ts'

export class ManualClock implements DeviceClock {
  private time: number
  /** What the wall clock was set by. */
  private setBy = 0
  private readonly timers: { at: number; work: () => void }[] = []

  constructor(start = Date.UTC(2026, 10, 20, 9)) {
    this.time = start
  }

  now(): number {
    return this.time + this.setBy
  }

  monotonic(): number {
    return this.time
  }

  /** Somebody sets the wall clock by so many milliseconds; timers and the monotonic clock don't notice. */
  set(ms: number): void {
    this.setBy += ms
  }

  timeZone(): string {
    return 'Europe/London'
  }

  chance(): number {
    return 0.5
  }

  after(ms: number, work: () => void): () => void {
    const timer = { at: this.time + ms, work }
    this.timers.push(timer)
    return () => void this.timers.splice(this.timers.indexOf(timer) >>> 0, 1)
  }

  /** Milliseconds until the next timer; null when there is none. */
  get nextInMs(): number | null {
    return this.timers.length === 0 ? null : Math.min(...this.timers.map(({ at }) => at)) - this.time
  }

  /** Moves to the next timer and runs it. */
  runNext(): void {
    const next = this.timers.reduce(
      (first, timer) => (timer.at < first.at ? timer : first),
      this.timers[0] ?? { at: this.time, work: () => undefined },
    )
    this.timers.splice(this.timers.indexOf(next) >>> 0, 1)
    this.time = Math.max(this.time, next.at)
    next.work()
  }
}
