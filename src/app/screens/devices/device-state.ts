// How a device stands, from what the hub knows of it: the gravest thing first. Pure.
import { scoreOf } from '../../../sync/device/integrity.ts'
import type { OfficeDevice } from '../../../sync/office-protocol.ts'
import type { Tone } from '../../pill/pill-of.ts'
import { hasText, t } from '../../text/translate.ts'
import { fieldName } from '../review/fact-text.ts'

/** A device that wasn't heard for so long is somebody's business: its lease is over. */
const SILENT_MS = 3 * 86_400_000

/** 0 … 1; null while it said nothing. */
export function scoreOfDevice({ integrity }: Pick<OfficeDevice, 'integrity'>): number | null {
  if (integrity === null) return null
  const [rowsHeld, rowsVerified, broken] = integrity
  return scoreOf({ rowsHeld, rowsVerified, broken: Array.from({ length: broken }, String) })
}

/** What happened, by the kind that the device wrote down; a kind of another release shows its name. */
export function incidentText(kind: string): string {
  const key = `incident.${kind.startsWith('push-') ? 'push' : kind}`
  return hasText(key) ? t(key) : kind
}

/** Why a row can't be stored: the field that is of another kind than this release knows, or what the device wrote down. */
export function asideText(reason: string): string {
  const field = /^type of (\w+)$/.exec(reason)?.[1]
  return field === undefined ? reason : t('devices.aside-type', { field: fieldName(field) })
}

export interface DeviceState {
  readonly tone: Tone
  readonly text: string
}

type Known = Pick<OfficeDevice, 'isLost' | 'state' | 'integrity' | 'seenAt' | 'aside'>

export function stateOf(device: Known, now: number): DeviceState {
  if (device.isLost) return { tone: 'error', text: t('devices.lost') }
  if (device.state === 'forked') return { tone: 'error', text: t('devices.forked') }
  if (device.state !== 'active') return { tone: 'neutral', text: t('devices.revoked') }
  if ((device.integrity?.[2] ?? 0) > 0) return { tone: 'error', text: t('devices.broken') }
  if (device.aside.length > 0) return { tone: 'attention', text: t('devices.aside-state') }
  if (device.seenAt === null || now - device.seenAt > SILENT_MS) return { tone: 'attention', text: t('devices.silent') }
  return { tone: 'ok', text: t('devices.active') }
}
