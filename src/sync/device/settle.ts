// Settling: when a pulled watermark covers the outcomes that were heard (outcomes.ts), applies the pulled rows atomically with
// it. A pull never overwrites a row with unsettled work: such a row goes to its shadow, and the work runs again on it.
import { isSameRow, rowHash } from '../../kernel/effects.ts'
import type { AnyRow, AnyTable } from '../../kernel/table.ts'
import type { CanonicalValue } from '../../kernel/canonical.ts'
import type { Outcome, PullEnd, PullHead, PullLeft, PullRows } from '../protocol.ts'
import { Seeds } from './component.ts'
import { purgeFor } from './erasures.ts'
import { noteIncident } from './incident.ts'
import { Membership } from './membership.ts'
import { doubtIfAnother } from './outcomes.ts'
import { rebase } from './rebase.ts'
import type { Replica } from './replica.ts'
import { hashOrNull, misfitOf, refusalOfPut } from './set-aside.ts'
import type { TouchedRow } from './touch-index.ts'
import type { LeftRow } from './touches.ts'

/** One page of a pull; bucket numbers in it are indexes of its own head's names. */
export interface PulledPage {
  readonly head: PullHead
  readonly rows: readonly PullRows[]
  readonly left: readonly PullLeft[]
  readonly end: PullEnd
}

export interface Applied {
  readonly tables: ReadonlySet<string>
  /** Buckets whose digest differs from the hub's: they are fetched again. */
  readonly mismatches: readonly string[]
}

interface Change {
  readonly table: AnyTable
  readonly id: string
  row: AnyRow | null
}

/** Applies the pages of a pull, in the order they came, with their watermark in one transaction. [PULL1] */
export function applyPull(
  replica: Replica,
  pages: readonly PulledPage[],
  now: number,
  options: { readonly rebaseShareMax?: number } = {},
): Applied {
  const last = pages.at(-1)
  if (last === undefined) return { tables: new Set(), mismatches: [] }
  const application = new Application(replica, now, last.head.sv, options.rebaseShareMax)
  return replica.db.transaction(() => application.apply(pages, last))
}

const RETENTION_MS = 30 * 24 * 3_600_000

class Application {
  private readonly replica: Replica
  private readonly now: number
  /** The hub's wall time; null where the answer carries none. */
  private hubNow: number | null = null
  private readonly rebaseShareMax: number | undefined
  private readonly changed = new Set<string>()
  private readonly membership: Membership
  private readonly seeds = new Seeds()
  /** No work is pending behind what this pull settles: rows go straight to the live tables. */
  private isQuiet = false

  constructor(replica: Replica, now: number, hubSchema: number | undefined, rebaseShareMax: number | undefined) {
    this.replica = replica
    this.now = now
    this.rebaseShareMax = rebaseShareMax
    this.membership = new Membership(replica, hubSchema)
  }

  apply(pages: readonly PulledPage[], { head, end }: PulledPage): Applied {
    const { meta } = this.replica
    this.hubNow = head.now ?? null
    const written = head.more ? [] : this.settleCovered(head.w)
    const changes = new Map<string, Change>()
    const orphans: TouchedRow[] = []
    const isHolder = meta.get('ready') === '1'
    this.isQuiet = this.replica.touches.isEmpty()
    for (const page of pages) {
      orphans.push(...this.membership.reset(page.head))
      for (const rows of page.rows) this.enterRows(page.head, rows, changes)
      for (const left of page.left) this.enterLeft(page.head, left, changes)
    }
    for (const row of orphans) this.leaveIfUnheld(row, changes)
    // Before anything is written: what was said of people who are erased by now is still known. [ERASE4]
    const purge = purgeFor(this.replica, changes.values())
    if (purge !== null) this.seeds.addCommands(purge.fromWork())
    const settled = new Set(written.map(({ tbl, id }) => `${tbl} ${id}`))
    for (const [key, change] of changes) this.applyImage(change, settled.has(key))
    for (const row of written) this.restoreUnpulled(row, changes)
    this.membership.write()
    // Which rows are known not to exist depends on which buckets are whole, and no touch tells of that.
    for (const page of pages) if (this.membership.advance(page.head)) this.seeds.isAll = !this.isQuiet
    this.replica.bucketsChanged()
    this.runAgain()
    purge?.fromTheRest(isHolder)
    if (!head.more) {
      doubtIfAnother(this.replica, head)
      meta.set('watermark', String(head.w))
      meta.set('incarnation', head.incarnation)
      meta.set('ready', '1')
      meta.set('contactAt', String(this.now))
      if ((head.oldest ?? 0) !== meta.number('oldestSchema')) meta.set('oldestSchema', String(head.oldest ?? 0))
      if (head.sv !== undefined && head.sv !== meta.number('hubSchema')) meta.set('hubSchema', String(head.sv))
    }
    this.forgetOld()
    return { tables: this.changed, mismatches: this.membership.compare(end, this.now) }
  }

