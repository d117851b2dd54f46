// Which rows each held bucket carries, with their hashes, and the digests of the buckets: counted from this device's own
// rows as they enter and leave, compared with the hub's and never copied from it.
import { FIRST_SCHEMA } from '../../kernel/table.ts'
import type { PullEnd, PullHead } from '../protocol.ts'
import { addHash, EMPTY_SUM, subtractHash } from '../digest.ts'
import type { Replica } from './replica.ts'
import { asideOf, setAside, type Aside } from './set-aside.ts'
import { clear, suspect } from './suspects.ts'
import type { TouchedRow } from './touch-index.ts'

interface Digest {
  readonly count: number
  readonly sum: string
}

/** The buckets of one pull; bucket ids and digests are kept in memory until `write`. */
export class Membership {
  private readonly replica: Replica
  private readonly bucketIds = new Map<string, number>()
  private readonly digests = new Map<number, Digest>()
  private readonly wanted: ReadonlySet<string>
  /** The schema that both sides know. */
  private readonly known: number
  /** Some row is set aside: hardly ever. */
  private hasAside: boolean

  /** `hubSchema`: of the hub whose pages these are. */
  constructor(replica: Replica, hubSchema = FIRST_SCHEMA) {
    this.replica = replica
    this.known = Math.min(hubSchema, replica.catalogue.schema)
    this.hasAside = replica.db.get('SELECT 1 FROM set_aside LIMIT 1') !== undefined
    this.wanted = new Set(replica.lease()?.lease.buckets)
  }

  /** Buckets of this device; one that the lease lost while pages were under way is not brought back by them. */
  isWanted(name: string): boolean {
    return this.wanted.has(name)
  }

  /** The cursors after a page. True when some bucket became whole by it. */
  advance({ names, upto, more }: PullHead): boolean {
    const { db } = this.replica
    let isMore = false
    for (const name of names.filter((each) => this.isWanted(each))) {
      const id = this.bucketId(name)
      // With the last page all of its rows that both sides know of is here. [VER4]
      if (!more) db.run('UPDATE bucket SET sv = ? WHERE id = ? AND sv <> ?', [this.known, id, this.known])
      if (!more && db.run('UPDATE bucket SET is_complete = 1 WHERE id = ? AND is_complete = 0', [id]) > 0) isMore = true
      db.run('UPDATE bucket SET cursor = MAX(cursor, ?) WHERE id = ?', [upto, id])
    }
    return isMore
  }

  /** A bucket's generation changed, or some of its leaves differ: their membership starts anew. Returns the rows that were in it. */
  reset(head: PullHead): TouchedRow[] {
    const { db } = this.replica
    const members: TouchedRow[] = []
    for (const { name, generation } of head.resets) {
      if (!this.isWanted(name)) continue
      const id = this.bucketId(name)
      db.run('DELETE FROM set_aside WHERE bucket = ?', [id])
      members.push(...db.all<TouchedRow>('SELECT tbl, id FROM bucket_row WHERE bucket = ?', [id]))
      db.run('DELETE FROM bucket_row WHERE bucket = ?', [id])
      db.run('UPDATE bucket SET generation = ?, cursor = 0, count = 0, sum = ? WHERE id = ?', [
        generation,
        EMPTY_SUM,
        id,
      ])
      this.digests.set(id, NO_ROWS)
    }
    for (const { name, leaves } of head.leaves ?? []) members.push(...this.emptyLeaves(name, leaves))
    return members
  }

  /** A leaf comes whole: what this device has of it goes, unless it comes again. */
  private emptyLeaves(name: string, leaves: readonly string[]): TouchedRow[] {
    if (!this.isWanted(name)) return []
    const inLeaves = 'WHERE bucket = ? AND substr(id, -2) IN (SELECT value FROM json_each(?))'
    const params = [this.bucketId(name), JSON.stringify(leaves)]
    const { db } = this.replica
    const members = [...db.all<TouchedRow>(`SELECT tbl, id FROM bucket_row ${inLeaves}`, params)]
    for (const row of members) this.leave(name, row)
    if (this.hasAside) members.push(...db.all<TouchedRow>(`SELECT tbl, id FROM set_aside ${inLeaves}`, params))
    if (this.hasAside) db.run(`DELETE FROM set_aside ${inLeaves}`, params)
    return members
  }

  /** The row's image in the buckets that carry it now; other held buckets that carry it get the same image. */
  enter(buckets: readonly string[], tbl: string, id: string, hash: string): void {
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
    const entered = new Set(buckets.map((name) => this.bucketId(name)))
    if (this.hasAside) for (const bucket of this.takenBack(tbl, id)) entered.add(bucket)
    for (const bucket of entered) {
      if (held.some((member) => member.bucket === bucket)) continue
      db.run('INSERT INTO bucket_row (bucket, tbl, id, hash) VALUES (?, ?, ?, ?)', [bucket, tbl, id, hash])
      this.count(bucket, 1, addHash(this.digestOf(bucket).sum, hash))
    }
  }

