// Canonical JSON: one text for one value, so that its hash means something on both sides. Keys sorted by UTF-8 bytes at
// each depth, no spaces, integers only. A float, NaN, undefined, bigint, NUL, lone surrogate or class instance is a
// bug, never something to be smoothed over.
import { assert } from './assert.ts'
import { compareUtf8, isWellFormed } from './bytes.ts'
import { type Outcome, fit, unfit } from './outcome.ts'

export type CanonicalValue =
  | null
  | boolean
  | number
  | string
  | readonly CanonicalValue[]
  | { readonly [key: string]: CanonicalValue }

const DEPTH_MAX = 64
// Everything JSON must escape or we must refuse; plain text takes the fast path past both.
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const SPECIAL = /[\u0000-\u001f"\\\ud800-\udfff]/

function writeText(text: string): string {
  if (!SPECIAL.test(text)) return `"${text}"`
  assert(!text.includes('\u0000'), 'Canonical text must not hold a NUL character: PostgreSQL cannot store it.')
  assert(isWellFormed(text), 'Canonical text must not hold half a surrogate pair.')
  return JSON.stringify(text)
}

function sortedKeys(value: object): string[] {
  const keys = Object.keys(value)
  for (let i = 1; i < keys.length; i++) {
    if (compareUtf8(keys[i - 1] ?? '', keys[i] ?? '') > 0) return keys.sort(compareUtf8)
  }
  return keys
}

function write(value: unknown, depth: number): string {
  if (typeof value === 'string') return writeText(value)
  if (typeof value === 'number') {
    assert(Number.isSafeInteger(value), `Canonical numbers are whole and within ±(2^53 - 1), not ${value}.`)
    return `${value}`
  }
  if (value === null) return 'null'
  if (value === true) return 'true'
  if (value === false) return 'false'
  assert(typeof value === 'object', `Canonical JSON has no ${typeof value}: leave the key out or write null.`)
  assert(depth < DEPTH_MAX, `Canonical JSON is at most ${DEPTH_MAX} levels deep.`)
  let text = ''
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) text += (i === 0 ? '' : ',') + write(value[i], depth + 1)
    return `[${text}]`
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  assert(
    prototype === null || Object.getPrototypeOf(prototype) === null,
    'Canonical JSON holds plain objects and arrays only: no Date, Map, bytes or class instance.',
  )
  for (const key of sortedKeys(value)) {
    text += `${text === '' ? '' : ','}${writeText(key)}:${write((value as Record<string, unknown>)[key], depth + 1)}`
  }
  return `{${text}}`
}

/** The one text of a value. Asserts that it has one. */
export const canonical = (value: unknown): string => write(value, 0)

export type CanonicalFlaw = 'canonical.not-json' | 'canonical.not-canonical'

/** Reads what `canonical` wrote. Any other spelling (spaces, key order, a key twice, 1.0, -0) is not canonical. */
export function parseCanonical(text: string): Outcome<CanonicalValue, CanonicalFlaw> {
  let value: CanonicalValue
  try {
    value = JSON.parse(text) as CanonicalValue
  } catch (error) {
    return unfit('canonical.not-json', { reason: String(error) })
  }
  try {
    const again = canonical(value)
    return again === text ? fit(value) : unfit('canonical.not-canonical', { reason: `expected ${again.slice(0, 200)}` })
  } catch (error) {
    return unfit('canonical.not-canonical', { reason: String(error) })
  }
}
