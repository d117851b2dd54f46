// Text as bytes: the one order of text keys (UTF-8 bytes, like COLLATE "C" and SQLite's BINARY; JavaScript's own order
// differs above U+D7FF), and hex and base32. Written by hand because the domain sees no platform: no TextEncoder here.
import { assert } from './assert.ts'

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/** False for half a surrogate pair, which has no UTF-8: check text from people and devices before it is stored. */
export const isWellFormed = (text: string): boolean => !LONE_SURROGATE.test(text)

// In UTF-16 the surrogates (astral characters) stand below U+E000..U+FFFF, in UTF-8 above: swap the two ranges.
const rank = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800)

/** Negative, 0 or positive as `a` sorts before, with or after `b` by UTF-8 bytes. A total order for any strings. */
export function compareUtf8(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const unitA = a.charCodeAt(i)
    const unitB = b.charCodeAt(i)
    if (unitA !== unitB) return rank(unitA) - rank(unitB)
  }
  return a.length - b.length
}

/** The UTF-8 bytes of well-formed text; half a surrogate pair is a bug here, since two texts would share their bytes. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length * 3)
  let at = 0
  for (let i = 0; i < text.length; i++) {
    let point = text.charCodeAt(i)
    if (point < 0x80) {
      bytes[at++] = point
      continue
    }
    if (point >= 0xd800 && point < 0xe000) {
      const low = text.charCodeAt(++i)
      assert(point < 0xdc00 && low >= 0xdc00 && low < 0xe000, 'Text must not hold half a surrogate pair.')
      point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00)
      bytes[at++] = 0xf0 | (point >> 18)
      bytes[at++] = 0x80 | ((point >> 12) & 0x3f)
      bytes[at++] = 0x80 | ((point >> 6) & 0x3f)
    } else if (point < 0x800) {
      bytes[at++] = 0xc0 | (point >> 6)
    } else {
      bytes[at++] = 0xe0 | (point >> 12)
      bytes[at++] = 0x80 | ((point >> 6) & 0x3f)
    }
    bytes[at++] = 0x80 | (point & 0x3f)
  }
  return bytes.subarray(0, at)
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Lower-case hexadecimal, two characters a byte; of the first `length` bytes. */
export function hex(bytes: Uint8Array, length = bytes.length): string {
  let text = ''
  for (let at = 0; at < length; at++) text += HEX[bytes[at] ?? 0]
  return text
}

// Crockford's alphabet: no I, L, O, U, so that a code survives being read over the telephone.
const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Crockford base32, 5 bits a character, first bit first, the last character filled with zero bits; no padding. */
export function base32Encode(bytes: Uint8Array): string {
  let text = ''
  let buffer = 0
  let bits = 0
  for (const byte of bytes) {
    buffer = ((buffer & 0x1f) << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += BASE32[(buffer >> bits) & 0x1f]
    }
  }
  return bits === 0 ? text : text + BASE32[(buffer << (5 - bits)) & 0x1f]
}

/** Reads what a person typed: any case, hyphens ignored, I and L as 1, O as 0. Null when it encodes no whole bytes. */
export function base32Decode(text: string): Uint8Array<ArrayBuffer> | null {
  const plain = text.toUpperCase().replaceAll('-', '').replaceAll(/[IL]/g, '1').replaceAll('O', '0')
  const bytes = new Uint8Array(Math.floor((plain.length * 5) / 8))
  let at = 0
  let buffer = 0
  let bits = 0
  for (const letter of plain) {
    const value = BASE32.indexOf(letter)
    if (value < 0) return null
    buffer = ((buffer & 0xff) << 5) | value
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = (buffer >> bits) & 0xff
    }
  }
  return bits < 5 && (buffer & ((1 << bits) - 1)) === 0 ? bytes : null
}
