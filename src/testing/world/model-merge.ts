// What an edit of a note comes to where others changed it meanwhile, in the reference's words: which of its values stand, and which
// value lost. It shares no code with the kernel's merge.

const RULES: Readonly<Record<string, string>> = { first: 'first', most: 'larger', least: 'smaller', tags: 'union' }
/** What a field is where nobody has given it a value. */
export const EMPTY: Readonly<Record<string, unknown>> = {
  tags: [],
  score: 0,
  paid: 0,
  lines: 0,
  onHand: 0,
  reserved: 0,
  uses: 0,
  calls: 0,
  amount: 0,
  granted: 0,
  used: 0,
  mood: 'plain',
  turns: 0,
}
export const isGiven = (value: unknown): boolean => value !== null && value !== undefined
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** Nothing is smaller than any number. */
const size = (value: unknown): number => (value === null ? -Infinity : Number(value))

type Fields = Readonly<Record<string, unknown>>

export interface Merged {
  readonly changes: Record<string, unknown>
  readonly lost: { readonly field: string; readonly kept: unknown; readonly lost: unknown }[]
}

/** `seen`: null where the author saw nothing. */
export function merged(row: Fields, wanted: Fields, seen: Fields | null): Merged {
  const { changes, lost }: Merged = { changes: {}, lost: [] }
  for (const [field, mine] of Object.entries(wanted)) {
    const theirs = row[field] ?? EMPTY[field] ?? null
    const base = seen === null ? theirs : (seen[field] ?? EMPTY[field] ?? null)
    // Whoever leaves a field as they saw it has no opinion about what others made of it.
    if (!isSame(theirs, base) && isSame(mine, base)) continue
    if (RULES[field] === 'union') {
      changes[field] = union(base as string[], theirs as string[], mine as string[])
      continue
    }
    if (isSame(theirs, base) || isSame(theirs, mine)) {
      changes[field] = mine
      continue
    }
    const isMineKept =
      RULES[field] === undefined ||
      (RULES[field] === 'larger' && size(mine) > size(theirs)) ||
      (RULES[field] === 'smaller' && size(mine) < size(theirs))
    if (isMineKept) changes[field] = mine
    lost.push(isMineKept ? { field, kept: mine, lost: theirs } : { field, kept: theirs, lost: mine })
  }
  return { changes, lost }
}

/** What either side added is in; what either side took out is not. */
function union(base: readonly string[], theirs: readonly string[], mine: readonly string[]): string[] {
  const all = [...theirs, ...mine.filter((tag) => !theirs.includes(tag))]
  return all.filter((tag) => !base.includes(tag) || (theirs.includes(tag) && mine.includes(tag)))
}
