// What screens say beside the rows themselves: which rows carry a mark and why, the pill, the proof, and when new work may
// begin. Held to what the device was told and to what really reached it; it believes no status that the product worked out. [L13]
import { ROWS_IN_QUESTION_SQL } from '../../sync/device/saved-work.ts'
import { CHANGED_ROWS_SQL } from '../../sync/device/touch-page.ts'
import type { Replica } from '../../sync/device/replica.ts'
import type { Envelope } from '../../sync/protocol.ts'
import type { WorldDevice } from './world-device.ts'

/** Rows that pending work changed, with the state of that work: `table id state`. */
export interface Marks {
  /** By what the reference says that the work does. */
  readonly must: ReadonlySet<string>
  /** Also where the work left a row as it was. */
  readonly may: ReadonlySet<string>
}

interface Marked {
  readonly id: string
  readonly state: string
}

/** Each row under pending work is marked with its state, and no other row is. */
export function wrongMarks({ db }: Replica, tables: readonly string[], { must, may }: Marks): string[] {
  const shown = new Set(
    tables.flatMap((table) =>
      db
        .all<Marked & Record<string, string>>(CHANGED_ROWS_SQL, [table])
        .map(({ id, state }) => `${table} ${id} ${state}`),
    ),
  )
  return [
    ...[...must].filter((mark) => !shown.has(mark)).map((mark) => `${mark} isn't marked.`),
    ...[...shown].filter((mark) => !may.has(mark)).map((mark) => `${mark} is marked, and no such work waits.`),
  ]
}

/** A note whose edit wasn't taken says so, until people decided about it. */
export function wrongQuestions(device: WorldDevice): string[] {
  const db = device.device?.replica.db
  if (db === undefined) return []
  const decided = new Map(
    db
      .all<{ seal: string; state: string }>('SELECT seal, state FROM kernel_review_item WHERE gone_at IS NULL')
      .map(({ seal, state }) => [seal, state]),
  )
  const asked = db
    .all<{ seal: string; state: string }>("SELECT seal, state FROM outbox WHERE state IN ('refused', 'parked')")
    .flatMap(({ seal, state }) => {
      const told = device.told.get(seal)
      const isOpen = state === 'refused' || (decided.get(seal) ?? 'open') === 'open'
      return told?.command === 'sim.editNote' && told.seen !== null && isOpen
        ? [`${String(told.args['note'])} ${state}`]
        : []
    })
  const shown = db
    .all<Marked & Record<string, string>>(ROWS_IN_QUESTION_SQL, ['sim.note'])
    .map(({ id, state }) => `${id} ${state}`)
  return JSON.stringify(asked.toSorted()) === JSON.stringify(shown.toSorted())
    ? []
    : [`${device.name} shows ${shown.join(', ') || 'nothing'} in question instead of ${asked.join(', ') || 'nothing'}.`]
}

/** Two honest clocks of one machine differ by less, and a question takes up to a minute. */
const SLACK_MS = 5 * 60_000

/** New work begins under a permission and not after it; whose clock was never wrong isn't sent away before. */
export function wrongLease(device: WorldDevice, now: number, isRefused: boolean): string[] {
  const { from = 0, to = 0 } = device.device?.replica.lease()?.lease ?? {}
  // While the process runs, its time passes whatever somebody sets the clock to; what passed before it began only a right clock says.
  const isKnown = device.startedAt <= from || device.isClockSure
  if (!isRefused && now > to + SLACK_MS && isKnown)
    return [`${device.name} works ${Math.round((now - to) / 60_000)} minutes after its lease.`]
  if (isRefused && now < to - SLACK_MS && device.isClockSure)
    return [`${device.name} is sent away ${Math.round((to - now) / 60_000)} minutes before its lease ends.`]
  return []
}

/** By a right clock of which the hub was heard, the last command says what time it was for the hub, within its error. */
export function wrongDate(device: WorldDevice, now: number): string[] {
  const last = device.device?.replica.db.get<{ line: string }>('SELECT line FROM outbox ORDER BY seq DESC LIMIT 1')
  const { at = 0, off } = JSON.parse(last?.line ?? '{}') as Partial<Envelope>
  // What was answered again under its request key was dated then.
  if (off === undefined || at !== now || !device.isClockSure) return []
  const wrongMs = Math.abs(off[0])
  return wrongMs <= off[1] ? [] : [`${device.name} dates its work ${wrongMs} ms off, and says ${off[1]} at most.`]
}

/** At rest everything is proved, and a life that goes on no more says so. */
export async function wrongAtRest(device: WorldDevice, isForkKnown: boolean): Promise<string[]> {
  const running = device.device
  if (running === null) return []
  const { integrity, setAside, fault, isReady } = await running.status()
  if (device.excuse === null) {
    const { rowsHeld, rowsVerified, broken } = integrity
    return rowsHeld === rowsVerified && broken.length === 0 && setAside === 0 && isReady
      ? []
      : [`${device.name} isn't proved at rest: ${JSON.stringify({ integrity, setAside, isReady })}.`]
  }
  const expected = device.excuse === 'revoked' ? 'revoked' : isForkKnown ? 'fork' : null
  return expected === null || fault === expected
    ? []
    : [`${device.name} was ${device.excuse}, and its pill says ${String(fault)}.`]
}
