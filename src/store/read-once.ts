// A reader that asks its store for each row and each range once. It lives for one run of one command: what is committed can't change
// meanwhile, and a handler's rules each read again what they need. It must never be kept longer.
import type { Elsewhere } from '../kernel/command.ts'
import { ELSEWHERE } from '../kernel/command.ts'
import type { Range, Reader } from '../kernel/reader.ts'
import type { AnyRow, AnyTable } from '../kernel/table.ts'

export class ReadOnce implements Reader {
  private readonly store: Reader
  private readonly rows = new Map<AnyTable, Map<string, AnyRow>>()
  private readonly ranges = new Map<AnyTable, Map<string, readonly AnyRow[]>>()

  constructor(store: Reader) {
    this.store = store
  }

  get(table: AnyTable, id: string, key: Readonly<Record<string, unknown>> | null): AnyRow | null | Elsewhere {
    const held = this.rows.get(table)?.get(id)
    if (held !== undefined) return held
    const row = this.store.get(table, id, key)
    // What isn't here is answered by the key that it was asked with.
    if (row !== null && row !== ELSEWHERE) within(this.rows, table).set(id, row)
    return row
  }

  find(table: AnyTable, range: Range): readonly AnyRow[] {
    const asked = within(this.ranges, table)
    const name = JSON.stringify(range)
    let found = asked.get(name)
    if (found === undefined) asked.set(name, (found = this.store.find(table, range)))
    return found
  }
}

function within<V>(tables: Map<AnyTable, Map<string, V>>, table: AnyTable): Map<string, V> {
  let of = tables.get(table)
  if (of === undefined) tables.set(table, (of = new Map()))
  return of
}
