// A hub's schema in a fresh database and tenants on it, for tests of the hub's side below its endpoints: scripts become
// incoming commands, and every row of a tenant can be read back.
import pg from 'pg'
import type { Pool, PoolClient } from 'pg'
import type { Catalogue } from '../kernel/catalogue.ts'
import type { AnyRow, AnyTable } from '../kernel/table.ts'
import { SEAL, type Scripted } from '../store/contract.ts'
import { selectedOf } from '../store/postgres/hub-tables.ts'
import type { Incoming } from '../sync/hub/apply.ts'
import { hubDdl } from '../sync/hub/schema.ts'
import { beginClock, inTenant } from '../sync/hub/tenant.ts'
import { withClient } from '../hub/postgres/open-database.ts'
import { freshDatabase, type FreshDatabase } from './fresh-database.ts'

export interface HubDatabase {
  readonly database: FreshDatabase
  /** As the app's role. */
  readonly pool: Pool
  close(): Promise<void>
}

/** `max`: connections. */
export async function openHubDatabase(catalogue: Catalogue, max = 2): Promise<HubDatabase> {
  const database = await freshDatabase()
  await withClient(database.owner, (client) => client.query(hubDdl(catalogue, database.appRole)))
  const pool = new pg.Pool({ ...database.app, max })
  pool.on('error', () => undefined)
  return {
    database,
    pool,
    async close() {
      await pool.end()
      await database.drop()
    },
  }
}

export const addTenant = (pool: Pool, tenant: string): Promise<unknown> =>
  inTenant(pool, tenant, (client) => beginClock(client, tenant))

/** The command as the hub has it after opening its envelope. */
export const incomingOf = ({ command, args, frame }: Scripted, eff: string): Incoming => ({
  envelope: {
    p: 1,
    dev: frame.dev,
    ep: frame.ep,
    seq: frame.seq,
    type: command.name,
    tv: command.version,
    args: args as never,
    seen: 0,
    user: frame.lease.user,
    lease: 'lease',
    at: frame.at,
    tz: frame.tz,
    mono: 0,
    app: 'test',
    eff,
  },
  seal: SEAL,
  command,
  args,
  frame,
  unfit: null,
})

/** Every row of the tenant, gone ones too. */
export async function rowsOf(
  client: PoolClient,
  tenant: string,
  catalogue: Catalogue,
): Promise<(readonly [AnyTable, AnyRow])[]> {
  const rows: (readonly [AnyTable, AnyRow])[] = []
  for (const table of catalogue.tables.values()) {
    const found = await client.query<AnyRow & Record<string, unknown>>(
      `SELECT ${selectedOf(table, 't')} FROM ${table.sqlName} t WHERE tenant_id = $1`,
      [tenant],
    )
    for (const row of found.rows) rows.push([table, row])
  }
  return rows
}
