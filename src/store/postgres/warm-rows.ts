// What a hub process keeps in memory between two parts of the same tenant: rows and ranges that the last part loaded or
// changed. They are the database's own state exactly while the tenant's clock stands where that part left it, because
// every writer raises the clock under its lock; with any other clock they are forgotten, never patched.
import { BatchCache, type Seed } from './batch-cache.ts'

/** Rows kept at the most; beyond it everything is forgotten (about 100 MB of rows of a few hundred bytes). */
const ROWS_MAX = 200_000

export interface StagedRows {
  readonly clock: number
  readonly seed: Seed
}

export class WarmRows {
  private held: StagedRows | null = null

  /** A cache for a part that begins at `clock`. What was kept belongs to it alone from now on. [WARM1] */
  take(clock: number): BatchCache {
    const { held } = this
    this.held = null
    return new BatchCache(held?.clock === clock ? held.seed : undefined)
  }

  /** What the part leaves behind, to be kept once its transaction has committed. */
  static stage(cache: BatchCache, clock: number): StagedRows {
    return { clock, seed: cache.settle() }
  }

  /** After the commit, and only then. An older part that reports late changes nothing. */
  keep(staged: StagedRows): void {
    if (this.held !== null && this.held.clock > staged.clock) return
    let rows = 0
    for (const table of staged.seed.rows.values()) rows += table.size
    this.held = rows > ROWS_MAX ? null : staged
  }
}
