// What pending commands touch: how each command touched each row (read, write, delta) and which index ranges it read, a
// page of the book for each command, and the hub's image of each row they change (`shadow`), unless the hub has none.
// Reads always hit the live tables; this is the book by which they are put right again. Pages and shadows are durable and
// come with the command's own commit; the index over them is memory, made anew when the database is opened, and goes back
// with a transaction that goes back. It never decides what to run again: component.ts does.
import { isDelta, type Op } from '../../kernel/effects.ts'
import type { Run } from '../../kernel/run.ts'
import { columnOf, type AnyRow, type AnyTable } from '../../kernel/table.ts'
import type { Sqlite, SqliteValue } from '../../store/sqlite/engine.ts'
import type { SqliteStore } from '../../store/sqlite/sqlite-store.ts'
import { pageFrom, pageText } from './touch-page.ts'
import { isInside, TouchIndex, type Touch, type TouchedRange, type TouchedRow, type TouchPage } from './touch-index.ts'

export interface Shadow {
  /** Null: the hub has no such row. */
  readonly image: AnyRow | null
}

/** A row that settled commands touched. */
export interface LeftRow extends TouchedRow {
  /** The hub had none when they began, and nothing pending touches it any more. */
  readonly isMadeHere: boolean
}

export class Touches {
  private readonly db: Sqlite
  private readonly store: SqliteStore
  private held: TouchIndex | null = null

  constructor(store: SqliteStore) {
    this.db = store.db
    this.store = store
  }

  /** The book as it stands: read once, and carried on by whoever writes in it here. Nobody else may. */
  private get index(): TouchIndex {
    if (this.held !== null) return this.held
    const index = new TouchIndex()
    const pages = this.db.all<{ seq: number; page: string }>('SELECT seq, page FROM touched ORDER BY seq')
    for (const { seq, page } of pages) index.add(pageFrom(seq, page))
    for (const { tbl, id } of this.db.all<TouchedRow>('SELECT tbl, id FROM shadow')) shadowedIn(index, tbl).add(id)
    this.db.ifUndone(() => (this.held = null))
    return (this.held = index)
  }

  /** Applies a pending command's effects and notes what it touched. Inside the caller's transaction. [REB1] */
  apply(seq: number, run: Pick<Run, 'effects' | 'reads' | 'ranges'>): void {
    const rows: Touch[] = []
    const read = new Set<string>()
    for (const { table, id } of run.reads) {
      read.add(`${table.name} ${id}`)
      if (run.effects.get(table, id) !== undefined) continue
      rows.push({ seq, tbl: table.name, id, mode: 'read', deltas: null, isFirst: false })
    }
    for (const op of run.effects) {
      const { table, id } = op
      const commutes = isDelta(op) && !read.has(`${table.name} ${id}`)
      const mode = commutes ? 'delta' : 'write'
      rows.push({ seq, tbl: table.name, id, mode, deltas: commutes ? (op.add ?? {}) : null, isFirst: this.isFirst(op) })
    }
    this.store.apply(run.effects)
    const ranges = run.ranges.map(({ table, range: { index, eq, from, to } }) => {
      return { seq, tbl: table.name, index, eq, from, to }
    })
    this.write({ seq, rows, ranges })
  }

  /** Keeps the hub's image of a row before its first change; true when the hub has none. */
  private isFirst({ table, id, insert }: Op): boolean {
    const { index } = this
    if (shadowedIn(index, table.name).has(id) || index.isMadeHere(table.name, id)) return false
    // An insert by natural key may bring back a removed row, which is then what the hub has.
    const image = insert === null || table.key !== null ? this.store.read(table, id) : null
    if (image === null) return true
    this.setShadow(table, id, image)
    return false
  }

  private write(page: TouchPage): void {
    if (page.rows.length + page.ranges.length === 0) return
    const { index } = this
    this.db.run('INSERT INTO touched (seq, page) VALUES (?, ?)', [page.seq, pageText(page)])
    index.add(page)
    this.db.ifUndone(() => index.remove(page.seq))
  }

  private tearOut(index: TouchIndex, seq: number): TouchPage | undefined {
    const page = index.remove(seq)
    if (page !== undefined) this.db.ifUndone(() => index.add(page))
    return page
  }

