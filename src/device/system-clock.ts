// The device clock of a real machine: wall time, timers and chance of the platform.
import type { DeviceClock } from '../sync/device/clock.ts'

export const systemClock: DeviceClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
  after(ms, work) {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
  chance: () => Math.random(),
}
