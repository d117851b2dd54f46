// Settling: stores the hub's outcomes, and when a pulled watermark covers them applies the pulled rows atomically with
// it. A pull never overwrites a row with unsettled work: such a row goes to its shadow, and the work runs again on it.
import { rowHash } from '../../kernel/effects.ts'
import type { AnyRow, AnyTable } from '../../kernel/table.ts'
import type { CanonicalValue } from '../../kernel/canonical.ts'
import type { Outcome, PullEnd, PullHead, PullLeft, PullRows } from '../protocol.ts'
import { addHash, EMPTY_SUM, subtractHash } from '../digest.ts'
import { noteIncident } from './incident.ts'
import { rebaseAll } from './rebase.ts'
import type { Replica } from './replica.ts'
import type { TouchedRow } from './touches.ts'

/** Stores outcomes for exactly the seals that were sent. Unknown ones are ignored: another life of this device. [OUT1] */
export function storeOutcomes(replica: Replica, outcomes: readonly Outcome[]): void {
  const { db } = replica
  db.transaction(() => {
    for (const outcome of outcomes) {
      const { seq, seal, at } = outcome
      db.run('UPDATE outbox SET state = ?, outcome = ?, commit_at = ? WHERE seq = ? AND epoch = ? AND seal = ?', [
        outcome.outcome,
        JSON.stringify(outcome),
        at,
        seq,
        outcome.ep,
        seal,
      ])
    }
  })
}

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
export function applyPull(replica: Replica, pages: readonly PulledPage[], now: number): Applied {
  const last = pages.at(-1)
  if (last === undefined) return { tables: new Set(), mismatches: [] }
  const application = new Application(replica, now)
  return replica.db.transaction(() => application.apply(pages, last))
}

const RETENTION_MS = 30 * 24 * 3_600_000

class Application {
  private readonly replica: Replica
  private readonly now: number
  private readonly changed = new Set<string>()
  private readonly bucketIds = new Map<string, number>()
  private readonly digests = new Map<number, { count: number; sum: string }>()
  private mustRebase = false
  private readonly wanted: ReadonlySet<string>
  /** No work is pending behind what this pull settles: rows go straight to the live tables. */
  private isQuiet = false

  constructor(replica: Replica, now: number) {
    this.replica = replica
    this.now = now
    this.wanted = new Set(replica.lease()?.lease.buckets)
  }

  apply(pages: readonly PulledPage[], { head, end }: PulledPage): Applied {
    const { meta } = this.replica
    const written = head.more ? [] : this.settleCovered(head.w)
    const changes = new Map<string, Change>()
    const orphans = new Set<string>()
    this.isQuiet = this.replica.touches.isEmpty()
    for (const page of pages) {
      for (const key of this.reset(page.head)) orphans.add(key)
      for (const rows of page.rows) this.enterRows(page.head, rows, changes)
      for (const left of page.left) this.enterLeft(page.head, left, changes)
    }
    for (const key of orphans) this.leaveIfUnheld(key, changes)
    for (const change of changes.values()) this.applyImage(change)
    for (const { tbl, id } of written) this.restoreUnpulled(tbl, id, changes)
    // Images are kept for pending work only.
    if (this.isQuiet) this.replica.touches.clear()
    if (this.mustRebase) rebaseAll(this.replica)
    this.writeDigests()
    for (const page of pages) this.advance(page.head)
    if (!head.more) {
      meta.set('watermark', String(head.w))
      meta.set('incarnation', head.incarnation)
      meta.set('ready', '1')
    }
    this.replica.bucketsChanged()
    this.forgetOld()
    return { tables: this.changed, mismatches: this.compare(end) }
  }

  /** Buckets of this device; one that the lease lost while pages were under way is not brought back by them. */
  private isWanted(name: string): boolean {
    return this.wanted.has(name)
  }

  private advance({ names, upto, more }: PullHead): void {
    for (const name of names.filter((each) => this.isWanted(each))) {
      this.bucketId(name)
      this.replica.db.run(
        'UPDATE bucket SET cursor = MAX(cursor, ?), is_complete = MAX(is_complete, ?) WHERE name = ?',
        [upto, more ? 0 : 1, name],
      )
    }
  }

  /** Settled envelopes stay 30 days, so that a hub restored from a backup can be healed; the newest stays for its seal. [OUT3] */
  private forgetOld(): void {
    const { db } = this.replica
    const horizon = this.now - RETENTION_MS
    db.run(
      "DELETE FROM outbox WHERE is_settled = 1 AND settled_at < ? AND state IN ('accepted', 'adjusted') AND seq < (SELECT MAX(seq) FROM outbox WHERE is_settled = 1)",
      [horizon],
    )
    db.run('DELETE FROM request_answer WHERE at < ?', [horizon])
  }

