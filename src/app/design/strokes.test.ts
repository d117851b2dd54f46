// What a hand draws is what the kernel takes for a signature, wherever the pointer goes.
import { expect, test } from 'vitest'
import { objectSchema, shapeFault } from '../../kernel/field.ts'
import { signature } from '../../kernel/blob.ts'
import { seededDraw } from '../../testing/any-row.ts'
import { inkWith, type Point } from './strokes.ts'

const schema = objectSchema({ signed: signature() })

test('a stroke is a move and lines; points that say nothing are left out', () => {
  let ink = ''
  let last: Point | null = null
  for (const [x, y] of [
    [10.4, 20.6],
    [11, 21],
    [40, 50],
  ] as const) {
    const next = inkWith(ink, { x, y }, last)
    if (next === null) continue
    ink = next.ink
    last = next.at
  }
  expect(ink).toBe('M10 21L40 50')
})

test('any movement, also outside of the pad, is a signature', () => {
  const draw = seededDraw(7)
  let ink = ''
  let last: Point | null = null
  for (let at = 0; at < 1_000; at++) {
    if (draw(50) === 0) last = null
    const next = inkWith(ink, { x: draw(9_000) - 3_000.5, y: draw(3_000) - 1_000.25 }, last)
    if (next === null) continue
    ink = next.ink
    last = next.at
  }
  expect(shapeFault(schema, { signed: ink })).toBeNull()
})
