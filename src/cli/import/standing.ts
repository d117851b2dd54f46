// Compares what a file says of a thing with how it stands on the device: flags are 0 and 1 there, lists are JSON text.
// It never changes either side.
import { sameValue } from '../../kernel/merge.ts'

type Stored = string | number | null | undefined

function asGiven(stored: Stored, given: unknown): unknown {
  if (typeof given === 'boolean') return stored === 1
  if (typeof given === 'object' && given !== null && typeof stored === 'string') return JSON.parse(stored) as unknown
  return stored ?? null
}

/** A list of words is a set: its order says nothing. */
const unordered = (value: unknown): unknown =>
  Array.isArray(value) && value.every((each) => typeof each === 'string') ? [...value].sort() : value

/** True when every given value already stands; what the file doesn't say doesn't count. */
export function stands(given: Readonly<Record<string, unknown>>, standing: object): boolean {
  const stored = standing as Readonly<Record<string, Stored>>
  return Object.entries(given).every(
    ([field, value]) => value == null || sameValue(unordered(asGiven(stored[field], value)), unordered(value)),
  )
}
