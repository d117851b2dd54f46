// Bytes of text against Node's own encoder, the independent oracle.
import { Buffer } from 'node:buffer'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { base32Decode, base32Encode, compareUtf8, hex, isWellFormed, utf8 } from './bytes.ts'
import { times } from '../testing/properties.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom('a', '\u007f', 'é', '\u07ff', '\ud7ff', '\ue000', '\uffff', '😀', '\u{10000}', '\u{10ffff}'),
  }),
)

describe('utf8', () => {
  test('are the bytes Node makes', () => {
    fc.assert(
      fc.property(text, (t) => {
        expect(Buffer.compare(utf8(t), Buffer.from(t, 'utf8'))).toBe(0)
      }),
      { numRuns: times(1000) },
    )
  })
  test('half a surrogate pair is a bug', () => {
    for (const broken of ['\ud800', 'a\udc00', '\ud800a', '\udc00\ud800', '\ud800\ud800\udc00']) {
      expect(isWellFormed(broken)).toBe(false)
      expect(() => utf8(broken)).toThrow(/surrogate/)
    }
    expect(isWellFormed('a😀é\u{10ffff}')).toBe(true)
  })
})

describe('compareUtf8', () => {
  test('is the order of UTF-8 bytes, surrogate pairs included', () => {
    fc.assert(
      fc.property(text, text, fc.boolean(), (a, b, share) => {
        const other = share ? a.slice(0, a.length >> 1) + b : b
        fc.pre(isWellFormed(other))
        expect(Math.sign(compareUtf8(a, other))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(other)))
      }),
      { numRuns: times(5000) },
    )
  })
  test('where JavaScript differs: U+FFFF sorts before an emoji', () => {
    expect(['\uffff', '😀'].sort()).toEqual(['😀', '\uffff'])
    expect(['😀', '\uffff'].sort(compareUtf8)).toEqual(['\uffff', '😀'])
    expect(compareUtf8('\uffff', '😀')).toBeLessThan(0)
    expect(compareUtf8('\ue000', '\ud7ff')).toBeGreaterThan(0)
    expect(compareUtf8('😀', '😁')).toBeLessThan(0)
    expect(compareUtf8('a', 'ab')).toBeLessThan(0)
    expect(compareUtf8('', '')).toBe(0)
  })
  test('every pair at the edges of the ranges', () => {
    const edges = [
      '',
      '\u0001',
      '\u007f',
      '\u0080',
      '\u07ff',
      '\u0800',
      '\ud7ff',
      '\ue000',
      '\uffff',
      '\u{10000}',
      '\u{103ff}',
      '\u{10400}',
      '\u{10ffff}',
    ]
    for (const a of edges) {
      for (const b of edges) {
        expect([a, b, Math.sign(compareUtf8(a, b))]).toEqual([a, b, Buffer.compare(Buffer.from(a), Buffer.from(b))])
      }
    }
  })
})

describe('hex and base32', () => {
  const bytes = fc.uint8Array({ maxLength: 40 })
  test('hex is what Node prints', () => {
    fc.assert(
      fc.property(bytes, (b) => {
        expect(hex(b)).toBe(Buffer.from(b).toString('hex'))
      }),
    )
  })
  test('base32 by a BigInt oracle, and back', () => {
    const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
    fc.assert(
      fc.property(bytes, (b) => {
        const length = Math.ceil((b.length * 8) / 5)
        let value = BigInt(`0x0${hex(b)}`) << BigInt(length * 5 - b.length * 8)
        let expected = ''
        for (let i = 0; i < length; i++, value >>= 5n) expected = (alphabet[Number(value & 31n)] ?? '') + expected
        expect(base32Encode(b)).toBe(expected)
        expect(base32Decode(expected)).toEqual(b)
      }),
    )
  })
  test('reads what a person types', () => {
    const bytesOf = base32Decode('91JP-RV3F')
    expect(bytesOf).toEqual(Uint8Array.from(Buffer.from('Hello')))
    expect(base32Decode('91jprv3f')).toEqual(bytesOf)
    expect(base32Decode('o1')).toEqual(base32Decode('0I'))
    expect(base32Decode('U1')).toBeNull()
    expect(base32Decode('0')).toBeNull()
    expect(base32Decode('01')).toBeNull() // spare bits that are not zero
    expect(base32Decode('')).toEqual(new Uint8Array(0))
  })
})
