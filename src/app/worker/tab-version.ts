// Which of two tabs runs the newer app, and what a tab may still ask of a newer one's worker: nothing that today's rules would read
// otherwise than it meant it. What it has saved is sent, whatever it runs.
import type { CallName } from './calls.ts'

/** Below 0: `a` is older. A tab that doesn't say is of the first release. */
export function compareVersions(a: string | undefined, b: string | undefined): number {
  const [left, right] = [numbersOf(a), numbersOf(b)]
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

const numbersOf = (version = '0.1.0'): number[] => version.split('.').map((part) => Number.parseInt(part, 10) || 0)

/** Sending, looking at what waits, keeping what was typed, leaving. It begins nothing and reads no records. [VER7] */
const OF_ANY_VERSION: ReadonlySet<CallName> = new Set<CallName>([
  'state',
  'status',
  'sync',
  'wake',
  'outbox',
  'acknowledge',
  'rescue',
  'lock',
  'draftSet',
])

export const mayAsk = (name: CallName): boolean => OF_ANY_VERSION.has(name)

/** An older tab asked a newer tab's worker for work of today. */
export class OlderTabError extends Error {
  override readonly name = 'OlderTabError'
}
