// The hub's tables from their declarations: every table leads with the tenant, text compares by bytes, deltas have no
// CHECK, row-level security lets the app's role see one tenant only. The same schema distributes by tenant_id.
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
export const sqlTypeOf = (table: AnyTable, field: string): string => sqlTypes[table.fields[field]?.traits.type ?? 'text'] ?? 'text COLLATE "C"'

/** CREATE statements of one table with its indexes and its row-level security; safe to run again. */
export function ddlOf(table: AnyTable): string {
  const columns = table.fieldNames.map((field) => `${quoted(columnOf(field))} ${sqlTypeOf(table, field)}`)
  const statements = [
    `CREATE TABLE IF NOT EXISTS ${table.sqlName} (tenant_id text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, gone_at bigint, ${columns.join(', ')}, PRIMARY KEY (tenant_id, id))`,
    // A column that a later release added; adding one needs no rewrite.
    ...table.fieldNames.map((field) => `ALTER TABLE ${table.sqlName} ADD COLUMN IF NOT EXISTS ${quoted(columnOf(field))} ${sqlTypeOf(table, field)}`),
  ]
  for (const [index, fields] of Object.entries(table.indexes)) {
    const indexed = fields.map((field) => quoted(columnOf(field)))
    statements.push(`CREATE INDEX IF NOT EXISTS ${table.sqlName}__${columnOf(index)} ON ${table.sqlName} (tenant_id, ${indexed.join(', ')}, id)`)
  }
  return [...statements, ...rowSecurity(table.sqlName)].join(';\n')
}

/** Only rows of the transaction's tenant exist for the app's role; without a tenant there are none. */
export const rowSecurity = (sqlName: string): string[] => [
  `ALTER TABLE ${sqlName} ENABLE ROW LEVEL SECURITY`,
  `ALTER TABLE ${sqlName} FORCE ROW LEVEL SECURITY`,
  `DROP POLICY IF EXISTS tenant ON ${sqlName}`,
  `CREATE POLICY tenant ON ${sqlName} USING (tenant_id = (SELECT current_setting('holdfast.tenant', true)))`,
]

/** Columns of a row, aliased to its fields. */
export const selectedOf = (table: AnyTable, alias: string): string =>
  [`${alias}.id`, `${alias}.gone_at AS "goneAt"`, ...table.fieldNames.map((field) => `${alias}.${quoted(columnOf(field))} AS "${field}"`)].join(', ')
