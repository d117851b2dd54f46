// The check for bugs: a broken invariant stops the task at once and keeps the outbox. Never for business refusals
// (those are values, refusal.ts) and never for faults of the world (those belong to store, hub and app).

export class BugError extends Error {
  override readonly name = 'BugError'
}

/** Kept on in production. `sentence` says what must be true. */
export function assert(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new BugError(sentence)
}
