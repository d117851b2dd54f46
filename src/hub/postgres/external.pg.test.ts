// The hub on a PostgreSQL that it didn't start, named by an address: the run's server plays that part, with roles such as an operator would give.

import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { addressOf, freshDatabase } from '../../testing/fresh-database.ts'
import type { FreshDatabase } from '../../testing/fresh-database.ts'
import { DatabaseFault } from './fault.ts'
import { openDatabase, withClient } from './open-database.ts'
import type { HubDatabase } from './open-database.ts'
import { assertAppRole } from './roles.ts'

let database: FreshDatabase
let dataDir: string
beforeAll(async () => {
  database = await freshDatabase()
  dataDir = await mkdtemp(join(tmpdir(), 'holdfast-external-'))
})
afterAll(async () => {
  await withClient(database.admin, (admin) => admin.query(`DROP OWNED BY ${appRole}; DROP ROLE ${appRole}`))
  await database.drop()
  await rm(dataDir, { recursive: true, force: true })
})

const server = inject('postgres')
const quiet = { info: () => undefined, warn: () => undefined }
const open = (databaseUrl: string, more: { databaseAppUrl?: string } = {}): Promise<HubDatabase> =>
  openDatabase({ dataDir, databaseUrl, log: quiet, ...more })
let appRole = ''

async function faultOf(opening: Promise<unknown>): Promise<DatabaseFault> {
  const error: unknown = await opening.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof DatabaseFault)) throw new Error(`a fault was expected, not ${String(error)}`)
  return error
}

test('an owner who may not make roles is told the SQL; when it was run, the hub starts', async () => {
  appRole = `${database.name}_app`
  const fault = await faultOf(open(database.url))
  expect(fault.code).toBe('database-role')
  expect(fault.mend).toContain(`CREATE ROLE "${appRole}" LOGIN NOSUPERUSER`)
  expect(fault.mend).toContain('SCRAM-SHA-256$4096:')

  await withClient(database.admin, (admin) => admin.query(fault.mend.slice(fault.mend.indexOf('\n'))))
  const opened = await open(database.url)
  expect(opened).toMatchObject({
    kind: 'external',
    ownerRole: database.ownerRole,
    appRole,
    database: database.name,
    major: 18,
  })
  await withClient(opened.appConfig, assertAppRole)
  const pool = new Pool(opened.ownerConfig)
  expect((await pool.query('SELECT 5::int8 AS n')).rows).toEqual([{ n: 5 }])
  await pool.end()
  await opened.stop()
})

test('a superuser sets the role up by itself, again after its password changed, and two hubs at once agree', async () => {
  const url = addressOf(server, server.admin, database.name)
  const many = await Promise.all([open(url), open(url), open(url)])
  for (const one of many) await withClient(one.appConfig, assertAppRole)
  expect(many[0]?.appRole).toBe(appRole)
})

test("the operator's own app role is used, and refused when it is the superuser or the owner", async () => {
  const fit = await open(database.url, { databaseAppUrl: addressOf(server, server.app, database.name) })
  expect(fit.appRole).toBe(server.app.user)
  for (const who of [server.admin, server.owner]) {
    expect((await faultOf(open(database.url, { databaseAppUrl: addressOf(server, who, database.name) }))).code).toBe(
      'database-role',
    )
  }
})

test('an app role that was made a superuser since is refused, not demoted', async () => {
  await withClient(database.admin, (admin) => admin.query(`ALTER ROLE ${appRole} SUPERUSER`))
  expect((await faultOf(open(addressOf(server, server.admin, database.name)))).code).toBe('database-role')
  await withClient(database.admin, (admin) => admin.query(`ALTER ROLE ${appRole} NOSUPERUSER`))
})

test("an address that can't be used is told, and never its password", async () => {
  const secret = 'hunter2'
  const host = encodeURIComponent(server.host)
  const wrong: [string, string][] = [
    ['nonsense', 'database-url'],
    ['mysql://u:hunter2@localhost/x', 'database-url'],
    [`postgres://u:${secret}@127.0.0.1:1/x`, 'database-unreachable'],
    [`postgres://${server.owner.user}:${secret}@${host}/${database.name}`, 'database-url'],
    [`postgres://nobody_here:${secret}@${host}/${database.name}`, 'database-url'],
    [addressOf(server, server.owner, 'not_there'), 'database-url'],
    [`postgres://u:${secret}@localhost:port/x`, 'database-url'],
  ]
  for (const [url, code] of wrong) {
    const fault = await faultOf(open(url))
    expect([url, fault.code]).toEqual([url, code])
    expect(fault.message).not.toContain(secret)
    expect(fault.message).not.toContain(server.owner.password)
  }
})

test('a database in another encoding than UTF-8 is refused', async () => {
  const name = `${database.name}_latin`
  await withClient(database.admin, (admin) =>
    admin.query(
      `CREATE DATABASE ${name} OWNER ${server.owner.user} ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0`,
    ),
  )
  try {
    const fault = await faultOf(open(addressOf(server, server.owner, name)))
    expect(fault.code).toBe('database-encoding')
    expect(fault.message).toContain('SQL_ASCII')
  } finally {
    await withClient(database.admin, (admin) => admin.query(`DROP DATABASE ${name} WITH (FORCE)`))
  }
})

test('an external database leaves no secret in the data directory when the address has a password', async () => {
  await expect(stat(join(dataDir, 'database-secret'))).rejects.toMatchObject({ code: 'ENOENT' })
})
