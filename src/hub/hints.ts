// Tells who listens that the tenant's clock rose, a few at a time and each in turn: a commit must not bring every device of a
// company to the door in the same moment. Who waited longest is told first, and always the newest clock. It carries nothing else.

/** Listeners told at once; a company with fewer devices notices nothing of turns. */
const AT_ONCE = 10
const TURN_MS = 20
/** Other processes of this hub commit too: their clock is looked at as often, once a process. */
const LOOK_MS = 1_000

interface Listener {
  told: number
  readonly tell: (w: number) => void
}

export class Hints {
  private readonly clock: () => Promise<number>
  /** In the order in which they were told last. */
  private readonly listeners = new Set<Listener>()
  private w = 0
  private turn: ReturnType<typeof setTimeout> | null = null
  private looking: ReturnType<typeof setTimeout> | null = null

  /** `clock` reads the tenant's clock. */
  constructor(clock: () => Promise<number>) {
    this.clock = clock
  }

  /** Calls back with the clock, first as it is now; returns how to stop. */
  async watch(tell: (w: number) => void): Promise<() => void> {
    const w = await this.clock()
    const listener = { told: w, tell }
    this.listeners.add(listener)
    tell(w)
    this.rose(w)
    this.looking ??= setTimeout(() => void this.look(), LOOK_MS)
    return () => this.listeners.delete(listener)
  }

  /** The clock stands at `w` now. [HINT1] */
  rose(w: number): void {
    this.w = Math.max(this.w, w)
    if (this.turn === null) this.tellSome()
  }

  stop(): void {
    this.listeners.clear()
    if (this.turn !== null) clearTimeout(this.turn)
    if (this.looking !== null) clearTimeout(this.looking)
  }

  private tellSome(): void {
    this.turn = null
    let told = 0
    for (const listener of this.listeners) {
      if (told === AT_ONCE || listener.told >= this.w) break
      told += 1
      listener.told = this.w
      this.listeners.delete(listener)
      this.listeners.add(listener)
      listener.tell(this.w)
    }
    if (told > 0) this.turn = setTimeout(() => this.tellSome(), TURN_MS)
  }

  private async look(): Promise<void> {
    this.looking = null
    try {
      this.rose(await this.clock())
    } catch {
      // The database is away: every request says so, and hints are never needed.
    }
    if (this.listeners.size > 0) this.looking ??= setTimeout(() => void this.look(), LOOK_MS)
  }
}