  private runAgain(): void {
    const { db, touches } = this.replica
    // Images are kept for pending work only.
    if (this.isQuiet) return touches.clear()
    // What was refused or parked didn't happen: it is taken back with the first pull after the answer.
    const undone = db.all<{ seq: number }>(
      "SELECT seq FROM outbox WHERE is_settled = 0 AND state IN ('refused', 'parked') AND EXISTS (SELECT 1 FROM touched WHERE touched.seq = outbox.seq)",
    )
    this.seeds.addCommands(undone.map(({ seq }) => seq))
    for (const table of rebase(this.replica, this.seeds, this.rebaseShareMax)) this.changed.add(table)
  }

  /**
   * Settled envelopes stay 30 days, so that a hub restored from a backup can be healed, and the newest of the older ones stays, because
   * the first line of those days stands on its seal. Days of the
   * hub's clock: a device whose own is years ahead for an hour would tear holes that no restored hub gets over. [OUT3]
   */
  private forgetOld(): void {
    const { db } = this.replica
    if (this.hubNow !== null)
      db.run(
        "DELETE FROM outbox WHERE is_settled = 1 AND settled_at < ?1 AND state IN ('accepted', 'adjusted') AND seq < (SELECT MAX(seq) FROM outbox WHERE is_settled = 1 AND settled_at < ?1)",
        [this.hubNow - RETENTION_MS],
      )
    // Noted by this device's own clock: by the earlier of both, so that one that jumps ahead forgets no key that may come again.
    db.run('DELETE FROM request_answer WHERE at < ?', [Math.min(this.now, this.hubNow ?? this.now) - RETENTION_MS])
  }

  /** Commands whose outcome the watermark covers are settled: their touches go. Returns the rows they wrote. [OUT2] */
  private settleCovered(w: number): readonly LeftRow[] {
    const { db, touches } = this.replica
    const covered = db.all<{ seq: number; predicted: string; outcome: string }>(
      'SELECT seq, predicted, outcome FROM outbox WHERE is_settled = 0 AND outcome IS NOT NULL AND commit_at <= ? ORDER BY seq',
      [w],
    )
    const unforeseen: TouchedRow[] = []
    for (const { seq, predicted, outcome } of covered) {
      const { eff, outcome: kind } = JSON.parse(outcome) as Outcome
      if (eff !== predicted || (kind !== 'accepted' && kind !== 'adjusted')) unforeseen.push(...touches.writtenBy(seq))
    }
    const written: LeftRow[] = []
    for (const [first, last] of runsOf(covered.map(({ seq }) => seq))) {
      for (const row of touches.drop(first, last)) written.push(row)
      db.run('UPDATE outbox SET is_settled = 1, settled_at = ? WHERE is_settled = 0 AND seq BETWEEN ? AND ?', [
        this.hubNow ?? this.now,
        first,
        last,
      ])
    }
    // Work that is still pending stood on something that didn't happen so.
    for (const row of unforeseen) this.seedUnforeseen(row)
    return written
  }

  private seedUnforeseen(row: TouchedRow): void {
    const { catalogue, store, touches } = this.replica
    const table = catalogue.tables.get(row.tbl)
    if (table === undefined) return
    const images = [store.read(table, row.id), touches.shadow(table, row.id)?.image ?? null]
    this.seeds.addCommands(touches.rangeReaders(table, images))
    if (touches.isTouched(row.tbl, row.id)) this.seeds.addUnforeseen(row)
  }

