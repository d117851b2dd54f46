// Runs one command: the context that sees every read and every write of a handler, so that the read set, the ranges,
// the deltas, the effect hash, the exceptions and the merge all come from one place. It never does I/O; a store's
// reader answers it, and may say that it has to load something first (the hub's miss protocol).
import { quantity6, type Quantity6 } from './amount.ts'
import { assert } from './assert.ts'
import type { CanonicalValue } from './canonical.ts'
import {
  ELSEWHERE,
  type AnyCommand,
  type Context,
  type Elsewhere,
  type Eq,
  type FindOptions,
  type LinkEnd,
  type Moment,
  type PatchOptions,
  type ReadOptions,
} from './command.ts'
import { applyOp, effOf, Effects } from './effects.ts'
import type { Demand, Run } from './demand.ts'
import { entryFault } from './entry-fault.ts'
import { leaveOutErased, type ErasedReads } from './erased.ts'
import { erasure, eraseRows, subjectsOf } from './erasure.ts'
import { checkFields, withoutUndefined } from './given-fields.ts'
import { keyId, rowId } from './hash.ts'
import { fieldEdit, link as linkTable, lostValue, mergeRule } from './kernel-tables.ts'
import type { Lease } from './lease.ts'
import { momentOf } from './moment.ts'
import { formatNumber, seriesKey } from './number-series.ts'
import { overlayRange, rangeOf, type Range } from './reader.ts'
import { settleRow, type MergeReads } from './settle-row.ts'
import { RefusedSignal, type Facts, type RaisedException, type Refusal, type RuleCode } from './refusal.ts'
import type { AnyRow, AnyTable, Deltas, Insert, Patch, Row } from './table.ts'

export type { Base, Demand, Frame, Phase, Run } from './demand.ts'

export interface WholeRun extends Run {
  /** Of what both sides must agree on: without what only the hub decides. */
  readonly eff: () => string
}

class RunContext implements Context {
  readonly now: number
  readonly tz: string
  readonly user: string
  readonly device: string
  readonly lease: Lease
  readonly isHub: boolean
  readonly moment: Moment
  readonly effects = new Effects()
  readonly exceptions: RaisedException[] = []
  readonly readRows = new Map<string, { table: AnyTable; id: string }>()
  readonly readRanges = new Map<string, { table: AnyTable; range: Range }>()
  readonly nos: Record<string, number[]> = {}
  readonly base: Record<string, Record<string, Record<string, unknown>>> = {}
  about: Facts = {}
  /** People that an incomplete command met: one of them must be erased. At capture those whose rows aren't here: none of them may be. */
  readonly met = new Set<string>()
  readonly erased = new Set<string>()
  private readonly drawn = new Map<string, number>()
  private readonly command: AnyCommand
  private readonly demand: Demand
  private isPass = false
  private later: (() => void)[] = []
  private agreed: string | null = null

  constructor(command: AnyCommand, demand: Demand) {
    const { frame } = demand
    this.command = command
    this.demand = demand
    this.now = frame.at
    this.tz = frame.tz
    this.user = frame.lease.user
    this.device = frame.dev
    this.lease = frame.lease
    this.isHub = demand.phase === 'hub'
    this.moment = momentOf(frame)
  }

  onHub(work: () => void): void {
    if (this.isHub) this.later.push(work)
  }

  /** Runs what was left to the hub, also what that leaves to it. [EFF2] */
  runLater(): void {
    if (this.later.length > 0) this.agreed = effOf(this.effects)
    for (let at = 0; at < this.later.length; at++) this.later[at]?.()
  }

  /** Passes and exceptions write hub tables only, which `eff` leaves out. */
  eff(): string {
    return this.agreed ?? effOf(this.effects)
  }

  /** From here on only hub tables may be written: posting passes that devices don't run. */
  beginPass(): void {
    this.isPass = true
  }

  private isDropped(table: AnyTable): boolean {
    assert(!this.isPass || table.side === 'hub', `A posting pass may write hub tables only, not ${table.name}.`)
    return table.side === 'hub' && !this.isHub
  }

