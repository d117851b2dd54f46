// What a page remembers of this device outside of its database, so that a browser that cleared the database is noticed and not taken for a
// new one: which device it was, and how much work it had. Counts and a code only, nothing of the business, no key; it is never believed
// for anything but that notice.
import * as z from 'zod/mini'
import type { DeviceStatus } from '../../sync/device/api.ts'

const noteShape = z.object({
  dev: z.string(),
  ep: z.int(),
  hubUrl: z.string(),
  /** Commands captured in all lives, and those of them that the hub hadn't answered. */
  seq: z.int(),
  waiting: z.int(),
  /** Wall time. */
  at: z.int(),
})
export type DeviceNote = z.output<typeof noteShape>

/** The life that went on: as it was before it did anything. */
const lifeShape = z.object({ dev: z.string(), ep: z.int(), has: z.int() })
/** What was lost, for as long as nobody has read it; `life` once there is one. */
const lossShape = z.object({ note: noteShape, life: z.optional(lifeShape) })

export interface Loss {
  readonly note: DeviceNote
  readonly life: z.output<typeof lifeShape>
}

const NOTE = 'holdfast.device'
const LOSS = 'holdfast.loss'

function kept<T extends z.ZodMiniType>(key: string, shape: T): z.output<T> | null {
  try {
    const result = z.safeParse(shape, JSON.parse(localStorage.getItem(key) ?? 'null'))
    return result.success ? result.data : null
  } catch {
    // What somebody else wrote there is no note of ours.
    return null
  }
}

export const deviceNote = (): DeviceNote | null => kept(NOTE, noteShape)

export function noteDevice({ device, epoch, hubUrl, seq, waiting }: DeviceStatus): void {
  const note: DeviceNote = { dev: device, ep: epoch, hubUrl, seq, waiting, at: Date.now() }
  localStorage.setItem(NOTE, JSON.stringify(note))
}

/** Before the device is set up again: what is gone is kept until somebody has read it. */
export const noteLoss = (note: DeviceNote): void => localStorage.setItem(LOSS, JSON.stringify({ note }))

/** The first status of the new life says what the hub has of the one before. */
export function lossToRead({ device, epoch, seq }: Pick<DeviceStatus, 'device' | 'epoch' | 'seq'>): Loss | null {
  const loss = kept(LOSS, lossShape)
  if (loss === null) return null
  const life = loss.life ?? { dev: device, ep: epoch, has: seq }
  localStorage.setItem(LOSS, JSON.stringify({ note: loss.note, life }))
  return { note: loss.note, life }
}

export const lossWasRead = (): void => localStorage.removeItem(LOSS)

/** Pieces of work that nobody has any more; null when the hub took it for another device and can't tell. */
export function missingOf({ note, life: { dev, ep, has } }: Loss): number | null {
  return dev === note.dev && ep > note.ep ? Math.max(0, note.seq - has) : null
}
