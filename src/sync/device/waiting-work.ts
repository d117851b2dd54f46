// How much of the outbox waits for the hub: asked after each save, so it is counted once and carried on by what a capture adds. The
// durable outbox is the truth: whoever changes a state in it says so here, and then it is counted again.
import type { Sqlite } from '../../store/sqlite/engine.ts'

export interface Waiting {
  /** Commands saved here without the hub's outcome. */
  readonly count: number
  /** Wall time of the oldest capture among them. */
  readonly oldestAt: number | null
}

export class WaitingWork {
  private readonly db: Sqlite
  private held: Waiting | null = null

  constructor(db: Sqlite) {
    this.db = db
  }

  /** One more command lies in the outbox: said after its commit. */
  captured(at: number): void {
    if (this.held === null) return
    const { count, oldestAt } = this.held
    this.held = { count: count + 1, oldestAt: Math.min(oldestAt ?? at, at) }
  }

  /** States in the outbox changed, or may have. */
  changed(): void {
    this.held = null
  }

  read(): Waiting {
    if (this.held !== null) return this.held
    const found = this.db.get<Waiting>(
      `SELECT COUNT(*) AS count, MIN(at) AS "oldestAt" FROM outbox WHERE state IN ('captured', 'sent')`,
    )
    return (this.held = found ?? { count: 0, oldestAt: null })
  }
}
