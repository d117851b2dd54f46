// What an app, a kiosk or an integration sees of a device: run commands, read views, watch its state. The browser's
// worker and the Node device offer the same object; nothing behind it waits for a network.
import type { BlobType } from '../../kernel/blob.ts'
import type { FieldType } from '../../kernel/field.ts'
import type { Facts, RaisedException, Refusal } from '../../kernel/refusal.ts'
import type { Base } from '../../kernel/run.ts'
import type { OfficeQuestions } from '../office-protocol.ts'
import type { Integrity } from './integrity.ts'
import type { Rescue } from './rescue.ts'
import type { OfficeAnswer } from './office.ts'

export interface RunOptions {
  /** Codes of failing rules that the person chose to override; allowed where the lease permits it. */
  readonly overrides?: readonly string[]
  /** Makes a resend harmless: the same key gives the first answer again (a tab that took over asks twice). */
  readonly requestKey?: string
  /** For edits: what the person saw (table → id → field → value). Left out: the row as it stands on this device. */
  readonly base?: Base
}

/** `saved: true` comes after the fsync and never before. A refusal changed nothing. */
export type RunAnswer =
  | {
      readonly saved: true
      readonly seq: number
      /** Ids of inserted rows by table name, in the order of insertion. */
      readonly inserted: { readonly [table: string]: readonly string[] }
      readonly about: Facts
      /** Exceptions that the hub is expected to raise, and rules that couldn't be checked here. */
      readonly warnings: readonly RaisedException[]
    }
  | { readonly saved: false; readonly refusal: Refusal }

/** What `outbox()` tells of: so many of the newest, and whatever needs its author. */
export const OUTBOX_NEWEST = 500

export type OutboxState = 'captured' | 'sent' | 'accepted' | 'adjusted' | 'refused' | 'parked'

export interface OutboxEntry {
  readonly seq: number
  readonly command: string
  readonly about: Facts
  /** Wall time of the capture, ms since 1970. */
  readonly at: number
  readonly user: string
  readonly state: OutboxState
  /** Why it was refused or parked, or how it was adjusted. */
  readonly reason: string | null
  readonly facts: Facts
  /** True when the author hasn't acknowledged a refusal or a parking yet, and nobody has put it right meanwhile. */
  readonly needsYou: boolean
  /** The hub decided, and what it decided has come down here too. */
  readonly isSettled: boolean
  /** Records that it is about left this device with a newer profile: it is sent all the same. */
  readonly isOutside: boolean
  /** What people made of a parked command; null while nobody decided, and for anything else. */
  readonly decision: Decision | null
  /** The parked command that would have made what this one needs, by name where this device knows it: it needs nobody by itself. */
  readonly waitsFor: { readonly command: string | null } | null
  /** The item of a parked command in the review, as far as it has come down. */
  readonly reviewItem: string | null
  /** Values of it that lost against somebody else's change and that nobody has decided about yet. */
  readonly lost: readonly { readonly id: string; readonly field: string }[]
}

export interface Decision {
  readonly state: 'resubmitted' | 'forced' | 'discarded'
  /** The user who decided. */
  readonly by: string
  readonly remark: string | null
}

export type DeviceFault =
  | 'revoked'
  | 'lease-expired'
  | 'signed-out'
  | 'fork'
  | 'storage-full'
  | 'update-needed'
  /** This release could not be brought into the database: it can be read and sends what waits, and nothing new begins. */
  | 'not-updated'
  | 'other-hub'

/** What was kept of a file, to be named in a command's arguments. `taken: false`: its bytes are of no kind that is kept, or too many. */
export type Taken =
  | { readonly taken: true; readonly blob: { readonly sha: string; readonly type: BlobType; readonly size: number } }
  | { readonly taken: false; readonly refusal: Refusal }

/** Photos and files that only this device has: named by saved commands and not confirmed by the hub. */
export interface WaitingBlobs {
  readonly count: number
  readonly bytes: number
  /** Wall time of the oldest, ms since 1970. */
  readonly oldestAt: number | null
  /** The hub will never take them, or they were damaged here; they stay on this device. */
  readonly refused: number
  /** The hub's last word on one that waits: nothing more of this device today, or none of anybody. They stay here until there is room. [BLOB10] */
  readonly noRoom: 'blob.over-quota' | 'blob.hub-full' | null
}

/** Of a photo or file that this device took: only here, confirmed by the hub, or never to be taken by it. */
export type BlobWhere = 'only-here' | 'sent' | 'refused'

/** Large buckets on their way, beside the work: how much of them is here, as the hub announced it. */
export interface DownloadProgress {
  readonly bytesDone: number
  readonly bytesTotal: number
  readonly rowsDone: number
  readonly rowsTotal: number
  readonly bucketsLeft: number
}

/** The truth behind the sync pill: the durable outbox and the last exchange, nothing else. */
export interface DeviceStatus {
  readonly device: string
  readonly epoch: number
  readonly tenant: string
  readonly hubUrl: string
  /** Commands saved here without the hub's outcome. */
  readonly waiting: number
  readonly oldestWaitingAt: number | null
  readonly needsYou: number
  readonly exchange: 'idle' | 'sending' | 'receiving'
  readonly progress: { readonly done: number; readonly total: number } | null
  /** The last exchange with the hub succeeded. */
  readonly isOnline: boolean
  readonly lastContactAt: number | null
  readonly lastTryAt: number | null
  readonly nextTryAt: number | null
  readonly pollIntervalMs: number
  readonly watermark: number
  /** The last command captured here. */
  readonly seq: number
  /** What work needs of the first download is here. */
  readonly isReady: boolean
  /** Rows of whole buckets, and how many of them are proved to be the hub's; a broken invariant makes the score zero. */
  readonly integrity: Integrity
  /** What is still being downloaded; work goes on without it. */
  readonly download: DownloadProgress | null
  /** Beside the commands that wait, and sent beside them. */
  readonly blobs: WaitingBlobs
  readonly bytesSent: number
  readonly bytesReceived: number
  readonly fault: DeviceFault | null
  /** The lease is over: what waits is still sent, nothing can be read or begun until the hub gives another. [AUTH6] */
  readonly isPushOnly: boolean
  /** When the lease ends, on the hub's clock, ms since 1970. */
  readonly leaseUntil: number | null
  /** Rows that the hub sent and this release can't store: they are told to the hub, and asked for again after an update. */
  readonly setAside: number
  /** Digest mismatches seen since the start. */
  readonly incidents: number
}

