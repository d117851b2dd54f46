// The hub's tables from their declarations: every table leads with the tenant, text compares by bytes, deltas have no
// CHECK, row-level security lets the app's role see one tenant only. The same schema distributes by tenant_id.
import { assert } from '../../kernel/assert.ts'
import { columnOf, type AnyTable } from '../../kernel/table.ts'

const sqlTypes: Readonly<Record<string, string>> = {
  text: 'text COLLATE "C"',
  code: 'text COLLATE "C"',
  ref: 'text COLLATE "C"',
  date: 'text COLLATE "C"',
  instant: 'bigint',
  integer: 'bigint',
  amount: 'bigint',
  rate: 'bigint',
  quantity: 'bigint',
  flag: 'boolean',
  json: 'jsonb',
}

export const quoted = (name: string): string => `"${name}"`
export const sqlTypeOf = (table: AnyTable, field: string): string =>
  sqlTypes[table.fields[field]?.traits.type ?? 'text'] ?? 'text COLLATE "C"'

/** The default of a declaration as SQL; null when it has none. */
function fallbackSql(table: AnyTable, field: string): string | null {
  const { fallback, type } = table.fields[field]?.traits ?? {}
  if (fallback === undefined || fallback === null) return null
  const text = type === 'json' || typeof fallback !== 'string' ? JSON.stringify(fallback) : fallback
  if (typeof fallback === 'number' || typeof fallback === 'boolean') return text
  return `'${text.replaceAll("'", "''")}'${type === 'json' ? '::jsonb' : ''}`
}

/** A default of the declaration is one of the column too, so that rows older than the column read as they should. */
function defaultOf(table: AnyTable, field: string): string {
  const fallback = fallbackSql(table, field)
  return fallback === null ? '' : ` DEFAULT ${fallback}`
}

/** Whether any of these columns holds more than its default: what the row's hash is taken over, too. */
export const holdsAnyOf = (table: AnyTable, fields: readonly string[], alias: string): string =>
  fields
    .map((field) => {
      const column = `${alias}.${quoted(columnOf(field))}`
      const fallback = fallbackSql(table, field)
      return fallback === null ? `${column} IS NOT NULL` : `(${column} IS NOT NULL AND ${column} <> ${fallback})`
    })
    .join(' OR ')

/** PostgreSQL cuts longer names off, and then two indexes would be one. */
const NAME_BYTES_MAX = 63
/** Prepared statements put up to 8 characters before a table's name. */
const TABLE_NAME_BYTES_MAX = NAME_BYTES_MAX - 8

/** CREATE statements of one table with its indexes and its row-level security; safe to run again. */
export function ddlOf(table: AnyTable): string {
  assert(
    table.sqlName.length <= TABLE_NAME_BYTES_MAX,
    `The table name ${table.sqlName} is longer than ${TABLE_NAME_BYTES_MAX} characters.`,
  )
  const columns = table.fieldNames.map(
    (field) => `${quoted(columnOf(field))} ${sqlTypeOf(table, field)}${defaultOf(table, field)}`,
  )
  const statements = [
    `CREATE TABLE IF NOT EXISTS ${table.sqlName} (tenant_id text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, gone_at bigint, ${columns.join(', ')}, PRIMARY KEY (tenant_id, id))`,
    // A column that a later release added; adding one needs no rewrite.
    ...table.fieldNames.map((_, index) => `ALTER TABLE ${table.sqlName} ADD COLUMN IF NOT EXISTS ${columns[index]}`),
  ]
  for (const [index, fields] of Object.entries(table.indexes)) {
    // Ordered as ranges are read, null first: otherwise a limited range would sort all of its rows.
    const indexed = fields.map((field) => `${quoted(columnOf(field))} NULLS FIRST`)
    const name = `${table.sqlName}__${columnOf(index)}`
    assert(name.length <= NAME_BYTES_MAX, `The index name ${name} is longer than ${NAME_BYTES_MAX} characters.`)
    statements.push(`CREATE INDEX IF NOT EXISTS ${name} ON ${table.sqlName} (tenant_id, ${indexed.join(', ')}, id)`)
  }
  return [...statements, ...rowSecurity(table.sqlName)].join(';\n')
}

/** Only rows of the transaction's tenant exist for the app's role; without a tenant there are none. A setting that was local once is left as an empty text. */
export const rowSecurity = (sqlName: string): string[] => [
  `ALTER TABLE ${sqlName} ENABLE ROW LEVEL SECURITY`,
  `ALTER TABLE ${sqlName} FORCE ROW LEVEL SECURITY`,
  `DROP POLICY IF EXISTS tenant ON ${sqlName}`,
  `CREATE POLICY tenant ON ${sqlName} USING (tenant_id = (SELECT nullif(current_setting('holdfast.tenant', true), '')))`,
]

/** Columns of a row, aliased to its fields. */
export const selectedOf = (table: AnyTable, alias: string): string =>
  [
    `${alias}.id`,
    `${alias}.gone_at AS "goneAt"`,
    ...table.fieldNames.map((field) => `${alias}.${quoted(columnOf(field))} AS "${field}"`),
  ].join(', ')
