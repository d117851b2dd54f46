// Hashes held rows again, a few at a time: a row that changed by no command of ours (a damaged disk, another program) is
// counted as what it is now, so that its bucket's digest differs from the hub's and the next pull mends that leaf. It never
// repairs a row from this device's own memory, and never makes a digest agree.
import { rowHash } from '../../kernel/effects.ts'
import { noteIncident } from './incident.ts'
import type { Replica } from './replica.ts'
import { recount } from './suspects.ts'

interface Member {
  readonly tbl: string
  readonly id: string
  readonly bucket: number
  readonly hash: string
}

export class Scrub {
  private readonly replica: Replica
  private after: { readonly tbl: string; readonly id: string } = { tbl: '', id: '' }

  constructor(replica: Replica) {
    this.replica = replica
  }

  /** Looks at the next rows; true when something is wrong that a pull will mend. [PROOF2] */
  step(now: number, rowsMax: number): boolean {
    const { db } = this.replica
    const members = db.all<Member>(
      'SELECT tbl, id, bucket, hash FROM bucket_row WHERE (tbl, id) > (?, ?) ORDER BY tbl, id LIMIT ?',
      [this.after.tbl, this.after.id, rowsMax],
    )
    const wrong = members.flatMap((member) => {
      const hash = this.hashOf(member)
      return hash === member.hash ? [] : [{ ...member, hash }]
    })
    const last = members.at(-1)
    const isAround = last === undefined || members.length < rowsMax
    this.after = isAround ? { tbl: '', id: '' } : last
    const buckets = new Set([...wrong.map(({ bucket }) => bucket), ...(isAround ? this.miscounted() : [])])
    if (buckets.size === 0) return false
    db.transaction(() => {
      for (const member of wrong) this.count(member, now)
      for (const bucket of buckets)
        if (recount(db, bucket)) noteIncident(db, now, 'recount', JSON.stringify({ bucket }))
    })
    return true
  }

  /** The hash of the row as it is here; null when it is gone. The hub's image is the shadow while work on it is pending. */
  private hashOf({ tbl, id, hash }: Member): string | null {
    const { catalogue, store, touches } = this.replica
    const table = catalogue.tables.get(tbl)
    // A table of another version of the app: nothing of this one can hash it.
    if (table === undefined) return hash
    const shadow = touches.shadow(table, id)
    const image = shadow === null ? store.read(table, id) : shadow.image
    return image === null ? null : rowHash(table, image)
  }

  private count(
    { tbl, id, bucket, hash }: { tbl: string; id: string; bucket: number; hash: string | null },
    now: number,
  ): void {
    const { db } = this.replica
    const where = 'WHERE tbl = ? AND id = ? AND bucket = ?'
    if (hash === null) db.run(`DELETE FROM bucket_row ${where}`, [tbl, id, bucket])
    else db.run(`UPDATE bucket_row SET hash = ? ${where}`, [hash, tbl, id, bucket])
    noteIncident(db, now, 'scrub', JSON.stringify({ bucket, row: `${tbl} ${id}` }))
  }

  /** Buckets with more or fewer rows than were counted in and out. */
  private miscounted(): number[] {
    return this.replica.db
      .all<{ id: number }>(
        'SELECT id FROM bucket WHERE count <> (SELECT COUNT(*) FROM bucket_row WHERE bucket_row.bucket = bucket.id)',
      )
      .map(({ id }) => id)
  }
}
