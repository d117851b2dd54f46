// When a company wants its devices to exchange by themselves: how often, on what occasion, on which connection and at which
// hours. It comes with the lease and is read anew each time, so that a change needs no restart. It never stops a person who
// asks, and never what is saved.
import type { Lease } from '../../kernel/lease.ts'

export interface SyncSettings {
  /** Milliseconds between exchanges while nothing happens. */
  readonly intervalMs: number
  readonly isOnSave: boolean
  readonly isOnHint: boolean
  /** Not over a connection that is paid by the byte. */
  readonly isWifiOnly: boolean
  /** Photos and files not over such a connection, whatever holds for the work. */
  readonly isPhotoWifiOnly: boolean
  /** Minutes of the day at the branch, from and to; null: at all hours. */
  readonly quiet: { readonly from: number; readonly to: number; readonly tz: string } | null
}

export const DEFAULT_INTERVAL_MS = 30_000
/** A device that asks more often than that is no gain to anybody. */
const INTERVAL_MS_MIN = 5_000
const MINUTES_A_DAY = 1_440

export function syncSettingsOf(policy: Lease['policy'], fallbackMs = DEFAULT_INTERVAL_MS): SyncSettings {
  const { syncEverySeconds: every, quietFromMinute: from, quietToMinute: to, tz } = policy
  const isQuiet = typeof from === 'number' && typeof to === 'number' && from !== to
  return {
    intervalMs: typeof every === 'number' ? Math.max(INTERVAL_MS_MIN, every * 1000) : fallbackMs,
    isOnSave: policy['syncOnSave'] !== false,
    isOnHint: policy['syncOnHint'] !== false,
    isWifiOnly: policy['syncWifiOnly'] === true,
    isPhotoWifiOnly: policy['syncWifiOnly'] === true || policy['photosWifiOnly'] === true,
    quiet: isQuiet ? { from, to, tz: typeof tz === 'string' ? tz : 'UTC' } : null,
  }
}

/** The same for the lane of photos, which may be forbidden where the work isn't. */
export const forPhotos = (settings: SyncSettings): SyncSettings => ({
  ...settings,
  isWifiOnly: settings.isPhotoWifiOnly,
})

function minuteOfDay(at: number, tz: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: tz, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const [hour = '0', minute = '0'] = parts.format(at).split(':')
  return Number(hour) * 60 + Number(minute)
}

/** Milliseconds from `at` until the quiet hours end; 0 outside them. They may run over midnight. */
export function quietMsLeft({ quiet }: SyncSettings, at: number): number {
  if (quiet === null) return 0
  const passed = (minuteOfDay(at, quiet.tz) - quiet.from + MINUTES_A_DAY) % MINUTES_A_DAY
  const length = (quiet.to - quiet.from + MINUTES_A_DAY) % MINUTES_A_DAY
  return passed < length ? (length - passed) * 60_000 - (at % 60_000) : 0
}
