// A lane beside the exchange for what is large: step after step until nothing is left, on a schedule of its own, so that
// neither waits for the other. What goes wrong ends the try and is tried again later; what it means is its owner's to say.
import type { DeviceClock } from './clock.ts'
import { Schedule } from './schedule.ts'
import type { SyncSettings } from './sync-settings.ts'
import { HubError, OfflineError } from './transport.ts'

export interface LaneParts {
  readonly clock: DeviceClock
  readonly settings: () => SyncSettings
  readonly isAutomatic: boolean
  readonly isMetered: (() => boolean) | undefined
  /** One piece of the work; false when none is left. */
  readonly step: () => Promise<boolean>
  readonly isClosed: () => boolean
  /** A fault that is neither the network's nor the hub's. */
  readonly broken: (fault: unknown) => void
}

export class Lane {
  private readonly parts: LaneParts
  private readonly schedule: Schedule
  /** The last try reached its end. */
  isOpen = true

  constructor(parts: LaneParts) {
    this.parts = parts
    const { clock, settings, isAutomatic, isMetered } = parts
    this.schedule = new Schedule(
      clock,
      () => this.run(),
      settings,
      isAutomatic,
      () => undefined,
      isMetered,
    )
  }

  soon(why: 'save' | 'return' | 'more' = 'more'): void {
    this.schedule.soon(why)
  }

  now(): Promise<void> {
    return this.schedule.now()
  }

  stop(): Promise<void> {
    return this.schedule.stop()
  }

  /** Whether everything that was left is done: decides when the schedule tries again. */
  private async run(): Promise<boolean> {
    const { step, isClosed, broken } = this.parts
    this.isOpen = false
    try {
      while (!isClosed() && (await step()));
      this.isOpen = true
    } catch (fault) {
      if (!(fault instanceof OfflineError || fault instanceof HubError)) broken(fault)
      else if (fault.retryAfter !== null) this.schedule.holdFor(fault.retryAfter * 1000)
    }
    return this.isOpen
  }
}
