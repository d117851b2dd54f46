// How often somebody may come: a bucket of tokens for each key, filled again by time, so that a burst after a day offline is
// welcome and a flood isn't. It only says how long to wait; it waits for nothing and remembers nobody who was quiet.

export interface Allowance {
  /** Requests at once. */
  readonly burst: number
  /** Requests a second in the long run. */
  readonly perSecond: number
}

interface Bucket {
  tokens: number
  /** Wall time, ms. */
  at: number
}

/** Fewer keys than these are never looked through. */
const KEYS_MIN = 10_000

export class TokenBuckets {
  private readonly allowance: Allowance
  private readonly buckets = new Map<string, Bucket>()
  /** As many keys, and the quiet ones are forgotten. */
  private keysMax = KEYS_MIN

  constructor(allowance: Allowance) {
    this.allowance = allowance
  }

  /** Takes a token of `key`: 0, or the milliseconds until there is one and nothing taken. A clock set back fills nothing and takes nothing away. */
  take(key: string, now: number): number {
    const { perSecond } = this.allowance
    const bucket = this.filled(key, now)
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / perSecond) * 1000)
    bucket.tokens -= 1
    return 0
  }

  private filled(key: string, now: number): Bucket {
    const { burst, perSecond } = this.allowance
    let bucket = this.buckets.get(key)
    if (bucket === undefined) {
      if (this.buckets.size >= this.keysMax) this.forgetQuiet(now)
      this.buckets.set(key, (bucket = { tokens: burst, at: now }))
    }
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * perSecond)
    bucket.at = now
    return bucket
  }

  /** A full bucket says no more than none. */
  private forgetQuiet(now: number): void {
    const { burst, perSecond } = this.allowance
    for (const [key, { tokens, at }] of this.buckets)
      if (tokens + ((now - at) / 1000) * perSecond >= burst) this.buckets.delete(key)
    // Twice what is left, so that a day without quiet ones isn't spent on looking for them.
    this.keysMax = Math.max(KEYS_MIN, 2 * this.buckets.size)
  }
}
