// When to exchange: soon after a save or a hint, then at the poll interval, later and later while the hub can't be
// reached. One exchange at a time; who asks during one gets the next. The company's settings are asked each time; they bind
// what happens by itself, never a person.
import type { DeviceClock } from './clock.ts'
import { quietMsLeft, type SyncSettings } from './sync-settings.ts'

/** Saves of one moment travel together; whoever waits for this one at another device shouldn't feel it. */
const SOON_MS = 1
const RETRY_MS_MIN = 1_000
const RETRY_MS_MAX = 20_000
/** Somebody who goes to and fro between windows asks once in so long. */
const RETURN_MS_MIN = 5_000

export class Schedule {
  private readonly clock: DeviceClock
  private readonly work: () => Promise<boolean>
  private readonly planned: () => void
  private readonly settings: () => SyncSettings
  private readonly isMetered: () => boolean
  private readonly isAutomatic: boolean
  private cancel: (() => void) | null = null
  private running: Promise<void> | null = null
  private isWanted = false
  private failures = 0
  /** Before it the hub wants no try; like `dueAt` and `returnedAt` on the clock that never goes back, because the other one may be set. */
  private heldUntil = Number.NEGATIVE_INFINITY
  /** Somebody came back while it was at work: should it fail, the next try is now. */
  private isBack = false
  /** The last try because somebody came back, or the one that is planned. */
  private returnedAt = Number.NEGATIVE_INFINITY
  private isStopped = false
  /** When the planned try is due; null when none is. */
  private dueAt: number | null = null
  /** The same in wall time, to be shown and for nothing else. */
  nextAt: number | null = null

  constructor(
    clock: DeviceClock,
    work: () => Promise<boolean>,
    settings: () => SyncSettings,
    isAutomatic: boolean,
    planned: () => void = () => undefined,
    isMetered: () => boolean = () => false,
  ) {
    this.clock = clock
    this.planned = planned
    this.work = work
    this.settings = settings
    this.isMetered = isMetered
    this.isAutomatic = isAutomatic
  }

  /** How long the hub's wish still stands, ms. */
  private get heldMs(): number {
    return Math.max(0, this.heldUntil - this.clock.monotonic())
  }

  get intervalMs(): number {
    return this.settings().intervalMs
  }

  /**
   * Exchanges in a moment, unless the hub asked for patience or can't be reached: then at the planned time. After a save or a hint only if
   * the company wants it then.
   */
  soon(why: 'save' | 'hint' | 'return' | 'more' = 'more'): void {
    if (!this.isAutomatic || this.isStopped) return
    if (why === 'return') return this.returned()
    const { isOnSave, isOnHint } = this.settings()
    if ((why === 'save' && !isOnSave) || (why === 'hint' && !isOnHint)) return
    if (this.running !== null) {
      this.isWanted = true
      return
    }
    if (this.failures === 0) this.plan(Math.max(SOON_MS, this.heldMs))
  }

  /**
   * Somebody looks, or the network may be back: an unreachable hub is tried in a moment, too, and failures count anew, because the first
   * try over a network that just came is the likeliest to fail. The hub's wish and the company's stand. [SET2]
   */
  private returned(): void {
    const at = this.clock.monotonic()
    if (this.returnedAt > at) return
    this.returnedAt = Math.max(at, this.returnedAt + RETURN_MS_MIN)
    this.failures = Math.min(this.failures, 1)
    this.isBack = this.running !== null
    const wait = Math.max(SOON_MS, this.returnedAt - at, this.heldMs)
    const isSooner = this.dueAt === null || at + wait < this.dueAt
    if (this.running === null && isSooner) this.plan(wait)
  }

  /** Exchanges now, whatever was planned; resolves when it ended. */
  async now(): Promise<void> {
    // Who began the one that runs hears of its failure; this caller asked for the next one.
    if (this.running !== null) await this.running.catch(() => undefined)
    await this.begin()
  }

  /** The hub asked for patience: so long at least, and not all devices to the same moment. [LIMIT2] */
  holdFor(ms: number): void {
    this.heldUntil = this.clock.monotonic() + ms * (1 + this.clock.chance())
  }

  async stop(): Promise<void> {
    this.isStopped = true
    this.cancel?.()
    await this.running?.catch(() => undefined)
  }

  private plan(wishedMs: number): void {
    this.cancel?.()
    const ms = wishedMs + quietMsLeft(this.settings(), this.clock.now() + wishedMs)
    this.dueAt = this.clock.monotonic() + ms
    this.nextAt = this.clock.now() + ms
    this.planned()
    // `work` has told what went wrong; the next try is planned all the same.
    this.cancel = this.clock.after(ms, () => void this.beginAlone().catch(() => undefined))
  }

  /** By itself: what the settings forbid now is looked at again after the interval. [SET1] */
  private async beginAlone(): Promise<void> {
    const settings = this.settings()
    const isForbidden = quietMsLeft(settings, this.clock.now()) > 0 || (settings.isWifiOnly && this.isMetered())
    if (isForbidden && this.running === null && !this.isStopped) this.plan(settings.intervalMs)
    else await this.begin()
  }

  private begin(): Promise<void> {
    this.running ??= this.perform().finally(() => (this.running = null))
    return this.running
  }

  private async perform(): Promise<void> {
    if (this.isStopped) return
    this.cancel?.()
    this.isWanted = this.isBack = false
    let isReached = false
    try {
      isReached = await this.work()
    } finally {
      this.failures = isReached ? 0 : this.failures + 1
      // Somebody asked in spite of it, and was served.
      if (isReached) this.heldUntil = Number.NEGATIVE_INFINITY
      this.planNext(isReached)
    }
  }

  private planNext(isReached: boolean): void {
    if (!this.isAutomatic || this.isStopped) return
    const jitter = 0.5 + this.clock.chance()
    const retry = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** (this.failures - 1)) * jitter
    const isAtOnce = isReached ? this.isWanted : this.isBack
    const wait = isAtOnce ? SOON_MS : isReached ? this.intervalMs * jitter : retry
    this.plan(Math.max(wait, this.heldMs))
  }
}
