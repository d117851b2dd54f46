// When a command was captured, as well as anybody can know. It dates work; nothing is ordered by it.
import type { Moment } from './command.ts'
import type { Frame } from './run.ts'

/** Capture as the hub would date it: what was estimated, never later than the receipt. */
export function momentOf({ dev, ep, seq, at, off, seen, receivedAt, commit }: Frame): Moment {
  const estimated = at + (off?.[0] ?? 0)
  return {
    dev,
    ep,
    seq,
    at: receivedAt === undefined ? estimated : Math.min(estimated, receivedAt),
    error: off == null ? null : Math.max(0, off[1]),
    seen: seen ?? 0,
    commit: commit ?? null,
  }
}
