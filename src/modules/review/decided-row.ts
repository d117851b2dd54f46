// The row that a decision of the review is about. Whoever decides about one that the hub doesn't have (it was restored, and the device that
// brings the row again hasn't come yet) is refused, and can decide once it is there; a decision is never itself parked for people.
import { ELSEWHERE, type Context } from '../../kernel/command.ts'

/** Null only where nothing is refused: on a device. */
export function decidedRow<T extends object>(
  ctx: Context,
  row: T | typeof ELSEWHERE | null,
  code: 'review.unknown-item' | 'review.row-is-gone',
  facts: Readonly<Record<string, string>>,
): T | null {
  const found = row === ELSEWHERE ? null : row
  ctx.rule(code, found !== null, facts)
  return found
}