  /** Forgets how these commands touched anything, because they run again or never happened. Shadows stay. */
  forget(seqs: Iterable<number>): void {
    const { index } = this
    const first: Touch[] = []
    for (const seq of seqs) {
      this.db.run('DELETE FROM touched WHERE seq = ?', [seq])
      for (const touch of this.tearOut(index, seq)?.rows ?? []) if (touch.isFirst) first.push(touch)
    }
    // Whoever changes such a row after them still has to find that the hub has none.
    for (const { tbl, id } of first)
      if (index.of(tbl, id).some(({ mode }) => mode !== 'read')) this.writeShadow(tbl, id, null)
  }

  setShadow(table: AnyTable, id: string, image: AnyRow | null): void {
    this.writeShadow(table.name, id, image)
  }

  private writeShadow(tbl: string, id: string, image: AnyRow | null): void {
    const shadowed = shadowedIn(this.index, tbl)
    this.db.run(
      'INSERT INTO shadow (tbl, id, image) VALUES (?, ?, ?) ON CONFLICT (tbl, id) DO UPDATE SET image = excluded.image',
      [tbl, id, image === null ? null : JSON.stringify(image)],
    )
    if (shadowed.has(id)) return
    shadowed.add(id)
    this.db.ifUndone(() => shadowed.delete(id))
  }

  dropShadow(table: AnyTable, id: string): void {
    const shadowed = shadowedIn(this.index, table.name)
    if (!shadowed.delete(id)) return
    this.db.ifUndone(() => shadowed.add(id))
    this.db.run('DELETE FROM shadow WHERE tbl = ? AND id = ?', [table.name, id])
  }

  /** The hub's image of a row that pending work changed; null for any other row. */
  shadow(table: AnyTable, id: string): Shadow | null {
    if (!shadowedIn(this.index, table.name).has(id))
      return this.index.isMadeHere(table.name, id) ? { image: null } : null
    const held = this.db.get<{ image: string | null }>('SELECT image FROM shadow WHERE tbl = ? AND id = ?', [
      table.name,
      id,
    ])
    return { image: imageFrom(held?.image) }
  }

  /** Every row that pending work changed, with the hub's image of it. */
  shadows(): (TouchedRow & Shadow)[] {
    const { index } = this
    const stored = this.db.all<TouchedRow & { image: string | null }>('SELECT tbl, id, image FROM shadow')
    const found = stored.map(({ tbl, id, image }) => ({ tbl, id, image: imageFrom(image) }))
    for (const seq of index.seqs)
      for (const { tbl, id, isFirst } of index.page(seq)?.rows ?? [])
        if (isFirst && !shadowedIn(index, tbl).has(id)) found.push({ tbl, id, image: null })
    return found
  }

  /** The hub's images of rows of a table that pending work changed; rows that it made have none. */
  shadowsOf(table: AnyTable): AnyRow[] {
    return this.db
      .all<{ image: string }>('SELECT image FROM shadow WHERE tbl = ? AND image IS NOT NULL', [table.name])
      .map(({ image }) => JSON.parse(image) as AnyRow)
  }

  /** How pending commands touch one row, in their order. */
  of(table: AnyTable | string, id: string): readonly Touch[] {
    return this.index.of(typeof table === 'string' ? table : table.name, id)
  }

  /** How one command touched rows. */
  by(seq: number): readonly Touch[] {
    return this.index.page(seq)?.rows ?? []
  }

  /** Rows that a command wrote. */
  writtenBy(seq: number): Touch[] {
    return this.by(seq).filter(({ mode }) => mode !== 'read')
  }

  /** The ranges that one command read. */
  rangesBy(seq: number): readonly TouchedRange[] {
    return this.index.page(seq)?.ranges ?? []
  }

  /** Whether a later command changes the row: what stands in the live table is then not what `seq` saw. */
  isChangedAfter(tbl: string, id: string, seq: number): boolean {
    const last = this.index.of(tbl, id).findLast(({ mode }) => mode !== 'read')
    return last !== undefined && last.seq > seq
  }

  /** Pending commands that read an index range in which one of these images of a row is. [REB2] */
  rangeReaders(table: AnyTable, images: readonly (AnyRow | null)[]): number[] {
    return this.index.readersOf(table, images)
  }

