// Re-hashes held rows, a few at a time, against what the hub sent: a row that changed by no command of ours (a damaged
// disk, another program) makes its buckets be fetched again. It never repairs a row from this device's own memory.
import { rowHash } from '../../kernel/effects.ts'
import { noteIncident } from './incident.ts'
import type { Replica } from './replica.ts'

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

  /** Looks at the next rows; true when some bucket has to be fetched again. [PROOF2] */
  step(now: number, rowsMax: number): boolean {
    const { db } = this.replica
    const members = db.all<Member>(
      'SELECT tbl, id, bucket, hash FROM bucket_row WHERE (tbl, id) > (?, ?) ORDER BY tbl, id LIMIT ?',
      [this.after.tbl, this.after.id, rowsMax],
    )
    const wrong = new Map<number, string>()
    for (const member of members) if (!this.isWhole(member)) wrong.set(member.bucket, `${member.tbl} ${member.id}`)
    const last = members.at(-1)
    this.after = last === undefined || members.length < rowsMax ? { tbl: '', id: '' } : last
    if (members.length < rowsMax) for (const bucket of this.miscounted()) wrong.set(bucket, 'count')
    if (wrong.size === 0) return false
    db.transaction(() => {
      for (const [bucket, row] of wrong) {
        db.run('UPDATE bucket SET cursor = 0, generation = -1 WHERE id = ?', [bucket])
        noteIncident(db, now, 'scrub', JSON.stringify({ bucket, row }))
      }
    })
    return true
  }

  /** The hub's image is the shadow while work on the row is pending, else the row itself. */
  private isWhole({ tbl, id, hash }: Member): boolean {
    const { catalogue, store, touches } = this.replica
    const table = catalogue.tables.get(tbl)
    // A table of another version of the app: nothing of this one can hash it.
    if (table === undefined) return true
    const shadow = touches.shadow(table, id)
    const image = shadow === null ? store.read(table, id) : shadow.image
    return image !== null && rowHash(table, image) === hash
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
