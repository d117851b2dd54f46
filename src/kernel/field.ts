// A field: one named value of a table's row or of a command's arguments, declared once. From the declaration come the
// SQL columns on both sides, validation, form and list metadata, merge and erasure. A field never knows a database.
import * as z from 'zod/mini'
import type { AmountMinor, Quantity6, Rate6 } from './amount.ts'

export type FieldType =
  | 'text'
  | 'code'
  | 'ref'
  | 'date'
  | 'instant'
  | 'integer'
  | 'amount'
  | 'rate'
  | 'quantity'
  | 'flag'
  | 'json'

/**
 * How two edits of one field settle (sync.md §4): later = the later commit wins, and the loser is kept. append: both texts stand.
 * stamp: who changed it and when; the later one stands, and no person loses a value.
 */
export type MergeRule = 'later' | 'first' | 'larger' | 'smaller' | 'union' | 'append' | 'stamp'

/** Whether a value must be given, may be absent (null in a row), or falls back to a default on insert. */
export type Need = 'required' | 'optional' | 'default'

export interface FieldTraits {
  readonly type: FieldType
  readonly schema: z.ZodMiniType
  readonly need: Need
  readonly fallback?: unknown
  readonly isPersonal?: boolean
  readonly isSensitive?: boolean
  readonly isDelta?: boolean
  readonly merge?: MergeRule
  readonly refersTo?: string
  readonly codes?: readonly string[]
  readonly items?: Fields
  /** The local schema that first has it (sync.md §11); absent: the first one. */
  readonly since?: number
  /** Names photos or files by their SHA-256 (blob.ts); `within`: anywhere in the arguments that it keeps. */
  readonly holdsBlobs?: 'one' | 'several' | 'within'
}

export class Field<T, N extends Need = 'required'> {
  declare readonly value: T
  declare readonly necessity: N
  readonly traits: FieldTraits

  constructor(traits: FieldTraits) {
    this.traits = traits
  }

  optional(): Field<T, 'optional'> {
    return new Field({ ...this.traits, need: 'optional' })
  }

  /** A default used by `insert` and left out of the row hash, so that a new column changes no old hash. */
  default(fallback: T): Field<T, 'default'> {
    return new Field({ ...this.traits, need: 'default', fallback })
  }

  /** Personal data: travels beside the sealed line as a salted commitment, so that it can be erased (sync.md §2). */
  personal(): Field<T, N> {
    return new Field({ ...this.traits, isPersonal: true })
  }

  /** A clash on this field also opens a review item (tax id, bank, credit limit, allergy). */
  sensitive(): Field<T, N> {
    return new Field({ ...this.traits, isSensitive: true })
  }

  /** A column of a later release: the number of the schema that brought it (sync.md §11). Clients before it never hear of it. */
  since(schema: number): Field<T, N> {
    return new Field({ ...this.traits, since: schema })
  }

  merge(rule: MergeRule): Field<T, N> {
    return new Field({ ...this.traits, merge: rule })
  }
}

export type AnyField = Field<unknown, Need>
export type Fields = { readonly [name: string]: AnyField }

type KeysOf<F extends Fields, N extends Need> = { [K in keyof F]: F[K] extends Field<unknown, N> ? K : never }[keyof F]
export type ValueOf<X> = X extends Field<infer T, Need> ? T : never

/** A stored row: every field present, absent optional values null, `goneAt` set when it was removed. */
export type RowOf<F extends Fields> = { readonly id: string; readonly goneAt: number | null } & {
  readonly [K in keyof F]: F[K] extends Field<infer T, infer N> ? (N extends 'optional' ? T | null : T) : never
}

/** What `insert` takes: required fields, the rest if you have them. */
export type InsertOf<F extends Fields> = { id: string } & { [K in KeysOf<F, 'required'>]: ValueOf<F[K]> } & {
  [K in KeysOf<F, 'optional' | 'default'>]?: ValueOf<F[K]> | null | undefined
}

export type PatchOf<F extends Fields> = {
  [K in keyof F]?: ValueOf<F[K]> | (F[K] extends Field<unknown, 'optional'> ? null : never)
}

/** Arguments of a command: optional ones may be absent or null. */
export type ArgsOf<F extends Fields> = { readonly [K in KeysOf<F, 'required'>]: ValueOf<F[K]> } & {
  readonly [K in KeysOf<F, 'optional' | 'default'>]?: ValueOf<F[K]> | null | undefined
}

const make = <T>(type: FieldType, schema: z.ZodMiniType, more: Partial<FieldTraits> = {}): Field<T> =>
  new Field<T>({ type, schema, need: 'required', ...more })

const noNul = z.refine<string>((value) => !value.includes('\u0000'), { error: 'contains a NUL character' })
const TEXT_LENGTH_MAX = 10_000
const safeInteger = z.int({ error: 'must be a whole number' })

