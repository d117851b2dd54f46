// Who was shut out, and what that means for work that arrives afterwards, in the reference's words: of a device that was lost
// nothing counts without people; of another one what was done before counts. It believes what the office did, and no clock
// that lied. [AUTH7]
import type { Kept } from './kept.ts'

/** Epochs up to this one of this device. */
export interface Revocation {
  readonly dev: string
  readonly ep: number
  /** Virtual time. */
  readonly at: number
  readonly isLost: boolean
}

/** What a device says of its clock's error is never worse while its clock is right. */
const UNSURE_MS = 120_000

/**
 * A request of somebody who is disabled by now, as the hub says: which rights of whom end when is for `rights-lost.pg.test.ts`; here nothing of
 * it may happen. [AUTH8]
 */
export const isDenied = ({ outcome, reason }: { readonly outcome: string; readonly reason: string | null }): boolean =>
  outcome === 'refused' && reason === 'kernel.not-permitted'

/** Whether people have to decide; null: it was done about then, or by a clock that lied, and the hub may say either. */
export function needsPeople(kept: Kept, revocations: readonly Revocation[]): boolean | null {
  if (kept.isForged === true) return true
  const ep = kept.was?.ep ?? kept.ep
  const its = revocations.filter((each) => each.dev === kept.dev && ep <= each.ep)
  const [first] = its
  if (first === undefined) return false
  if (its.some(({ isLost }) => isLost)) return true
  if (!kept.isClockSure || Math.abs(kept.savedAt - first.at) < UNSURE_MS) return null
  return kept.savedAt > first.at
}
