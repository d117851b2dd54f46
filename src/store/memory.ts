// The context's store in memory: the plainest possible one. The other stores must answer as this one does; the
// simulated world and the rules' tests run on it. It keeps nothing after the process ends and says so nowhere: never
// let a person's work depend on it.
import type { Elsewhere } from '../kernel/command.ts'
import { applyOp, type Effects } from '../kernel/effects.ts'
import { compareInRange, inRange, type Range, type Reader } from '../kernel/reader.ts'
import type { AnyRow, AnyTable } from '../kernel/table.ts'

export class MemoryStore implements Reader {
  private readonly tables = new Map<string, Map<string, AnyRow>>()
  private readonly absent: (table: AnyTable, key: Readonly<Record<string, unknown>> | null) => null | Elsewhere

  /** `absent` says whether a missing row is known not to exist; by default it is. */
  constructor(
    absent: (table: AnyTable, key: Readonly<Record<string, unknown>> | null) => null | Elsewhere = () => null,
  ) {
    this.absent = absent
  }

  rowsOf(table: AnyTable): Map<string, AnyRow> {
    let rows = this.tables.get(table.name)
    if (rows === undefined) this.tables.set(table.name, (rows = new Map()))
    return rows
  }

  get(table: AnyTable, id: string, key: Readonly<Record<string, unknown>> | null): AnyRow | null | Elsewhere {
    return this.rowsOf(table).get(id) ?? this.absent(table, key)
  }

  find(table: AnyTable, range: Range): readonly AnyRow[] {
    const rows = [...this.rowsOf(table).values()].filter((row) => inRange(row, range))
    rows.sort((a, b) => compareInRange(a, b, range))
    return range.limit === null ? rows : rows.slice(0, range.limit)
  }

  /** All of a command's effects or, when one can't be applied, none. */
  apply(effects: Effects): void {
    const after: [AnyTable, AnyRow][] = []
    for (const op of effects) after.push([op.table, applyOp(this.rowsOf(op.table).get(op.id) ?? null, op)])
    for (const [table, row] of after) this.rowsOf(table).set(row.id, row)
  }

  put(table: AnyTable, row: AnyRow): void {
    this.rowsOf(table).set(row.id, row)
  }

  delete(table: AnyTable, id: string): void {
    this.rowsOf(table).delete(id)
  }
}
