// The book of touches as memory holds it: by row, by range of an index, and by command. It knows no database: touches.ts
// fills it from the durable book, and takes back here what a transaction takes back there.
import { inRange, type Range } from '../../kernel/reader.ts'
import type { AnyRow, AnyTable } from '../../kernel/table.ts'

export type TouchMode = 'read' | 'write' | 'delta'

export interface TouchedRow {
  readonly tbl: string
  readonly id: string
}

export interface Touch extends TouchedRow {
  readonly seq: number
  readonly mode: TouchMode
  readonly deltas: Readonly<Record<string, number>> | null
  /** The hub had no such row when this command, the first of the pending ones, changed it: its image is none, without a shadow. */
  readonly isFirst: boolean
}

/** What a hard `find` looked through: fixed values of an index's first columns, bounds on the next one. */
export type TouchedRange = Pick<Range, 'index' | 'eq' | 'from' | 'to'> & { readonly tbl: string; readonly seq: number }

/** How one command touched rows and ranges. */
export interface TouchPage {
  readonly seq: number
  readonly rows: readonly Touch[]
  readonly ranges: readonly TouchedRange[]
}

const keyOf = (values: readonly unknown[]): string => JSON.stringify(values)

/** Whether an image of a row lies in the range. Rows that are gone count too: they weren't always. */
export const isInside = (table: AnyTable, image: AnyRow, range: TouchedRange): boolean =>
  inRange(image, { ...range, columns: table.indexes[range.index] ?? [], desc: false, limit: null, hasGone: true })

const none: readonly never[] = []

export class TouchIndex {
  private readonly pages = new Map<number, TouchPage>()
  /** Table → id → touches, in the order of their commands. */
  private readonly rows = new Map<string, Map<string, Touch[]>>()
  /** Table → ids of rows that several commands touched. */
  private readonly shared = new Map<string, Set<string>>()
  /** Table → ids of rows that the hub doesn't have. */
  private readonly madeHere = new Map<string, Set<string>>()
  /** Table → index → fixed values → ranges. */
  private readonly ranges = new Map<string, Map<string, Map<string, TouchedRange[]>>>()
  /** Table → ids of rows whose hub image lies in a shadow. */
  readonly shadowed = new Map<string, Set<string>>()

  add(page: TouchPage): void {
    this.pages.set(page.seq, page)
    for (const touch of page.rows) {
      const { tbl, id } = touch
      const rows = within(this.rows, tbl, () => new Map<string, Touch[]>())
      const touches = within(rows, id, (): Touch[] => [])
      insertInOrder(touches, touch)
      if (touch.isFirst) within(this.madeHere, tbl, () => new Set<string>()).add(id)
      if (touches.length === 2) within(this.shared, tbl, () => new Set<string>()).add(id)
    }
    for (const range of page.ranges) insertInOrder(this.rangesLike(range), range)
  }

  /** Takes out what one command touched; undefined when it touched nothing. */
  remove(seq: number): TouchPage | undefined {
    const page = this.pages.get(seq)
    if (page === undefined) return undefined
    this.pages.delete(seq)
    for (const touch of page.rows) {
      const rows = this.rows.get(touch.tbl)
      const touches = rows?.get(touch.id)
      if (rows === undefined || touches === undefined) continue
      touches.splice(touches.indexOf(touch), 1)
      if (touch.isFirst && !touches.some(({ isFirst }) => isFirst)) this.madeHere.get(touch.tbl)?.delete(touch.id)
      if (touches.length === 1) this.shared.get(touch.tbl)?.delete(touch.id)
      if (touches.length === 0) rows.delete(touch.id)
    }
    for (const range of page.ranges) {
      const like = this.rangesLike(range)
      like.splice(like.indexOf(range), 1)
      if (like.length === 0) this.forgetRange(range)
    }
    return page
  }

  private rangesLike({ tbl, index, eq }: TouchedRange): TouchedRange[] {
    const indexes = within(this.ranges, tbl, () => new Map<string, Map<string, TouchedRange[]>>())
    return within(
      within(indexes, index, () => new Map<string, TouchedRange[]>()),
      keyOf(eq),
      (): TouchedRange[] => [],
    )
  }

  private forgetRange({ tbl, index, eq }: TouchedRange): void {
    const keys = this.ranges.get(tbl)?.get(index)
    keys?.delete(keyOf(eq))
    if (keys?.size === 0) this.ranges.get(tbl)?.delete(index)
  }

  get isEmpty(): boolean {
    return this.pages.size === 0
  }

  get seqs(): Iterable<number> {
    return this.pages.keys()
  }

  page(seq: number): TouchPage | undefined {
    return this.pages.get(seq)
  }

  of(tbl: string, id: string): readonly Touch[] {
    return this.rows.get(tbl)?.get(id) ?? none
  }

  /** Ids of touched rows of a table. */
  idsOf(tbl: string): { readonly size: number; keys(): Iterable<string> } {
    return this.rows.get(tbl) ?? new Map<string, never>()
  }

  /** Ids of rows of a table that several commands touched. */
  sharedOf(tbl: string): Iterable<string> {
    return this.shared.get(tbl) ?? none
  }

  /** Commands that read an index range in which one of these images of a row is. */
  readersOf(table: AnyTable, images: readonly (AnyRow | null)[]): number[] {
    const readers: number[] = []
    for (const [index, byKey] of this.ranges.get(table.name) ?? none) {
      const columns = table.indexes[index] ?? none
      for (const image of images) {
        if (image === null) continue
        const values = columns.map((column) => image[column] ?? null)
        for (let length = 0; length <= values.length; length++)
          for (const range of byKey.get(keyOf(values.slice(0, length))) ?? none)
            if (isInside(table, image, range)) readers.push(range.seq)
      }
    }
    return readers
  }

  /** Whether the hub had no such row when pending work first changed it. A shift is read by every sale: no look at each touch. */
  isMadeHere(tbl: string, id: string): boolean {
    return this.madeHere.get(tbl)?.has(id) ?? false
  }
}

function within<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = make()))
  return value
}

/** The newest nearly always comes last. */
function insertInOrder<T extends { readonly seq: number }>(list: T[], item: T): void {
  let at = list.length
  while (at > 0 && (list[at - 1] as T).seq > item.seq) at--
  if (at === list.length) list.push(item)
  else list.splice(at, 0, item)
}
