// How many may be inside, and how often each may come: a hub of a thousand devices keeps its memory and answers each of them in
// turn. It knows nothing of what is asked, waits for nobody, and says "later" before anything was read.
import { standardBlobQuota, type BlobQuota } from '../sync/hub/blob-room.ts'
import { FairLine } from '../sync/hub/fair-line.ts'
import { TokenBuckets, type Allowance } from './token-buckets.ts'

const MIB = 1024 * 1024

export interface Limits {
  /** Requests of one device. An exchange is two or three. */
  readonly device: Allowance
  /** Requests of all devices of a tenant. */
  readonly tenant: Allowance
  /** Sessions and enrolments: nobody knows yet who asks. */
  readonly strangers: Allowance
  /** Requests of one device at the same time; the hub's hints aren't counted. */
  readonly insideOfDevice: number
  /** Bodies as they travel, of all requests inside. */
  readonly bodyBytes: number
  /** Pushes as they are read: what waits for its turn stays packed. */
  readonly openBytes: number
  /** Answers that their callers haven't taken yet. */
  readonly answerBytes: number
  /** Pulls and chunks at the same time: the connections that are left belong to pushes. */
  readonly readers: number
  /** Pieces of photos at the same time, beside them. */
  readonly blobs: number
  /** What photos and files may take. */
  readonly room: BlobQuota
}

export const standardLimits: Limits = {
  device: { burst: 600, perSecond: 100 },
  tenant: { burst: 10_000, perSecond: 2_000 },
  strangers: { burst: 5_000, perSecond: 200 },
  insideOfDevice: 8,
  bodyBytes: 64 * MIB,
  openBytes: 32 * MIB,
  answerBytes: 64 * MIB,
  readers: 4,
  blobs: 2,
  room: standardBlobQuota,
}

/** Who waits is let in at about this rate: what a refused one is told. */
const LET_IN_A_SECOND = 50

/** A place inside, or the seconds after which it is worth coming again. */
export type Place = { readonly leave: () => void } | { readonly retryAfterS: number }

export class Door {
  private readonly limits: Limits
  private readonly now: () => number
  private readonly buckets: { readonly [who in 'device' | 'tenant' | 'strangers']: TokenBuckets }
  private readonly inside = new Map<string, number>()
  private bodyBytes = 0
  private answerBytes = 0
  /** Pushes that are open, by the bytes they open to. */
  readonly pushes: FairLine
  readonly readers: FairLine
  readonly blobs: FairLine

  constructor(limits: Limits, now: () => number) {
    this.limits = limits
    this.now = now
    this.buckets = {
      device: new TokenBuckets(limits.device),
      tenant: new TokenBuckets(limits.tenant),
      strangers: new TokenBuckets(limits.strangers),
    }
    this.pushes = new FairLine(limits.openBytes)
    this.readers = new FairLine(limits.readers)
    this.blobs = new FairLine(limits.blobs)
  }

  /** `dev`: whose token the request carries, null for a stranger; `bytes`: how large its body may be. [LIMIT1] */
  come(dev: string | null, bytes: number): Place {
    const waitMs = this.waitMs(dev)
    if (waitMs > 0) return { retryAfterS: Math.ceil(waitMs / 1000) }
    const { insideOfDevice, bodyBytes, answerBytes } = this.limits
    const mine = dev === null ? 0 : (this.inside.get(dev) ?? 0)
    const hasRoom = this.bodyBytes === 0 || this.bodyBytes + bytes <= bodyBytes
    if (mine >= insideOfDevice || !hasRoom || this.answerBytes > answerBytes)
      return { retryAfterS: 1 + Math.ceil((this.pushes.length + this.readers.length) / LET_IN_A_SECOND) }
    if (dev !== null) this.inside.set(dev, mine + 1)
    this.bodyBytes += bytes
    return { leave: () => this.left(dev, bytes) }
  }

  private waitMs(dev: string | null): number {
    const now = this.now()
    if (dev === null) return this.buckets.strangers.take('', now)
    return this.buckets.device.take(dev, now) || this.buckets.tenant.take('', now)
  }

  private left(dev: string | null, bytes: number): void {
    this.bodyBytes -= bytes
    if (dev === null) return
    const left = (this.inside.get(dev) ?? 1) - 1
    if (left === 0) this.inside.delete(dev)
    else this.inside.set(dev, left)
  }

  /** An answer of so many bytes is on its way; to be called back when its caller has taken it or is gone. */
  answering(bytes: number): () => void {
    this.answerBytes += bytes
    return () => void (this.answerBytes -= bytes)
  }
}
