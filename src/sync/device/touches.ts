// What pending commands touch: the hub's image of each row they change (`shadow`), how each command touched each row
// (`touch`: read, write, delta) and which index ranges it read (`touch_range`). Reads always hit the live tables; this
// is the book by which they are put right again. It never decides what to run again: component.ts does.
import { canonical } from '../../kernel/canonical.ts'
import { isDelta, type Effects } from '../../kernel/effects.ts'
import { rangeKey } from '../../kernel/reader.ts'
import type { Run } from '../../kernel/run.ts'
import { columnOf, type AnyRow, type AnyTable } from '../../kernel/table.ts'
import type { Sqlite, SqliteValue } from '../../store/sqlite/engine.ts'
import type { SqliteStore } from '../../store/sqlite/sqlite-store.ts'

export type TouchMode = 'read' | 'write' | 'delta'

export interface TouchedRow {
  readonly tbl: string
  readonly id: string
}

export interface TouchedRange {
  readonly tbl: string
  readonly idx: string
  /** The fixed values of the range's first columns, as JSON. */
  readonly key: string
}

export interface Touch {
  readonly seq: number
  readonly mode: TouchMode
  readonly deltas: string | null
}

export class Touches {
  private readonly db: Sqlite
  private readonly store: SqliteStore

  constructor(store: SqliteStore) {
    this.db = store.db
    this.store = store
  }

  /** Applies a pending command's effects and notes what it touched. Inside the caller's transaction. [REB1] */
  apply(seq: number, run: Pick<Run, 'effects' | 'reads' | 'ranges'>): void {
    this.keepShadows(run.effects)
    this.store.apply(run.effects)
    const read = new Set<string>()
    for (const { table, id } of run.reads) {
      read.add(`${table.name} ${id}`)
      const op = run.effects.get(table, id)
      if (op === undefined) this.note(table.name, id, seq, 'read', null)
    }
    for (const op of run.effects) {
      const commutes = isDelta(op) && !read.has(`${op.table.name} ${op.id}`)
      this.note(op.table.name, op.id, seq, commutes ? 'delta' : 'write', commutes ? canonical(op.add ?? {}) : null)
    }
    for (const { table, range } of run.ranges) {
      this.db.run('INSERT OR IGNORE INTO touch_range (tbl, idx, key, seq) VALUES (?, ?, ?, ?)', [
        table.name,
        range.index,
        rangeKey(range),
        seq,
      ])
    }
  }

  /** Forgets how these commands touched anything, because they run again or never happened. Shadows stay. */
  forget(seqs: Iterable<number>): void {
    for (const seq of seqs) {
      this.db.run('DELETE FROM touch WHERE seq = ?', [seq])
      this.db.run('DELETE FROM touch_range WHERE seq = ?', [seq])
    }
  }

  private note(table: string, id: string, seq: number, mode: TouchMode, deltas: string | null): void {
    this.db.run('INSERT INTO touch (tbl, id, seq, mode, deltas) VALUES (?, ?, ?, ?, ?)', [table, id, seq, mode, deltas])
  }

  private keepShadows(effects: Effects): void {
    for (const { table, id, insert } of effects) {
      if (this.db.get('SELECT 1 FROM shadow WHERE tbl = ? AND id = ?', [table.name, id]) !== undefined) continue
      // An insert by natural key may bring back a removed row, which is then what the hub has.
      const image = insert === null || table.key !== null ? this.store.read(table, id) : null
      this.setShadow(table, id, image)
    }
  }

  setShadow(table: AnyTable, id: string, image: AnyRow | null): void {
    this.db.run(
      'INSERT INTO shadow (tbl, id, image) VALUES (?, ?, ?) ON CONFLICT (tbl, id) DO UPDATE SET image = excluded.image',
      [table.name, id, image === null ? null : JSON.stringify(image)],
    )
  }

  dropShadow(table: AnyTable, id: string): void {
    this.db.run('DELETE FROM shadow WHERE tbl = ? AND id = ?', [table.name, id])
  }

  shadow(table: AnyTable, id: string): { readonly image: AnyRow | null } | null {
    const held = this.db.get<{ image: string | null }>('SELECT image FROM shadow WHERE tbl = ? AND id = ?', [
      table.name,
      id,
    ])
    if (held === undefined) return null
    return { image: held.image === null ? null : (JSON.parse(held.image) as AnyRow) }
  }

  /** How pending commands touch one row, in their order. */
  of(table: AnyTable | string, id: string): Touch[] {
    return this.db.all('SELECT seq, mode, deltas FROM touch WHERE tbl = ? AND id = ? ORDER BY seq', [
      typeof table === 'string' ? table : table.name,
      id,
    ])
  }

  /** How one command touched rows. */
  by(seq: number): (TouchedRow & { readonly mode: TouchMode })[] {
    return this.db.all('SELECT tbl, id, mode FROM touch WHERE seq = ?', [seq])
  }

  /** The ranges that one command read. */
  rangesBy(seq: number): TouchedRange[] {
    return this.db.all('SELECT tbl, idx, key FROM touch_range WHERE seq = ?', [seq])
  }

