// A company's device settings while they are edited: every field as its form shows it, and back. What the form doesn't know stays as it was.
// Pure.
import type { DeviceSettings } from '../../../modules/masters/organisation.ts'

export interface SettingsDraft {
  /** Seconds as text; '' as usual. */
  readonly every: string
  readonly isOnSave: boolean
  readonly isOnHint: boolean
  readonly isWifiOnly: boolean
  /** `HH:MM`; both '' for none. */
  readonly quietFrom: string
  readonly quietTo: string
  /** Pixels as text; '' as usual. */
  readonly photo: string
  readonly share: NonNullable<DeviceSettings['sharePolicy']> | ''
}

const clockOf = (minute: number | undefined): string =>
  minute === undefined
    ? ''
    : `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

function minuteOf(clock: string): number | undefined {
  const found = /^(\d{2}):(\d{2})$/.exec(clock)
  return found === null ? undefined : Number(found[1]) * 60 + Number(found[2])
}

export const draftOf = (settings: DeviceSettings): SettingsDraft => ({
  every: settings.syncEverySeconds === undefined ? '' : String(settings.syncEverySeconds),
  isOnSave: settings.syncOnSave !== false,
  isOnHint: settings.syncOnHint !== false,
  isWifiOnly: settings.syncWifiOnly === true,
  quietFrom: clockOf(settings.quietFromMinute),
  quietTo: clockOf(settings.quietToMinute),
  photo: settings.photoPixelsMax === undefined ? '' : String(settings.photoPixelsMax),
  share: settings.sharePolicy ?? '',
})

/** Whether one end of the quiet hours lacks the other. */
export const isHalfQuiet = ({ quietFrom, quietTo }: SettingsDraft): boolean =>
  (minuteOf(quietFrom) === undefined) !== (minuteOf(quietTo) === undefined)

/** The settings to save: what is as usual is left out, so that another usual value holds for it one day. */
export function settingsOf(draft: SettingsDraft, before: DeviceSettings): DeviceSettings {
  const {
    syncEverySeconds: _every,
    syncOnSave: _save,
    syncOnHint: _hint,
    syncWifiOnly: _wifi,
    quietFromMinute: _from,
    quietToMinute: _to,
    photoPixelsMax: _photo,
    sharePolicy: _share,
    ...others
  } = before
  const [from, to] = [minuteOf(draft.quietFrom), minuteOf(draft.quietTo)]
  return {
    ...others,
    ...(draft.every !== '' && { syncEverySeconds: Number(draft.every) }),
    ...(!draft.isOnSave && { syncOnSave: false }),
    ...(!draft.isOnHint && { syncOnHint: false }),
    ...(draft.isWifiOnly && { syncWifiOnly: true }),
    ...(from !== undefined && { quietFromMinute: from }),
    ...(to !== undefined && { quietToMinute: to }),
    ...(draft.photo !== '' && { photoPixelsMax: Number(draft.photo) }),
    ...(draft.share !== '' && { sharePolicy: draft.share }),
  }
}

/** The offered values, with the one that stands among them whatever it is. */
export const offered = (usual: readonly number[], standing: string): readonly number[] =>
  standing === '' || usual.includes(Number(standing)) ? usual : [...usual, Number(standing)].toSorted((a, b) => a - b)
