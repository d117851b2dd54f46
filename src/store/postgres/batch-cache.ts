// The hub's reader: answers a batch's reads from what was loaded, writes down what it could not answer, and gives null
// for that; the caller then throws away everything that came after the first miss, loads all misses together and runs
// those commands again. It never queries by itself.
import { applyOp, type Effects } from '../../kernel/effects.ts'
import { overlayRange, type Range, type Reader } from '../../kernel/reader.ts'
import type { AnyRow, AnyTable } from '../../kernel/table.ts'

export interface Wanted {
  readonly rows: ReadonlyMap<AnyTable, ReadonlySet<string>>
  readonly ranges: ReadonlyMap<string, { readonly table: AnyTable; readonly range: Range }>
}

interface LoadedRange {
  readonly table: string
  readonly rows: readonly AnyRow[]
  readonly isExhausted: boolean
}

/** Rows and ranges as committed: what a cache may begin with. */
export interface Seed {
  readonly rows: Map<string, Map<string, AnyRow | null>>
  readonly ranges: Map<string, LoadedRange>
}

type Rows = Map<string, Map<string, AnyRow>>

const keyOf = (table: AnyTable, range: Range): string =>
  `${table.name} ${range.index} ${JSON.stringify([range.eq, range.from, range.to])} ${range.desc ? 'd' : 'a'}${range.hasGone === true ? 'g' : ''}`

const rowsIn = (rows: Rows, table: AnyTable): Map<string, AnyRow> => {
  let of = rows.get(table.name)
  if (of === undefined) rows.set(table.name, (of = new Map()))
  return of
}

const NONE: ReadonlyMap<string, AnyRow> = new Map()

/** A row before and after one command. */
export interface Image {
  readonly table: AnyTable
  readonly before: AnyRow | null
  readonly after: AnyRow
  readonly isInsert: boolean
}

/** A row that the batch changed: `before` as committed, `after` as it stands now, `at` the command that changed it last. */
export interface ChangedRow extends Image {
  readonly at: number
}

export class BatchCache implements Reader {
  private readonly loaded: Seed['rows']
  private readonly ranges: Seed['ranges']
  /** Rows as the batch's final commands left them. */
  private readonly changed: Rows = new Map()
  /** Rows as the commands after the first miss would leave them: a guess, thrown away. */
  private guessed: Rows = new Map()
  private wantedRows = new Map<AnyTable, Set<string>>()
  private wantedRanges = new Map<string, { table: AnyTable; range: Range }>()
  /** The whole part was flushed from this cache. */
  isSettled = false
  /** By table's name, then by id. */
  readonly changes = new Map<string, Map<string, ChangedRow>>()

  /** `seed` must be the committed state, and is this cache's own from now on. */
  constructor(seed: Seed = { rows: new Map(), ranges: new Map() }) {
    this.loaded = seed.rows
    this.ranges = seed.ranges
  }

  get hasMissed(): boolean {
    return this.wantedRows.size > 0 || this.wantedRanges.size > 0
  }

  /** Takes the misses of this round and forgets its guesses. */
  takeMisses(): Wanted {
    const wanted = { rows: this.wantedRows, ranges: this.wantedRanges }
    this.wantedRows = new Map()
    this.wantedRanges = new Map()
    this.guessed = new Map()
    return wanted
  }

  wantRow(table: AnyTable, id: string): void {
    if (this.loaded.get(table.name)?.has(id) === true || this.changed.get(table.name)?.has(id) === true) return
    const ids = this.wantedRows.get(table)
    if (ids === undefined) this.wantedRows.set(table, new Set([id]))
    else ids.add(id)
  }

  wantRange(table: AnyTable, range: Range): void {
    const key = keyOf(table, range)
    const has = this.ranges.get(key)
    if (has !== undefined && (has.isExhausted || (range.limit !== null && has.rows.length >= range.limit))) return
    const wanted = this.wantedRanges.get(key)
    const limit =
      wanted === undefined
        ? range.limit
        : range.limit === null || wanted.range.limit === null
          ? null
          : Math.max(range.limit, wanted.range.limit)
    this.wantedRanges.set(key, { table, range: { ...range, limit } })
  }

