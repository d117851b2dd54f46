// Time and chance as a device sees them, injected so that a simulated world can own both. Nothing is ordered by this
// clock: it dates captures and spaces out retries.

export interface DeviceClock {
  /** Wall time, ms since 1970. */
  now(): number
  /** Milliseconds since the process started; never goes back. Where the platform wants it so it stands still while the machine sleeps. */
  monotonic(): number
  /** IANA name of the zone the device stands in. */
  timeZone(): string
  /** Calls `work` once after `ms`; returns how to cancel. */
  after(ms: number, work: () => void): () => void
  /** A number in [0, 1): jitter only. */
  chance(): number
}