  private enterRows(head: PullHead, page: PullRows, changes: Map<string, Change>): void {
    const table = this.replica.catalogue.tables.get(page.rows)
    if (table === undefined) return
    if (![page.cols, page.ids, page.buckets, page.vals].every(Array.isArray))
      return noteIncident(this.replica.db, this.now, 'unreadable-line', JSON.stringify(page).slice(0, 1000))
    for (const [index, id] of page.ids.entries()) {
      const buckets = (page.buckets[index] ?? [])
        .map((bucket) => head.names[bucket] as string)
        .filter((name) => this.membership.isWanted(name))
      if (buckets.length === 0) continue
      const base = page.isPart === true ? this.hubImage(table, id, changes) : emptyRow(table, id)
      // Parts are of rows that are here: a copy that lost one finds that out by its digest.
      if (base === null) continue
      const vals = page.vals[index]
      const isWhole = Array.isArray(vals) && vals.length === page.cols.length
      const row = isWhole ? withColumns(base, page.cols, vals) : null
      const reason = row === null ? 'shape' : misfitOf(table, row)
      // What isn't as the hub has it has no hash that anybody could compare.
      const hash = row === null || reason !== null ? null : hashOrNull(table, row)
      if (row === null || reason !== null || hash === null) {
        const aside = { tbl: table.name, id, hash, image: row ?? vals ?? null, reason: reason ?? 'no hash' }
        this.membership.setAside(buckets, aside, this.now)
        changes.delete(`${table.name} ${id}`)
        continue
      }
      this.membership.enter(buckets, table.name, id, hash)
      changes.set(`${table.name} ${id}`, { table, id, row })
    }
  }

  /** A row that the database refuses is set aside, and the others go on. [ROW2] */
  private refused(table: AnyTable, row: AnyRow, reason: string): void {
    const aside = { tbl: table.name, id: row.id, hash: rowHash(table, row), image: row, reason }
    this.membership.setAside([], aside, this.now)
  }

  /** The row as the hub has it, as far as this device was told; null when it isn't here. */
  private hubImage(table: AnyTable, id: string, changes: ReadonlyMap<string, Change>): AnyRow | null {
    const { store, touches } = this.replica
    const change = changes.get(`${table.name} ${id}`)
    if (change !== undefined) return change.row
    const shadow = touches.shadow(table, id)
    return shadow === null ? store.read(table, id) : shadow.image
  }

  private enterLeft(head: PullHead, page: PullLeft, changes: Map<string, Change>): void {
    if (!this.replica.catalogue.tables.has(page.left)) return
    for (const [index, id] of page.ids.entries()) {
      const name = head.names[page.buckets[index] ?? -1]
      if (name === undefined || !this.membership.isWanted(name)) continue
      const row = { tbl: page.left, id }
      this.membership.leave(name, row)
      this.leaveIfUnheld(row, changes)
    }
  }

  /** A row in no bucket of this device leaves it, whatever an earlier page brought of it. */
  private leaveIfUnheld(row: TouchedRow, changes: Map<string, Change>): void {
    const table = this.replica.catalogue.tables.get(row.tbl)
    if (table === undefined || this.membership.isHeld(row)) return
    changes.set(`${row.tbl} ${row.id}`, { table, id: row.id, row: null })
  }

