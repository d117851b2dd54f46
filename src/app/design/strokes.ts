// Strokes of a signature as the kernel keeps them: whole numbers on a pad of 2000 × 600. Pure, so that a test can draw.

export const PAD_WIDTH = 2000
export const PAD_HEIGHT = 600
/** Nearer points than this say nothing more about the hand. */
const NEAR = 6

export interface Point {
  readonly x: number
  readonly y: number
}

const inside = (value: number, most: number): number => Math.min(most - 1, Math.max(0, Math.round(value)))

/** The strokes with one point more; `last` is the point before it in its stroke, null for the first. Null: nothing new. */
export function inkWith(
  ink: string,
  point: Point,
  last: Point | null,
): { readonly ink: string; readonly at: Point } | null {
  const at = { x: inside(point.x, PAD_WIDTH), y: inside(point.y, PAD_HEIGHT) }
  if (last !== null && Math.hypot(at.x - last.x, at.y - last.y) < NEAR) return null
  return { ink: `${ink}${last === null ? 'M' : 'L'}${at.x} ${at.y}`, at }
}
