// Rows of any table from its declaration, for tests that go over all of them: places and months are drawn from a few, every
// text carries a mark that is found again in bytes. It knows types of fields, and nothing of what a row means.
import { completeRow } from '../kernel/effects.ts'
import type { AnyRow, AnyTable } from '../kernel/table.ts'

export interface Places {
  readonly companies: readonly string[]
  readonly branches: readonly string[]
  readonly territories: readonly string[]
  readonly months: readonly string[]
}

/** A number below `below`: chance is the caller's, so that a seed gives the same rows again. */
export type Draw = (below: number) => number

/** The one generator that tests of this folder take: small, seeded, and good enough to pick from lists. */
export function seededDraw(seed: number): Draw {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0
    return Math.floor(((state ^ (state >>> 13)) >>> 0) / (2 ** 32 / below)) % below
  }
}

export const pick = <T>(draw: Draw, from: readonly T[]): T => {
  const picked = from[draw(from.length)]
  if (picked === undefined) throw new Error('There is nothing to pick from.')
  return picked
}

/** `mark` stands in every text. A line must be given its header. */
export function anyRow(
  table: AnyTable,
  id: string,
  { draw, places, mark }: { draw: Draw; places: Places; mark: string },
  given: Readonly<Record<string, unknown>> = {},
): AnyRow {
  const values: Record<string, unknown> = {}
  for (const field of table.fieldNames) values[field] = valueOf(table, field, { draw, places, mark })
  return completeRow(table, id, { ...values, ...given })
}

function valueOf(table: AnyTable, field: string, of: { draw: Draw; places: Places; mark: string }): unknown {
  const { draw, places, mark } = of
  const { type, codes, fallback, need, merge } = table.fields[field]?.traits ?? {}
  if (field === 'company') return pick(draw, places.companies)
  if (field === 'branch') return pick(draw, places.branches)
  if (field === 'territory' || (field === 'area' && table.name.startsWith('kernel.')))
    return pick(draw, places.territories)
  if (type === 'date') return `${pick(draw, places.months)}-${String(1 + draw(28)).padStart(2, '0')}`
  if (codes !== undefined) return pick(draw, codes)
  if (merge === 'union') return fallback ?? []
  if (type === 'json') return fallback ?? (need === 'optional' ? null : {})
  if (type === 'flag') return draw(2) === 1
  if (type === 'text' || type === 'code' || type === 'ref') return need === 'optional' && draw(3) === 0 ? null : mark
  return draw(1_000)
}
