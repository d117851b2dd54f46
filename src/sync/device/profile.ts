// The profile on the device: which buckets the lease gives. Rows whose last bucket was taken away leave, except those
// that unsettled work still touches: they stay until it is settled.
import type { HeldLease, Replica } from './replica.ts'

/** Takes a newer lease. Returns the names of tables that lost rows. [PROF1] */
export function takeLease(replica: Replica, held: HeldLease): ReadonlySet<string> {
  const { db } = replica
  return db.transaction(() => {
    replica.keepLease(held)
    const wanted = new Set(held.lease.buckets)
    return dropBuckets(replica, (name) => !wanted.has(name))
  })
}

/** Gives up buckets with their rows, and what is planned of them. Returns the names of tables that lost rows. */
export function dropBuckets(replica: Replica, isDropped: (name: string) => boolean): Set<string> {
  const { db } = replica
  const changed = new Set<string>()
  for (const { id, name } of db.all<{ id: number; name: string }>('SELECT id, name FROM bucket'))
    if (isDropped(name)) for (const table of dropBucket(replica, id)) changed.add(table)
  for (const name of replica.downloading())
    if (isDropped(name)) db.run('DELETE FROM bootstrap_chunk WHERE bucket = ?', [name])
  replica.bucketsChanged()
  return changed
}

function dropBucket({ db, store, catalogue, touches }: Replica, bucket: number): Set<string> {
  const changed = new Set<string>()
  const members = db.all<{ tbl: string; id: string }>('SELECT tbl, id FROM bucket_row WHERE bucket = ?', [bucket])
  db.run('DELETE FROM bucket_row WHERE bucket = ?', [bucket])
  db.run('DELETE FROM bucket WHERE id = ?', [bucket])
  for (const { tbl, id } of members) {
    const table = catalogue.tables.get(tbl)
    if (table === undefined) continue
    if (db.get('SELECT 1 FROM bucket_row WHERE tbl = ? AND id = ? LIMIT 1', [tbl, id]) !== undefined) continue
    changed.add(tbl)
    if (touches.isTouched(tbl, id)) touches.setShadow(table, id, null)
    else store.delete(table, id)
  }
  return changed
}
