// What a device does while nobody waits for it: moves what was committed from the log into the database, and looks whether
// what it holds is still what it was. Both would otherwise be part of somebody's save. It never begins while commits come one
// after the other, and nothing depends on it: the log is durable, and when it grows too large a save moves it itself.
import { isDiskFull } from '../../store/sqlite/sqlite-error.ts'
import type { DeviceClock } from './clock.ts'
import { SelfCheck } from './integrity.ts'
import type { Replica } from './replica.ts'
import { Scrub } from './scrub.ts'

/** As long as this nothing was committed: a person has seen the answer and reads it. */
const QUIET_MS = 250
/** A sale is some 40 pages, and the next one writes half of them again: moved together they are moved once. */
const COMMITS_MIN = 16
/** Rows looked at each time: some milliseconds of the worker. */
const SCRUB_ROWS = 200

export interface IdleParts {
  readonly replica: Replica
  readonly clock: DeviceClock
  /** False: only what is asked for, at once. */
  readonly isAutomatic: boolean
  /** Something is wrong that a pull mends. */
  readonly found: () => void
}

export class IdleWork {
  private readonly parts: IdleParts
  private readonly scrub: Scrub
  private readonly selfCheck: SelfCheck
  private cancel: (() => void) | null = null
  private commits = 0
  /** The monotonic moment of the last commit. */
  private lastAt = 0
  private isToLook = false
  private isStopped = false

  constructor(parts: IdleParts) {
    this.parts = parts
    this.scrub = new Scrub(parts.replica)
    this.selfCheck = new SelfCheck(parts.replica, () => parts.clock.monotonic())
    if (!parts.isAutomatic) return
    parts.replica.db.onCommit(() => {
      this.commits += 1
      this.putOff()
    })
  }

  /** After an exchange: held rows and saved lines are still what they were. */
  lookSoon(): void {
    if (!this.parts.isAutomatic) return this.look()
    this.isToLook = true
    this.putOff()
  }

  stop(): void {
    this.isStopped = true
    this.cancel?.()
  }

  private putOff(): void {
    this.lastAt = this.parts.clock.monotonic()
    if (this.isStopped || this.cancel !== null || (this.commits < COMMITS_MIN && !this.isToLook)) return
    this.wait(QUIET_MS)
  }

  /** One timer for many commits: it is part of each save to begin one. */
  private wait(ms: number): void {
    const { clock } = this.parts
    this.cancel = clock.after(ms, () => {
      this.cancel = null
      const left = this.lastAt + QUIET_MS - clock.monotonic()
      if (left > 0) this.wait(left)
      else this.work()
    })
  }

  private work(): void {
    const isToLook = this.isToLook
    this.isToLook = false
    try {
      if (isToLook) this.look()
      if (this.commits < COMMITS_MIN) return
      this.commits = 0
      this.parts.replica.db.get('PRAGMA wal_checkpoint(PASSIVE)')
    } catch (fault) {
      // A full disk is told by whoever saves; what is idle waits for room.
      if (!isDiskFull(fault)) throw fault
    }
  }

  private look(): void {
    const { replica, clock, found } = this.parts
    if (replica.isHeldBack) return
    const now = clock.now()
    this.selfCheck.step(now, SCRUB_ROWS)
    if (this.scrub.step(now, SCRUB_ROWS)) found()
  }
}
