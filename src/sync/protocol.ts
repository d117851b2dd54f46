// Everything on the wire, and nothing else: the envelope, a push, a pull, their answers. Names and shapes here are
// protocol: they change only with a decision record and a new version number.
import type { CanonicalValue } from '../kernel/canonical.ts'
import type { Facts } from '../kernel/refusal.ts'
import type { Base } from '../kernel/run.ts'
import type { Numbers } from '../kernel/number-series.ts'

export const PROTOCOL = 1

/** One command as captured; sealed as canonical JSON. [CMD1] */
export interface Envelope {
  readonly p: number
  readonly dev: string
  readonly ep: number
  readonly seq: number
  readonly type: string
  readonly tv: number
  /** Arguments, personal values replaced by their commitments `{ "$pd": hash }`. */
  readonly args: CanonicalValue
  readonly nos?: Numbers
  readonly base?: Base
  /** The hub's watermark on the device at capture: it dates, it doesn't decide. */
  readonly seen: number
  readonly user: string
  /** SHA-256 of the signed lease worked under. */
  readonly lease: string
  /** Wall time, time zone, monotonic ms since the worker started, estimated hub offset and its error in ms. */
  readonly at: number
  readonly tz: string
  readonly mono: number
  readonly off?: readonly [number, number]
  readonly app: string
  /** SHA-256 of the photos and files that it names, sorted: known also where its arguments can't be read. */
  readonly blobs?: readonly string[]
  /** The device's own effect hash at capture. */
  readonly eff: string
  /** The original that this resubmission replaces. */
  readonly sup?: { readonly dev: string; readonly ep: number; readonly seq: number }
  /** Captured in an earlier life of this device, under that epoch: runs in its id and number space, and counts once by its seal. */
  readonly was?: { readonly ep: number; readonly seq: number; readonly prev: string; readonly seal: string }
}

/** Personal values of one command by path, beside the sealed line: value and salt, both erasable. */
export type Personal = { readonly [path: string]: { readonly value: CanonicalValue; readonly salt: string } }

export interface StreamHeader {
  readonly tenant: string
  readonly dev: string
  readonly ep: number
  readonly firstSeq: number
  readonly lastSeq: number
  /** Seal before the first line; the hash of the device's certificate for seq 1. */
  readonly prev: string
  readonly lastSeal: string
  /** base64url, ECDSA P-256 over `streamText`. */
  readonly signature: string
}

export const streamText = (header: Omit<StreamHeader, 'signature' | 'prev'>): string =>
  `holdfast-push-1\n${header.tenant}\n${header.dev}\n${header.ep}\n${header.firstSeq}\n${header.lastSeq}\n${header.lastSeal}`

/**
 * First line of a push body: then for each stream `{ stream }`, `["life", certificate]` of an earlier life,
 * `["lease", jws]` for leases that the hub may have lost, its lines, each
 * followed by `["pd", …]` where it has personal values.
 */
export interface PushHead {
  readonly push: 1
  readonly protocol: number
  readonly incarnation: string
  readonly streams: number
  /** Asks for the next page of changes in the same answer. */
  readonly pull?: PullRequest
}

export type OutcomeKind = 'accepted' | 'adjusted' | 'refused' | 'parked'

export interface Outcome {
  readonly dev: string
  readonly ep: number
  readonly seq: number
  readonly seal: string
  readonly outcome: OutcomeKind
  /** The hub's own effect hash. */
  readonly eff: string
  /** The tenant clock's value of its commit: settled on the device once a pulled watermark covers it. */
  readonly at: number
  readonly reason?: string
  readonly facts?: Facts
}

export type StreamProblem =
  | { readonly problem: 'gap'; readonly dev: string; readonly expected: number }
  /** `kept`: up to which sequence the hub keeps what it may not take, so that it can be shown what follows. */
  | { readonly problem: 'fork'; readonly dev: string; readonly seq: number; readonly kept?: number }
  | { readonly problem: 'quarantined'; readonly dev: string; readonly detail: string; readonly kept?: number }
  /**
   * Nothing was taken: the hub is of another life than the device thinks, and says what it has of each life of the device. What it lost of
   * an earlier one comes first; told so, the device names this life of the hub. [LIFE7]
   */
  | ({ readonly problem: 'other-life'; readonly dev: string } & Pick<PullHead, 'has' | 'before'>)
  | { readonly problem: 'seal'; readonly dev: string; readonly seq: number }
  /** Nothing was taken: the device shows its signed leases with the next try. */
  | { readonly problem: 'unknown-lease'; readonly dev: string; readonly leases: readonly string[] }
  | {
      readonly problem: 'signature' | 'malformed' | 'unknown-device'
      readonly dev: string
      readonly detail: string
    }

