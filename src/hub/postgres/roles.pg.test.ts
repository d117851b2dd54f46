// Which roles may serve requests, shown on a real server by making every kind of unfit role and connecting as it.

import { Client } from 'pg'
import type { PoolConfig } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../../testing/fresh-database.ts'
import type { FreshDatabase } from '../../testing/fresh-database.ts'
import { withClient } from './open-database.ts'
import { assertAppRole, ensureGrants, ensureLoginRole } from './roles.ts'

let database: FreshDatabase
let admin: Client
beforeAll(async () => {
  database = await freshDatabase()
  admin = new Client(database.admin)
  await admin.connect()
})
afterAll(async () => {
  await admin.end()
  await database.drop()
})

let made = 0
/** A login role of this test file alone (roles belong to the whole server), removed after `work`. */
async function withRole(
  change: (role: string) => string,
  work: (config: PoolConfig, role: string) => Promise<void>,
): Promise<void> {
  const role = `${database.name}_r${++made}`
  await ensureLoginRole(admin, role, 'p"a\'ss ß')
  try {
    const sql = change(role)
    if (sql !== '') await admin.query(sql)
    await work({ ...database.app, user: role, password: 'p"a\'ss ß' }, role)
  } finally {
    await admin.query(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`)
  }
}

test('the app role of a fresh database is fit, also while it holds a temporary table', async () => {
  await withClient(database.app, async (client) => {
    await assertAppRole(client)
    await client.query('CREATE TEMPORARY TABLE scratch (id int PRIMARY KEY, note text)')
    await assertAppRole(client)
  })
})

test.each([
  ['superuser', (r: string) => `ALTER ROLE ${r} SUPERUSER`, /superuser/],
  ['BYPASSRLS', (r: string) => `ALTER ROLE ${r} BYPASSRLS`, /BYPASSRLS/],
  ['CREATEROLE', (r: string) => `ALTER ROLE ${r} CREATEROLE`, /CREATEROLE/],
  ['REPLICATION', (r: string) => `ALTER ROLE ${r} REPLICATION`, /REPLICATION/],
  ['member of the superuser', (r: string) => `GRANT holdfast_admin TO ${r}`, /member of holdfast_admin/],
  ['member of the owner', (r: string) => `GRANT holdfast_owner TO ${r}`, /owns database/],
  ['owner of a table', (r: string) => `CREATE TABLE ${r}_t (id int); ALTER TABLE ${r}_t OWNER TO ${r}`, /owns table/],
  [
    'owner of a function',
    (r: string) =>
      `CREATE FUNCTION ${r}_f() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION ${r}_f OWNER TO ${r}`,
    /owns function/,
  ],
])('refused: %s', async (_name, change, why) => {
  await withRole(change, async (config) => {
    await expect(withClient(config, assertAppRole)).rejects.toMatchObject({
      code: 'database-role',
      message: expect.stringMatching(why),
    })
  })
})

test('refused: a superuser that has only put on the app role', async () => {
  await withClient(database.admin, async (client) => {
    await client.query(`SET ROLE ${database.appRole}`)
    await expect(assertAppRole(client)).rejects.toMatchObject({
      code: 'database-role',
      message: expect.stringMatching(/put it off/),
    })
  })
})

test("the role's password is what was given, and giving it again renews it", async () => {
  await withRole(
    () => '',
    async (config, role) => {
      await withClient(config, assertAppRole)
      await ensureLoginRole(admin, role, 'another')
      await expect(withClient(config, assertAppRole)).rejects.toMatchObject({ code: '28P01' })
      await withClient({ ...config, password: 'another' }, assertAppRole)
    },
  )
})

test('the app role works on tables the owner makes later, and can neither create nor change them; row-level security binds it', async () => {
  await withClient(database.owner, (owner) =>
    owner.query(`CREATE TABLE thing (tenant_id text NOT NULL, id int, PRIMARY KEY (tenant_id, id));
      ALTER TABLE thing ENABLE ROW LEVEL SECURITY; ALTER TABLE thing FORCE ROW LEVEL SECURITY;
      CREATE POLICY own ON thing USING (tenant_id = (SELECT current_setting('holdfast.tenant', true)))`),
  )
  await withClient(database.app, async (app) => {
    await expect(app.query('CREATE TABLE mine (id int)')).rejects.toMatchObject({ code: '42501' })
    await expect(app.query('ALTER TABLE thing DISABLE ROW LEVEL SECURITY')).rejects.toMatchObject({ code: '42501' })
    await expect(app.query(`INSERT INTO thing VALUES ('a', 1)`)).rejects.toMatchObject({ code: '42501' })
    await app.query(`SELECT set_config('holdfast.tenant', 'a', false)`)
    await app.query(`INSERT INTO thing VALUES ('a', 1)`)
    expect((await app.query('SELECT id FROM thing')).rowCount).toBe(1)
    await app.query(`SELECT set_config('holdfast.tenant', 'b', false)`)
    expect((await app.query('SELECT id FROM thing')).rowCount).toBe(0)
  })
})

test('grants are made once: a second time changes no catalog row', async () => {
  const setup = { database: database.name, owner: database.ownerRole, app: database.appRole }
  await withClient(database.owner, async (owner) => {
    const mark = async (): Promise<unknown> =>
      (await owner.query('SELECT xmin::text FROM pg_database WHERE datname = current_database()')).rows
    const before = await mark()
    await ensureGrants(owner, setup)
    expect(await mark()).toEqual(before)
  })
})
