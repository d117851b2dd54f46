// Canonical JSON against a naive oracle built on JSON.stringify and Node's byte order.
import { Buffer } from 'node:buffer'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonical, parseCanonical } from './canonical.ts'
import { times } from '../testing/properties.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

function oracle(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(oracle).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const pairs = Object.entries(value).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return `{${pairs.map(([key, inner]) => `${JSON.stringify(key)}:${oracle(inner)}`).join(',')}}`
}

const text = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom('"', '\\', '\n', '\u001f', '\u2028', '😀', '\uffff', 'ß'),
      fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
    ),
  })
  .filter((t) => !t.includes('\u0000'))
const { value: json } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    text,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.oneof(text, fc.nat(20).map(String)), tie('value'), { maxKeys: 6 }),
  ),
}))

describe('canonical', () => {
  test('agrees with the oracle, and reads back', () => {
    fc.assert(
      fc.property(json, (value) => {
        const written = canonical(value)
        expect(written).toBe(oracle(value))
        const read = parseCanonical(written)
        expect(read.ok && oracle(read.value as Json)).toBe(written)
      }),
      { numRuns: times(1000) },
    )
  })
  test('keys sorted by UTF-8 bytes at each depth, number-like keys too', () => {
    expect(canonical({ b: 1, a: { 10: 1, 9: 2, z: null }, '😀': 1, '\uffff': 2 })).toBe(
      '{"a":{"10":1,"9":2,"z":null},"b":1,"\uffff":2,"😀":1}',
    )
  })
  test('null is kept, minus zero is zero, __proto__ is a key', () => {
    expect(canonical({ a: null, b: -0 })).toBe('{"a":null,"b":0}')
    expect(parseCanonical('{"__proto__":1}')).toMatchObject({ ok: true })
  })
  test.each([
    ['a float', 1.5],
    ['NaN', Number.NaN],
    ['infinity', Infinity],
    ['beyond 2^53', 2 ** 53],
    ['undefined', undefined],
    ['a key that is undefined', { a: undefined }],
    ['a hole', Object.assign([], { length: 2 })],
    ['a bigint', 1n],
    ['a function', () => 1],
    ['a symbol', Symbol('a')],
    ['NUL in text', 'a\u0000b'],
    ['NUL in a key', { 'a\u0000': 1 }],
    ['half a pair', '\ud83d'],
    ['half a pair in a key', { '\udc00': 1 }],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['bytes', new Uint8Array(2)],
    [
      'a class instance',
      new (class Till {
        readonly code = 'K7Q2'
      })(),
    ],
  ])('%s is a bug', (_, value) => {
    expect(() => canonical(value)).toThrow(/Canonical/)
    expect(() => canonical([{ deep: value }])).toThrow(/Canonical/)
  })
  test('a loop ends with a sentence, not with the stack', () => {
    const loop: unknown[] = []
    loop.push(loop)
    expect(() => canonical(loop)).toThrow(/levels deep/)
  })
})

describe('parseCanonical', () => {
  test.each([
    '{"b":1,"a":2}',
    '{ "a":1}',
    '{"a":1,"a":1}',
    '1.0',
    '-0',
    '1e3',
    '"\\u0041"',
    '[1,2] ',
    '1.5',
    '9007199254740993',
    '"\\u0000"',
    '"\\ud800"',
  ])('%s is JSON, but not canonical', (line) => {
    expect(parseCanonical(line)).toMatchObject({ ok: false, code: 'canonical.not-canonical' })
  })
  test.each(['', '{', "{'a':1}", 'undefined', 'NaN', '01'])('%s is not JSON', (line) => {
    expect(parseCanonical(line)).toMatchObject({ ok: false, code: 'canonical.not-json' })
  })
})