export interface PushAnswer {
  readonly push: 1
  readonly incarnation: string
  readonly outcomes: readonly Outcome[]
  readonly problems: readonly StreamProblem[]
  readonly w: number
}

/** Everything that this device captured until `at` is in its commands up to `seq`; true on the hub once it has exactly those. */
export interface DeviceReport {
  readonly seq: number
  readonly seal: string
  /** The hub's time as the device estimates it, less the error of the estimate. */
  readonly at: number
}

export interface PullRequest {
  readonly incarnation: string
  /** Local schema version: the hub maps columns by it. */
  readonly sv: number
  readonly buckets: readonly {
    readonly name: string
    readonly after: number
    readonly generation: number
    /** The schema that its rows were fetched for, where that is an older one: what came since is sent once. */
    readonly sv?: number | undefined
    /** How far what came since has arrived, while it comes. */
    readonly learned?: number | undefined
    /** Of a bucket whose digest differed: this device's digests by leaf, so that only what differs is sent again. */
    readonly leaves?: LeafDigests | undefined
  }[]
  /** Rows a page. */
  readonly limit: number
  /** Hash of the lease that the device holds: the hub sends today's when it is another one. */
  readonly lease?: string | undefined
  /** Left out until the device has heard the hub's time. */
  readonly report?: DeviceReport | undefined
  /** Rows held, rows proved to be the hub's at the last watermark, broken invariants. [PROOF4] */
  readonly integrity?: readonly [number, number, number] | undefined
  /** Rows that the hub sent and the device can't store: at most a few of them. */
  readonly aside?: readonly AsideRow[] | undefined
  /** What should not have happened on the device: left out while there is nothing. [PROOF5] */
  readonly incidents?: IncidentsSaid | undefined
  /** First and last command that was sent and never answered, or may have been answered otherwise since: what became of them? [PULL6] [OUT4] */
  readonly unanswered?: readonly [number, number] | undefined
}

/** How many incidents a device has written down, and the newest by moment (its wall time) and kind. Their details stay on the device. */
export type IncidentsSaid = readonly [count: number, newest: readonly (readonly [at: number, kind: string])[]]

export type AsideRow = readonly [table: string, id: string, reason: string]

/**
 * A leaf holds the rows of a bucket whose ids end in the same two characters; [count, Σ hash mod 2⁶⁴ as 16 hex digits].
 * The end of an id is uniform, its beginning is the time it was made (docs/decisions/0005-leaves-by-the-end-of-an-id.md).
 */
export type LeafDigests = { readonly [leaf: string]: readonly [number, string] }

/** First line of a pull answer. */
export interface PullHead {
  readonly pull: 1
  readonly incarnation: string
  /** The hub's own schema: a device knows no more than both do. Absent: the first. */
  readonly sv?: number
  /** Apps of a schema before this one begin nothing new until they are updated. They send and fetch as ever. */
  readonly oldest?: number
  readonly w: number
  /** Every requested bucket's cursor is now at least this. */
  readonly upto: number
  readonly more: boolean
  /** Buckets to fetch again from 0: another generation, or a cursor behind the tombstone horizon. */
  readonly resets: readonly { readonly name: string; readonly generation: number }[]
  /** Leaves of which this answer holds every row: what the device has beside them is not in the bucket. */
  readonly leaves?: readonly { readonly name: string; readonly leaves: readonly string[] }[]
  /** Names by index, for the rows' `buckets`. */
  readonly names: readonly string[]
  /** The clock where the database that answers began to give numbers: what was told below it another one decided. An earlier hub says nothing. */
  readonly began?: number
  /** The last command of this device that the hub has: less than the device was told before means a hub restored from a backup. */
  readonly has: number
  /** The same for each life before, [epoch, last sequence]; only told to a device that has any. */
  readonly before?: readonly (readonly [ep: number, has: number])[]
  /** What became of the commands that the request calls unanswered, as of `w`; of those that the log has. */
  readonly outcomes?: readonly Outcome[]
  /** Two lives of this device pushed: nothing more of it is taken until it is enrolled again. */
  readonly isForked?: true
  /** The hub's wall time, ms since 1970: leases are counted on it, and devices estimate by it how far their own clock is off. */
  readonly now?: number
  /** Today's lease (compact JWS) when the device holds another one. */
  readonly lease?: string
}

