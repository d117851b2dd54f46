// The device clock of a real machine: wall time, timers and chance of the platform.
import type { DeviceClock } from '../sync/device/clock.ts'

/** Asking for the zone costs a third of a millisecond; nobody crosses a border between two sales of a minute. */
const ZONE_KEPT_MS = 60_000
let zone = { name: '', askedAt: -Infinity }

function timeZone(): string {
  const now = performance.now()
  if (now - zone.askedAt > ZONE_KEPT_MS) zone = { name: Intl.DateTimeFormat().resolvedOptions().timeZone, askedAt: now }
  return zone.name
}

export const systemClock: DeviceClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  timeZone,
  after(ms, work) {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
  chance: () => Math.random(),
}
