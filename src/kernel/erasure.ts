// The erasure of a person (never of a device: that is a wipe). Which rows are about whom is declared with their tables (`subject`); an
// erased person's personal fields fall back to what says nothing, everywhere, and nothing else of a row ever changes by it: numbers,
// days, sums and references of a posted document stay, under a pseudonym.
import { assert } from './assert.ts'
import type { Base } from './demand.ts'
import type { Effects } from './effects.ts'
import { code, instant, integer, ref, text, type AnyField, type Fields } from './field.ts'
import { hash64, idsOfMoment, keyId } from './hash.ts'
import { lostValue } from './kernel-tables.ts'
import { sameValue } from './merge.ts'
import { rangeOf, type Reader } from './reader.ts'
import { table, type AnyRow, type AnyTable } from './table.ts'

/** The two commands that the hub and the device know by name. Names are protocol. */
export const ERASE_SUBJECT = 'privacy.eraseSubject'
export const CONFIRM_ERASURE = 'privacy.confirmErasure'

/** Who was erased: the id of their row says nothing about them. Every device holds all of these, and forgets by them. */
export const erasure = table('kernel.erasure', {
  key: ['subject'],
  since: 2,
  indexes: { bySubject: ['subject'] },
  fields: {
    /** The id of the party, contact or user. */
    subject: text(64),
    table: code(),
    by: ref('masters.user'),
    at: instant(),
  },
  buckets: () => ['company'],
  whole: ['company'],
})

/** A device has forgotten somebody: its own word, sealed like all of its work. */
export const erasureReceipt = table('kernel.erasureReceipt', {
  side: 'hub',
  since: 2,
  key: ['subject', 'device'],
  fields: {
    subject: text(64),
    device: text(16),
    /** Of its kept commands, how many lost values. */
    commands: integer(),
    user: text(64),
    at: instant(),
  },
})

/** What stands in the place of a text that is missing, before anybody knows whose it was. */
export const ERASED = '[erased]'

/** What an erased person is called from then on: the same everywhere, and made of nothing but the id. */
export const pseudonymOf = (subject: string): string => `[erased ${hash64(subject).slice(0, 6).toUpperCase()}]`

export const erasureId = (tenant: string, subject: string): string => keyId(tenant, erasure.name, [subject])

/**
 * Erased people whose own rows a command of this moment would make. Where such a row is, it is made, and another command of that millisecond
 * has nothing to do with it.
 */
export const erasedMadeAt = (tables: ReadonlyMap<string, AnyTable>, reader: Reader, at: number): readonly string[] =>
  reader
    .find(erasure, rangeOf(erasure, 'bySubject', {}, idsOfMoment(at)))
    .map((row) => ({ subject: String(row['subject']), of: tables.get(String(row['table'])) }))
    .filter(({ subject, of }) => of !== undefined && reader.get(of, subject, null) === null)
    .map(({ subject }) => subject)

/** The people a row is about, the one whose own row it is first. Empty where the table is about nobody. */
export function subjectsOf(of: AnyTable, id: string, values: Readonly<Record<string, unknown>>): readonly string[] {
  if (of.subject.length === 0) return of.subject
  return of.subject
    .map((field) => (field === 'id' ? id : values[field]))
    .filter((subject): subject is string => typeof subject === 'string')
}

const personal = new WeakMap<AnyTable, readonly string[]>()

export function personalFieldsOf(of: AnyTable | null): readonly string[] {
  if (of === null) return []
  let names = personal.get(of)
  if (names === undefined)
    personal.set(of, (names = of.fieldNames.filter((field) => of.fields[field]?.traits.isPersonal === true)))
  return names
}

/** What an erased field holds: nothing, its default, or the pseudonym where a text is required. */
export const erasedValue = ({ traits }: AnyField, pseudonym: string): unknown =>
  traits.need === 'required' && traits.type === 'text' ? pseudonym : (traits.fallback ?? null)

/** Says nothing about anybody any more. */
export const isErased = ({ traits }: AnyField, value: unknown, pseudonym: string): boolean =>
  value === null ||
  value === undefined ||
  value === pseudonym ||
  (traits.fallback !== undefined && sameValue(value, traits.fallback))

/** The index that finds a table's rows by a field. */
export function indexBy(of: AnyTable, field: string): string {
  const found = Object.entries(of.indexes).find(([, columns]) => columns[0] === field)
  assert(found !== undefined, `${of.name} is about the person in ${field} and has no index that begins with it.`)
  return found[0]
}