  /** A bucket's generation changed: its membership starts anew. Returns the rows that were in it. */
  private reset(head: PullHead): string[] {
    const { db } = this.replica
    const members: string[] = []
    for (const { name, generation } of head.resets) {
      if (!this.isWanted(name)) continue
      const id = this.bucketId(name)
      for (const row of db.all<{ tbl: string; id: string }>('SELECT tbl, id FROM bucket_row WHERE bucket = ?', [id]))
        members.push(`${row.tbl} ${row.id}`)
      db.run('DELETE FROM bucket_row WHERE bucket = ?', [id])
      db.run('UPDATE bucket SET generation = ?, cursor = 0, count = 0, sum = ? WHERE id = ?', [
        generation,
        EMPTY_SUM,
        id,
      ])
      this.digests.set(id, { count: 0, sum: EMPTY_SUM })
    }
    return members
  }

  /** Commands whose outcome the watermark covers are settled: their touches go. Returns the rows they wrote. [OUT2] */
  private settleCovered(w: number): readonly TouchedRow[] {
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
    const written: TouchedRow[] = []
    for (const [first, last] of runsOf(covered.map(({ seq }) => seq))) {
      for (const row of touches.drop(first, last)) written.push(row)
      db.run('UPDATE outbox SET is_settled = 1, settled_at = ? WHERE is_settled = 0 AND seq BETWEEN ? AND ?', [
        this.now,
        first,
        last,
      ])
    }
    // Work that is still pending stood on something that didn't happen so.
    if (unforeseen.some(({ tbl, id }) => touches.isTouched(tbl, id) || this.isRangeTouched(tbl, id)))
      this.mustRebase = true
    return written
  }

  private isRangeTouched(tbl: string, id: string): boolean {
    const { catalogue, store, touches } = this.replica
    const table = catalogue.tables.get(tbl)
    return (
      table !== undefined && touches.isInRange(table, [store.read(table, id), touches.shadow(table, id)?.image ?? null])
    )
  }

  private enterRows(head: PullHead, page: PullRows, changes: Map<string, Change>): void {
    const table = this.replica.catalogue.tables.get(page.rows)
    if (table === undefined) return
    for (const [index, id] of page.ids.entries()) {
      const buckets = (page.buckets[index] ?? [])
        .map((bucket) => head.names[bucket] as string)
        .filter((name) => this.isWanted(name))
      if (buckets.length === 0) continue
      const row = rowFrom(table, id, page.cols, page.vals[index] ?? [])
      const hash = rowHash(table, row)
      this.enterBuckets(
        buckets.map((name) => this.bucketId(name)),
        table.name,
        id,
        hash,
      )
      changes.set(`${table.name} ${id}`, { table, id, row })
    }
  }

  private enterLeft(head: PullHead, page: PullLeft, changes: Map<string, Change>): void {
    const table = this.replica.catalogue.tables.get(page.left)
    if (table === undefined) return
    for (const [index, id] of page.ids.entries()) {
      const name = head.names[page.buckets[index] ?? -1]
      if (name === undefined || !this.isWanted(name)) continue
      this.leaveBucket(name, table.name, id)
      this.leaveIfUnheld(`${table.name} ${id}`, changes)
    }
  }

  /** A row in no bucket of this device leaves it, whatever an earlier page brought of it. */
  private leaveIfUnheld(key: string, changes: Map<string, Change>): void {
    const [tbl, id] = splitKey(key)
    const table = this.replica.catalogue.tables.get(tbl)
    if (table === undefined) return
    const held = this.replica.db.get('SELECT 1 FROM bucket_row WHERE tbl = ? AND id = ? LIMIT 1', [tbl, id])
    if (held === undefined) changes.set(key, { table, id, row: null })
  }

  /** The hub's image of one row reaches the live tables, or its shadow while work on it is pending. [REB4] */
  private applyImage({ table, id, row }: Change): void {
    const { store, touches } = this.replica
    this.changed.add(table.name)
    if (this.isQuiet) {
      this.write(table, id, row)
      return
    }
    const touching = touches.of(table, id)
    const before = store.read(table, id)
    if (touches.isInRange(table, [before, row])) this.mustRebase = true
    const writers = touching.filter(({ mode }) => mode !== 'read')
    if (writers.length < touching.length) this.mustRebase = true
    if (writers.length === 0) {
      touches.dropShadow(table, id)
      this.write(table, id, row)
      return
    }
    touches.setShadow(table, id, row)
    if (writers.some(({ mode }) => mode === 'write') || row === null) {
      this.mustRebase = true
      return
    }
    const live: Record<string, unknown> = { ...row }
    for (const { deltas } of writers) {
      for (const [field, delta] of Object.entries(JSON.parse(deltas ?? '{}') as Record<string, number>))
        live[field] = Number(live[field] ?? 0) + delta
    }
    // A sum that is exact no more can't be stored; running the work again finds out which command it is.
    if (Object.values(live).some((value) => typeof value === 'number' && !Number.isSafeInteger(value)))
      this.mustRebase = true
    else store.put(table, live as AnyRow)
  }

  private write(table: AnyTable, id: string, row: AnyRow | null): void {
    if (row === null) this.replica.store.delete(table, id)
    else this.replica.store.put(table, row)
  }

