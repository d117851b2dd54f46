// What this device has of all that a day without a network needs, before somebody leaves coverage: from its own status and what the
// browser says. It promises nothing that it wasn't told, and stops no work.
import type { DeviceStatus } from '../../sync/device/api.ts'
import { scoreOf } from '../../sync/device/integrity.ts'
import type { StorageState } from '../link/storage-state.ts'
import type { Tone } from '../pill/pill-of.ts'
import type { TextKey } from '../text/translate.ts'

export interface ReadinessFacts {
  readonly status: Pick<
    DeviceStatus,
    'fault' | 'isReady' | 'download' | 'integrity' | 'waiting' | 'leaseUntil' | 'setAside'
  >
  /** Null where the browser tells nothing. */
  readonly storage: StorageState | null
  /** The app itself starts without a network. */
  readonly isAppKept: boolean
  /** Wall time, ms since 1970. */
  readonly now: number
}

export interface Check {
  readonly tone: Tone
  readonly key: TextKey
  readonly params?: Readonly<Record<string, string | number>>
}

/** Less than a working day is worth a sync before leaving. */
const LEASE_MS_MIN = 12 * 3_600_000
/** A day of work and its photos. */
const ROOM_BYTES_MIN = 200 * 1024 * 1024

export function readinessOf({ status, storage, isAppKept, now }: ReadinessFacts): readonly Check[] {
  const { fault, isReady, download, integrity, waiting, leaseUntil, setAside } = status
  const isWhole = isReady && download === null
  const isProved = scoreOf(integrity) === 1 && setAside === 0
  return [
    ...(fault === null ? [] : [{ tone: 'error', key: `fault.${fault}` } as const]),
    isAppKept ? { tone: 'ok', key: 'ready.app' } : { tone: 'attention', key: 'ready.app-missing' },
    isWhole
      ? { tone: 'ok', key: 'ready.rows', params: { count: integrity.rowsHeld } }
      : { tone: 'attention', key: 'ready.rows-missing' },
    isProved ? { tone: 'ok', key: 'ready.proved' } : { tone: 'attention', key: 'ready.not-proved' },
    waiting === 0
      ? { tone: 'ok', key: 'ready.sent' }
      : { tone: 'attention', key: 'ready.waiting', params: { count: waiting } },
    ...(leaseUntil === null
      ? []
      : [
          {
            tone: leaseUntil - now < LEASE_MS_MIN ? 'attention' : 'ok',
            key: leaseUntil - now < LEASE_MS_MIN ? 'ready.lease-short' : 'ready.lease',
            params: { until: leaseUntil },
          } as const,
        ]),
    ...(storage === null ? [{ tone: 'neutral', key: 'ready.storage-unknown' } as const] : storageChecks(storage)),
  ]
}

function storageChecks({ isPersisted, usedBytes, quotaBytes }: StorageState): readonly Check[] {
  const room = usedBytes === null || quotaBytes === null ? null : quotaBytes - usedBytes
  return [
    isPersisted ? { tone: 'ok', key: 'ready.persisted' } : { tone: 'attention', key: 'ready.not-persisted' },
    ...(room !== null && room < ROOM_BYTES_MIN ? [{ tone: 'attention', key: 'ready.little-room' } as const] : []),
  ]
}
