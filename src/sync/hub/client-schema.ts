// Which tables and columns a client of an older release knows, so that a pull is mapped to them: what it doesn't know it never hears of,
// and what it learns with an upgrade it is told once. It looks at declarations only, never at rows.
import type { Catalogue } from '../../kernel/catalogue.ts'
import { fieldsIn, FIRST_SCHEMA, type AnyTable } from '../../kernel/table.ts'

export class ClientSchema {
  private readonly catalogue: Catalogue
  /** What both sides know. */
  readonly sv: number

  constructor(catalogue: Catalogue, sv: number) {
    this.catalogue = catalogue
    this.sv = Math.max(FIRST_SCHEMA, Math.min(sv, catalogue.schema))
  }

  get isOlder(): boolean {
    return this.sv < this.catalogue.schema
  }

  /** Null for a table that the client doesn't have. */
  fieldsOf(table: AnyTable): readonly string[] | null {
    return this.isOlder ? fieldsIn(table, this.sv) : table.fieldNames
  }

  /** Tables of which the client misses something: all of it (null) or these fields. */
  missing(): ReadonlyMap<AnyTable, readonly string[] | null> {
    return difference(this.catalogue, this.sv, this.catalogue.schema)
  }

  /** What a bucket lacks that was fetched for the schema `from`: whole tables (null) or these fields. */
  learnedSince(from: number): ReadonlyMap<AnyTable, readonly string[] | null> {
    return difference(this.catalogue, from, this.sv)
  }
}

function difference({ tables }: Catalogue, from: number, to: number): ReadonlyMap<AnyTable, readonly string[] | null> {
  const found = new Map<AnyTable, readonly string[] | null>()
  for (const table of tables.values()) {
    const after = fieldsIn(table, to)
    if (after === null) continue
    const before = fieldsIn(table, from)
    const fields = after.filter((field) => before?.includes(field) !== true)
    if (before === null) found.set(table, null)
    else if (fields.length > 0) found.set(table, fields)
  }
  return found
}
