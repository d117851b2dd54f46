// What this device has of all that a day without a network needs, before somebody leaves coverage: from its own status and what the
// browser says. It promises nothing that it wasn't told, and stops no work.
import type { DeviceStatus } from '../../sync/device/api.ts'
import type { Integrity } from '../../sync/device/integrity.ts'
import type { StorageState } from '../link/storage-state.ts'
import type { Tone } from '../pill/pill-of.ts'
import type { TextKey } from '../text/translate.ts'

export interface ReadinessFacts {
  readonly status: Pick<
    DeviceStatus,
    'fault' | 'isReady' | 'download' | 'integrity' | 'waiting' | 'blobs' | 'leaseUntil' | 'setAside' | 'lastContactAt'
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
/** Older data is worth a sync before leaving. */
const CONTACT_MS_MAX = 3_600_000
/** A day of work and its photos. */
const ROOM_BYTES_MIN = 200 * 1024 * 1024

export function readinessOf({ status, storage, isAppKept, now }: ReadinessFacts): readonly Check[] {
  const { fault, isReady, download, integrity, waiting, blobs, leaseUntil, setAside, lastContactAt } = status
  const isWhole = isReady && download === null
  return [
    ...(fault === null ? [] : [{ tone: 'error', key: `fault.${fault}` } as const]),
    isAppKept ? { tone: 'ok', key: 'ready.app' } : { tone: 'attention', key: 'ready.app-missing' },
    isWhole
      ? { tone: 'ok', key: 'ready.rows', params: { count: integrity.rowsHeld } }
      : { tone: 'attention', key: 'ready.rows-missing' },
    ...freshness(lastContactAt, now),
    ...proof(integrity, setAside),
    ...(waiting === 0 ? [] : [{ tone: 'attention', key: 'ready.waiting', params: { count: waiting } } as const]),
    ...(blobs.count === 0 ? [] : [{ tone: 'attention', key: 'ready.photos', params: { count: blobs.count } } as const]),
    ...(waiting === 0 && blobs.count === 0 ? [{ tone: 'ok', key: 'ready.sent' } as const] : []),
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

/** As of when the data is: by the last exchange, whatever the device believes of its network. */
function freshness(lastContactAt: number | null, now: number): readonly Check[] {
  if (lastContactAt === null) return [{ tone: 'attention', key: 'ready.never' }]
  const params = { at: lastContactAt }
  return now - lastContactAt > CONTACT_MS_MAX
    ? [{ tone: 'attention', key: 'ready.stale', params }]
    : [{ tone: 'ok', key: 'ready.fresh', params }]
}

function proof(integrity: Integrity, setAside: number): readonly Check[] {
  const isProved = integrity.broken.length === 0 && integrity.rowsVerified + setAside === integrity.rowsHeld
  return [
    ...(integrity.broken.length > 0 ? [{ tone: 'error', key: 'sync.proved-broken' } as const] : []),
    ...(setAside > 0 ? [{ tone: 'attention', key: 'ready.set-aside', params: { count: setAside } } as const] : []),
    ...(isProved && setAside === 0 ? [{ tone: 'ok', key: 'ready.proved' } as const] : []),
    ...(!isProved && integrity.broken.length === 0 ? [{ tone: 'attention', key: 'ready.not-proved' } as const] : []),
  ]
}

function storageChecks({ isPersisted, usedBytes, quotaBytes }: StorageState): readonly Check[] {
  const room = usedBytes === null || quotaBytes === null ? null : quotaBytes - usedBytes
  return [
    isPersisted ? { tone: 'ok', key: 'ready.persisted' } : { tone: 'attention', key: 'ready.not-persisted' },
    ...(room !== null && room < ROOM_BYTES_MIN ? [{ tone: 'attention', key: 'ready.little-room' } as const] : []),
  ]
}
