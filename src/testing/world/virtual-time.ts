// Time of the simulated world: it stands still until everything that can happen now has happened, then jumps to the next
// event. Nothing waits for real time, and two events of one moment happen in the order in which they were planned.

interface Event {
  readonly at: number
  readonly order: number
  readonly work: () => void | Promise<void>
}

/** Everything that was waiting for resolved promises has run. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export class VirtualTime {
  private events: Event[] = []
  private planned = 0
  now: number

  constructor(start: number) {
    this.now = start
  }

  /** Calls `work` after so many milliseconds; returns how to cancel. */
  after(ms: number, work: () => void | Promise<void>): () => void {
    // Whole milliseconds, like any timer.
    const event = { at: this.now + Math.max(0, Math.ceil(ms)), order: this.planned++, work }
    // Kept sorted: few events are ever planned at once.
    let index = this.events.length
    while (index > 0 && (this.events[index - 1] as Event).at > event.at) index -= 1
    this.events.splice(index, 0, event)
    return () => {
      const at = this.events.indexOf(event)
      if (at !== -1) this.events.splice(at, 1)
    }
  }

  /** Lets everything run that needs no time. */
  settle(): Promise<void> {
    return turn()
  }

  /** The next event, if there is one until then. */
  private async step(until: number): Promise<boolean> {
    const next = this.events[0]
    if (next === undefined || next.at > until) return false
    this.events.shift()
    this.now = Math.max(this.now, next.at)
    await next.work()
    await turn()
    return true
  }

  async runUntil(until: number): Promise<void> {
    await turn()
    while (await this.step(until));
    this.now = Math.max(this.now, until)
  }

  /** Goes on until the promise is settled. Throws when nothing is left that could settle it. */
  async drive<T>(promise: Promise<T>): Promise<T> {
    const state = { isSettled: false }
    const mark = (): void => void (state.isSettled = true)
    promise.then(mark, mark)
    await turn()
    while (!state.isSettled) {
      if (!(await this.step(Infinity))) {
        await turn()
        if (!state.isSettled) throw new Error('The simulated world stands still: something waits for nothing.')
      }
    }
    return promise
  }
}