  /** A row that was set aside can be stored now, for all buckets that carry it. */
  private takenBack(tbl: string, id: string): number[] {
    return this.replica.db
      .all<{ bucket: number }>('DELETE FROM set_aside WHERE tbl = ? AND id = ? RETURNING bucket', [tbl, id])
      .map(({ bucket }) => bucket)
  }

  /** The row is counted in no bucket: this device can't store it. Those that carry it count it beside. [ROW2] */
  setAside(names: readonly string[], aside: Omit<Aside, 'buckets'>, now: number): void {
    const { db } = this.replica
    const { tbl, id } = aside
    const held = db.all<{ bucket: number; hash: string }>(
      'SELECT bucket, hash FROM bucket_row WHERE tbl = ? AND id = ?',
      [tbl, id],
    )
    for (const { bucket, hash } of held) this.count(bucket, -1, subtractHash(this.digestOf(bucket).sum, hash))
    db.run('DELETE FROM bucket_row WHERE tbl = ? AND id = ?', [tbl, id])
    const before = db.all<{ bucket: number }>('SELECT bucket FROM set_aside WHERE tbl = ? AND id = ?', [tbl, id])
    const buckets = new Set([
      ...names.map((name) => this.bucketId(name)),
      ...[...held, ...before].map(({ bucket }) => bucket),
    ])
    setAside(this.replica, { ...aside, buckets }, now)
    this.hasAside = true
  }

  leave(name: string, { tbl, id }: TouchedRow): void {
    const { db } = this.replica
    const bucket = this.bucketId(name)
    if (this.hasAside) db.run('DELETE FROM set_aside WHERE tbl = ? AND id = ? AND bucket = ?', [tbl, id, bucket])
    const before = db.get<{ hash: string }>('SELECT hash FROM bucket_row WHERE tbl = ? AND id = ? AND bucket = ?', [
      tbl,
      id,
      bucket,
    ])
    if (before === undefined) return
    db.run('DELETE FROM bucket_row WHERE tbl = ? AND id = ? AND bucket = ?', [tbl, id, bucket])
    this.count(bucket, -1, subtractHash(this.digestOf(bucket).sum, before.hash))
  }

  /** Also one that was set aside: what this device had of it before stays until it leaves. */
  isHeld({ tbl, id }: TouchedRow): boolean {
    const holds = (own: string): boolean =>
      this.replica.db.get(`SELECT 1 FROM ${own} WHERE tbl = ? AND id = ? LIMIT 1`, [tbl, id]) !== undefined
    return holds('bucket_row') || (this.hasAside && holds('set_aside'))
  }

  private bucketId(name: string): number {
    let id = this.bucketIds.get(name)
    if (id === undefined) {
      const { db } = this.replica
      db.run('INSERT OR IGNORE INTO bucket (name, sv) VALUES (?, ?)', [name, this.known])
      id = db.get<{ id: number }>('SELECT id FROM bucket WHERE name = ?', [name])?.id ?? 0
      this.bucketIds.set(name, id)
    }
    return id
  }

  private digestOf(bucket: number): Digest {
    let digest = this.digests.get(bucket)
    if (digest === undefined) {
      digest = this.replica.db.get<Digest>('SELECT count, sum FROM bucket WHERE id = ?', [bucket]) ?? NO_ROWS
      this.digests.set(bucket, digest)
    }
    return digest
  }

  private count(bucket: number, rows: number, sum: string): void {
    this.digests.set(bucket, { count: this.digestOf(bucket).count + rows, sum })
  }

  /** Writes the digests that changed. */
  write(): void {
    for (const [id, { count, sum }] of this.digests)
      this.replica.db.run('UPDATE bucket SET count = ?, sum = ? WHERE id = ?', [count, sum, id])
  }

  /** Compares digests, never copies one. Returns the buckets that differ: the next pull mends them. [PROOF1] */
  compare(end: PullEnd, now: number): string[] {
    const { db } = this.replica
    const mismatches: string[] = []
    for (const [name, hub] of Object.entries(end.digests)) {
      if (!this.isWanted(name)) continue
      const { count, sum } = db.get<Digest>('SELECT count, sum FROM bucket WHERE name = ?', [name]) ?? NO_ROWS
      // What is missing only for want of a way to store it is no difference that a pull could mend.
      const aside = this.hasAside ? asideOf(this.replica, this.bucketId(name)) : NO_ROWS
      const isSum = aside.sum === null || addHash(sum, aside.sum) === hub[1]
      if (count + aside.count === hub[0] && isSum) {
        clear(this.replica, name, now)
        continue
      }
      mismatches.push(name)
      suspect(this.replica, { bucket: name, mine: [count, sum], hub }, now)
    }
    return mismatches
  }
}

const NO_ROWS: Digest = { count: 0, sum: EMPTY_SUM }
