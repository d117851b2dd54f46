// Merging an edit field by field (sync.md §4): a field clashes if and only if its current value differs from what the
// user saw and from what the user wants. The declared rule settles it at once; the losing value is kept, never dropped.
import { canonical } from './canonical.ts'
import type { MergeRule } from './field.ts'

export interface Settled {
  readonly value: unknown
  /** Present when two people disagreed: the value that lost, and whether it was this edit's own. */
  readonly lost: { readonly value: unknown; readonly isMine: boolean } | null
}

export const sameValue = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object') return false
  return canonical(a ?? null) === canonical(b ?? null)
}

const asSet = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

/** Both sides' additions stay, both sides' removals happen. */
function unite(base: unknown, current: unknown, wanted: unknown): string[] {
  const before = new Set(asSet(base))
  const here = new Set(asSet(current))
  const mine = new Set(asSet(wanted))
  const all = new Set([...here, ...mine])
  return [...all].filter((item) => (before.has(item) ? here.has(item) && mine.has(item) : true))
}

/** One field, at once: the value that stands and the one that lost. [MRG1] */
export function settleField(rule: MergeRule, base: unknown, current: unknown, wanted: unknown): Settled {
  if (rule === 'union') return { value: unite(base, current, wanted), lost: null }
  if (rule === 'stamp') return { value: wanted, lost: null }
  if (sameValue(current, base) || sameValue(current, wanted)) return { value: wanted, lost: null }
  const mineWins =
    rule === 'later' ||
    (rule === 'larger' && Number(wanted) > Number(current)) ||
    (rule === 'smaller' && Number(wanted) < Number(current))
  return mineWins
    ? { value: wanted, lost: { value: current, isMine: false } }
    : { value: current, lost: { value: wanted, isMine: true } }
}