  /** Rows, gone ones too, that the range would show today and that work after it changes. */
  changedInRange(table: AnyTable, range: TouchedRange): string[] {
    const touched = this.index.idsOf(table.name)
    const isChanged = (id: string): boolean => this.isChangedAfter(table.name, id, range.seq)
    const inside = this.idsInside(table, range, touched.size + 1)
    if (inside.length <= touched.size) return inside.filter(isChanged)
    // The range holds more rows than pending work touches: those are looked at one by one instead.
    return [...touched.keys()].filter((id) => {
      const row = isChanged(id) ? this.store.read(table, id) : null
      return row !== null && isInside(table, row, range)
    })
  }

  private idsInside(table: AnyTable, { index, eq, from, to }: TouchedRange, limit: number): string[] {
    const columns = (table.indexes[index] ?? []).map((column) => `"${columnOf(column)}"`)
    const where = eq.map((_, at) => `${columns[at]} IS ?`)
    const params = eq.map((value) => (typeof value === 'boolean' ? Number(value) : (value as SqliteValue)))
    for (const [bound, sign] of [
      [from, '>='],
      [to, '<='],
    ] as const) {
      if (bound === null) continue
      where.push(`${columns[eq.length]} ${sign} ?`)
      params.push(bound)
    }
    const text = `SELECT id FROM ${table.sqlName}${where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`} LIMIT ?`
    return this.db.all<{ id: string }>(text, [...params, limit]).map(({ id }) => id)
  }

  /** Rows of a table that more than one pending command wrote, with the last of them. */
  rewritten(tbl: string): { readonly id: string; readonly last: number }[] {
    const found: { id: string; last: number }[] = []
    for (const id of this.index.sharedOf(tbl)) {
      const writers = this.index.of(tbl, id).filter(({ mode }) => mode === 'write')
      if (writers.length > 1) found.push({ id, last: writers.at(-1)?.seq ?? 0 })
    }
    return found
  }

  /** Commands between two others that read any range of a table. */
  rangeReadersBetween(tbl: string, first: number, last: number): number[] {
    const readers: number[] = []
    for (let seq = first + 1; seq < last; seq++)
      if (this.rangesBy(seq).some((range) => range.tbl === tbl)) readers.push(seq)
    return readers
  }

  /** Forgets settled commands; returns the rows they wrote, and those they read that only waited for it to leave this device. */
  drop(first: number, last: number): LeftRow[] {
    const { index } = this
    const left = new Map<string, TouchedRow>()
    const made = new Map<string, TouchedRow>()
    for (let seq = first; seq <= last; seq++) {
      for (const touch of index.page(seq)?.rows ?? []) {
        const { tbl, id, mode } = touch
        const isShadowed = shadowedIn(index, tbl).has(id)
        const isMade = !isShadowed && index.isMadeHere(tbl, id)
        if (mode !== 'read' || isShadowed || isMade) left.set(`${tbl} ${id}`, touch)
        if (isMade) made.set(`${tbl} ${id}`, touch)
      }
    }
    this.db.run('DELETE FROM touched WHERE seq BETWEEN ? AND ?', [first, last])
    for (let seq = first; seq <= last; seq++) this.tearOut(index, seq)
    for (const [key, { tbl, id }] of made) {
      if (index.of(tbl, id).length === 0) continue
      made.delete(key)
      if (!index.isMadeHere(tbl, id)) this.writeShadow(tbl, id, null)
    }
    return [...left].map(([key, { tbl, id }]) => ({ tbl, id, isMadeHere: made.has(key) }))
  }

  isTouched(table: string, id: string): boolean {
    return this.index.of(table, id).length > 0
  }

  /** No command is pending that touched anything. */
  isEmpty(): boolean {
    return this.index.isEmpty
  }

  clear(): void {
    const before = this.held
    this.db.run('DELETE FROM touched')
    this.db.run('DELETE FROM shadow')
    this.held = new TouchIndex()
    this.db.ifUndone(() => (this.held = before))
  }
}

function shadowedIn(index: TouchIndex, tbl: string): Set<string> {
  let ids = index.shadowed.get(tbl)
  if (ids === undefined) index.shadowed.set(tbl, (ids = new Set()))
  return ids
}

const imageFrom = (text: string | null | undefined): AnyRow | null =>
  text === null || text === undefined ? null : (JSON.parse(text) as AnyRow)
