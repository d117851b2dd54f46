// After an import: one exchange with the hub, and which of its commands the hub refused or parked. Without a network
// nothing is lost: the work waits on the device.
import type { DeviceApi, OutboxEntry } from '../../sync/device/api.ts'
import { sayRefusal } from '../say-refusal.ts'
import type { ImportOutcome } from './import-rows.ts'
import type { BadCell, RowReader } from './read-row.ts'

export interface Settled {
  readonly bad: readonly BadCell[]
  /** One line for the person. */
  readonly note: string
}

const reasonOf = ({ state, reason, facts }: OutboxEntry): string => {
  const said = reason === null ? '' : sayRefusal({ code: reason as `${string}.${string}`, facts })
  return state === 'parked' ? `is in review on the hub: ${said}` : `was refused by the hub: ${said}`
}

export async function settleImport(
  device: DeviceApi,
  { lineBySeq }: Pick<ImportOutcome, 'lineBySeq'>,
  { kind }: Pick<RowReader, 'kind'>,
): Promise<Settled> {
  if (lineBySeq.size === 0) return { bad: [], note: 'Nothing to send.' }
  const status = await device.sync()
  const denied = (await device.outbox()).filter(
    ({ seq, state }) => lineBySeq.has(seq) && (state === 'refused' || state === 'parked'),
  )
  const bad = denied.map((entry): BadCell => ({
    line: lineBySeq.get(entry.seq) ?? 0,
    column: '',
    value: String(entry.about['number'] ?? entry.about['name'] ?? kind.name),
    reason: reasonOf(entry),
  }))
  const sent = lineBySeq.size - status.waiting
  const note =
    status.waiting > 0
      ? `Saved on this device. The hub has ${Math.max(0, sent)} of ${lineBySeq.size} commands; the rest is sent by itself when it can be reached.`
      : `Saved, and the hub has it all.`
  return { bad, note }
}