  /** The hub's image of one row reaches the live tables, or its shadow while work on it is pending. [REB4] */
  private applyImage({ table, id, row }: Change, isSettled: boolean): void {
    const { store, touches } = this.replica
    // The commonest row of all: our own work, as it was predicted.
    if (this.isQuiet && isSettled && isSameImage(table, store.read(table, id), row)) return
    this.changed.add(table.name)
    if (this.isQuiet) {
      this.write(table, id, row)
      return
    }
    const touching = touches.of(table, id)
    const writers = touching.filter(({ mode }) => mode !== 'read')
    const before = store.read(table, id)
    const shadow = writers.length === 0 ? null : touches.shadow(table, id)
    // A row that comes again as it is stood under whatever was worked out on it: nothing runs again. Where settled work
    // wrote it, that work is still in the live row and others' may have made up for it in the image.
    if (writers.length > 0 && !isSettled && isSameImage(table, shadow?.image ?? null, row)) return
    if (writers.length === 0 && isSameImage(table, before, row)) return touches.dropShadow(table, id)
    this.seeds.addCommands(touches.rangeReaders(table, [before, shadow?.image ?? null, row]))
    for (const { seq, mode } of touching) if (mode === 'read') this.seeds.commands.add(seq)
    if (writers.length === 0) {
      touches.dropShadow(table, id)
      this.write(table, id, row)
      return
    }
    const isAddedTo = row !== null && writers.every(({ mode }) => mode === 'delta')
    const live = isAddedTo ? withDeltas(row, writers) : null
    // In question, it stands as the hub has it until the work on it has run again.
    const refusal = row === null ? null : refusalOfPut(this.replica, table, live ?? row)
    if (row !== null && refusal !== null) return this.refused(table, row, refusal)
    touches.setShadow(table, id, row)
    if (live !== null) return
    this.seeds.addRow({ tbl: table.name, id })
    if (isAddedTo) this.seeds.addCommands(writers.map(({ seq }) => seq))
  }

  private write(table: AnyTable, id: string, row: AnyRow | null): void {
    if (row === null) return this.replica.store.delete(table, id)
    const refusal = refusalOfPut(this.replica, table, row)
    if (refusal !== null) this.refused(table, row, refusal)
  }

  /** A settled command's row that no held bucket carries goes back to the hub's image: usually it leaves this device. */
  private restoreUnpulled(row: LeftRow, changes: Map<string, Change>): void {
    const { tbl, id } = row
    const { catalogue, store, touches } = this.replica
    const table = catalogue.tables.get(tbl)
    if (table === undefined || changes.has(`${tbl} ${id}`)) return
    const shadow = row.isMadeHere ? { image: null } : touches.shadow(table, id)
    if (shadow === null) return
    this.changed.add(tbl)
    this.seeds.addCommands(touches.rangeReaders(table, [store.read(table, id), shadow.image]))
    if (touches.isTouched(tbl, id)) return this.seeds.addUnforeseen(row)
    this.write(table, id, shadow.image)
    touches.dropShadow(table, id)
  }
}

/** Null for a sum that is exact no more and can't be stored: running the work again finds out which command it is. */
function withDeltas(
  row: AnyRow,
  writers: readonly { readonly deltas: Readonly<Record<string, number>> | null }[],
): AnyRow | null {
  const live: Record<string, unknown> = { ...row }
  for (const { deltas } of writers)
    for (const [field, delta] of Object.entries(deltas ?? {})) live[field] = Number(live[field] ?? 0) + delta
  const isExact = Object.values(live).every((value) => typeof value !== 'number' || Number.isSafeInteger(value))
  return isExact ? (live as AnyRow) : null
}

/** The hash says that a row is gone and not since when: two removals of one row differ in that alone. */
const isSameImage = (table: AnyTable, a: AnyRow | null, b: AnyRow | null): boolean =>
  a === null || b === null ? a === b : isSameRow(table, a, b)

/** Ascending numbers as runs without holes, first and last: a day offline is one of them. */
function runsOf(seqs: readonly number[]): [number, number][] {
  const runs: [number, number][] = []
  for (const seq of seqs) {
    const run = runs.at(-1)
    if (run !== undefined && run[1] === seq - 1) run[1] = seq
    else runs.push([seq, seq])
  }
  return runs
}

function emptyRow(table: AnyTable, id: string): AnyRow {
  const row: Record<string, unknown> = { id, goneAt: null }
  for (const field of table.fieldNames) row[field] = table.fields[field]?.traits.fallback ?? null
  return row as AnyRow
}

/** Columns that this release doesn't have are left out. */
function withColumns(base: AnyRow, cols: readonly string[], vals: readonly CanonicalValue[]): AnyRow {
  const row: Record<string, unknown> = { ...base }
  for (const [index, column] of cols.entries()) if (column in row) row[column] = vals[index] ?? null
  return row as AnyRow
}