/**
 * Takes a person's values out of every row of a table that names them in `field`, removed rows and lost values too. Returns the ids of
 * those rows. Only the hub has them all.
 */
export function eraseRows(
  reader: Reader,
  effects: Effects,
  { of, field, subject }: { readonly of: AnyTable; readonly field: string; readonly subject: string },
): readonly string[] {
  const pseudonym = pseudonymOf(subject)
  const rows =
    field === 'id'
      ? [reader.get(of, subject, null)]
      : reader.find(of, { ...rangeOf(of, indexBy(of, field), { [field]: subject }, {}), hasGone: true })
  const found = rows.filter((row): row is AnyRow => row !== null && typeof row === 'object')
  for (const row of found) {
    const values: Record<string, unknown> = {}
    for (const name of personalFieldsOf(of)) {
      const declared = of.fields[name] as AnyField
      if (!isErased(declared, row[name], pseudonym)) values[name] = erasedValue(declared, pseudonym)
    }
    if (Object.keys(values).length === 0) continue
    effects.patch(of, row.id, values)
    // A patch brings a removed row back, and this one is no reason to.
    if (row.goneAt !== null) effects.remove(of, row.id, row.goneAt)
  }
  for (const { id } of found) eraseLost(reader, effects, of, id)
  return found.map(({ id }) => id)
}

/** What lost a merge in one of their rows was kept for people to bring back: nobody may any more. */
function eraseLost(reader: Reader, effects: Effects, of: AnyTable, rowId: string): void {
  const range = rangeOf(lostValue, 'byRow', { table: of.name, rowId }, {})
  for (const lost of reader.find(lostValue, { ...range, hasGone: true })) {
    if (!personalFieldsOf(of).includes(String(lost['field']))) continue
    const state = lost['state'] === 'open' ? 'dismissed' : lost['state']
    effects.patch(lostValue, lost.id, { base: null, kept: null, lost: null, state })
    if (lost.goneAt !== null) effects.remove(lostValue, lost.id, lost.goneAt)
  }
}

type Json = Readonly<Record<string, unknown>>

/** Arguments without the personal values in them; a text that a command can't do without has something in its place. */
export function withoutPersonal(fields: Fields, values: Json): Record<string, unknown> {
  const left: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(values)) {
    const traits = fields[key]?.traits
    if (traits?.isPersonal === true && value !== null) {
      if (traits.need === 'required' && traits.type === 'text') left[key] = ERASED
    } else if (traits?.items !== undefined && Array.isArray(value)) {
      const { items } = traits
      left[key] = value.map((item) => withoutPersonal(items, item as Json))
    } else left[key] = value
  }
  return left
}

/** What an author saw of rows, without the personal values in it. */
export function baseWithoutPersonal(tables: ReadonlyMap<string, AnyTable>, base: Base): Base {
  const left: Record<string, Record<string, Json>> = {}
  for (const [name, rows] of Object.entries(base)) {
    const personalNames = new Set(personalFieldsOf(tables.get(name) ?? null))
    const of: Record<string, Json> = {}
    for (const [id, seen] of Object.entries(rows))
      of[id] = Object.fromEntries(Object.entries(seen).filter(([field]) => !personalNames.has(field)))
    left[name] = of
  }
  return left
}

/** The people that a command names: in arguments that refer to their rows or to rows about them, and by the rows it was about. */
export function namedSubjects(
  tables: ReadonlyMap<string, AnyTable>,
  reader: Pick<Reader, 'get'>,
  { fields, args, base }: { readonly fields: Fields; readonly args: Json; readonly base: Base },
): ReadonlySet<string> {
  const named = new Set<string>()
  const add = (name: string, id: unknown): void => {
    const of = tables.get(name)
    if (of === undefined || of.subject.length === 0 || typeof id !== 'string') return
    const row = of.subject.every((field) => field === 'id') ? {} : reader.get(of, id, null)
    for (const subject of subjectsOf(of, id, row !== null && typeof row === 'object' ? (row as Json) : {}))
      named.add(subject)
  }
  const walk = (declared: Fields, values: Json): void => {
    for (const [key, value] of Object.entries(values)) {
      const { refersTo, items } = declared[key]?.traits ?? {}
      if (refersTo !== undefined) add(refersTo, value)
      if (items !== undefined && Array.isArray(value)) for (const item of value) walk(items, item as Json)
    }
  }
  walk(fields, args)
  for (const [name, rows] of Object.entries(base)) for (const id of Object.keys(rows)) add(name, id)
  return named
}
