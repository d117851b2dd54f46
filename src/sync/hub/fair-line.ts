// Who is next where only so many fit in: the smallest batch that waits, and now and then whoever waits longest, so that nobody
// waits for ever. It knows no clock: a stopped or a wrong one changes no order.

interface Waiting {
  readonly size: number
  readonly room: number
  readonly order: number
  readonly enter: (leave: () => void) => void
}

/** Each fourth place goes to whoever waits longest: a backlog is at least a quarter of the work while others keep coming. */
const LONGEST_EACH = 4

export class FairLine {
  private readonly capacity: number
  private free: number
  private came = 0
  private letInSoFar = 0
  /** By size, and of one size in the order they came. */
  private readonly waiting: Waiting[] = []

  /** `capacity`: what fits in at a time, in the unit of `room`. */
  constructor(capacity: number) {
    this.capacity = capacity
    this.free = capacity
  }

  get length(): number {
    return this.waiting.length
  }

  get isIdle(): boolean {
    return this.free === this.capacity
  }

  /** Resolves when it is this one's turn, with what gives its place back. `size`: the work that it brings. [FAIR1] */
  enter(size: number, room = 1): Promise<() => void> {
    return new Promise((enter) => {
      let at = this.waiting.length
      while (at > 0 && (this.waiting[at - 1] as Waiting).size > size) at -= 1
      this.waiting.splice(at, 0, { size, room: Math.min(room, this.capacity), order: this.came++, enter })
      this.letIn()
    })
  }

  private letIn(): void {
    while (this.waiting.length > 0) {
      const at = this.nextAt()
      const next = this.waiting[at] as Waiting
      // It is waited for, also when another one would fit: else a large one would never find enough room.
      if (next.room > this.free) return
      this.waiting.splice(at, 1)
      this.free -= next.room
      this.letInSoFar += 1
      next.enter(this.leaving(next.room))
    }
  }

  private nextAt(): number {
    if (this.letInSoFar % LONGEST_EACH !== LONGEST_EACH - 1) return 0
    const first = this.waiting.reduce((a, b) => (b.order < a.order ? b : a))
    return this.waiting.indexOf(first)
  }

  private leaving(room: number): () => void {
    let hasLeft = false
    return () => {
      if (hasLeft) return
      hasLeft = true
      this.free += room
      this.letIn()
    }
  }
}
