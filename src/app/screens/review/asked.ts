// What became of what this device asked the hub about something in review: asked and not decided yet, so that nobody asks twice while the
// network is away, or asked in vain, and why. Pure: the durable outbox in, nothing else.
import type { Facts } from '../../../kernel/refusal.ts'
import type { OutboxEntry } from '../../../sync/device/api.ts'

export type Asked =
  | { readonly state: 'asked' }
  /** The hub answered and it stays as it was. */
  | { readonly state: 'stayed'; readonly reason: string; readonly facts: Facts }

type Entry = Pick<OutboxEntry, 'command' | 'about' | 'state' | 'isSettled' | 'reason' | 'facts'>

/** By the id of what it was about; only the last word about each counts. `entries`: the newest first. */
export function askedOf(entries: readonly Entry[]): ReadonlyMap<string, Asked> {
  const asked = new Map<string, Asked | null>()
  for (const entry of entries) {
    const { item } = entry.about
    if (entry.command.startsWith('review.') && typeof item === 'string' && !asked.has(item))
      asked.set(item, said(entry))
  }
  return new Map([...asked].flatMap(([item, state]) => (state === null ? [] : [[item, state] as const])))
}

/** What was taken stays asked until its rows are here; then the rows say how it is. */
export function said({ state, isSettled, reason, facts }: Omit<Entry, 'command' | 'about'>): Asked | null {
  if (state === 'refused' || state === 'parked')
    return { state: 'stayed', reason: reason ?? 'sync.unknown-command', facts }
  return isSettled ? null : { state: 'asked' }
}
