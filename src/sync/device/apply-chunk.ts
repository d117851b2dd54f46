// Rows of a ready-made chunk reach the device: new ones straight to their tables, and what this device knows already by
// the way of a pull. It runs inside the caller's transaction, and never puts an older image over a newer one.
import type { AnyRow, AnyTable } from '../../kernel/table.ts'
import { addHash } from '../digest.ts'
import type { ChunkRows } from '../protocol.ts'
import { knownSchema, type Replica } from './replica.ts'
import { hashOrNull, misfitOf, refusalOfPut, setAside } from './set-aside.ts'
import { applyPull } from './settle.ts'

export interface ChunkOf {
  readonly bucket: string
  readonly w: number
  readonly generation: number
}

interface Held {
  readonly id: string
  readonly cursor: number
  readonly hash: string
}

/** Returns the names of the tables that got rows. [BOOT5] */
export function applyChunk(replica: Replica, of: ChunkOf, lines: readonly ChunkRows[], now: number): Set<string> {
  const { db } = replica
  db.run('INSERT OR IGNORE INTO bucket (name) VALUES (?)', [of.bucket])
  // A set that an older hub made lacks nothing: whatever filled a later column did so after its watermark. [VER4]
  db.run('UPDATE bucket SET cursor = ?, generation = ?, sv = ? WHERE name = ?', [
    of.w,
    of.generation,
    knownSchema(replica),
    of.bucket,
  ])
  const id = db.get<{ id: number }>('SELECT id FROM bucket WHERE name = ?', [of.bucket])?.id ?? 0
  const isQuiet = replica.touches.isEmpty()
  const changed = new Set<string>()
  for (const line of lines) {
    const table = replica.catalogue.tables.get(line.chunk)
    if (table === undefined) continue
    changed.add(table.name)
    new Line(replica, { id, ...of }, table, line).apply(isQuiet, now)
  }
  return changed
}

class Line {
  private readonly replica: Replica
  private readonly bucket: ChunkOf & { readonly id: number }
  private readonly table: AnyTable
  private readonly line: ChunkRows
  private readonly fields: readonly {
    readonly name: string
    readonly values: readonly unknown[] | null
    readonly fallback: unknown
  }[]

  constructor(replica: Replica, bucket: ChunkOf & { readonly id: number }, table: AnyTable, line: ChunkRows) {
    this.replica = replica
    this.bucket = bucket
    this.table = table
    this.line = line
    this.fields = table.fieldNames.map((name) => ({
      name,
      values: line.columns[line.cols.indexOf(name)] ?? null,
      fallback: table.fields[name]?.traits.fallback ?? null,
    }))
  }

  apply(isQuiet: boolean, now: number): void {
    const known: number[] = []
    this.replica.store.inBulk(this.table, this.line.ids, () => this.applyFresh(isQuiet, known, now))
    if (known.length > 0) this.pull(known, now)
  }

  /** What is known goes to `known`: its way is the pull's, which may touch a row more than once. */
  private applyFresh(isQuiet: boolean, known: number[], now: number): void {
    const held = this.held()
    const entering: { readonly id: string; readonly hash: string }[] = []
    for (const [index, id] of this.line.ids.entries()) {
      const before = held.get(id)
      // Some bucket brought it as it was at this watermark or later: that image stands.
      if (before !== undefined && before.cursor >= this.bucket.w) entering.push({ id, hash: before.hash })
      else if (before !== undefined || !isQuiet) known.push(index)
      else {
        const row = this.rowAt(index)
        const misfit = misfitOf(this.table, row)
        const hash = misfit === null ? hashOrNull(this.table, row) : null
        const refusal = hash === null ? misfit : refusalOfPut(this.replica, this.table, row)
        if (hash !== null && refusal === null) entering.push({ id, hash })
        else this.setAside(row, hash, refusal ?? 'no hash', now)
      }
    }
    this.enter(entering)
  }

  /** [ROW2] */
  private setAside(row: AnyRow, hash: string | null, reason: string, now: number): void {
    const aside = { tbl: this.table.name, id: row.id, buckets: [this.bucket.id], hash, image: row, reason }
    setAside(this.replica, aside, now)
  }

  /** Rows of this part of the table that another bucket carries already, with how new their image is at least. */
  private held(): Map<string, Held> {
    const { ids } = this.line
    const found = this.replica.db.all<Held>(
      `SELECT r.id, MAX(b.cursor) AS cursor, MIN(r.hash) AS hash FROM bucket_row r JOIN bucket b ON b.id = r.bucket
       WHERE r.tbl = ? AND r.id BETWEEN ? AND ? GROUP BY r.id`,
      [this.table.name, ids[0] ?? '', ids.at(-1) ?? ''],
    )
    return new Map(found.map((row) => [row.id, row]))
  }

  private rowAt(index: number): AnyRow {
    const row: Record<string, unknown> = { id: this.line.ids[index], goneAt: null }
    for (const { name, values, fallback } of this.fields) row[name] = values === null ? fallback : values[index]
    const gone = this.line.columns[this.line.cols.indexOf('goneAt')]
    row['goneAt'] = gone?.[index] ?? null
    return row as AnyRow
  }

  private enter(rows: readonly { readonly id: string; readonly hash: string }[]): void {
    const { db } = this.replica
    const { id: bucket } = this.bucket
    const digest = db.get<{ count: number; sum: string }>('SELECT count, sum FROM bucket WHERE id = ?', [bucket])
    let { count, sum } = digest ?? { count: 0, sum: '' }
    for (const { id, hash } of rows) {
      db.run('INSERT INTO bucket_row (bucket, tbl, id, hash) VALUES (?, ?, ?, ?)', [bucket, this.table.name, id, hash])
      count += 1
      sum = addHash(sum, hash)
    }
    db.run('UPDATE bucket SET count = ?, sum = ? WHERE id = ?', [count, sum, bucket])
  }

  /** Rows that this device knows, or may know by pending work: shadows, deltas and the rebase are the pull's. */
  private pull(indexes: readonly number[], now: number): void {
    const { table, line } = this
    const page = {
      rows: table.name,
      cols: line.cols,
      ids: indexes.map((index) => line.ids[index] as string),
      buckets: indexes.map(() => [0]),
      vals: indexes.map((index) => line.cols.map((_, column) => line.columns[column]?.[index] ?? null)),
    }
    const head = {
      pull: 1,
      incarnation: '',
      w: 0,
      upto: 0,
      more: true,
      resets: [],
      names: [this.bucket.bucket],
      has: 0,
    } as const
    applyPull(this.replica, [{ head, rows: [page], left: [], end: { end: 1, digests: {} } }], now)
  }
}
