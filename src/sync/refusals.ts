// Every code with which the hub refuses a request or parks a command by itself, apart from what the business says: a
// closed list, because screens translate it and devices act on it. A code is never renamed and never given two meanings.
import type { Catalogue } from '../kernel/catalogue.ts'
import { to, type ExceptionOwner, type Exceptions } from '../kernel/exception-owner.ts'

/** With a status of 4xx or 503, as `{ error }`. */
export type WireErrorCode =
  | 'auth.no-token'
  | 'auth.token-over'
  | 'auth.wrong-proof'
  | 'blob.gap'
  | 'blob.hub-full'
  | 'blob.malformed'
  | 'blob.over-quota'
  | 'blob.too-large'
  | 'blob.too-many'
  | 'blob.unknown'
  | 'blob.unsupported'
  | 'blob.wrong-content'
  | 'body.bad-encoding'
  | 'body.too-large'
  | 'chunk.bad-range'
  | 'chunk.not-yours'
  | 'chunk.unknown'
  | 'enrol.bad-key'
  | 'enrol.code-expired'
  | 'enrol.code-used'
  | 'enrol.malformed'
  | 'enrol.no-profile'
  | 'enrol.other-device'
  | 'enrol.too-many-tries'
  | 'enrol.unknown-code'
  | 'enrol.wrong-sign-in'
  | 'hub.busy'
  | 'hub.no-such-path'
  | 'hub.try-again'
  | 'manifest.malformed'
  | 'office.malformed'
  | 'office.not-permitted'
  | 'office.unknown-person'
  | 'office.unknown-subject'
  | 'pull.malformed'
  | 'push.malformed'
  | 'push.other-protocol'
  | 'push.too-many'
  | 'session.challenge-over'
  | 'session.malformed'
  | 'session.unknown-device'
  | 'session.wrong-signature'
  | 'sync.revoked'

/** What the hub raises or parks by itself, with the duty that looks at it. */
export const syncExceptions = {
  AFTER_REVOCATION: to('it'),
  FORK: to('it', 'at once'),
  HUB_FULL: to('it'),
  STORAGE_LOST: to('it', 'at once'),
  LATE_AUTHORITY: to('branchManager'),
  NUMBER_GAP: to('finance'),
  NUMBER_TWICE: to('finance'),
} as const satisfies Exceptions

/** Who looks at an exception; null for a code that no module of this release declares. */
export const ownerOf = (catalogue: Pick<Catalogue, 'exceptions'>, code: string): ExceptionOwner | null =>
  catalogue.exceptions.get(code) ?? (syncExceptions as Exceptions)[code] ?? null

/** Why the hub parks a command before, or instead of, asking its handler. */
export const parkReasons = [
  'AFTER_REVOCATION',
  'hub.bug',
  'hub.cannot-store',
  'hub.too-deep',
  'sync.cannot-upcast',
  'sync.device-lost',
  'sync.lease-over',
  'sync.not-your-life',
  'sync.not-your-lease',
  'sync.number-used',
  'sync.personal-mismatch',
  'sync.unknown-command',
  'sync.unknown-lease',
  'sync.unknown-protocol',
  'sync.unknown-version',
] as const
export type ParkReason = (typeof parkReasons)[number]

/** What it says of a command that it took otherwise than the device foretold, or of a decision it could not carry out. */
export const outcomeReasons = [
  'sync.other-effects',
  'sync.subject-erased',
  'review.waits',
  'review.already-settled',
] as const

/** Of a module's codes, those that begin so: `CodesOf<'body'>`. */
export type CodesOf<Prefix extends string> = Extract<WireErrorCode, `${Prefix}.${string}`>
