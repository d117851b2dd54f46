// Which pending commands have to run again: the component that is reached from the seeds over commands, rows and ranges,
// in both directions of time. A row of it goes back to the hub's image, so all that changed it runs again in order; a
// command of it must see what it saw then, so whatever later work changed under its eyes is taken back too. A row that
// commands merely read, and nobody changes, connects nothing. It reads the book of touches and never writes.
import type { AnyRow, AnyTable } from '../../kernel/table.ts'
import type { Replica } from './replica.ts'
import { isInside, type TouchedRange, type TouchedRow } from './touch-index.ts'

/** Where the hub's truth differs from what pending work stood on. */
export class Seeds {
  readonly rows = new Map<string, TouchedRow>()
  /** Rows that a settled command wrote in a way nobody foresaw: its own touch of them is gone already. */
  readonly unforeseen = new Set<string>()
  readonly commands = new Set<number>()
  /** Something changed that no touch tells of, such as which buckets are whole: everything runs again. */
  isAll = false

  get isEmpty(): boolean {
    return !this.isAll && this.rows.size === 0 && this.commands.size === 0
  }

  addRow(row: TouchedRow): void {
    this.rows.set(keyOf(row), row)
  }

  addUnforeseen(row: TouchedRow): void {
    this.addRow(row)
    this.unforeseen.add(keyOf(row))
  }

  addCommands(seqs: Iterable<number>): void {
    for (const seq of seqs) this.commands.add(seq)
  }
}

const keyOf = ({ tbl, id }: TouchedRow): string => `${tbl} ${id}`

export class Component {
  readonly rows = new Map<string, TouchedRow>()
  readonly commands = new Set<number>()
  private readonly replica: Replica
  private readonly seeds: Seeds
  private readonly commandsMax: number
  private waitingRows: TouchedRow[] = []
  private waitingCommands: number[] = []
  /** After a trial run only what others touch too matters: a row that is all the component's own is right already. */
  private isTried = false
  private shadowsOf = new Map<string, readonly AnyRow[]>()
  private rewrittenOf = new Map<string, readonly { readonly id: string; readonly last: number }[]>()

  constructor(replica: Replica, seeds: Seeds, commandsMax: number) {
    this.replica = replica
    this.seeds = seeds
    this.commandsMax = commandsMax
    for (const row of seeds.rows.values()) this.addRow(row)
    for (const seq of seeds.commands) this.addCommand(seq)
  }

  /** Follows the touches as they are now until nothing is added. False when it became too large to be worth it. */
  grow(): boolean {
    this.isTried = false
    return this.follow()
  }

  /**
   * After the component ran again, its commands may have touched others than before. True when all of that stayed
   * inside; otherwise what it reached is in the component now, and the run has to be undone and tried again.
   */
  isClosed(): boolean {
    this.isTried = true
    const size = this.rows.size + this.commands.size
    return this.follow() && this.rows.size + this.commands.size === size
  }

  private follow(): boolean {
    this.shadowsOf = new Map()
    this.rewrittenOf = new Map()
    this.waitingRows = [...this.rows.values()]
    this.waitingCommands = [...this.commands]
    while (this.commands.size <= this.commandsMax) {
      const row = this.waitingRows.pop()
      if (row !== undefined) {
        this.followRow(row)
        continue
      }
      const seq = this.waitingCommands.pop()
      if (seq === undefined) return true
      this.followCommand(seq)
    }
    return false
  }

  private addRow(row: TouchedRow): void {
    const key = keyOf(row)
    if (this.rows.has(key) || (this.isTried && !this.isForeign(row))) return
    this.rows.set(key, row)
    this.waitingRows.push(row)
  }

  private addCommand(seq: number): void {
    if (this.commands.has(seq)) return
    this.commands.add(seq)
    this.waitingCommands.push(seq)
  }

  private isForeign({ tbl, id }: TouchedRow): boolean {
    return this.replica.touches.of(tbl, id).some(({ seq }) => !this.commands.has(seq))
  }

  /** Everybody who read or wrote the row runs again. Sums that others add are put back without running them. */
  private followRow(row: TouchedRow): void {
    const { catalogue, touches } = this.replica
    const table = catalogue.tables.get(row.tbl)
    if (table === undefined) return
    const touching = touches.of(table, row.id)
    const isNew = (touches.shadow(table, row.id)?.image ?? null) === null
    // A row that the hub doesn't have is made by whoever adds to it first: those run again too.
    for (const { seq, mode } of touching) if (mode !== 'delta' || isNew) this.addCommand(seq)
    this.followRanges(table, row.id)
    // Between two writers the row had images that nothing remembers: whoever looked for some then, looks again.
    const writers = touching.filter(({ mode }) => mode === 'write').map(({ seq }) => seq)
    const last = writers.at(-1)
    const first = this.seeds.unforeseen.has(keyOf(row)) ? 0 : writers[0]
    if (last === undefined || first === undefined || first === last) return
    for (const seq of touches.rangeReadersBetween(table.name, first, last)) this.addCommand(seq)
  }

  private followRanges(table: AnyTable, id: string): void {
    const { store, touches } = this.replica
    const images = [store.read(table, id), touches.shadow(table, id)?.image ?? null]
    for (const seq of touches.rangeReaders(table, images)) this.addCommand(seq)
  }

  /** What the command wrote is written anew; what it read has to be as it was when the command ran. */
  private followCommand(seq: number): void {
    const { touches } = this.replica
    for (const touch of touches.by(seq)) {
      if (touch.mode !== 'read') this.followWritten(touch)
      else if (touches.isChangedAfter(touch.tbl, touch.id, seq)) this.addRow(touch)
    }
    for (const range of touches.rangesBy(seq)) this.followRange(range)
  }

  private followWritten(row: TouchedRow): void {
    this.addRow(row)
    const table = this.isTried ? this.replica.catalogue.tables.get(row.tbl) : undefined
    if (table !== undefined && !this.rows.has(keyOf(row))) this.followRanges(table, row.id)
  }

  /** Rows that are or were in the range and were changed by later work. */
  private followRange(range: TouchedRange): void {
    const { tbl, index, seq } = range
    const { catalogue, touches } = this.replica
    const table = catalogue.tables.get(tbl)
    if (table?.indexes[index] === undefined) return
    for (const id of touches.changedInRange(table, range)) this.addRow({ tbl, id })
    for (const image of this.shadows(table))
      if (isInside(table, image, range) && touches.isChangedAfter(tbl, image.id, seq))
        this.addRow({ tbl, id: image.id })
    for (const { id, last } of this.rewritten(tbl)) if (last > seq) this.addRow({ tbl, id })
  }

  private shadows(table: AnyTable): readonly AnyRow[] {
    let held = this.shadowsOf.get(table.name)
    if (held === undefined) this.shadowsOf.set(table.name, (held = this.replica.touches.shadowsOf(table)))
    return held
  }

  /** Rows of a table that more than one pending command wrote, with the last of them. */
  private rewritten(tbl: string): readonly { readonly id: string; readonly last: number }[] {
    let held = this.rewrittenOf.get(tbl)
    if (held === undefined) {
      held = this.replica.touches.rewritten(tbl)
      this.rewrittenOf.set(tbl, held)
    }
    return held
  }
}
