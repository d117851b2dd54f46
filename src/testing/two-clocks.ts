// The two clocks of a device in a tamperer's hands: the wall clock is set at will, the monotonic one only ever goes on and begins again
// with each start of the program. Timers and chance are the platform's.
import { systemClock } from '../device/system-clock.ts'
import type { DeviceClock } from '../sync/device/clock.ts'

export class TwoClocks implements DeviceClock {
  wall: number
  running = 0

  constructor(wall: number) {
    this.wall = wall
  }

  now(): number {
    return this.wall
  }

  monotonic(): number {
    return this.running
  }

  timeZone(): string {
    return 'Europe/London'
  }

  after(ms: number, work: () => void): () => void {
    return systemClock.after(ms, work)
  }

  chance(): number {
    return 0.5
  }

  /** Time goes by, as both clocks see it. */
  pass(ms: number): void {
    this.wall += ms
    this.running += ms
  }

  /** The machine sleeps, and the monotonic clock with it. */
  sleep(ms: number): void {
    this.wall += ms
  }

  /** The program ends and begins again after `ms`, of which only the wall clock knows. */
  restart(ms = 0): void {
    this.wall += ms
    this.running = 0
  }
}
