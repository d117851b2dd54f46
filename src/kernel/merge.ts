// Merging an edit field by field (sync.md §4): a field clashes if and only if its current value differs from what the
// user saw and from what the user wants. The declared rule settles it at once; the losing value is kept, never dropped.
import { compareUtf8 } from './bytes.ts'
import { canonical } from './canonical.ts'
import type { FieldTraits, MergeRule } from './field.ts'
import { textOf } from './text-of.ts'

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

const asItems = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const byContent = (items: readonly unknown[]): ReadonlyMap<string, unknown> =>
  new Map(items.map((item) => [canonical(item ?? null), item]))

/** Both sides' additions stay, both sides' removals happen. */
function unite(base: unknown, current: unknown, wanted: unknown): unknown[] {
  const [before, here, mine] = [base, current, wanted].map((each) => byContent(asItems(each)))
  return [...new Map([...(here ?? []), ...(mine ?? [])])]
    .filter(([key]) => before?.has(key) !== true || (here?.has(key) === true && mine?.has(key) === true))
    .map(([, item]) => item)
}

/** Both texts, one below the other; what both began with stands once. */
function append(base: string, here: string, mine: string): string {
  if (mine.startsWith(here)) return mine
  if (here.startsWith(mine)) return here
  const added = base !== '' && mine.startsWith(base) ? mine.slice(base.length) : mine
  return `${here}\n${added.replace(/^\n+/, '')}`
}

/** Nothing is smaller than any value; days and texts go by their bytes, as they are stored. */
function isLarger(a: unknown, b: unknown): boolean {
  if (a === null || a === undefined) return false
  if (b === null || b === undefined) return true
  return typeof a === 'string' && typeof b === 'string' ? compareUtf8(a, b) > 0 : Number(a) > Number(b)
}

/** One field, at once: the value that stands and the one that lost. [MRG1] */
export function settleField(rule: MergeRule, base: unknown, current: unknown, wanted: unknown): Settled {
  if (rule === 'stamp') return { value: wanted, lost: null }
  if (sameValue(current, base) || sameValue(current, wanted)) return { value: wanted, lost: null }
  // Whoever leaves a field as they saw it has no opinion about what somebody else made of it.
  if (sameValue(wanted, base)) return { value: current, lost: null }
  if (rule === 'union') return { value: unite(base, current, wanted), lost: null }
  // A text that one side emptied has nothing to be appended to: that is a clash like any other, and the text stays.
  const hasTexts = textOf(current) !== '' && textOf(wanted) !== ''
  if (rule === 'append' && hasTexts) return { value: append(textOf(base), textOf(current), textOf(wanted)), lost: null }
  const mineWins =
    rule === 'later' ||
    (rule === 'append' && textOf(wanted) !== '') ||
    (rule === 'larger' && isLarger(wanted, current)) ||
    (rule === 'smaller' && isLarger(current, wanted))
  return mineWins
    ? { value: wanted, lost: { value: current, isMine: false } }
    : { value: current, lost: { value: wanted, isMine: true } }
}

/** Rules that a company may choose for a field of its own; `stamp` is a declaration's alone. */
export const choosableRules = ['later', 'first', 'larger', 'smaller', 'union', 'append'] as const

/** Whether a rule means something for such a field: only lists unite, only texts append, only what has a size is compared. [MRG2] */
export function ruleFits(rule: MergeRule, { type, isDelta, codes }: FieldTraits): boolean {
  if (isDelta === true) return false
  if (rule === 'later' || rule === 'first') return true
  if (rule === 'union') return type === 'json'
  if (rule === 'append') return type === 'text' && codes === undefined
  return ['date', 'instant', 'integer', 'amount', 'rate', 'quantity'].includes(type)
}
