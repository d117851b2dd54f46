// Turns what enrolment, the vault or the database threw into a code that the start screens have a sentence for. It looks at names and
// codes, never at the text of a message.
import type { EntryAnswer, EntryProblem } from './calls.ts'

/** The hub's codes of a refused enrolment. */
const byHubCode: Readonly<Record<string, EntryProblem>> = {
  'enrol.unknown-code': 'wrong-code',
  'enrol.code-used': 'wrong-code',
  'enrol.code-expired': 'expired-code',
  'enrol.wrong-sign-in': 'wrong-password',
  'enrol.too-many-tries': 'too-many-tries',
  'enrol.no-profile': 'no-profile',
}

const byKind: Readonly<Record<string, EntryProblem>> = {
  'disk-full': 'storage-full',
  corrupt: 'damaged',
  'wrong-key': 'damaged',
  'not-encrypted': 'damaged',
}

const byName: Readonly<Record<string, EntryProblem>> = {
  OfflineError: 'unreachable',
  DatabaseInUseError: 'in-use',
  QuotaExceededError: 'storage-full',
  VaultDamagedError: 'damaged',
  SecurityError: 'no-storage',
}

export function entryProblem(error: unknown): EntryAnswer {
  const { name, kind, code, status, message } = (error ?? {}) as Readonly<Record<string, unknown>>
  return { ok: false, problem: problemOf({ name, kind, code, status }), reason: String(message ?? error) }
}

function problemOf(error: Readonly<Record<'name' | 'kind' | 'code' | 'status', unknown>>): EntryProblem {
  if (error.status === 429) return 'too-many-tries'
  for (const [found, problems] of [
    [error.code, byHubCode],
    [error.kind, byKind],
    [error.name, byName],
  ] as const) {
    if (typeof found === 'string' && Object.hasOwn(problems, found)) return problems[found] ?? 'other'
  }
  return 'other'
}