export interface SignedIn {
  readonly user: string
  readonly name: string
  readonly company: string
  readonly branch: string
  readonly roles: readonly string[]
  readonly permissions: readonly string[]
  readonly limits: { readonly [limit: string]: number }
  readonly policy: { readonly [setting: string]: string | number | boolean }
}

/** One row that a dry run would change; fields as they are and as they would be, sums with what is added to them. */
export interface ForeseenRow {
  readonly table: string
  readonly id: string
  readonly change: 'made' | 'changed' | 'removed'
  readonly fields: readonly {
    readonly field: string
    /** What its values are (`amount`, `quantity`, `ref` …), so that a screen can say them. */
    readonly type: FieldType
    readonly before: unknown
    readonly after: unknown
    /** Changed by being added to. */
    readonly isSum: boolean
  }[]
  /** The row as it would be, to say which one it is. Null where this device doesn't hold it. */
  readonly row: Readonly<Record<string, unknown>> | null
}

/** A field that parked work sets: as its author saw it, as they wanted it, as it stands here, and as it would be. */
export interface ForeseenEdit {
  readonly table: string
  readonly id: string
  readonly field: string
  readonly type: FieldType
  readonly seen: unknown
  readonly wanted: unknown
  readonly now: unknown
  /** As it stands where the work would not be taken. */
  readonly after: unknown
  /** The row as it stands, to say which one it is. Null where this device doesn't hold it. */
  readonly row: Readonly<Record<string, unknown>> | null
}

/** What one command would do: the asked one first, then what waits for it, in order. */
export interface Foreseen {
  readonly command: string
  /** It would not be taken, and why. */
  readonly refusal: Refusal | null
  readonly rows: readonly ForeseenRow[]
  /** It would stand, with these names for people to look at. */
  readonly exceptions: readonly RaisedException[]
  /** Of the parked command that was asked about, and of no other: field by field, also where it would not be taken. */
  readonly edits: readonly ForeseenEdit[]
}

/** Somebody looks at the app again, or the platform says that it has a network again. */
export type WhoIsBack = 'person' | 'network'

export interface DeviceApi {
  run(command: string, args: Readonly<Record<string, unknown>>, options?: RunOptions): Promise<RunAnswer>
  /** As in the status, at this moment: while it is true, `query` and `outbox` throw LeaseOverError. */
  readonly isPushOnly: boolean
  /** A dry run: what the hub would make of it now, as far as this device can know. Nothing is written, sent or drawn. */
  foresee(command: string, args: Readonly<Record<string, unknown>>): Promise<readonly Foreseen[]>
  query<R = Readonly<Record<string, unknown>>>(
    view: string,
    args?: Readonly<Record<string, unknown>>,
  ): Promise<readonly R[]>
  signedIn(): Promise<SignedIn>
  status(): Promise<DeviceStatus>
  outbox(): Promise<readonly OutboxEntry[]>
  /** Keeps a photo or file, encrypted and durable, so that a command may name it; a command that names what isn't here isn't saved. */
  take(content: Uint8Array): Promise<Taken>
  /** Forgets what was taken and no saved command names. */
  untake(sha: string): Promise<void>
  /** The bytes of a photo or file that a row names; null when neither this device nor the hub gives them, `offline` when only the hub could. */
  blob(sha: string, size: number): Promise<Uint8Array | null | 'offline'>
  /** By name; of what others took this device knows nothing, and says nothing. */
  blobsTaken(): Promise<Readonly<Record<string, BlobWhere>>>
  /** The author saw a refusal or a parking; it stays in the list. */
  acknowledge(seq: number): Promise<void>
  /** What waits as an encrypted file that a hub takes (`holdfast rescue`); null when nothing waits. Works in push-only mode. */
  rescue(passphrase: string): Promise<Rescue | null>
  /** Asks the hub what only it knows of the whole company: the one call that waits for the network besides `sync`. */
  office<Q extends keyof OfficeQuestions>(question: Q, given: OfficeQuestions[Q]['in']): Promise<OfficeAnswer<Q>>
  /** Asks for an exchange now; resolves when it ended, whether or not the hub answered. */
  sync(): Promise<DeviceStatus>
  /** A reason to exchange soon, never a sign that the hub is there. [SET2] */
  wake(who: WhoIsBack): void
  onStatus(listener: (status: DeviceStatus) => void): () => void
  /** Names of tables whose rows changed, by this device or a pull. */
  onChange(listener: (tables: ReadonlySet<string>) => void): () => void
  close(): Promise<void>
}

/** What enrolment takes from a person. */
export interface EnrolmentRequest {
  readonly hubUrl: string
  /** Ten characters, one use, ten minutes. */
  readonly code: string
  readonly signIn: string
  readonly password: string
  /** What is remembered of this device's life before, when its storage is gone with its keys: it goes on in the next epoch. */
  readonly lost?: { readonly dev: string; readonly ep: number; readonly seq: number } | undefined
}
