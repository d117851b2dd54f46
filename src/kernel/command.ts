// A command, declared once and run on both sides: the device predicts with it, the hub decides with it. The handler is
// pure and synchronous: it sees arguments and a context, never a clock, a network or a database.
import type { Quantity6 } from './amount.ts'
import { assert } from './assert.ts'
import { objectSchema, type ArgsOf, type Fields } from './field.ts'
import type { Lease } from './lease.ts'
import type { Facts, RuleCode } from './refusal.ts'
import type { AnyTable, Deltas, FieldName, Insert, Patch, Row } from './table.ts'
import type { ZodMiniType } from 'zod/mini'

/** fact: it happened and can't be refused · request: may be refused · edit: merges field by field (design.md §1). */
export type CommandKind = 'fact' | 'request' | 'edit'

/** No held bucket would carry the row: the device can't know. Allowed for facts, undecidable for requests. */
export const ELSEWHERE = Symbol('elsewhere')
export type Elsewhere = typeof ELSEWHERE

export interface ReadOptions {
  /** For information only, or decided on the hub: not a dependency of the command. */
  readonly soft?: boolean
}

export interface FindOptions extends ReadOptions {
  /** Inclusive bounds on the first index column that `eq` doesn't fix; a bound leaves out nulls. */
  readonly from?: string | number
  readonly to?: string | number
  readonly desc?: boolean
  readonly limit?: number
}

export type Eq<T extends { fields: Fields }> = { readonly [K in FieldName<T>]?: Row<T>[K] | null }

/** When and after what a command was captured. It dates work for people and for counts; it orders nothing. */
export interface Moment {
  readonly dev: string
  readonly ep: number
  readonly seq: number
  /** The hub's time as the device estimated it, ms since 1970; on the hub no later than the receipt. */
  readonly at: number
  /** How far `at` may be from the truth, ms; null where the device never heard the hub's time. */
  readonly error: number | null
  /** The watermark that the device had seen. */
  readonly seen: number
  /** Its place in the tenant's commit order; null on a device. */
  readonly commit: number | null
}

/** What a handler can do. Everything it reads and writes passes here, so that sync, audit and rebase follow from it. */
export interface Context {
  readonly now: number
  readonly tz: string
  readonly user: string
  readonly device: string
  readonly lease: Lease
  /** True while the hub applies; handlers use it only to decide what the hub alone may know, never to branch effects. */
  readonly isHub: boolean
  readonly moment: Moment

  get<T extends AnyTable>(table: T, id: string, options?: ReadOptions): Row<T> | null | Elsewhere
  /** A row by its natural key; the key's fields also tell which bucket would carry it. */
  getByKey<T extends AnyTable>(table: T, key: Eq<T>, options?: ReadOptions): Row<T> | null | Elsewhere
  /** Rows that match a prefix of the index, ordered by its other columns, then by id (UTF-8 byte order, null first). */
  find<T extends AnyTable>(table: T, index: string, eq: Eq<T>, options?: FindOptions): Row<T>[]

  /** Never reads; a row of the same id is a bug of the handler. */
  insert<T extends AnyTable>(table: T, row: Insert<T>): string
  /** Sets the fields given and no others. In an edit, merges each against what the user saw. */
  patch<T extends AnyTable>(table: T, id: string, fields: Patch<T>, options?: PatchOptions): void
  /** Adds to delta fields. With a natural key the row is created by its first delta; further fields given with the key are set only then. */
  add<T extends AnyTable>(table: T, at: string | (Eq<T> & Partial<Row<T>>), deltas: Deltas<T>): string
  remove<T extends AnyTable>(table: T, id: string): void
  /** A typed chain between documents' lines (documents.md §0.2). */
  link(from: LinkEnd, to: LinkEnd, kind: string, quantity?: Quantity6): void

  /** documents.md §0.3: at capture a failing rule refuses (unless the user overrides it); on the hub a fact records an exception and goes on, a request is refused. Returns `ok`. */
  rule(code: RuleCode, ok: boolean, facts?: Facts & { readonly exception?: string }): boolean
  /** Records a named exception; never stops the command. */
  exception(code: string, facts?: Facts): void
  /** The arguments alone are wrong: refused on the device, parked on the hub. */
  refuse(code: RuleCode, facts?: Facts): never

