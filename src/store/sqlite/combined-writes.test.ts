// Held writes against a plain array of bytes: whatever is written and settled in whatever order, the file holds the same, in fewer writes.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CombinedWrites } from './combined-writes.ts'

const fileBytes = 4000

describe('writes that are held back', () => {
  test('pieces side by side reach the file as one, when they are settled and not before', () => {
    const put: [number, number][] = []
    const writes = new CombinedWrites((bytes, offset) => void put.push([offset, bytes.byteLength]))
    writes.add(new Uint8Array(24), 100)
    writes.add(new Uint8Array(4096), 124)
    expect(put).toEqual([])
    writes.settle()
    writes.settle()
    expect(put).toEqual([[100, 4120]])
  })

  test('what was given may change afterwards: a copy is held', () => {
    let seen = -1
    const writes = new CombinedWrites((bytes) => void (seen = bytes[0] ?? -1))
    const piece = Uint8Array.of(7)
    writes.add(piece, 0)
    piece[0] = 9
    writes.settle()
    expect(seen).toBe(7)
  })

  test('a file that refuses is asked again, before anything that comes later', () => {
    let isFull = true
    const file = new Uint8Array(8)
    const writes = new CombinedWrites((bytes, offset) => {
      if (isFull) throw new RangeError('no room')
      file.set(bytes, offset)
    })
    writes.add(Uint8Array.of(1, 1), 0)
    expect(() => writes.settle()).toThrow('no room')
    expect(() => writes.add(Uint8Array.of(2), 0)).toThrow('no room')
    isFull = false
    writes.add(Uint8Array.of(3), 0)
    writes.settle()
    expect([...file]).toEqual([3, 1, 0, 0, 0, 0, 0, 0])
  })

  test('a file that is full can be read, and what is held beyond its end is there', () => {
    const writes = new CombinedWrites(() => {
      throw new RangeError('no room')
    })
    writes.add(Uint8Array.of(8, 9), 6)
    const bytes = new Uint8Array(8).fill(5)
    expect(writes.over(bytes, 0, 4)).toBe(8)
    expect([...bytes]).toEqual([5, 5, 5, 5, 0, 0, 8, 9])
    expect(writes.end).toBe(8)
  })

  test('any writes end as they would have one by one', () => {
    const piece = fc.record({
      offset: fc.integer({ min: 0, max: fileBytes - 300 }),
      length: fc.integer({ min: 0, max: 300 }),
      isNext: fc.boolean(),
      isSettled: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const plain = new Uint8Array(fileBytes)
        const file = new Uint8Array(fileBytes)
        let puts = 0
        let isSeen = true
        const writes = new CombinedWrites((bytes, offset) => {
          puts++
          file.set(bytes, offset)
        })
        let end = 0
        for (const [index, { offset, length, isNext, isSettled }] of pieces.entries()) {
          const at = isNext && end + length <= fileBytes ? end : offset
          const bytes = new Uint8Array(length).fill(index + 1)
          plain.set(bytes, at)
          writes.add(bytes, at)
          end = at + length
          // A reader sees through what is held, wherever it begins and ends.
          const seen = file.slice(at >> 1, at + 350)
          writes.over(seen, at >> 1, seen.byteLength)
          isSeen &&= Buffer.compare(seen, plain.slice(at >> 1, at + 350)) === 0
          if (isSettled) writes.settle()
        }
        writes.settle()
        expect(isSeen).toBe(true)
        // By bytes: an expectation of arrays looks at each of their elements, a hundred times a run.
        expect(Buffer.compare(file, plain)).toBe(0)
        expect(puts).toBeLessThanOrEqual(pieces.length)
      }),
    )
  })

  test('more than a megabyte goes in parts', () => {
    let total = 0
    const writes = new CombinedWrites((bytes) => void (total += bytes.byteLength))
    for (let page = 0; page < 600; page++) writes.add(new Uint8Array(4096), page * 4096)
    expect(total).toBeGreaterThan(0)
    writes.settle()
    expect(total).toBe(600 * 4096)
  })
})
