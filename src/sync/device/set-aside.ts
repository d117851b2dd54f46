// Rows of the hub that this device can't store: of a type that their column doesn't take, of no readable shape, refused by the database.
// One of them must not hold up the others: it is written down beside, is counted as held and not proved, is told to the person and the
// hub, and is asked for again when it changes or the app was updated. It is never counted as if it were here.
import { BugError } from '../../kernel/assert.ts'
import { rowHash } from '../../kernel/effects.ts'
import type { FieldType } from '../../kernel/field.ts'
import type { AnyRow, AnyTable } from '../../kernel/table.ts'
import { SqliteError } from '../../store/sqlite/sqlite-error.ts'
import { rc } from '../../store/sqlite/wasm.ts'
import { addHash, EMPTY_SUM } from '../digest.ts'
import type { AsideRow } from '../protocol.ts'
import { noteIncident } from './incident.ts'
import type { Replica } from './replica.ts'
import type { TouchedRow } from './touch-index.ts'

/** Of the raw row: enough to see what it was, whatever it was. */
const IMAGE_LENGTH_MAX = 4000
/** Told to the hub with each pull: the oldest. */
const TOLD_MAX = 20

const REASON_LENGTH_MAX = 200

const isInteger = (value: unknown): boolean => Number.isSafeInteger(value)
const isText = (value: unknown): boolean => typeof value === 'string'
const fits: Record<FieldType, (value: unknown) => boolean> = {
  text: isText,
  code: isText,
  ref: isText,
  date: isText,
  instant: isInteger,
  integer: isInteger,
  amount: isInteger,
  rate: isInteger,
  quantity: isInteger,
  flag: (value) => typeof value === 'boolean',
  json: () => true,
}

/** Why no row of this table can be so; null when it may. */
export function misfitOf(table: AnyTable, row: AnyRow): string | null {
  for (const field of table.fieldNames) {
    const value = row[field]
    if (value !== null && !fits[table.fields[field]?.traits.type ?? 'json'](value)) return `type of ${field}`
  }
  return row.goneAt === null || isInteger(row.goneAt) ? null : 'type of goneAt'
}

/** Null when no hash can be taken of it: the hub's was of something else. */
export function hashOrNull(table: AnyTable, row: AnyRow): string | null {
  try {
    return rowHash(table, row)
  } catch (fault) {
    if (fault instanceof BugError) return null
    throw fault
  }
}

/** A value too long for any row, and one of another type than its column's. */
const OF_THE_VALUE: ReadonlySet<number> = new Set([rc.tooBig, rc.mismatch])

/** Why the database won't take this very row, and then nothing is changed; null when it did. Every other fault is thrown. */
export function refusalOfPut({ store }: Replica, table: AnyTable, row: AnyRow): string | null {
  try {
    store.put(table, row)
    return null
  } catch (fault) {
    const isOfTheRow =
      fault instanceof TypeError ||
      fault instanceof RangeError ||
      (fault instanceof SqliteError && (fault.kind === 'constraint' || OF_THE_VALUE.has(fault.code)))
    if (isOfTheRow) return fault.message
    throw fault
  }
}

export interface Aside extends TouchedRow {
  /** Numbers of the buckets that carry it. */
  readonly buckets: Iterable<number>
  readonly hash: string | null
  readonly image: unknown
  readonly reason: string
}

/** Inside the caller's transaction; the row is a member of no bucket. [ROW2] */
export function setAside({ db }: Replica, { tbl, id, buckets, hash, image, reason }: Aside, now: number): void {
  const text = JSON.stringify(image).slice(0, IMAGE_LENGTH_MAX)
  for (const bucket of buckets)
    db.run('INSERT OR REPLACE INTO set_aside (tbl, id, bucket, hash, image, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?)', [
      tbl,
      id,
      bucket,
      hash,
      text,
      reason,
      now,
    ])
  noteIncident(db, now, 'set-aside', JSON.stringify({ row: `${tbl} ${id}`, reason }))
}

/** What the rows set aside would add to a bucket's digest; `sum` null when nobody can tell. */
export function asideOf({ db }: Replica, bucket: number): { readonly count: number; readonly sum: string | null } {
  let [count, sum]: [number, string | null] = [0, EMPTY_SUM]
  for (const { hash } of db.all<{ hash: string | null }>('SELECT hash FROM set_aside WHERE bucket = ?', [bucket])) {
    count += 1
    sum = sum === null || hash === null ? null : addHash(sum, hash)
  }
  return { count, sum }
}

/** For the hub: who looks after it must know which rows its devices can't keep, and why. */
export function toldAside({ db }: Replica): readonly AsideRow[] {
  return db
    .all<{ tbl: string; id: string; reason: string }>(
      'SELECT tbl, id, reason FROM set_aside GROUP BY tbl, id ORDER BY MIN(at), tbl, id LIMIT ?',
      [TOLD_MAX],
    )
    .map(({ tbl, id, reason }) => [tbl, id, reason.slice(0, REASON_LENGTH_MAX)])
}

/** Another release may be able to keep them: the next pull brings their leaves again. */
export function askAgain({ db }: Replica): void {
  db.run(
    'INSERT OR IGNORE INTO suspect (bucket, tries) SELECT name, 0 FROM bucket WHERE id IN (SELECT bucket FROM set_aside)',
  )
}