  /**
   * What only the hub can decide (a grant of something scarce, the difference of a count): runs there after the handler and before the
   * passes, may write any table, and stands outside `eff`. A device's prediction lacks it, and its rows come with the next pull.
   */
  onHub(work: () => void): void

  /** On the hub: takes a person's values out of every row of the table that names them in `field`; returns the rows' ids (erasure.ts). */
  erase(table: AnyTable, field: string, subject: string): readonly string[]

  id(label: string): string
  idOf<T extends AnyTable>(table: T, key: Eq<T>): string
  /** Draws the next legal number of a device series at capture; every later run reads it from the envelope. */
  nextNumber(series: string, businessDate: string): string
  /** What the outbox and the review inbox call this command: number, party, amountMinor, currency … No effect. */
  describe(facts: Facts): void
}

export interface PatchOptions {
  /** The row that the author saw and meant, where the handler knows of another that stands in its place. */
  readonly inPlaceOf?: string
}

export interface LinkEnd {
  readonly table: AnyTable
  readonly id: string
}

/** A read declared ahead, so that the hub can load a whole batch's reads in one go. A hint: never needed for truth. */
export type ReadHint =
  | { readonly table: AnyTable; readonly id: string }
  | {
      readonly table: AnyTable
      readonly index: string
      readonly eq: Readonly<Record<string, unknown>>
      readonly options?: FindOptions
    }

export const row = (table: AnyTable, id: string): ReadHint => ({ table, id })
export const range = <T extends AnyTable>(table: T, index: string, eq: Eq<T>, options: FindOptions = {}): ReadHint => ({
  table,
  index,
  eq,
  options,
})

export interface EditedFields {
  readonly table: AnyTable
  readonly fields: readonly string[]
}

export interface CommandOptions<F extends Fields> {
  readonly kind: CommandKind
  /** Raised with every change of `args`; older envelopes pass the upcasters. */
  readonly version: number
  readonly permission: string
  /**
   * The table whose fields a person sets with it, each merged by itself. The fields are its arguments of the same names, unless they are named.
   * Only where two people can disagree: never of a fact.
   */
  readonly edits?: AnyTable | EditedFields
  readonly args: F
  readonly reads?: (args: ArgsOf<F>) => readonly ReadHint[]
  /** `upcast[n]` turns arguments of version n into those of version n + 1; pure, kept for ever. */
  readonly upcast?: {
    readonly [version: number]: (args: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
  }
  readonly run: (ctx: Context, args: ArgsOf<F>) => void
}

export interface Command<F extends Fields = Fields> {
  readonly name: string
  readonly kind: CommandKind
  readonly version: number
  readonly permission: string
  readonly edits: EditedFields | null
  readonly args: F
  readonly schema: ZodMiniType
  readonly upcast: NonNullable<CommandOptions<F>['upcast']>
  reads(args: ArgsOf<F>): readonly ReadHint[]
  run(ctx: Context, args: ArgsOf<F>): void
}

export type AnyCommand = Command
export type ArgsFor<C extends { args: Fields }> = ArgsOf<C['args']>

export function command<const F extends Fields>(name: string, options: CommandOptions<F>): Command<F> {
  assert(/^[a-z]+\.[a-z][A-Za-z]*$/.test(name), `Command name ${name} must look like module.verbNoun.`)
  for (let version = 1; version < options.version; version++) {
    assert(options.upcast?.[version] !== undefined, `${name}: version ${version} needs an upcaster.`)
  }
  return {
    name,
    kind: options.kind,
    version: options.version,
    permission: options.permission,
    edits: editedFields(name, options),
    args: options.args,
    schema: objectSchema(options.args),
    reads: options.reads ?? (() => []),
    upcast: options.upcast ?? {},
    run: options.run,
  }
}

type Edits = Pick<CommandOptions<Fields>, 'edits' | 'kind' | 'args'>

function editedFields(name: string, { edits, kind, args }: Edits): EditedFields | null {
  if (edits === undefined) return null
  assert(kind !== 'fact', `${name} is a fact: what it writes is not merged, so it edits nothing.`)
  if (!('name' in edits)) return edits
  const isKey = (field: string): boolean => edits.key?.includes(field) === true
  return { table: edits, fields: edits.fieldNames.filter((field) => field in args && !isKey(field)) }
}
