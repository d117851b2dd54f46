// Gives unchanged rows of a new answer their old objects. It never changes what a row says.

type Plain = Readonly<Record<string, unknown>>

function isSame(a: Plain, b: Plain): boolean {
  const keys = Object.keys(b)
  return Object.keys(a).length === keys.length && keys.every((key) => Object.is(a[key], b[key]))
}

/** The new rows, with the old object of the same `id` (else of the same place) where every value is the same. */
export function keepIdentity<R>(before: readonly R[] | null, now: readonly R[]): readonly R[] {
  if (before === null || before.length === 0) return now
  const byId = new Map<unknown, Plain>()
  for (const row of before as readonly Plain[]) if ('id' in row) byId.set(row['id'], row)
  let isEqual = before.length === now.length
  const kept = (now as readonly Plain[]).map((row, place) => {
    const old = 'id' in row ? byId.get(row['id']) : (before[place] as Plain | undefined)
    const same = old !== undefined && isSame(old, row) ? old : row
    if (same !== before[place]) isEqual = false
    return same
  })
  return isEqual ? before : (kept as readonly R[])
}
