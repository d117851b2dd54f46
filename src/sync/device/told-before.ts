// Outcomes that were told before the hub went back (restored from a backup, or another server in its place that lacked the last commits): a
// copy of this device may have brought the same work again, and it was decided anew. The last outcome that was told by then shows whether
// that may be so; only then are all of them asked for again, a few hundred with each pull. [OUT4]
import { COMMANDS_PER_PUSH_MAX, SERVER_LIFE, type Outcome, type PullHead } from '../protocol.ts'
import { unansweredOf } from './outgoing.ts'
import type { Replica } from './replica.ts'

/** What a pull asks for: work that was never answered, before anything that may have been answered otherwise since. */
export interface Asked {
  readonly range: readonly [first: number, last: number]
  readonly isToldBefore: boolean
}

/** Outcomes of commits before `before`; from the sequence `from` on, or the last one of them first. */
interface Doubt {
  readonly before: number
  readonly from: number | null
}

const KEY = 'toldBefore'
const doubtOf = ({ meta }: Replica): Doubt | null => meta.json<Doubt | null>(KEY)
const doubt = ({ meta }: Replica, to: Doubt | null): void => meta.set(KEY, JSON.stringify(to))

/** What was told is of another life of the hub, or of a server that was there before this one. Said within the pull's transaction. */
export function doubtIfAnother(replica: Replica, { incarnation, w }: Pick<PullHead, 'incarnation' | 'w'>): void {
  const { watermark } = replica
  // Numbers that were lost lie just above what was seen of them, and those that came since far above both. [CLOCK1]
  if (w - watermark >= SERVER_LIFE) doubt(replica, { before: watermark + SERVER_LIFE / 2, from: null })
  else if (incarnation !== replica.incarnation) doubt(replica, { before: Number.MAX_SAFE_INTEGER, from: 1 })
}

export function askedOf(replica: Replica): Asked | null {
  const unanswered = unansweredOf(replica)
  if (unanswered !== undefined) return { range: unanswered, isToldBefore: false }
  const [held, told] = [doubtOf(replica), toldOf(replica)]
  if (held === null || told === null) return null
  const first = held.from === null ? told.last : Math.max(told.first, held.from)
  return { range: [first, Math.min(told.last, first + COMMANDS_PER_PUSH_MAX - 1)], isToldBefore: true }
}

/** There is more to ask for at once. */
export const mustAskAgain = (replica: Replica): boolean =>
  doubtOf(replica) !== null && unansweredOf(replica) === undefined

/** The first and the last whose outcome is in doubt. */
function toldOf(replica: Replica): { readonly first: number; readonly last: number } | null {
  const held = doubtOf(replica)
  if (held === null) return null
  const found = replica.db.get<{ first: number | null; last: number | null }>(
    "SELECT MIN(seq) AS first, MAX(seq) AS last FROM outbox WHERE outcome IS NOT NULL AND state NOT IN ('captured', 'sent') AND commit_at < ? AND seq >= ?",
    [held.before, held.from ?? 0],
  )
  return found?.first == null || found.last === null ? null : { first: found.first, last: found.last }
}

/** Before what was heard is stored: what is left to ask. */
export function hearAgain(replica: Replica, asked: Asked | null, heard: readonly Outcome[]): void {
  const held = doubtOf(replica)
  if (held === null || asked?.isToldBefore === false) return
  const told = toldOf(replica)
  if (asked === null || told === null) doubt(replica, null)
  else if (held.from === null)
    doubt(replica, heard.some((each) => isAsTold(replica, each)) ? null : { ...held, from: told.first })
  else doubt(replica, asked.range[1] >= told.last ? null : { ...held, from: asked.range[1] + 1 })
}

/** Then all that was there before this commit is there as well. */
const isAsTold = ({ db }: Replica, { ep, seq, seal, at }: Outcome): boolean =>
  db.get('SELECT 1 FROM outbox WHERE seq = ? AND epoch = ? AND seal = ? AND commit_at = ?', [seq, ep, seal, at]) !==
  undefined
