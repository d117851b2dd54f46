// Which of a device's commands need their author: refused ones, and parked ones that nobody took after all and that wait for no
// other. Counted from the outbox and the review items that lie on the device, in words of its own.
import type { WorldDevice } from './world-device.ts'

interface Item {
  readonly id: string
  readonly dev: string
  readonly ep: number
  readonly seq: number
  readonly state: string
  readonly waitsFor: string | null
  readonly isLetGo: boolean | number | null
}

export type Parked = Pick<Item, 'state' | 'waitsFor' | 'isLetGo'>

/** `stateOf` says how the item stands that it waits for; null: nobody knows here. */
export function needsAuthor(item: Parked | undefined, stateOf: (id: string) => string | null): boolean {
  if (item === undefined || item.state === 'discarded') return true
  if (item.state !== 'open') return false
  return item.waitsFor === null || Boolean(item.isLetGo) || (stateOf(item.waitsFor) ?? 'open') !== 'open'
}

/** What is open is somebody's to decide, or waits for what is; a chain of waiting has an end. */
export function nobodys(items: ReadonlyMap<string, Parked>): string[] {
  const asksPeople = (id: string, passed: readonly string[]): boolean => {
    const item = items.get(id)
    if (item?.state !== 'open' || passed.includes(id)) return false
    return item.waitsFor === null || Boolean(item.isLetGo) || asksPeople(item.waitsFor, [...passed, id])
  }
  return [...items]
    .filter(([id, { state }]) => state === 'open' && !asksPeople(id, []))
    .map(([id, { waitsFor }]) => `The parked ${id} waits for ${waitsFor}, and nobody would ever be asked.`)
}

export function deniedOn({ device, dev }: WorldDevice): number {
  const db = device?.replica.db
  if (db === undefined) return 0
  const outbox = db.all<{ seq: number; epoch: number; state: string }>(
    "SELECT seq, epoch, state FROM outbox WHERE state IN ('refused', 'parked')",
  )
  const items = db.all<Item>(
    'SELECT id, dev, ep, seq, state, waits_for AS waitsFor, is_let_go AS isLetGo FROM kernel_review_item WHERE gone_at IS NULL',
  )
  const stateOf = (id: string): string | null => items.find((item) => item.id === id)?.state ?? null
  const itemOf = (seq: number, epoch: number): Item | undefined =>
    items.find((item) => item.dev === dev && item.ep === epoch && item.seq === seq)
  return outbox.filter(({ state, seq, epoch }) => state === 'refused' || needsAuthor(itemOf(seq, epoch), stateOf))
    .length
}
