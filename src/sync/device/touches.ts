// What pending commands touch: the hub's image of each row they change (`shadow`), how each command touched each row
// (`touch`: read, write, delta) and which index ranges it read (`touch_range`). Reads always hit the live tables; this
// is the book by which they are put right again. It never decides what to run again: rebase.ts does.
import { canonical } from '../../kernel/canonical.ts'
import { isDelta, type Effects } from '../../kernel/effects.ts'
import { rangeKey } from '../../kernel/reader.ts'
import type { Run } from '../../kernel/run.ts'
import type { AnyRow, AnyTable } from '../../kernel/table.ts'
import type { Sqlite } from '../../store/sqlite/engine.ts'
import type { SqliteStore } from '../../store/sqlite/sqlite-store.ts'

export type TouchMode = 'read' | 'write' | 'delta'

export interface TouchedRow {
  readonly tbl: string
  readonly id: string
}

export class Touches {
  private readonly db: Sqlite
  private readonly store: SqliteStore

  constructor(store: SqliteStore) {
    this.db = store.db
    this.store = store
  }

  /** Applies a pending command's effects and notes what it touched. Inside the caller's transaction. [REB1] */
  apply(seq: number, run: Run): void {
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

  of(
    table: AnyTable,
    id: string,
  ): { readonly seq: number; readonly mode: TouchMode; readonly deltas: string | null }[] {
    return this.db.all('SELECT seq, mode, deltas FROM touch WHERE tbl = ? AND id = ?', [table.name, id])
  }

  /** Whether a pending command read an index range that this row is (or was) in. [REB2] */
  isInRange(table: AnyTable, rows: readonly (AnyRow | null)[]): boolean {
    for (const [index, columns] of Object.entries(table.indexes)) {
      const some = this.db.get('SELECT 1 FROM touch_range WHERE tbl = ? AND idx = ? LIMIT 1', [table.name, index])
      if (some === undefined) continue
      for (const row of rows) {
        if (row === null) continue
        const values = columns.map((column) => row[column] ?? null)
        for (let length = 0; length <= values.length; length++) {
          const key = JSON.stringify(values.slice(0, length))
          if (
            this.db.get('SELECT 1 FROM touch_range WHERE tbl = ? AND idx = ? AND key = ? LIMIT 1', [
              table.name,
              index,
              key,
            ]) !== undefined
          )
            return true
        }
      }
    }
    return false
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
