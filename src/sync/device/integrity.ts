// How much of what this device holds is proved to be the hub's, and whether what it did itself still stands as it was sealed.
// The score is counted from digests that both sides worked out; a broken invariant makes it nothing. It mends nothing.
import { invariants } from '../../kernel/invariants.ts'
import { parseEnvelope, spaceOf } from '../envelope.ts'
import { sealOf, textHash } from '../seal.ts'
import { noteIncident } from './incident.ts'
import type { Replica } from './replica.ts'

export interface Integrity {
  /** With those that the hub sent and this device can't store. */
  readonly rowsHeld: number
  /** In whole buckets whose digest was the hub's at the last watermark. */
  readonly rowsVerified: number
  /** Names of invariants that don't hold: with any, the score is zero. */
  readonly broken: readonly string[]
}

/** [PROOF4] */
export function integrityOf({ db, meta }: Replica): Integrity {
  const rows = db.get<{ held: number; verified: number }>(
    `SELECT COALESCE(SUM(count), 0) + (SELECT COUNT(*) FROM set_aside) AS held,
     COALESCE(SUM(CASE WHEN is_complete = 1 AND name NOT IN (SELECT bucket FROM suspect) AND id NOT IN (SELECT bucket FROM set_aside WHERE hash IS NULL) THEN count END), 0) AS verified
     FROM bucket`,
  )
  return {
    rowsHeld: rows?.held ?? 0,
    rowsVerified: rows?.verified ?? 0,
    broken: meta.json<readonly string[]>('broken') ?? [],
  }
}

/** 0 … 1: 1 when all rows are proved and nothing is broken. */
export const scoreOf = ({ rowsHeld, rowsVerified, broken }: Integrity): number =>
  broken.length > 0 ? 0 : rowsHeld === 0 ? 1 : rowsVerified / rowsHeld

interface SealedLine {
  readonly seq: number
  readonly epoch: number
  readonly line: string
  readonly seal: string
}

/** Of the time: looking through the ledgers of an office takes a second or two. */
const LEDGER_SHARE = 100

/** Walks the outbox a few lines at a time, then looks at the ledgers, and begins anew. */
export class SelfCheck {
  private readonly replica: Replica
  private before: SealedLine | null = null
  private counters = new Map<string, number>()
  private found = new Set<string>()
  private readonly monotonic: () => number
  /** Ledgers as they were looked at last: what they said, at which state of the rows, and until when that must do. */
  private ledgers: { readonly at: string; readonly found: readonly string[]; readonly until: number } | null = null

  /** `monotonic`: milliseconds that never go back. */
  constructor(replica: Replica, monotonic: () => number) {
    this.replica = replica
    this.monotonic = monotonic
  }

  step(now: number, linesMax: number): void {
    const lines = this.replica.db.all<SealedLine>(
      'SELECT seq, epoch, line, seal FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?',
      [this.before?.seq ?? 0, linesMax],
    )
    for (const line of lines) this.check(line)
    if (lines.length === linesMax) return
    this.checkLedgers()
    this.conclude(now)
  }

  private check(line: SealedLine): void {
    const { before } = this
    // Settled lines are forgotten after a while: only neighbours tell something about each other.
    const isNext = before !== null && before.epoch === line.epoch && before.seq === line.seq - 1
    if (!isNext) this.counters = new Map()
    const prev = isNext ? before.seal : this.beginning(line)
    if (prev !== null && sealOf(prev, line.line) !== line.seal) this.found.add('chain')
    const envelope = parseEnvelope(line.line)
    for (const [series, drawn] of Object.entries(envelope?.nos ?? {})) {
      // Work that an earlier life captured comes again in this one with that life's numbers. [LIFE4]
      const ofLife = `${envelope === null ? 0 : spaceOf(envelope).ep} ${series}`
      for (const counter of drawn) {
        const last = this.counters.get(ofLife)
        if (last !== undefined && counter !== last + 1) this.found.add(`series ${series}`)
        this.counters.set(ofLife, counter)
      }
    }
    this.before = line
  }

  /** What the first seal of this life follows; null for a line whose predecessor is forgotten. */
  private beginning({ seq, epoch }: SealedLine): string | null {
    const identity = this.replica.identity()
    return seq === 1 && identity?.ep === epoch ? textHash(identity.certificate) : null
  }

  /**
   * Only over a whole copy: half of a first download adds up to nothing. It reads every entry, so it is not done again while nothing was
   * pulled or captured, and takes no more than a hundredth of the time.
   */
  private checkLedgers(): void {
    const { db, watermark, isReady, seq } = this.replica
    if (!isReady || this.replica.downloading().size > 0) return
    const isPartial = db.get('SELECT 1 FROM suspect UNION ALL SELECT 1 FROM bucket WHERE is_complete = 0 LIMIT 1')
    if (isPartial !== undefined) return
    const began = this.monotonic()
    const at = `${watermark} ${seq}`
    if (this.ledgers === null || (this.ledgers.at !== at && began >= this.ledgers.until)) {
      const found = invariants.flatMap(({ name, sql }) => {
        const { text, params } = sql(undefined as never)
        return db.get(text, params) === undefined ? [] : [name]
      })
      const ended = this.monotonic()
      this.ledgers = { at, found, until: ended + LEDGER_SHARE * (ended - began) }
    }
    for (const name of this.ledgers.found) this.found.add(name)
  }

  private conclude(now: number): void {
    const { db, meta } = this.replica
    const broken = JSON.stringify([...this.found].sort())
    if (broken !== (meta.get('broken') ?? '[]')) {
      meta.set('broken', broken)
      noteIncident(db, now, 'integrity', broken)
    }
    this.before = null
    this.counters = new Map()
    this.found = new Set()
  }
}