  /** The row with this command's own writes on it; gone rows included. */
  private current(table: AnyTable, id: string, key: Eq<AnyTable> | null, isSoft: boolean): AnyRow | null | Elsewhere {
    const op = this.effects.get(table, id)
    if (op?.insert != null) return applyOp(this.goneBefore(table, id, key), op)
    if (!isSoft && !this.isHub && table.side === 'both') this.readRows.set(`${table.name} ${id}`, { table, id })
    const stored = this.demand.reader.get(table, id, key)
    // Somebody's own row may be gone with the time before a backup: its id says whose it was.
    const there = known(stored)
    if (this.demand.isIncomplete === true || (this.demand.phase === 'capture' && there === null))
      for (const subject of subjectsOf(table, id, there ?? {})) this.met.add(subject)
    if (op === undefined) return stored
    if (stored === ELSEWHERE && op.frame === null) return ELSEWHERE
    return applyOp(stored === ELSEWHERE ? null : stored, op)
  }

  /** The removed row that an insert by natural key brings back; without one, an insert reads nothing. */
  private goneBefore(table: AnyTable, id: string, key: Eq<AnyTable> | null): AnyRow | null {
    const stored = table.key === null ? null : this.demand.reader.get(table, id, key)
    return stored === ELSEWHERE ? null : stored
  }

  private answer<T extends AnyTable>(
    found: AnyRow | null | Elsewhere,
    isSoft: boolean,
    table: AnyTable,
  ): Row<T> | null | Elsewhere {
    if (
      found === ELSEWHERE &&
      this.command.kind === 'request' &&
      !isSoft &&
      table.side === 'both' &&
      (this.demand.phase === 'capture' || this.demand.phase === 'foresee')
    ) {
      this.deny({ code: 'kernel.not-on-this-device', facts: { table: table.name }, check: 'rule' })
    }
    if (found === ELSEWHERE || found === null) return found
    if (found.goneAt === null) return found as unknown as Row<T>
    return this.isEditOfRemoved(table, found.id) ? ({ ...found, goneAt: null } as unknown as Row<T>) : null
  }

  get<T extends AnyTable>(table: T, id: string, options: ReadOptions = {}): Row<T> | null | Elsewhere {
    if (table.side === 'hub' && !this.isHub) return ELSEWHERE
    const isSoft = options.soft ?? false
    return this.answer<T>(this.current(table, id, null, isSoft), isSoft, table)
  }

  getByKey<T extends AnyTable>(table: T, key: Eq<T>, options: ReadOptions = {}): Row<T> | null | Elsewhere {
    if (table.side === 'hub' && !this.isHub) return ELSEWHERE
    const isSoft = options.soft ?? false
    return this.answer<T>(this.current(table, this.idOf(table, key), key, isSoft), isSoft, table)
  }

  find<T extends AnyTable>(table: T, index: string, eq: Eq<T>, options: FindOptions = {}): Row<T>[] {
    if (table.side === 'hub' && !this.isHub) return []
    const range = rangeOf(table, index, eq, options)
    if (options.soft !== true && !this.isHub && table.side === 'both') {
      const { eq: fixed, from, to } = range
      this.readRanges.set(`${table.name} ${index} ${JSON.stringify([fixed, from, to])}`, { table, range })
    }
    const ops = this.effects.ofTable(table)
    if (ops === undefined) return this.demand.reader.find(table, range) as unknown as Row<T>[]
    const wider = range.limit === null ? range : { ...range, limit: range.limit + ops.size }
    const committed = this.demand.reader.find(table, wider)
    const changed = new Map<string, AnyRow>()
    for (const id of ops.keys()) {
      const row = this.current(table, id, null, true)
      if (row !== null && row !== ELSEWHERE) changed.set(id, row)
    }
    return overlayRange(committed, changed, range) as unknown as Row<T>[]
  }

  insert<T extends AnyTable>(table: T, row: Insert<T>): string {
    const { id, ...fields } = row as { id: string } & Record<string, unknown>
    if (this.isDropped(table)) return id
    checkFields(table, fields, 'insert')
    // By a natural key somebody else may have made the row meanwhile: this person saw none. [MRG4]
    if (table.key !== null && this.command.kind !== 'fact' && !this.isPass) (this.base[table.name] ??= {})[id] ??= {}
    this.effects.insert(table, id, withoutUndefined(fields))
    return id
  }

  patch<T extends AnyTable>(table: T, id: string, fields: Patch<T>, { inPlaceOf }: PatchOptions = {}): void {
    if (this.isDropped(table)) return
    checkFields(table, fields, 'patch')
    const wanted = withoutUndefined(fields)
    if (this.command.kind === 'fact' || this.isPass) {
      if (Object.keys(wanted).length > 0) this.effects.patch(table, id, wanted)
    } else this.settle(table, id, wanted, inPlaceOf ?? id)
  }

