// Hashes against Node's own SHA-256; ids against a second derivation from their definition.
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hex } from './bytes.ts'
import { type RowIdParts, adoptSha256, hash64, keyId, rowId, sha256 } from './hash.ts'

const node = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')
const framed = (...parts: string[]): Buffer =>
  Buffer.concat(parts.flatMap((part) => [Buffer.from(`${Buffer.byteLength(part)}:`), Buffer.from(part)]))
const bits = (hexText: string): string => BigInt(`0x1${hexText}`).toString(2).slice(1)
const sale: RowIdParts = { tenant: 'acme', device: 'K7Q2', epoch: 1, seq: 42, at: 1_760_000_000_123, label: 'line/2' }
const UUID8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const text = fc.string({ unit: 'binary', maxLength: 20 })

describe('sha256', () => {
  test('is SHA-256 of bytes and of UTF-8', () => {
    fc.assert(
      fc.property(text, fc.uint8Array(), (t, bytes) => {
        expect(hex(sha256(t))).toBe(node(t))
        expect(hex(sha256(bytes))).toBe(node(bytes))
        expect(hash64(t)).toBe(node(t).slice(0, 16))
      }),
    )
  })
})

describe('rowId', () => {
  test('[ROW1] is 48 bits of at, version, 12 bits, variant, 62 bits of the hash', () => {
    fc.assert(
      fc.property(
        text,
        text,
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 0, max: 2 ** 48 - 1 }),
        text,
        (tenant, device, epoch, seq, at, label) => {
          const id = rowId({ tenant, device, epoch, seq, at, label })
          expect(id).toMatch(UUID8)
          const own = bits(id.replaceAll('-', ''))
          const hash = bits(node(framed('holdfast-row-1', tenant, device, `${epoch}`, `${seq}`, label)))
          expect(Number(BigInt(`0b${own.slice(0, 48)}`))).toBe(at)
          expect(own.slice(52, 64)).toBe(hash.slice(4, 16))
          expect(own.slice(66)).toBe(hash.slice(18, 80))
        },
      ),
    )
  })
  test('never changes: this id is stored for ever', () => {
    expect(rowId(sale)).toBe(rowId({ ...sale }))
    expect(rowId(sale)).toMatchInlineSnapshot(`"0199c82c-c07b-8ed3-bc7d-c890d3a95186"`)
  })
  test('[ROW1] every part counts, and none runs into the next', () => {
    const others: Partial<RowIdParts>[] = [
      { tenant: 'acm' },
      { device: 'K7Q3' },
      { epoch: 2 },
      { seq: 43 },
      { at: sale.at + 1 },
      { label: 'line/3' },
      { tenant: 'acmeK', device: '7Q2' },
      { epoch: 14, seq: 2 },
    ]
    const ids = others.map((other) => rowId({ ...sale, ...other }))
    expect(new Set([rowId(sale), ...ids]).size).toBe(others.length + 1)
  })
  test('sorts by moment', () => expect(rowId(sale) < rowId({ ...sale, at: sale.at + 1, label: 'x' })).toBe(true))
  test('a moment outside 48 bits is a bug', () => {
    for (const at of [-1, 2 ** 48, 1.5, Number.NaN]) expect(() => rowId({ ...sale, at })).toThrow(/capture time/)
  })
})

describe('keyId', () => {
  test('two devices that create the same batch create one row', () => {
    expect(keyId('acme', 'stock.batch', ['item-1', 'B7'])).toBe(keyId('acme', 'stock.batch', ['item-1', 'B7']))
    expect(keyId('acme', 'stock.batch', ['item-1', 'B7'])).toMatch(UUID8)
    expect(keyId('acme', 'stock.batch', ['item-1', 'B7'])).toMatchInlineSnapshot(
      `"47a2b28e-b623-867a-af8f-4ae5c308827b"`,
    )
  })
  test('tenant, table and each part of the key count', () => {
    const ids = [
      keyId('a', 't', ['x', 'y']),
      keyId('b', 't', ['x', 'y']),
      keyId('a', 'u', ['x', 'y']),
      keyId('a', 't', ['xy']),
      keyId('a', 't', ['x', null]),
      keyId('a', 't', 'x'),
      keyId('at', '', ['x', 'y']),
    ]
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('adoptSha256', () => {
  test('takes node:crypto and gives the same ids; refuses a wrong one', () => {
    const [id, key] = [rowId(sale), keyId('acme', 'stock.batch', ['item-1'])]
    expect(() => adoptSha256((bytes) => createHash('sha1').update(bytes).digest())).toThrow(
      /SHA-256 of 0 bytes is wrong/,
    )
    const right = (content: Uint8Array | string): Buffer => createHash('sha256').update(content).digest()
    expect(() => adoptSha256(right, (content) => right(content).toString('hex').toUpperCase())).toThrow(
      /SHA-256 of a text of 0 characters is wrong/,
    )
    adoptSha256((bytes) => createHash('sha256').update(bytes).digest())
    expect([rowId(sale), keyId('acme', 'stock.batch', ['item-1'])]).toEqual([id, key])
    expect(hash64('abc')).toBe(node('abc').slice(0, 16))
  })
})
