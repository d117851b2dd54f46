// What a page may ask of the device worker and what it is told, and how two tabs' workers speak with each other. Shapes only: everything
// here must survive a structured clone. A passphrase or key passes these messages in memory and is never written anywhere.
import type { Rescue } from '../../sync/device/rescue.ts'
import type {
  BlobWhere,
  DeviceStatus,
  Foreseen,
  OutboxEntry,
  RunAnswer,
  RunOptions,
  SignedIn,
  Taken,
  EnrolmentRequest,
  WhoIsBack,
} from '../../sync/device/api.ts'
import type { OfficeAnswer } from '../../sync/device/office.ts'
import type { OfficeQuestions } from '../../sync/office-protocol.ts'

/** fresh: nothing on this device · locked: a vault without its key · opening: the key fits, the database opens · open: at work. */
export type HostPhase = 'fresh' | 'locked' | 'opening' | 'open'

export interface HostState {
  readonly phase: HostPhase
  /** Whose passphrases open the vault: sign-in names. */
  readonly slots: readonly string[]
  readonly notice: 'setup-unfinished' | null
}

export interface EnrolCall {
  readonly hubUrl: string
  readonly code: string
  readonly signIn: string
  readonly password: string
  readonly passphrase: string
  /** What this browser remembers of a device whose storage it cleared. */
  readonly lost?: EnrolmentRequest['lost']
}

/** The device is set up again, in its next epoch: the passphrase and all saved work stay. */
export type EnrolAgainCall = Omit<EnrolCall, 'passphrase' | 'lost'>

export interface UnlockCall {
  readonly slot: string
  readonly passphrase: string
}

/** Why the way in didn't open, as codes that the start screens translate. */
export type EntryProblem =
  | 'wrong-passphrase'
  | 'no-such-slot'
  | 'wrong-code'
  | 'expired-code'
  | 'wrong-password'
  | 'too-many-tries'
  | 'no-profile'
  | 'unreachable'
  | 'in-use'
  | 'damaged'
  | 'storage-full'
  | 'no-storage'
  | 'other'

export type EntryAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly problem: EntryProblem; readonly reason: string }

export interface ViewAnswer {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  /** Names of the tables whose change makes this answer old. */
  readonly tables: readonly string[]
}

export interface DraftCall {
  readonly key: string
  /** null removes the draft. */
  readonly value: string | null
}

/** A question of the office with what it is about. */
export type OfficeAsk = {
  [Q in keyof OfficeQuestions]: { readonly question: Q; readonly given: OfficeQuestions[Q]['in'] }
}[keyof OfficeQuestions]

/** Calls by name: argument in, answer out. */
export interface HostCalls {
  state: { in: null; out: HostState }
  enrol: { in: EnrolCall; out: EntryAnswer }
  enrolAgain: { in: EnrolAgainCall; out: EntryAnswer }
  rescue: { in: { passphrase: string }; out: Rescue | null }
  unlock: { in: UnlockCall; out: EntryAnswer }
  lock: { in: { isIdle: boolean }; out: null }
  run: { in: { command: string; args: Readonly<Record<string, unknown>>; options: RunOptions }; out: RunAnswer }
  foresee: { in: { command: string; args: Readonly<Record<string, unknown>> }; out: readonly Foreseen[] }
  query: { in: { view: string; args: Readonly<Record<string, unknown>> }; out: ViewAnswer }
  signedIn: { in: null; out: SignedIn }
  status: { in: null; out: DeviceStatus }
  outbox: { in: null; out: readonly OutboxEntry[] }
  office: { in: OfficeAsk; out: OfficeAnswer<keyof OfficeQuestions> }
  acknowledge: { in: { seq: number }; out: null }
  take: { in: { content: Uint8Array }; out: Taken }
  untake: { in: { sha: string }; out: null }
  blob: { in: { sha: string; size: number }; out: Uint8Array | null | 'offline' }
  blobsTaken: { in: null; out: Readonly<Record<string, BlobWhere>> }
  sync: { in: null; out: DeviceStatus }
  wake: { in: WhoIsBack; out: null }
  draftGet: { in: { key: string }; out: string | null }
  draftSet: { in: DraftCall; out: null }
}

export type CallName = keyof HostCalls
export type Ask = { [N in CallName]: { readonly name: N; readonly input: HostCalls[N]['in'] } }[CallName]

export type HostEvent =
  | { readonly event: 'state'; readonly state: HostState }
  | { readonly event: 'status'; readonly status: DeviceStatus }
  | { readonly event: 'change'; readonly tables: readonly string[] }
  /** The key is gone in every tab; a page ends its worker now and starts a new one. */
  | { readonly event: 'locked'; readonly isIdle: boolean }
  /** A tab of a newer app has the device: this one begins nothing any more and is to be loaded again. */
  | { readonly event: 'outdated' }
  /** A tab of an older app has the device and doesn't give way by itself. */
  | { readonly event: 'older-leader' }
  /** This tab's worker can't work in this browser at all. */
  | { readonly event: 'broken'; readonly fault: Fault }

/** An error of the worker as plain data: `kind` is SqliteError's, for faults of the world. */
export interface Fault {
  readonly name: string
  readonly message: string
  readonly kind: string | null
}

export type Answer = { readonly id: string; readonly value: unknown } | { readonly id: string; readonly fault: Fault }

export type FromPage = { readonly id: string; readonly ask: Ask }
export type ToPage = Answer | HostEvent

/** Between the workers of two tabs, over one BroadcastChannel. */
export type BetweenTabs =
  | { readonly to: 'all'; readonly leader: string; readonly state: HostState; readonly version?: string }
  | { readonly to: 'leader'; readonly who: string; readonly version?: string }
  | {
      readonly to: 'leader'
      readonly from: string
      readonly id: string
      readonly ask: Ask
      readonly version?: string
    }
  | { readonly to: 'one'; readonly one: string; readonly answer: Answer }
  | { readonly to: 'all'; readonly event: HostEvent }
  /** The data key, so that a tab that takes over doesn't ask for the passphrase. In memory only, gone with the lock. */
  | { readonly to: 'followers'; readonly key: Uint8Array }

/** A fault that the page gets as data; everything else of an error stays in the worker. */
export function faultOf(error: unknown): Fault {
  const { name, message, kind } = (error ?? {}) as { name?: unknown; message?: unknown; kind?: unknown }
  return {
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? message : String(error),
    kind: typeof kind === 'string' ? kind : null,
  }
}
