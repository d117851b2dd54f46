// Personal values leave the sealed line: in their place stands a salted commitment, so that a value and its salt can be
// erased everywhere and the chain of seals still verifies (sync.md §2). Handlers always see plain values.
import { canonical, type CanonicalValue } from '../kernel/canonical.ts'
import type { Catalogue } from '../kernel/catalogue.ts'
import type { AnyCommand } from '../kernel/command.ts'
import { ERASED } from '../kernel/erasure.ts'
import type { Fields, FieldTraits } from '../kernel/field.ts'
import { sha256Hex } from '../kernel/hash.ts'
import type { Base } from '../kernel/run.ts'
import type { Personal } from './protocol.ts'

type Json = { [key: string]: unknown }

/** SHA-256(salt ‖ canonical value), hex. [PD1] */
export const commitment = (salt: string, value: unknown): string => sha256Hex(`${salt}${canonical(value)}`)

interface Split<T> {
  readonly sealed: T
  readonly pd: Personal | null
}

/** Replaces each personal value of the arguments and of the base by its commitment. `newSalt` gives 128 random bits as hex. */
export function splitPersonal(
  catalogue: Catalogue,
  command: AnyCommand,
  args: unknown,
  base: Base,
  newSalt: () => string,
): Split<{ args: CanonicalValue; base: Base }> {
  const pd: Record<string, { value: CanonicalValue; salt: string }> = {}
  const hide = (path: string, value: unknown): unknown => {
    if (value === null || value === undefined) return value
    const salt = newSalt()
    pd[path] = { value: value as CanonicalValue, salt }
    return { $pd: commitment(salt, value) }
  }
  const sealedArgs = walkFields(command.args, args as Json, 'args', hide)
  const sealedBase: Record<string, Record<string, Json>> = {}
  for (const [tableName, rows] of Object.entries(base)) {
    const fields = catalogue.tables.get(tableName)?.fields ?? {}
    const sealedRows: Record<string, Json> = {}
    for (const [id, seen] of Object.entries(rows))
      sealedRows[id] = walkFields(fields, seen, `base/${tableName}/${id}`, hide)
    sealedBase[tableName] = sealedRows
  }
  return {
    sealed: { args: sealedArgs as CanonicalValue, base: sealedBase },
    pd: Object.keys(pd).length === 0 ? null : pd,
  }
}

function walkFields(fields: Fields, values: Json, path: string, hide: (path: string, value: unknown) => unknown): Json {
  const out: Json = {}
  for (const [key, value] of Object.entries(values)) {
    const traits = fields[key]?.traits
    // Null says something else than nothing: it empties a field. It hides nothing, so it needs no commitment.
    if (value === null) {
      out[key] = null
    } else if (value === undefined) {
      continue
    } else if (traits?.isPersonal === true) {
      out[key] = hide(`${path}/${key}`, value)
    } else if (traits?.items !== undefined && Array.isArray(value)) {
      const items = traits.items
      out[key] = value.map((item, index) => walkFields(items, item as Json, `${path}/${key}/${index}`, hide))
    } else {
      out[key] = value
    }
  }
  return out
}

export type Joined =
  | { readonly ok: true; readonly value: { args: Json; base: Base } }
  | { readonly ok: false; readonly path: string }

const PATH_LENGTH_MAX = 500
const SALT_LENGTH_MAX = 64

/** Personal values as they came over the wire, or null when they are none: shape and storability only. */
export function parsePersonal(value: unknown): Personal | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  for (const [path, held] of Object.entries(value as Json)) {
    if (path.length > PATH_LENGTH_MAX || typeof held !== 'object' || held === null) return null
    const { salt, value: plain } = held as { salt?: unknown; value?: unknown }
    if (typeof salt !== 'string' || salt.length > SALT_LENGTH_MAX || !isCanonical(plain)) return null
  }
  return isCanonical(value) ? (value as Personal) : null
}

/** What can be hashed and stored: no float, no NUL, no half of a surrogate pair. */
function isCanonical(value: unknown): boolean {
  try {
    canonical(value)
    return true
  } catch {
    return false
  }
}

/** Paths of the commitments in a sealed line's arguments and base. */
export function committedPaths(args: unknown, base: unknown): Set<string> {
  const paths = new Set<string>()
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return
    if (typeof (value as Json)['$pd'] === 'string') paths.add(path)
    else for (const [key, inner] of Object.entries(value)) walk(inner, `${path}/${key}`)
  }
  walk(args, 'args')
  walk(base ?? {}, 'base')
  return paths
}

/**
 * Puts personal values back where their commitments stand. A value that doesn't fit its commitment names its path; one that was erased is
 * absent, or what `standIn` gives for its path. [PD2]
 */
export function joinPersonal(
  args: unknown,
  base: unknown,
  pd: Personal | null,
  standIn: (path: string) => unknown = () => undefined,
): Joined {
  let wrong: string | null = null
  const restore = (value: unknown, path: string): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => restore(item, `${path}/${index}`) ?? null)
    if (typeof value !== 'object' || value === null) return value
    const hash = (value as Json)['$pd']
    if (typeof hash === 'string') {
      const held = pd?.[path]
      if (held === undefined) return standIn(path)
      if (commitment(held.salt, held.value) !== hash) wrong ??= path
      return held.value
    }
    const restored = Object.entries(value).map(([key, inner]) => [key, restore(inner, `${path}/${key}`)] as const)
    return Object.fromEntries(restored.filter(([, inner]) => inner !== undefined))
  }
  const joined = { args: restore(args, 'args') as Json, base: restore(base ?? {}, 'base') as Base }
  return wrong === null ? { ok: true, value: joined } : { ok: false, path: wrong }
}

/** A text that a command can't do without has something in its place, so that the rest of it stands. */
export function standInFor(fields: Fields, path: string): unknown {
  const [side, ...keys] = path.split('/')
  if (side !== 'args') return undefined
  let traits: FieldTraits | undefined
  let of: Fields = fields
  for (const key of keys) {
    if (/^\d+$/.test(key)) of = traits?.items ?? {}
    else traits = of[key]?.traits
  }
  return traits?.need === 'required' && traits.type === 'text' ? ERASED : undefined
}