  /** A settled command's row that no held bucket carries goes back to the hub's image: usually it leaves this device. */
  private restoreUnpulled(tbl: string, id: string, changes: Map<string, Change>): void {
    const { catalogue, touches } = this.replica
    const table = catalogue.tables.get(tbl)
    if (table === undefined || changes.has(`${tbl} ${id}`) || touches.isTouched(tbl, id)) return
    const shadow = touches.shadow(table, id)
    if (shadow === null) return
    this.changed.add(tbl)
    this.write(table, id, shadow.image)
    touches.dropShadow(table, id)
  }

  private bucketId(name: string): number {
    let id = this.bucketIds.get(name)
    if (id === undefined) {
      const { db } = this.replica
      db.run('INSERT OR IGNORE INTO bucket (name) VALUES (?)', [name])
      id = db.get<{ id: number }>('SELECT id FROM bucket WHERE name = ?', [name])?.id ?? 0
      this.bucketIds.set(name, id)
    }
    return id
  }

  /** The row's image in the buckets that carry it now; other held buckets that carry it get the same image. */
  private enterBuckets(buckets: readonly number[], tbl: string, id: string, hash: string): void {
    const { db } = this.replica
    const held = db.all<{ bucket: number; hash: string }>(
      'SELECT bucket, hash FROM bucket_row WHERE tbl = ? AND id = ?',
      [tbl, id],
    )
    for (const { bucket, hash: before } of held) {
      if (before === hash) continue
      db.run('UPDATE bucket_row SET hash = ? WHERE tbl = ? AND id = ? AND bucket = ?', [hash, tbl, id, bucket])
      this.count(bucket, 0, addHash(subtractHash(this.digestOf(bucket).sum, before), hash))
    }
    for (const bucket of buckets) {
      if (held.some((member) => member.bucket === bucket)) continue
      db.run('INSERT INTO bucket_row (bucket, tbl, id, hash) VALUES (?, ?, ?, ?)', [bucket, tbl, id, hash])
      this.count(bucket, 1, addHash(this.digestOf(bucket).sum, hash))
    }
  }

  private digestOf(bucket: number): { count: number; sum: string } {
    let digest = this.digests.get(bucket)
    if (digest === undefined) {
      digest = this.replica.db.get<{ count: number; sum: string }>('SELECT count, sum FROM bucket WHERE id = ?', [
        bucket,
      ]) ?? { count: 0, sum: EMPTY_SUM }
      this.digests.set(bucket, digest)
    }
    return digest
  }

  private count(bucket: number, rows: number, sum: string): void {
    this.digests.set(bucket, { count: this.digestOf(bucket).count + rows, sum })
  }

  private leaveBucket(name: string, tbl: string, id: string): void {
    this.leaveBucketById(this.bucketId(name), tbl, id)
  }

  private leaveBucketById(bucket: number, tbl: string, id: string): void {
    const { db } = this.replica
    const before = db.get<{ hash: string }>('SELECT hash FROM bucket_row WHERE tbl = ? AND id = ? AND bucket = ?', [
      tbl,
      id,
      bucket,
    ])
    if (before === undefined) return
    db.run('DELETE FROM bucket_row WHERE tbl = ? AND id = ? AND bucket = ?', [tbl, id, bucket])
    this.count(bucket, -1, subtractHash(this.digestOf(bucket).sum, before.hash))
  }

  private writeDigests(): void {
    for (const [id, { count, sum }] of this.digests)
      this.replica.db.run('UPDATE bucket SET count = ?, sum = ? WHERE id = ?', [count, sum, id])
  }

  /** Compares digests, never copies one: a bucket that differs is fetched again. [PROOF1] */
  private compare(end: PullEnd): string[] {
    const { db } = this.replica
    const mismatches: string[] = []
    for (const [name, [count, sum]] of Object.entries(end.digests)) {
      const mine = db.get<{ count: number; sum: string }>('SELECT count, sum FROM bucket WHERE name = ?', [name]) ?? {
        count: 0,
        sum: EMPTY_SUM,
      }
      if (mine.count === count && mine.sum === sum) continue
      if (!this.isWanted(name)) continue
      mismatches.push(name)
      noteIncident(
        db,
        this.now,
        'digest',
        JSON.stringify({ bucket: name, mine: [mine.count, mine.sum], hub: [count, sum] }),
      )
      db.run('UPDATE bucket SET cursor = 0, generation = -1 WHERE name = ?', [name])
    }
    return mismatches
  }
}

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

const splitKey = (key: string): [string, string] => {
  const space = key.indexOf(' ')
  return [key.slice(0, space), key.slice(space + 1)]
}

function rowFrom(table: AnyTable, id: string, cols: readonly string[], vals: readonly CanonicalValue[]): AnyRow {
  const row: Record<string, unknown> = { id, goneAt: null }
  for (const field of table.fieldNames) row[field] = table.fields[field]?.traits.fallback ?? null
  for (const [index, column] of cols.entries()) if (column in row) row[column] = vals[index] ?? null
  return row as AnyRow
}