export const text = (lengthMax: number = TEXT_LENGTH_MAX): Field<string> =>
  make('text', z.string().check(z.maxLength(lengthMax), noNul))

/** Non-empty text: a name, a subject. */
export const name = (lengthMax = 200): Field<string> =>
  make('text', z.string().check(z.minLength(1), z.maxLength(lengthMax), noNul))

/** One of a closed list, or any short key (a tax code, a currency, a unit) when no list is given. */
export function code(): Field<string>
export function code<const C extends readonly string[]>(codes: C): Field<C[number]>
export function code(codes?: readonly string[]): Field<string> {
  return codes === undefined
    ? make('code', z.string().check(z.minLength(1), z.maxLength(64), noNul))
    : make('code', z.enum(codes), { codes })
}

/** The id of a row of another table; the table by name, so that declarations may point at each other. */
export const ref = (table: string | { readonly name: string }): Field<string> =>
  make('ref', z.string().check(z.minLength(1), z.maxLength(64), noNul), {
    refersTo: typeof table === 'string' ? table : table.name,
  })

const isCalendarDate = (value: string): boolean => {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value)
  if (match === null) return false
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return year >= 1900 && month >= 1 && month <= 12 && day >= 1 && day <= (days[month - 1] ?? 0)
}

/** A calendar day `YYYY-MM-DD` at the place of work, never a moment. */
export const date = (): Field<string> =>
  make('date', z.string().check(z.refine<string>(isCalendarDate, { error: 'must be a date like 2026-11-21' })))

/** Milliseconds since 1970 UTC. Recorded and shown, never used to order anything. */
export const instant = (): Field<number> => make('instant', safeInteger)

export const integer = (): Field<number> => make('integer', safeInteger)

/** Money in the currency's minor unit. */
export const amount = (): Field<AmountMinor> => make('amount', safeInteger)

/** A price, cost, exchange rate or percentage with 6 decimals (1.5 is 1 500 000). */
export const rate = (): Field<Rate6> => make('rate', safeInteger)

/** A quantity with 6 decimals. */
export const quantity = (): Field<Quantity6> => make('quantity', safeInteger)

/** A sum that changes only by `add`: stock, cash, what was delivered. Starts at 0 and has no CHECK. */
export const amountDelta = (): Field<AmountMinor, 'default'> =>
  new Field<AmountMinor, 'default'>({
    type: 'amount',
    schema: safeInteger,
    need: 'default',
    fallback: 0,
    isDelta: true,
  })
export const quantityDelta = (): Field<Quantity6, 'default'> =>
  new Field<Quantity6, 'default'>({
    type: 'quantity',
    schema: safeInteger,
    need: 'default',
    fallback: 0,
    isDelta: true,
  })
/** A sum of whole numbers whose measure another field tells. */
export const integerDelta = (): Field<number, 'default'> =>
  new Field<number, 'default'>({
    type: 'integer',
    schema: safeInteger,
    need: 'default',
    fallback: 0,
    isDelta: true,
  })

export const flag = (): Field<boolean> => make('flag', z.boolean())

/** A small structured value, stored as canonical JSON. Pass a schema wherever people or devices write it. */
export const json = <T = Readonly<Record<string, unknown>>>(schema: z.ZodMiniType = z.unknown()): Field<T> =>
  make('json', schema)

/** A list of short texts that merges as a set (tags, roles, barcodes). */
export const set = (): Field<readonly string[]> =>
  make('json', z.array(z.string().check(z.maxLength(200), noNul)), { merge: 'union' })

/** A list of structured items inside a command's arguments (the lines of an order). */
export const list = <F extends Fields>(items: F): Field<ReadonlyArray<ArgsOf<F>>> =>
  make('json', z.array(objectSchema(items)), { items })

/** The strict schema of an object with these fields; unknown keys are errors. */
export function objectSchema(fields: Fields): z.ZodMiniType {
  const shape: Record<string, z.ZodMiniType> = {}
  for (const [key, field] of Object.entries(fields)) {
    shape[key] = field.traits.need === 'required' ? field.traits.schema : z.optional(z.nullable(field.traits.schema))
  }
  return z.strictObject(shape)
}

export interface ShapeFault {
  /** Where: `lines/2/quantity`; empty for the whole object. */
  readonly path: string
  readonly reason: string
}

/** Checks arguments against their schema. Returns the first fault, or null when they fit. */
export function shapeFault(schema: z.ZodMiniType, value: unknown): ShapeFault | null {
  const result = z.safeParse(schema, value)
  if (result.success) return null
  const issue = result.error.issues[0]
  return { path: (issue?.path ?? []).map(String).join('/'), reason: issue?.message ?? 'does not fit' }
}