  /** Three-way merge of an edit's or a request's fields against what the user saw. */
  private settle(table: AnyTable, id: string, wanted: Record<string, unknown>, shown: string): void {
    const row = this.current(table, id, null, false)
    const own = this.effects.get(table, id)
    const bases = this.demand.frame.base[table.name]
    const saw = bases?.[id] ?? bases?.[shown]
    // What the hub adds to a command is no edit of its author's.
    const isEdited = this.command.edits?.table === table && this.agreed === null
    if (row === null || row === ELSEWHERE || own?.insert != null) {
      if (Object.keys(wanted).length > 0) this.effects.patch(table, id, wanted)
      // Its form may still show what stood there when the row left. [MRG5]
      if (row === ELSEWHERE && isEdited) (this.base[table.name] ??= {})[id] = { ...saw }
      return
    }
    const sawNothing = (saw !== undefined || isEdited) && this.demand.phase !== 'capture'
    const given = { table, row, own, wanted, seen: { ...saw, ...this.base[table.name]?.[id] }, sawNothing }
    const by = { user: this.user, device: this.device, now: this.now, branch: this.lease.branch }
    const { fields, seen, lost, isRevived } = settleRow(given, by, this.mergeReads)
    if (isRevived || Object.keys(fields).length > 0) this.effects.patch(table, id, fields)
    for (const each of lost) if (!this.isOfErased(table, row, each.field)) this.insert(lostValue, each)
    if (this.isHub && table.side === 'both') for (const field of Object.keys(fields)) this.noteEdit(table, id, field)
    ;(this.base[table.name] ??= {})[id] = seen
  }

  private readonly mergeReads: MergeReads = {
    rule: (table, field) => known(this.getByKey(mergeRule, { table: table.name, field })),
    lastEdit: (table, row, field) => known(this.getByKey(fieldEdit, { table: table.name, row, field })),
    id: (label) => this.id(label),
  }

  /** Who changed it last, for the next clash to name. */
  private noteEdit(table: AnyTable, row: string, field: string): void {
    const key = { table: table.name, row, field }
    const id = this.idOf(fieldEdit, key)
    this.effects.add(fieldEdit, id, {}, { ...key, by: this.user, at: this.now })
    this.effects.patch(fieldEdit, id, { by: this.user, at: this.now })
  }

  /** The author saw the row and changed it, somebody else removed it meanwhile: the edit brings it back. [MRG3] */
  private isEditOfRemoved(table: AnyTable, id: string): boolean {
    return (
      this.command.kind === 'edit' &&
      this.demand.phase !== 'capture' &&
      Object.keys(this.demand.frame.base[table.name]?.[id] ?? {}).length > 0 &&
      this.effects.get(table, id)?.removedAt == null
    )
  }

  add<T extends AnyTable>(table: T, at: string | (Eq<T> & Partial<Row<T>>), deltas: Deltas<T>): string {
    const id = typeof at === 'string' ? at : this.idOf(table, at)
    if (this.isDropped(table)) return id
    for (const field of Object.keys(deltas)) {
      assert(
        table.fields[field]?.traits.isDelta === true,
        `${table.name}.${field} is no delta field; only those can be added to.`,
      )
    }
    this.effects.add(table, id, withoutUndefined(deltas), typeof at === 'string' ? null : withoutUndefined(at))
    return id
  }

  remove<T extends AnyTable>(table: T, id: string): void {
    if (!this.isDropped(table)) this.effects.remove(table, id, this.now)
  }

  link(from: LinkEnd, to: LinkEnd, kind: string, quantity: Quantity6 = quantity6(0)): void {
    this.insert(linkTable, {
      id: this.id(`link/${kind}/${from.id}/${to.id}`),
      fromTable: from.table.name,
      fromId: from.id,
      toTable: to.table.name,
      toId: to.id,
      kind,
      quantity,
      branch: this.lease.branch,
    })
  }

  erase(table: AnyTable, field: string, subject: string): readonly string[] {
    assert(this.isHub, 'Only the hub holds every row about a person.')
    return eraseRows(this.demand.reader, this.effects, { of: table, field, subject })
  }

  private readonly erasedReads: ErasedReads = {
    isErased: (subject) => known(this.getByKey(erasure, { subject }, { soft: true })) !== null,
    row: (table, id) => known(this.current(table, id, null, true)),
  }

