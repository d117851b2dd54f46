// What the hub says became of work. An outcome is stored for exactly the seal that was sent. Some that were told are asked for again: after
// the hub went back (restored from a backup, or another server in its place that lacked the last commits) a copy of this device may have
// brought the same work, and it was decided anew. The last outcome that was told by then shows whether that may be so; only then are all of
// them asked for, a few hundred with each pull. [OUT4]
import { COMMANDS_PER_PUSH_MAX, type Outcome, type PullHead } from '../protocol.ts'
import { unansweredOf } from './outgoing.ts'
import type { Replica } from './replica.ts'

/** Stores outcomes for exactly the seals that were sent. Unknown ones are ignored: another life of this device. [OUT1] */
export function storeOutcomes(replica: Replica, outcomes: readonly Outcome[]): void {
  const { db } = replica
  db.transaction(() => {
    for (const outcome of outcomes) {
      const { seq, seal, at } = outcome
      db.run('UPDATE outbox SET state = ?, outcome = ?, commit_at = ? WHERE seq = ? AND epoch = ? AND seal = ?', [
        outcome.outcome,
        JSON.stringify(outcome),
        at,
        seq,
        outcome.ep,
        seal,
      ])
    }
  })
  replica.waiting.changed()
}

/** What a pull asks for: work that was never answered, or what may have been answered otherwise since. */
export interface Asked {
  readonly range: readonly [first: number, last: number]
  readonly isToldBefore: boolean
}

/** What was told of commits before `began` is in doubt: from the sequence `from` on, or the last one of them first; null: in none. */
interface Doubt {
  readonly began: number
  readonly from: number | 'last' | null
}

const KEY = 'toldBefore'
const UNHEARD: Doubt = { began: 0, from: null }
const doubtOf = ({ meta }: Replica): Doubt => meta.json<Doubt>(KEY) ?? UNHEARD
const doubt = ({ meta }: Replica, to: Doubt): void => meta.set(KEY, JSON.stringify(to))

/** The hub's database gives numbers from `began` on: what was told below, another one decided. Said within the pull's transaction. */
export function doubtIfAnother(replica: Replica, { began = 0 }: Pick<PullHead, 'began'>): void {
  if (began !== doubtOf(replica).began) doubt(replica, { began, from: 'last' })
}

/** `isForked`: what waits here will never be answered, and comes behind what was told. */
export function askedOf(replica: Replica, isForked: boolean): Asked | null {
  const unanswered = unansweredOf(replica)
  const waiting: Asked | null = unanswered === undefined ? null : { range: unanswered, isToldBefore: false }
  return isForked ? (againOf(replica) ?? waiting) : (waiting ?? againOf(replica))
}

/** There is more to ask for at once. */
export const mustAskAgain = (replica: Replica, isForked: boolean): boolean =>
  doubtOf(replica).from !== null && askedOf(replica, isForked)?.isToldBefore === true

function againOf(replica: Replica): Asked | null {
  const { from } = doubtOf(replica)
  const told = toldOf(replica)
  if (from === null || told === null) return null
  const first = from === 'last' ? told.last : Math.max(told.first, from)
  return { range: [first, Math.min(told.last, first + COMMANDS_PER_PUSH_MAX - 1)], isToldBefore: true }
}

/** The first and the last whose outcome is in doubt. */
function toldOf(replica: Replica): { readonly first: number; readonly last: number } | null {
  const { began, from } = doubtOf(replica)
  if (from === null) return null
  const found = replica.db.get<{ first: number | null; last: number | null }>(
    "SELECT MIN(seq) AS first, MAX(seq) AS last FROM outbox WHERE outcome IS NOT NULL AND state NOT IN ('captured', 'sent') AND commit_at <= ? AND seq >= ?",
    [began, from === 'last' ? 0 : from],
  )
  return found?.first == null || found.last === null ? null : { first: found.first, last: found.last }
}

/** Stores what a pull heard, and with it what is left to ask: a process that dies in between asks once more. */
export function hearOutcomes(replica: Replica, asked: Asked | null, heard: readonly Outcome[]): void {
  if (heard.length === 0 && asked === null && doubtOf(replica).from === null) return
  replica.db.transaction(() => {
    if (asked?.isToldBefore !== false) doubt(replica, leftToAsk(replica, asked, heard))
    storeOutcomes(replica, heard)
  })
}

function leftToAsk(replica: Replica, asked: Asked | null, heard: readonly Outcome[]): Doubt {
  const { began, from } = doubtOf(replica)
  const told = toldOf(replica)
  if (from === null || asked === null || told === null) return { began, from: null }
  if (from === 'last') return { began, from: heard.some((each) => isAsTold(replica, each)) ? null : told.first }
  return { began, from: asked.range[1] >= told.last ? null : asked.range[1] + 1 }
}

/** No commit gets a number that another one had [CLOCK1]: all that was there before this one is there as well. */
const isAsTold = ({ db }: Replica, { ep, seq, seal, at }: Outcome): boolean =>
  db.get('SELECT 1 FROM outbox WHERE seq = ? AND epoch = ? AND seal = ? AND commit_at = ?', [seq, ep, seal, at]) !==
  undefined
