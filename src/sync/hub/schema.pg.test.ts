// What the schema itself keeps apart: tenants by row-level security on every table there is, and history from whoever
// would rewrite it. Asked of the database's own catalogue, so that a table added tomorrow is asked too.
import pg from 'pg'
import type { Pool, PoolClient } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { modules } from '../../modules/all.ts'
import { withClient } from '../../hub/postgres/open-database.ts'
import { freshDatabase, type FreshDatabase } from '../../testing/fresh-database.ts'
import { APPEND_ONLY, hubDdl } from './schema.ts'
import { inTenant } from './tenant.ts'

const catalogue = catalogueOf(modules)
let database: FreshDatabase
let pool: Pool
let tables: string[] = []

const OUTSIDE_TENANTS = ['hub_meta']
const samples: Readonly<Record<string, string>> = {
  text: "'x'",
  bigint: '1',
  numeric: '1',
  boolean: 'true',
  jsonb: "'{}'",
  bytea: "'x'",
}

/** One row of a table in a tenant, with something in every column. */
async function insertRow(client: PoolClient | pg.Client, table: string, tenant: string): Promise<void> {
  const columns = await client.query<{ column_name: string; data_type: string }>(
    "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1",
    [table],
  )
  const named = columns.rows.map(({ column_name }) => `"${column_name}"`)
  const values = columns.rows.map(({ column_name, data_type }) =>
    column_name === 'tenant_id' ? `'${tenant}'` : (samples[data_type] ?? 'NULL'),
  )
  await client.query(`INSERT INTO ${table} (${named.join(', ')}) VALUES (${values.join(', ')})`)
}

beforeAll(async () => {
  database = await freshDatabase()
  await withClient(database.owner, async (client) => {
    await client.query(hubDdl(catalogue, database.appRole))
    // Again, as every start of a hub does.
    await client.query(hubDdl(catalogue, database.appRole))
    const found = await client.query<{ relname: string }>(
      "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm') ORDER BY relname",
    )
    tables = found.rows.map(({ relname }) => relname)
  })
  await withClient(database.admin, async (admin) => {
    for (const table of tables)
      if (!OUTSIDE_TENANTS.includes(table))
        for (const tenant of ['mine', 'other', '']) await insertRow(admin, table, tenant)
  })
  pool = new pg.Pool({ ...database.app, max: 1 })
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

const count = async (client: PoolClient, table: string): Promise<number> =>
  (await client.query<{ rows: number }>(`SELECT count(*) AS rows FROM ${table}`)).rows[0]?.rows ?? -1

/** Tables for which `rows` isn't what the query counts. */
async function wrong(client: PoolClient, rows: number): Promise<string[]> {
  const found: string[] = []
  for (const table of tables)
    if (!OUTSIDE_TENANTS.includes(table) && (await count(client, table)) !== rows) found.push(table)
  return found
}

describe('row-level security', () => {
  test('every table leads with tenant_id and enforces its policy, also on its owner; hub_meta alone has no tenant', async () => {
    const found = await withClient(database.owner, (client) =>
      client.query<{
        relname: string
        leads: boolean
        enabled: boolean
        forced: boolean
        policies: number
        keyed: boolean
      }>(`
        SELECT c.relname, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
          (SELECT attname = 'tenant_id' AND attnotnull FROM pg_attribute WHERE attrelid = c.oid AND attnum = 1) AS leads,
          (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid) AS policies,
          (SELECT bool_and((SELECT attname FROM pg_attribute WHERE attrelid = c.oid AND attnum = i.indkey[0]) = 'tenant_id') FROM pg_index i WHERE i.indrelid = c.oid) AS keyed
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY c.relname`),
    )
    expect(found.rows.length).toBeGreaterThan(catalogue.tables.size + 5)
    expect(found.rows.map(({ relname }) => relname)).toEqual(tables)
    const open = found.rows.filter(
      (row) => !(row.leads && row.enabled && row.forced && row.policies === 1 && row.keyed),
    )
    expect(open.map(({ relname }) => relname)).toEqual(OUTSIDE_TENANTS)
  })

  test('without a tenant there are no rows, neither before a tenant was ever set on the connection nor after one was', async () => {
    const client = await pool.connect()
    try {
      expect(await wrong(client, 0)).toEqual([])
    } finally {
      client.release()
    }
    await inTenant(pool, 'mine', (inside) => count(inside, 'command_log'))
    const again = await pool.connect()
    try {
      // What set_config leaves behind is an empty text, and a tenant of that name must not come into view.
      expect(await wrong(again, 0)).toEqual([])
    } finally {
      again.release()
    }
  })

  test('a tenant sees its own rows only, and a tenant without rows none', async () => {
    expect(await inTenant(pool, 'mine', (client) => wrong(client, 1))).toEqual([])
    expect(await inTenant(pool, 'nobody', (client) => wrong(client, 0))).toEqual([])
    const foreign = await inTenant(pool, 'mine', (client) =>
      client.query("SELECT 1 FROM bucket_row WHERE tenant_id = 'other'"),
    )
    expect(foreign.rows).toEqual([])
  })

  test('a row of another tenant can be neither written nor taken over', async () => {
    const open: string[] = []
    for (const table of tables) {
      if (OUTSIDE_TENANTS.includes(table)) continue
      const refused = await inTenant(pool, 'mine', (client) => insertRow(client, table, 'third')).then(
        () => '',
        (fault: { code: string }) => fault.code,
      )
      if (refused !== '42501') open.push(table)
    }
    expect(open).toEqual([])
    await expect(
      inTenant(pool, 'mine', (client) => client.query("UPDATE bucket SET tenant_id = 'other', name = 'taken'")),
    ).rejects.toMatchObject({ code: '42501' })
  })
})

test.each(APPEND_ONLY)('%s refuses UPDATE, DELETE and TRUNCATE by the app role', async (table) => {
  expect(tables).toContain(table)
  for (const statement of [`UPDATE ${table} SET tenant_id = tenant_id`, `DELETE FROM ${table}`, `TRUNCATE ${table}`]) {
    await expect(inTenant(pool, 'mine', (client) => client.query(statement))).rejects.toMatchObject({ code: '42501' })
  }
  expect(await inTenant(pool, 'mine', (client) => count(client, table))).toBe(1)
})
