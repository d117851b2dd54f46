// The arguments of parked work while they are changed: header fields, and the fields of lines. Only what is plain to read can be changed:
// days, amounts, quantities and words, never an id, a photo or a signature. Pure.
import { isId, isMoney, isQuantity, isRate, type Recorded } from './fact-text.ts'
import { inkIn, photosIn } from './recorded-media.ts'

/** A field of the header, or of a line of one of its lists. */
export type Path = readonly [field: string] | readonly [list: string, line: number, field: string]

export const isLines = (value: unknown): value is readonly Recorded[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  photosIn(value) === null &&
  value.every((each) => typeof each === 'object' && each !== null && !Array.isArray(each))

/** Words of the machinery: whoever types another one makes nothing right. */
const codes = new Set([
  'source',
  'unit',
  'currency',
  'method',
  'kind',
  'state',
  'taxCode',
  'itemCode',
  'priceList',
  'outcome',
  'code',
  'group',
])

/** What was emptied stays a field. */
export const isEditable = (field: string, value: unknown): boolean =>
  value === undefined ||
  (typeof value === 'string'
    ? !isId(value) && inkIn(value) === null && !codes.has(field)
    : typeof value === 'number' && (isMoney(field) || isQuantity(field) || isRate(field)))

export const valueAt = (args: Recorded, path: Path): unknown => {
  const [field, line, inner] = path
  if (line === undefined || inner === undefined) return args[field]
  const lines = args[field]
  return isLines(lines) ? lines[line]?.[inner] : undefined
}

/** What is emptied, or can't be read yet, is undefined: what was null before stays so. */
export function withValue(args: Recorded, path: Path, given: unknown): Recorded {
  const [field, line, inner] = path
  const value = given === null || given === '' ? undefined : given
  if (line === undefined || inner === undefined) return { ...args, [field]: value }
  const lines = args[field]
  if (!isLines(lines)) return args
  return { ...args, [field]: lines.map((each, at) => (at === line ? { ...each, [inner]: value } : each)) }
}

/** The last line stays: a document without lines is discarded, not changed. */
export function withoutLine(args: Recorded, list: string, line: number): Recorded {
  const lines = args[list]
  return isLines(lines) && lines.length > 1 ? { ...args, [list]: lines.toSpliced(line, 1) } : args
}

/** Nothing that had a value was left empty or can't be read. */
export const isWhole = (draft: unknown): boolean =>
  draft !== undefined && (typeof draft !== 'object' || draft === null || Object.values(draft).every(isWhole))

/** Sums that a refusal says would be right (`expectedTotal`), where the arguments have such a field and say something else. */
export function expectedOf(args: Recorded, facts: Recorded): Recorded {
  const said = Object.entries(facts).flatMap(([fact, value]) => {
    const name = /^expected([A-Z].*)$/.exec(fact)?.[1]
    const field = name === undefined ? '' : name.charAt(0).toLowerCase() + name.slice(1)
    return field in args && args[field] !== value ? [[field, value] as const] : []
  })
  return Object.fromEntries(said)
}
