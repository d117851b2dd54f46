// The profile on the device: which buckets the lease gives. Rows whose last bucket was taken away leave at once, whatever
// work on them waits; the work itself stays, is sent, and says why its records can't be seen any more.
import { forgetsWords } from '../../store/sqlite/device-tables.ts'
import { Seeds } from './component.ts'
import { rebase } from './rebase.ts'
import type { HeldLease, Replica } from './replica.ts'

/** Takes a newer lease. Returns the names of tables whose rows changed. [PROF1] */
export function takeLease(replica: Replica, held: HeldLease): ReadonlySet<string> {
  const { db } = replica
  return db.transaction(() => {
    replica.keepLease(held)
    const wanted = new Set(held.lease.buckets)
    const changed = dropBuckets(replica, (name) => !wanted.has(name), 'for good')
    const lost = [...changed]
    if (changed.size > 0 && !replica.touches.isEmpty()) {
      // What was there or known not to be is elsewhere now: pending work is predicted without it.
      const seeds = new Seeds()
      seeds.isAll = true
      for (const table of rebase(replica, seeds)) changed.add(table)
    }
    for (const name of lost) {
      const table = replica.catalogue.tables.get(name)
      if (table !== undefined && table.search.length > 0) db.run(forgetsWords(table))
    }
    return changed
  })
}

/**
 * Gives up buckets with their rows, and what is planned of them: for good, or to fetch them again, and then rows under unsettled work stay.
 * Returns the names of tables that lost rows.
 */
export function dropBuckets(
  replica: Replica,
  isDropped: (name: string) => boolean,
  until: 'for good' | 'fetched again',
): Set<string> {
  const { db } = replica
  const changed = new Set<string>()
  for (const { id, name } of db.all<{ id: number; name: string }>('SELECT id, name FROM bucket'))
    if (isDropped(name)) for (const table of dropBucket(replica, id, until === 'for good')) changed.add(table)
  for (const name of replica.downloading())
    if (isDropped(name)) db.run('DELETE FROM bootstrap_chunk WHERE bucket = ?', [name])
  replica.bucketsChanged()
  return changed
}

function dropBucket({ db, store, catalogue, touches }: Replica, bucket: number, isForGood: boolean): Set<string> {
  const changed = new Set<string>()
  const members = db.all<{ tbl: string; id: string }>('SELECT tbl, id FROM bucket_row WHERE bucket = ?', [bucket])
  members.push(...db.all<{ tbl: string; id: string }>('SELECT tbl, id FROM set_aside WHERE bucket = ?', [bucket]))
  for (const own of ['bucket_row', 'set_aside']) db.run(`DELETE FROM ${own} WHERE bucket = ?`, [bucket])
  db.run('DELETE FROM bucket WHERE id = ?', [bucket])
  for (const { tbl, id } of members) {
    const table = catalogue.tables.get(tbl)
    if (table === undefined) continue
    if (db.get('SELECT 1 FROM bucket_row WHERE tbl = ? AND id = ? LIMIT 1', [tbl, id]) !== undefined) continue
    changed.add(tbl)
    const isTouched = touches.isTouched(tbl, id)
    if (isTouched) touches.setShadow(table, id, null)
    if (isTouched && isForGood)
      for (const { seq } of touches.of(table, id)) db.run('INSERT OR IGNORE INTO outside_work (seq) VALUES (?)', [seq])
    if (!isTouched || isForGood) store.delete(table, id)
  }
  return changed
}