  putRow(table: AnyTable, id: string, row: AnyRow | null): void {
    let rows = this.loaded.get(table.name)
    if (rows === undefined) this.loaded.set(table.name, (rows = new Map()))
    rows.set(id, row)
  }

  putRange(table: AnyTable, range: Range, rows: readonly AnyRow[]): void {
    this.ranges.set(keyOf(table, range), {
      table: table.name,
      rows,
      isExhausted: range.limit === null || rows.length < range.limit,
    })
    for (const row of rows) this.putRow(table, row.id, row)
  }

  get(table: AnyTable, id: string): AnyRow | null {
    const current = this.guessed.get(table.name)?.get(id) ?? this.changed.get(table.name)?.get(id)
    if (current !== undefined) return current
    const row = this.loaded.get(table.name)?.get(id)
    if (row === undefined) this.wantRow(table, id)
    return row ?? null
  }

  find(table: AnyTable, range: Range): readonly AnyRow[] {
    const held = this.ranges.get(keyOf(table, range))
    if (held === undefined) {
      this.wantRange(table, range)
      return []
    }
    const changed = this.changedIn(table)
    if (!held.isExhausted) {
      // What was loaded is only the beginning of the range: enough of it must still stand.
      const surviving = held.rows.reduce((count, row) => (changed.has(row.id) ? count : count + 1), 0)
      if (range.limit === null || surviving < range.limit) {
        this.wantRange(table, {
          ...range,
          limit: range.limit === null ? null : range.limit + changed.size + held.rows.length,
        })
        return []
      }
    }
    return overlayRange(held.rows, changed, range)
  }

  private changedIn(table: AnyTable): ReadonlyMap<string, AnyRow> {
    const changed = this.changed.get(table.name) ?? NONE
    const guessed = this.guessed.get(table.name)
    if (guessed === undefined) return changed
    return changed.size === 0 ? guessed : new Map([...changed, ...guessed])
  }

  /** The rows after a command; reads what it must, so it may miss. */
  imagesOf(effects: Effects): Image[] {
    const images: Image[] = []
    for (const op of effects) {
      const { table, id } = op
      // Inserts by natural key may bring a removed row back; other inserts never read, and meet only what is at hand.
      const before = op.insert !== null && table.key === null ? this.atHand(table, id) : this.get(table, id)
      if (before === null && op.insert === null && op.frame === null && this.hasMissed) continue
      images.push({ table, before, after: applyOp(before, op), isInsert: before === null })
    }
    return images
  }

  private atHand(table: AnyTable, id: string): AnyRow | null {
    return (
      this.guessed.get(table.name)?.get(id) ??
      this.changed.get(table.name)?.get(id) ??
      this.loaded.get(table.name)?.get(id) ??
      null
    )
  }

  /** Keeps a final command's rows under its place in the commit order. */
  accept(images: readonly Image[], at: number): void {
    for (const image of images) {
      const { table, after } = image
      rowsIn(this.changed, table).set(after.id, after)
      let changes = this.changes.get(table.name)
      if (changes === undefined) this.changes.set(table.name, (changes = new Map()))
      const { before, isInsert } = changes.get(after.id) ?? image
      changes.set(after.id, { table, before, after, isInsert, at })
    }
  }

  /** Shows the rows of a command after a miss to the ones behind it, so that they miss the likely rows now. */
  guess(images: readonly Image[]): void {
    for (const { table, after } of images) rowsIn(this.guessed, table).set(after.id, after)
  }

  /** The state after the batch's commit. New rows that nobody asked for are left out: a sale is read again by few. */
  settle(): Seed {
    for (const [name, changes] of this.changes) {
      let rows = this.loaded.get(name)
      if (rows === undefined) this.loaded.set(name, (rows = new Map()))
      for (const { table, after, isInsert } of changes.values()) {
        if (!isInsert || table.key !== null || rows.has(after.id)) rows.set(after.id, after)
      }
    }
    for (const [key, { table }] of this.ranges) if (this.changes.has(table)) this.ranges.delete(key)
    return { rows: this.loaded, ranges: this.ranges }
  }
}