  /** A clash about somebody who is erased has nothing to keep. */
  private isOfErased(table: AnyTable, row: AnyRow, field: string): boolean {
    if (table.fields[field]?.traits.isPersonal !== true) return false
    const of = subjectsOf(table, row.id, row).filter((subject) => this.erasedReads.isErased(subject))
    for (const subject of of) this.erased.add(subject)
    return of.length > 0
  }

  /** What it would say of erased people is left out. At capture nobody begins with them: it is refused. [ERASE2] */
  leaveOutErased(): void {
    for (const subject of leaveOutErased(this.effects, this.erasedReads)) this.erased.add(subject)
    if (this.demand.phase !== 'capture') return
    this.meetErased()
    if (this.erased.size > 0) this.deny({ code: 'kernel.subject-erased', facts: {}, check: 'rule' })
  }

  /** Whom an incomplete command met. */
  meetErased(): void {
    for (const subject of this.met) if (this.erasedReads.isErased(subject)) this.erased.add(subject)
  }

  /** A failing rule refuses at capture; later a fact stands with its exception, and the hub refuses a request. [KIND1] */
  rule(code: RuleCode, ok: boolean, facts: Facts & { readonly exception?: string } = {}): boolean {
    if (ok) return true
    const { exception: named, ...rest } = facts
    const isRefused =
      this.demand.phase === 'capture'
        ? !(this.demand.overrides?.has(code) ?? false)
        : (this.isHub || this.demand.phase === 'foresee') && this.command.kind === 'request'
    if (isRefused) this.deny({ code, facts: rest, check: 'rule' })
    this.exception(named ?? code, rest)
    return false
  }

  exception(code: string, facts: Facts = {}): void {
    this.exceptions.push({ code, facts })
  }

  refuse(code: RuleCode, facts: Facts = {}): never {
    return this.deny({ code, facts, check: 'shape' })
  }

  private deny(refusal: Refusal): never {
    throw new RefusedSignal(refusal)
  }

  id(label: string): string {
    const { tenant, dev, ep, seq, at } = this.demand.frame
    return rowId({ tenant, device: dev, epoch: ep, seq, at, label })
  }

  idOf<T extends AnyTable>(table: T, key: Eq<T>): string {
    assert(table.key !== null, `${table.name} has no natural key.`)
    const values = table.key.map((field) => (key as Record<string, unknown>)[field] ?? null)
    return keyId(this.demand.frame.tenant, table.name, values as CanonicalValue)
  }

  nextNumber(series: string, businessDate: string): string {
    const key = seriesKey(series, businessDate)
    const index = this.drawn.get(key) ?? 0
    this.drawn.set(key, index + 1)
    const given = this.demand.frame.nos[key]?.[index]
    const counter = given ?? this.demand.draw?.(key)
    if (counter === undefined) this.refuse('kernel.number-not-drawn', { series: key })
    ;(this.nos[key] ??= []).push(counter)
    return formatNumber(key, this.device, this.demand.frame.ep, counter)
  }

  describe(facts: Facts): void {
    this.about = { ...this.about, ...facts }
  }
}

const known = <T>(found: T | null | Elsewhere): T | null => (found === ELSEWHERE ? null : found)

/** Posting that only the hub does after a handler (valuation): it sees the command's effects and writes hub tables. */
export interface Pass {
  readonly name: string
  readonly run: (ctx: Context, effects: Effects) => void
}

/** Upcasts, checks the shape and the permission, runs the handler, then (on the hub) the passes. Never throws for business. */
export function runCommand(command: AnyCommand, args: unknown, demand: Demand, passes: readonly Pass[] = []): WholeRun {
  const ctx = new RunContext(command, demand)
  let refusal: Refusal | null = null
  try {
    if (demand.phase !== 'replay') refusal = entryFault(command, args, demand.frame.lease)
    if (refusal === null) {
      command.run(ctx, args as never)
      ctx.leaveOutErased()
      if (demand.phase === 'hub') {
        ctx.runLater()
        ctx.leaveOutErased()
        ctx.beginPass()
        for (const pass of passes) pass.run(ctx, ctx.effects)
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof RefusedSignal)) throw thrown
    refusal = thrown.refusal
  }
  ctx.meetErased()
  return {
    refusal,
    effects: refusal === null ? ctx.effects : new Effects(),
    exceptions: ctx.exceptions,
    reads: [...ctx.readRows.values()],
    ranges: [...ctx.readRanges.values()],
    nos: ctx.nos,
    about: ctx.about,
    base: ctx.base,
    erased: ctx.erased,
    eff: () => (refusal === null ? ctx.eff() : ''),
  }
}
