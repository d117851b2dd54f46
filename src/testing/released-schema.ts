// What a release's schema was: its tables, fields, types, defaults and where sample rows are routed. Captured with the golden envelopes;
// from then on it is a promise, because devices of that release compare digests by it (sync.md §11). It never looks at a database.
import type { Catalogue } from '../kernel/catalogue.ts'
import { canonical, type CanonicalValue } from '../kernel/canonical.ts'
import { hash64 } from '../kernel/hash.ts'
import { fieldsIn, type AnyTable } from '../kernel/table.ts'
import { anyRow, seededDraw } from './any-row.ts'

interface ReleasedTable {
  /** Type and default by field. */
  readonly fields: { readonly [field: string]: readonly [type: string, fallback: CanonicalValue] }
  /** Hash of the buckets of sample rows. */
  readonly routes: string
}

export interface ReleasedSchema {
  readonly schema: number
  readonly tables: { readonly [table: string]: ReleasedTable }
}

const SAMPLES = 30
const places = {
  companies: ['c1', 'c2'],
  branches: ['b1', 'b2', 'b3'],
  territories: ['t1', 't2'],
  months: ['2026-10', '2026-11'],
}

/** Rows of the fields that the schema has, so that a later one changes no sample. */
function routesOf(table: AnyTable, fieldNames: readonly string[]): string {
  const draw = seededDraw(20_261_121)
  const narrow = { ...table, fieldNames }
  const rows = Array.from({ length: SAMPLES }, (_, index) =>
    anyRow(narrow, `row ${index}`, { draw, places, mark: `mark ${index % 4}` }),
  )
  return hash64(canonical(rows.map((row) => [...table.bucketsOf(row)])))
}

function releasedTable(table: AnyTable, fieldNames: readonly string[]): ReleasedTable {
  const fields = fieldNames.map((field) => {
    const { type = '', fallback = null } = table.fields[field]?.traits ?? {}
    return [field, [type, fallback as CanonicalValue]] as const
  })
  return { fields: Object.fromEntries(fields), routes: routesOf(table, fieldNames) }
}

export function releasedSchema(catalogue: Catalogue, schema = catalogue.schema): ReleasedSchema {
  const tables: Record<string, ReleasedTable> = {}
  for (const table of catalogue.tables.values()) {
    const fieldNames = fieldsIn(table, schema)
    if (fieldNames !== null) tables[table.name] = releasedTable(table, fieldNames)
  }
  return { schema, tables }
}

/** Where today's declarations break what a release promised: sentences that say what to do. A table may go; its rows go with it. */
export function brokenPromises(catalogue: Catalogue, released: ReleasedSchema): string[] {
  const { schema } = released
  const today = releasedSchema(catalogue, schema)
  const next = `since ${schema + 1} or later`
  const broken: string[] = []
  for (const [name, { fields, routes }] of Object.entries(today.tables)) {
    const before = released.tables[name]
    if (before === undefined) {
      broken.push(`The table ${name} came after schema ${schema}: declare it ${next}.`)
      continue
    }
    for (const field of Object.keys(fields))
      if (before.fields[field] === undefined)
        broken.push(`${name}.${field} came after schema ${schema}: declare it ${next}, optional or with a default.`)
    for (const [field, kind] of Object.entries(before.fields)) {
      const now = fields[field]
      if (now === undefined) broken.push(`${name}.${field} was released with schema ${schema}: keep it.`)
      else if (canonical(now) !== canonical(kind))
        broken.push(`${name}.${field} has another type or default than in schema ${schema}: add a new field instead.`)
    }
    const isRerouted = (catalogue.tables.get(name)?.bucketsSince ?? 0) > schema
    if (routes !== before.routes && !isRerouted)
      broken.push(
        `${name} is routed otherwise than in schema ${schema}: raise its bucketsSince to ${schema + 1} or later.`,
      )
  }
  return broken
}
