// The sync pill as one pure function: the durable outbox and the last exchange in, one of seven states out. It never asks
// navigator.onLine (which answers "online" after an offline reload), never calls being offline an error, and shows movement only of what moves.
import type { DeviceFault, DeviceStatus } from '../../sync/device/api.ts'
import type { Params, TextKey } from '../text/translate.ts'

export type PillState = 'synced' | 'sending' | 'waiting' | 'offline' | 'unverified' | 'ageing' | 'action'
/** Always shown with an icon and words, never by colour alone. */
export type Tone = 'ok' | 'info' | 'neutral' | 'attention' | 'error'
export type PillIcon = 'cloud-check' | 'arrows' | 'cloud-up' | 'cloud-off' | 'clock' | 'clock-alert' | 'alert'

export interface Pill {
  readonly state: PillState
  readonly key: TextKey
  readonly params: Params
  readonly tone: Tone
  readonly icon: PillIcon
}

export type PillStatus = Pick<
  DeviceStatus,
  | 'waiting'
  | 'oldestWaitingAt'
  | 'needsYou'
  | 'exchange'
  | 'download'
  | 'blobs'
  | 'progress'
  | 'isOnline'
  | 'lastContactAt'
  | 'pollIntervalMs'
  | 'fault'
>

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Work that waits longer than a day is somebody's business (interface.md). */
export const AGEING_MS_DEFAULT = DAY_MS

const pill = (state: PillState, key: TextKey, params: Params = {}): Pill => ({ state, key, params, ...looks[state] })

const looks: Record<PillState, Pick<Pill, 'tone' | 'icon'>> = {
  synced: { tone: 'ok', icon: 'cloud-check' },
  sending: { tone: 'info', icon: 'arrows' },
  waiting: { tone: 'info', icon: 'cloud-up' },
  offline: { tone: 'neutral', icon: 'cloud-off' },
  unverified: { tone: 'neutral', icon: 'clock' },
  ageing: { tone: 'attention', icon: 'clock-alert' },
  action: { tone: 'error', icon: 'alert' },
}

const faultKeys: Record<DeviceFault, TextKey> = {
  revoked: 'pill.revoked',
  'lease-expired': 'pill.lease-expired',
  'signed-out': 'pill.signed-out',
  fork: 'pill.fork',
  'storage-full': 'pill.storage-full',
  'update-needed': 'pill.update-needed',
  'not-updated': 'pill.not-updated',
  'other-hub': 'pill.other-hub',
}

/** `now` and the status' moments are ms since 1970; `ageingMs` is the policy's patience with waiting work. */
export function pillOf(status: PillStatus, now: number, ageingMs: number = AGEING_MS_DEFAULT): Pill {
  if (status.fault !== null) return pill('action', faultKeys[status.fault])
  if (status.needsYou > 0) return pill('action', 'pill.needs-you', { count: status.needsYou })
  const age = status.oldestWaitingAt === null ? 0 : now - status.oldestWaitingAt
  if (status.waiting > 0 && age > ageingMs) return ageing(status.waiting, age)
  const { blobs } = status
  if (blobs.refused > 0) return pill('action', 'pill.photos-refused', { count: blobs.refused })
  if (blobs.oldestAt !== null && now - blobs.oldestAt > ageingMs)
    return pill('ageing', 'pill.photos', { count: blobs.count })
  const moving = inFlight(status)
  if (moving !== null) return moving
  if (!status.isOnline) {
    if (status.waiting > 0) return pill('offline', 'pill.offline', { count: status.waiting })
    return blobs.count > 0 ? pill('offline', 'pill.offline-photos', { count: blobs.count }) : unverified(status, now)
  }
  // Always counted, also online: only the hub's answer takes work out of the count. Nothing moves: the company's quiet hours, or a moment's pause.
  if (status.waiting > 0) return pill('waiting', 'pill.waiting', { count: status.waiting })
  if (blobs.count > 0) return pill('waiting', 'pill.photos', { count: blobs.count })
  if (status.download !== null) return pill('sending', 'pill.downloading', { count: status.download.bucketsLeft })
  const isFresh = status.lastContactAt !== null && now - status.lastContactAt < 2 * status.pollIntervalMs
  return isFresh ? pill('synced', 'pill.synced', { at: status.lastContactAt }) : unverified(status, now)
}

/** A transfer worth showing. A try without an answer yet, and the short look for news, would only make the pill flicker. */
function inFlight({ exchange, progress, waiting, isOnline }: PillStatus): Pill | null {
  if (exchange === 'sending' && waiting > 0 && (isOnline || (progress?.done ?? 0) > 0)) {
    return progress === null || progress.total === 0
      ? pill('sending', 'pill.sending-some', { count: waiting })
      : pill('sending', 'pill.sending', { done: Math.min(progress.done, progress.total), total: progress.total })
  }
  if (exchange === 'receiving' && progress !== null && progress.done > 0) {
    return pill('sending', 'pill.receiving')
  }
  return null
}

function ageing(count: number, age: number): Pill {
  const days = Math.floor(age / DAY_MS)
  if (days < 1) return pill('ageing', 'pill.ageing-hours', { count, hours: Math.max(1, Math.floor(age / HOUR_MS)) })
  return pill('ageing', 'pill.ageing-days', { count, days })
}

function unverified({ lastContactAt }: PillStatus, now: number): Pill {
  if (lastContactAt === null) return pill('unverified', 'pill.never')
  const key = now - lastContactAt > DAY_MS ? 'pill.unverified-long' : 'pill.unverified'
  return pill('unverified', key, { at: lastContactAt })
}
