// How the hub reads PostgreSQL's own types: a pool-level setting, never the global one of `pg`, which any other library could change.
// Integers are exact or an error; a calendar day stays the text it is, because `pg` would turn it into midnight of the server's time zone.

import pg from 'pg'
import type { CustomTypesConfig } from 'pg'
import { FlightSocket } from './flight-socket.ts'

const int8 = 20
const int8Array = 1016
const day = 1082

/** The published type knows only the element types by number, the function knows them all. */
const parserOf = pg.types.getTypeParser as (oid: number, format: 'text' | 'binary') => (text: string) => unknown
const builtinInt8Array = parserOf(int8Array, 'text')

/** int8 text → number. Throws RangeError beyond ±(2^53 − 1): a rounded amount must never be read as if it were exact. */
export function exactInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value))
    throw new RangeError(`The database holds the integer ${text}, which is beyond 2^53 - 1 and can't be read exactly.`)
  return value
}

function integerArray(text: string): (number | null)[] {
  const texts = builtinInt8Array(text)
  if (!Array.isArray(texts)) throw new TypeError('An int8[] value was not read as an array.')
  return texts.map((item: string | null) => (item === null ? null : exactInteger(item)))
}

const ours = new Map<number, (text: string) => unknown>([
  [int8, exactInteger],
  [int8Array, integerArray],
  [day, (text) => text],
])

/** For `new Pool({ types: hubTypes })`: int8 → number, int8[] → number[], date → 'YYYY-MM-DD'; everything else as `pg` does (numeric stays text). */
export const hubTypes: CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    return (format === 'binary' ? undefined : ours.get(oid)) ?? parserOf(oid, format ?? 'text')
  },
}

/** What every connection of the hub is opened with: its types, and statements on their way, together, while the one before is answered. */
export const hubWire = { types: hubTypes, pipeline: true, stream: (): FlightSocket => new FlightSocket() } as const
