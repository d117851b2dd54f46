// Hashes and the ids made of them. SHA-256 is synchronous because it runs inside a database transaction. An id depends
// on nothing but its arguments: the same command gives the same ids on the device and on the hub.
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { assert } from './assert.ts'
import { hex, isWellFormed, utf8 } from './bytes.ts'
import { type CanonicalValue, canonical } from './canonical.ts'

/** A UUIDv8 in lower case, 36 characters; sorts by the moment of its command, as text and as bytes. */
export type RowId = string & { readonly __rowId: never }

/** SHA-256 of bytes, or of a text's UTF-8: a platform turns text into bytes faster than we do. */
type Digest = (content: Uint8Array | string) => Uint8Array
const ownDigest: Digest = (content) => nobleSha256(typeof content === 'string' ? utf8(content) : content)
let digest = ownDigest
type HexDigest = (content: Uint8Array | string) => string
let hexDigest: HexDigest = (content) => hex(digest(content))

/**
 * Lets a platform with a synchronous SHA-256 of its own stand in: for a 426-byte row node:crypto took 1.6 µs and hash-wasm
 * 4.6, both as hex, where @noble/hashes took 12 and more while its code was cold. Called once at start; a stand-in that
 * answers differently is a bug.
 */
export function adoptSha256(native: Digest, nativeHex: HexDigest = (content) => hex(native(content))): void {
  for (const length of [0, 1, 55, 56, 64, 119, 1000]) {
    const sample = Uint8Array.from({ length }, (_, i) => (i * 31) & 0xff)
    assert(hex(native(sample)) === hex(nobleSha256(sample)), `The platform's SHA-256 of ${length} bytes is wrong.`)
  }
  for (const text of ['', 'a', 'ä\u{1F9FE}\uFFFD', 'x'.repeat(1000)]) {
    assert(
      hex(native(text)) === hex(ownDigest(text)) && nativeHex(text) === hex(ownDigest(text)),
      `The platform's SHA-256 of a text of ${text.length} characters is wrong.`,
    )
  }
  digest = native
  hexDigest = nativeHex
}

/** SHA-256, 32 bytes, of bytes or of a text's UTF-8. */
export function sha256(content: Uint8Array | string): Uint8Array {
  assert(typeof content !== 'string' || isWellFormed(content), 'Text must not hold half a surrogate pair.')
  return digest(content)
}

/** SHA-256 of a text's UTF-8, as 64 hex digits in lower case. */
export function sha256Hex(text: string): string {
  assert(isWellFormed(text), 'Text must not hold half a surrogate pair.')
  return hexDigest(text)
}

/** The first 64 bits of a text's SHA-256, as 16 hex digits: row hashes and effect hashes (sync.md). */
export const hash64 = (text: string): string => sha256Hex(text).slice(0, 16)

const utf8Length = (text: string): number => {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return utf8(text).length
  return text.length
}

// Each part is preceded by its length in bytes, so that ('ab', 'c') and ('a', 'bc') never meet.
function measured(parts: readonly string[]): string {
  let whole = ''
  for (const part of parts) whole += `${utf8Length(part)}:${part}`
  return whole
}

// RFC 9562 §5.8: version 8 in the top four bits of byte 6, variant 10 in the top two of byte 8; 122 bits are ours.
function uuid8(bytes: Uint8Array): RowId {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const text = hex(bytes)
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}` as RowId
}

export interface RowIdParts {
  readonly tenant: string
  /** The device's code, as in its envelopes (sync.md). */
  readonly device: string
  /** Its epoch: +1 on each restore, fork or re-enrolment. */
  readonly epoch: number
  /** The command's number on its device. */
  readonly seq: number
  /** The envelope's capture time, ms since 1970 UTC, below 2^48. */
  readonly at: number
  /** A stable path within the command (`line/2`), never a counter over rows that were read. */
  readonly label: string
}

/** 48 bits of `at` and 74 bits of SHA-256(tenant, device, epoch, seq, label), as UUIDv8. [ROW1] */
export function rowId({ tenant, device, epoch, seq, at, label }: RowIdParts): RowId {
  assert(Number.isInteger(at) && at >= 0 && at < 2 ** 48, `A capture time is 0 to 2^48 - 1 ms, not ${at}.`)
  assert(Number.isSafeInteger(epoch) && Number.isSafeInteger(seq), 'Epoch and sequence must be whole numbers.')
  const hash = digest(measured(['holdfast-row-1', tenant, device, `${epoch}`, `${seq}`, label]))
  const bytes = new Uint8Array(16)
  for (let i = 0, rest = at; i < 6; i++, rest = Math.floor(rest / 256)) bytes[5 - i] = rest % 256
  bytes.set(hash.subarray(0, 10), 6)
  return uuid8(bytes)
}

/** The capture time that a command's row id begins with; of an id by natural key it says nothing. */
export const momentOfId = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

/** What the ids of all rows that a command of this moment makes begin with, and only those: two bounds in the order of ids. */
export function idsOfMoment(at: number): { readonly from: string; readonly to: string } {
  const digits = at.toString(16).padStart(12, '0')
  const start = `${digits.slice(0, 8)}-${digits.slice(8)}-`
  return { from: `${start}8`, to: `${start}9` }
}

/** Balances and accounts come again with every line of every document: their ids are kept. */
const KEY_IDS_MAX = 8192
const keyIds = new Map<string, RowId>()

/** The id of the row that any device would make of this natural key: 122 bits of SHA-256(tenant, table, key). */
export function keyId(tenant: string, table: string, key: CanonicalValue): RowId {
  const whole = measured(['holdfast-key-1', tenant, table, canonical(key)])
  let id = keyIds.get(whole)
  if (id === undefined) {
    id = uuid8(Uint8Array.from(digest(whole).subarray(0, 16)))
    if (keyIds.size >= KEY_IDS_MAX) keyIds.clear()
    keyIds.set(whole, id)
  }
  return id
}
