// Who waits for whom among parked commands, in the reference's words: whoever names a row that another parked command said it
// made. It reads review items for what they say, and judges that by what devices were told; it never asks the product's own
// search for a parent.
import type { Told } from './model.ts'

/** A review item as a database has it. */
export interface ItemRow {
  readonly id: string
  readonly seal: string
  readonly state: string
  readonly waitsFor: string | null
}

/** Seals of parked commands that ask nobody, because another one has to be decided first: one that isn't known here too. */
export function waitingOf(items: readonly ItemRow[]): ReadonlySet<string> {
  const states = new Map(items.map(({ id, state }) => [id, state]))
  const isOpen = (id: string): boolean => (states.get(id) ?? 'open') === 'open'
  return new Set(
    items.flatMap(({ seal, state, waitsFor }) =>
      state === 'open' && waitsFor !== null && isOpen(waitsFor) ? [seal] : [],
    ),
  )
}

const idsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(idsIn)
      : []

/** An id of a row begins with the moment of its command. */
const momentIn = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)

/** Each parked command that names a row of an open one waits for such a one, and no other does. [REV4] */
export function wrongWaits(items: readonly ItemRow[], told: readonly Told[]): string[] {
  const bySeal = new Map(told.map((each) => [each.seal, each]))
  const open = items.filter(({ state }) => state === 'open')
  const maker = new Map<string, string>()
  const moments = new Map<string, number | undefined>()
  for (const { id, seal } of open) {
    moments.set(id, bySeal.get(seal)?.at)
    for (const made of Object.values(bySeal.get(seal)?.made ?? {}).flat()) maker.set(made, id)
  }
  return open.flatMap(({ id, seal, waitsFor }) => {
    const each = bySeal.get(seal)
    if (each === undefined) return []
    const about = `${each.dev}:c${each.seq} ${each.command}`
    const named = idsIn(each.args)
    const parents = named.flatMap((row) => maker.get(row) ?? []).filter((parent) => parent !== id)
    if (waitsFor === null)
      return parents.length === 0 ? [] : [`${about} waits for nobody, and names a row of a parked one.`]
    if (parents.includes(waitsFor)) return []
    // Commands of one millisecond can't be told apart by the ids of their rows: that tie is the known, harmless one.
    const isOfOneMoment = named.some((row) => momentIn(row) === moments.get(waitsFor))
    return parents.length === 0 && isOfOneMoment
      ? []
      : [`${about} waits for ${waitsFor}, which makes nothing it names.`]
  })
}
