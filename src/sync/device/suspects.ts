// Buckets whose digest differed from the hub's, and how they are mended: first the leaves that differ, and when that was not
// enough the whole bucket. The hub's digest is compared and never copied, and nobody is ever asked to start anew.
import { addHash, EMPTY_SUM } from '../digest.ts'
import type { LeafDigests } from '../protocol.ts'
import { noteIncident } from './incident.ts'
import type { Replica } from './replica.ts'

/** Pulls that mend a bucket by its leaves before all of it is fetched again. */
const LEAF_TRIES_MAX = 2
/** Buckets mended in one pull: 256 leaves of about 30 bytes each stay far below what a request may hold. */
const BUCKETS_A_PULL_MAX = 8

interface Differs {
  readonly bucket: string
  readonly mine: readonly [number, string]
  readonly hub: readonly [number, string]
}

/** Writes the difference down, and what the next pull shall do about it. [PROOF1] */
export function suspect({ db }: Replica, differs: Differs, now: number): void {
  const tries =
    (db.get<{ tries: number }>('SELECT tries FROM suspect WHERE bucket = ?', [differs.bucket])?.tries ?? 0) + 1
  db.run(
    'INSERT INTO suspect (bucket, tries) VALUES (?, ?) ON CONFLICT (bucket) DO UPDATE SET tries = excluded.tries',
    [differs.bucket, tries],
  )
  noteIncident(db, now, 'digest', JSON.stringify({ ...differs, tries }))
  // Perhaps the rows are right and only their sum isn't.
  for (const { id } of db.all<{ id: number }>('SELECT id FROM bucket WHERE name = ?', [differs.bucket])) recount(db, id)
  // What even the whole bucket doesn't mend is tried ever less often: it must not cost each pull a download.
  const isTurn = tries === LEAF_TRIES_MAX + 1 || (tries > LEAF_TRIES_MAX && Number.isInteger(Math.log2(tries)))
  if (isTurn) db.run('UPDATE bucket SET cursor = 0, generation = -1 WHERE name = ?', [differs.bucket])
}

/** Works the digest of a bucket out from its members. True when it was another one. */
export function recount(db: Replica['db'], bucket: number): boolean {
  let [count, sum] = [0, EMPTY_SUM]
  db.each<{ hash: string }>('SELECT hash FROM bucket_row WHERE bucket = ?', [bucket], ({ hash }) => {
    count += 1
    sum = addHash(sum, hash)
  })
  const text = 'UPDATE bucket SET count = ?, sum = ? WHERE id = ? AND (count <> ? OR sum <> ?)'
  return db.run(text, [count, sum, bucket, count, sum]) > 0
}

/** The digest of a suspected bucket is the hub's again: it is mended. */
export function clear({ db }: Replica, bucket: string, now: number): void {
  if (db.run('DELETE FROM suspect WHERE bucket = ?', [bucket]) > 0)
    noteIncident(db, now, 'mended', JSON.stringify({ bucket }))
}

/** Digests by leaf of the buckets that the next pull shall mend, from this device's own rows. [PROOF3] */
export function suspectedLeaves({ db }: Replica): ReadonlyMap<string, LeafDigests> {
  const buckets = db.all<{ id: number; name: string }>(
    'SELECT id, name FROM bucket WHERE generation >= 0 AND name IN (SELECT bucket FROM suspect) LIMIT ?',
    [BUCKETS_A_PULL_MAX],
  )
  return new Map(buckets.map(({ id, name }) => [name, leavesOf(db, id)]))
}

function leavesOf(db: Replica['db'], bucket: number): LeafDigests {
  const leaves: Record<string, [number, string]> = {}
  db.each<{ leaf: string; hash: string }>(
    'SELECT substr(id, -2) AS leaf, hash FROM bucket_row WHERE bucket = ?',
    [bucket],
    ({ leaf, hash }) => {
      const [count, sum] = leaves[leaf] ?? [0, EMPTY_SUM]
      leaves[leaf] = [count + 1, addHash(sum, hash)]
    },
  )
  return leaves
}