/** Columnar rows of one table: `vals[i]` are the values of `ids[i]` in the order of `cols`. */
export interface PullRows {
  readonly rows: string
  readonly cols: readonly string[]
  readonly ids: readonly string[]
  readonly buckets: readonly (readonly number[])[]
  readonly vals: readonly (readonly CanonicalValue[])[]
  /** Only columns that came since the schema that the bucket was fetched for: the rest of these rows is as the device has it. */
  readonly isPart?: true
}

/** Rows that left a bucket. */
export interface PullLeft {
  readonly left: string
  readonly ids: readonly string[]
  readonly buckets: readonly number[]
}

/** Last line; without it the answer was cut and counts as not received. */
export interface PullEnd {
  readonly end: 1
  /** Bucket digests at w, when nothing more is to come: [count, Σ hash mod 2⁶⁴ as 16 hex digits]. */
  readonly digests: { readonly [bucket: string]: readonly [number, string] }
}

export type PullLine = PullHead | PullRows | PullLeft | PullEnd

/** What a device that lacks whole buckets asks: which of them lie ready-made on the hub. */
export interface ManifestRequest {
  readonly buckets: readonly string[]
}

export interface ChunkRef {
  /** SHA-256 of the chunk's bytes as they travel (gzip of `ChunkRows` lines), 64 hex digits: its name. */
  readonly sha: string
  readonly bytes: number
  readonly rows: number
}

/** One bucket, whole, as it stood at `w`; without chunks it is small and comes by a pull. */
export interface BucketManifest {
  readonly name: string
  readonly generation: number
  readonly w: number
  readonly rows: number
  readonly chunks: readonly ChunkRef[]
}

export interface Manifest {
  readonly manifest: 1
  readonly incarnation: string
  readonly buckets: readonly BucketManifest[]
}

/** Rows of one table, in the order of their ids, by column: `columns[c][i]` is the value of `cols[c]` in the row `ids[i]`. */
export interface ChunkRows {
  readonly chunk: string
  readonly cols: readonly string[]
  readonly ids: readonly string[]
  readonly columns: readonly (readonly CanonicalValue[])[]
}

/**
 * The answer to `PUT /sync/blob/<sha>/<size>/<at>`, whose body is what follows at `at`: how much the hub holds now. `isComplete`: it holds
 * the whole, its bytes have that name, and they are durable. `HEAD /sync/blob/<sha>` says the same in `upload-offset` and `upload-complete: ?1`.
 */
export interface BlobAnswer {
  readonly blob: 1
  readonly offset: number
  readonly isComplete: boolean
}

/** What a cut can cost, and the largest body of one PUT. */
export const BLOB_PIECE_BYTES = 256 * 1024

export interface WireError {
  readonly error: string
  readonly facts?: Facts
}

/** The two requests that run a parked original again; only they may carry `sup`. */
export const RESUBMIT = 'review.resubmit'
export const FORCE = 'review.force'
export const runsParked = (type: string): boolean => type === RESUBMIT || type === FORCE
/** The request that settles a parked original without running it. */
export const DISCARD = 'review.discard'

/** Limits of one push (sync.md §3); the hub answers 413 beyond them and the device splits. */
export const COMMANDS_PER_PUSH_MAX = 500
/** A device sends the push behind the one whose answer it awaits: so many may have been sent and not answered. [PUSH6] */
export const UNANSWERED_MAX = 2 * COMMANDS_PER_PUSH_MAX
export const PUSH_BYTES_MAX = 1024 * 1024
/** One command with its personal values, in bytes of UTF-8: it must fit into a push, or it could never leave its device. */
export const COMMAND_BYTES_MAX = 900 * 1024
/** The largest body after inflating: 500 commands of the longest documents stay far below. */
export const INFLATED_BYTES_MAX = 16 * 1024 * 1024
