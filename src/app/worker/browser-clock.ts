// Time and chance of a browser's worker, as the device takes them.
import type { DeviceClock } from '../../sync/device/clock.ts'

export const browserClock: DeviceClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
  after(ms, work) {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
  chance: () => Math.random(),
}
