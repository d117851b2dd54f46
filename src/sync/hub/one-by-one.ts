// Work under one name goes on one after the other, in the order it came; under different names nothing waits. What went wrong with one
// is its caller's to hear and keeps nobody behind it from their turn.

export class OneByOne {
  private readonly ends = new Map<string, Promise<unknown>>()

  run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const done = (this.ends.get(name) ?? Promise.resolve()).then(work)
    const end = done
      .catch(() => undefined)
      .then(() => {
        if (this.ends.get(name) === end) this.ends.delete(name)
      })
    this.ends.set(name, end)
    return done
  }

  /** Names under which something is under way. */
  get size(): number {
    return this.ends.size
  }
}