  /** Whether a later command changes the row: what stands in the live table is then not what `seq` saw. */
  isChangedAfter(tbl: string, id: string, seq: number): boolean {
    return (
      this.db.get("SELECT 1 FROM touch WHERE tbl = ? AND id = ? AND seq > ? AND mode <> 'read' LIMIT 1", [
        tbl,
        id,
        seq,
      ]) !== undefined
    )
  }

  /** Pending commands that read an index range in which one of these images of a row is. [REB2] */
  rangeReaders(table: AnyTable, images: readonly (AnyRow | null)[]): number[] {
    const readers: number[] = []
    for (const [index, columns] of Object.entries(table.indexes)) {
      const some = this.db.get('SELECT 1 FROM touch_range WHERE tbl = ? AND idx = ? LIMIT 1', [table.name, index])
      if (some === undefined) continue
      const keys = new Set<string>()
      for (const image of images) {
        if (image === null) continue
        const values = columns.map((column) => image[column] ?? null)
        for (let length = 0; length <= values.length; length++) keys.add(JSON.stringify(values.slice(0, length)))
      }
      for (const key of keys) {
        const found = this.db.all<{ seq: number }>(
          'SELECT seq FROM touch_range WHERE tbl = ? AND idx = ? AND key = ?',
          [table.name, index, key],
        )
        for (const { seq } of found) readers.push(seq)
      }
    }
    return readers
  }

  /** Rows, gone ones too, whose first columns of an index have these values and which work after `seq` changes. */
  changedInRange(table: AnyTable, columns: readonly string[], eq: readonly unknown[], seq: number): string[] {
    const isChanged = "touch.tbl = ? AND touch.seq > ? AND touch.mode <> 'read'"
    const text =
      eq.length === 0
        ? `SELECT DISTINCT touch.id FROM touch WHERE ${isChanged}`
        : `SELECT t.id FROM ${table.sqlName} t WHERE EXISTS (SELECT 1 FROM touch WHERE ${isChanged} AND touch.id = t.id) AND ${columns.map((column) => `t."${columnOf(column)}" IS ?`).join(' AND ')}`
    const values = eq.map((value) => (typeof value === 'boolean' ? Number(value) : (value as SqliteValue)))
    return this.db.all<{ id: string }>(text, [table.name, seq, ...values]).map(({ id }) => id)
  }

  /** Rows of a table that more than one pending command wrote, with the last of them. */
  rewritten(tbl: string): { readonly id: string; readonly last: number }[] {
    return this.db.all(
      "SELECT id, MAX(seq) AS last FROM touch WHERE tbl = ? AND mode = 'write' GROUP BY id HAVING COUNT(*) > 1",
      [tbl],
    )
  }

  /** The hub's images of rows of a table that pending work changed; rows that it made have none. */
  shadowsOf(table: AnyTable): AnyRow[] {
    return this.db
      .all<{ image: string }>('SELECT image FROM shadow WHERE tbl = ? AND image IS NOT NULL', [table.name])
      .map(({ image }) => JSON.parse(image) as AnyRow)
  }

  /** Commands between two others that read any range of a table. */
  rangeReadersBetween(tbl: string, first: number, last: number): number[] {
    return this.db
      .all<{ seq: number }>('SELECT DISTINCT seq FROM touch_range WHERE tbl = ? AND seq > ? AND seq < ?', [
        tbl,
        first,
        last,
      ])
      .map(({ seq }) => seq)
  }

  /** Rows that a command wrote. */
  writtenBy(seq: number): TouchedRow[] {
    return this.db.all<TouchedRow>("SELECT tbl, id FROM touch WHERE seq = ? AND mode <> 'read'", [seq])
  }

  /** Forgets settled commands; returns the rows they wrote, and those they read that only waited for it to leave this device. */
  drop(first: number, last: number): TouchedRow[] {
    const written = this.db.all<TouchedRow>(
      "SELECT DISTINCT tbl, id FROM touch WHERE seq BETWEEN ? AND ? AND (mode <> 'read' OR EXISTS (SELECT 1 FROM shadow WHERE shadow.tbl = touch.tbl AND shadow.id = touch.id))",
      [first, last],
    )
    this.db.run('DELETE FROM touch WHERE seq BETWEEN ? AND ?', [first, last])
    this.db.run('DELETE FROM touch_range WHERE seq BETWEEN ? AND ?', [first, last])
    return written
  }

  isTouched(table: string, id: string): boolean {
    return this.db.get('SELECT 1 FROM touch WHERE tbl = ? AND id = ? LIMIT 1', [table, id]) !== undefined
  }

  /** No command is pending that touched anything. */
  isEmpty(): boolean {
    return ['touch', 'touch_range'].every((table) => this.db.get(`SELECT 1 FROM ${table} LIMIT 1`) === undefined)
  }

  clear(): void {
    this.db.run('DELETE FROM touch')
    this.db.run('DELETE FROM touch_range')
    this.db.run('DELETE FROM shadow')
  }
}
