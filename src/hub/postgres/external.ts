// A PostgreSQL of the operator's own, named by DATABASE_URL: checked, and its app role set up or the SQL for it told. It never shows a password,
// and it changes nothing in the server but that one role and its grants.

import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Client } from 'pg'
import type { ClientBase, PoolConfig } from 'pg'
import { codeOf, DatabaseFault, openingFault, wordsOf } from './fault.ts'
import { exists, makeDirectory, makeSecret, rolePassword } from './home.ts'
import type { HubLog } from './log.ts'
import { assertAppRole, ensureGrants, ensureLoginRole, grantSql, loginRoleSql, roleExists } from './roles.ts'
import type { RoleSetup } from './roles.ts'
import { checkServer } from './server-check.ts'

export type ExternalDatabase = {
  ownerConfig: PoolConfig
  appConfig: PoolConfig
  ownerRole: string
  appRole: string
  database: string
  major: number
}

/** Throws DatabaseFault: url, unreachable, version, encoding, role (with the SQL that mends it). */
export async function openExternal(options: {
  dataDir: string
  databaseUrl: string
  databaseAppUrl?: string | undefined
  log: HubLog
}): Promise<ExternalDatabase> {
  const ownerConfig = configOf('DATABASE_URL', options.databaseUrl)
  const owner = await connect('DATABASE_URL', ownerConfig)
  try {
    const { major, user, database } = await checkServer(owner, options.log)
    const appConfig =
      options.databaseAppUrl === undefined
        ? await ensureApp(owner, { user, database, dataDir: options.dataDir })
        : configOf('DATABASE_APP_URL', options.databaseAppUrl)
    const app = await connect(options.databaseAppUrl === undefined ? 'the app role' : 'DATABASE_APP_URL', appConfig)
    try {
      await assertAppRole(app)
      const { rows } = await app.query<{ role: string }>('SELECT current_user::text AS role')
      return { ownerConfig, appConfig, ownerRole: user, appRole: rows[0]?.role ?? '', database, major }
    } finally {
      await app.end()
    }
  } finally {
    await owner.end()
  }
}

function configOf(name: string, url: string): PoolConfig {
  if (!/^postgres(ql)?:\/\/./.test(url)) throw unusable(name, "isn't a PostgreSQL address")
  const config: PoolConfig = { connectionString: url, connectionTimeoutMillis: 10_000 }
  try {
    if (new Client(config).database === undefined) throw unusable(name, 'names no database')
  } catch (error) {
    if (error instanceof DatabaseFault) throw error
    throw unusable(name, "can't be read") // pg's own message could repeat the password
  }
  return config
}

function unusable(name: string, why: string): DatabaseFault {
  return new DatabaseFault(
    'database-url',
    `${name} ${why}.`,
    `Write it as postgres://user:password@host:5432/database (special characters percent-encoded), or leave it out for the embedded database.`,
  )
}

async function connect(name: string, config: PoolConfig): Promise<Client> {
  const client = new Client(config)
  client.on('error', () => undefined)
  try {
    await client.connect()
    return client
  } catch (error) {
    const place = `${client.host}:${client.port}`
    const code = codeOf(error)
    if (code === '3D000') throw unusable(name, `names the database ${client.database}, which isn't on ${place}`)
    if (code === '28P01' || code === '28000') {
      throw new DatabaseFault(
        'database-url',
        `${place} refuses ${client.user ?? 'the role'} of ${name} (${wordsOf(error)}).`,
        'Correct the user or the password, or allow it in pg_hba.conf.',
        error,
      )
    }
    throw new DatabaseFault(
      'database-unreachable',
      `No PostgreSQL answers at ${place}, named by ${name} (${wordsOf(error)}).`,
      'Start it, or correct the host and the port; the hub changed nothing.',
      error,
    )
  }
}

/** The app role's connection; made if it can be made. Every hub process with the same DATABASE_URL derives the same password, so they don't fight over it. */
async function ensureApp(
  owner: Client,
  { user, database, dataDir }: { user: string; database: string; dataDir: string },
): Promise<PoolConfig> {
  const app = `${Buffer.from(database).subarray(0, 59).toString('utf8')}_app`
  const secret =
    owner.password === null || owner.password === undefined || owner.password === ''
      ? await keptSecret(dataDir)
      : owner.password
  const setup: RoleSetup = { database, owner: user, app, appPassword: rolePassword(secret, app, database) }
  const config: PoolConfig = {
    host: owner.host,
    port: owner.port,
    database,
    user: app,
    password: setup.appPassword,
    ssl: owner.ssl,
    connectionTimeoutMillis: 10_000,
  }
  try {
    if (!(await logsIn(config))) await ensureLoginRole(owner, app, setup.appPassword)
    await ensureGrants(owner, setup)
  } catch (error) {
    if (codeOf(error) !== '42501') throw error
    throw await needsSetup(owner, setup)
  }
  if (!(await logsIn(config))) throw await needsSetup(owner, setup)
  return config
}

async function logsIn(config: PoolConfig): Promise<boolean> {
  const client = new Client(config)
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch (error) {
    if (['28P01', '28000', '42501'].includes(codeOf(error))) return false
    throw error
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function needsSetup(owner: ClientBase, setup: RoleSetup): Promise<DatabaseFault> {
  const sql = [loginRoleSql(setup.app, setup.appPassword, await roleExists(owner, setup.app)), ...grantSql(setup)]
  return new DatabaseFault(
    'database-role',
    `The hub needs a role without rights, ${setup.app}, to serve requests, and ${setup.owner} may not set it up.`,
    `Let a superuser run this in the database ${setup.database}, then start the hub again (the password is only there as a verifier; the hub knows it):\n${sql.join(';\n')};`,
  )
}

/** For an address without a password (peer, certificate, trust): a secret of our own, 0600 in the data directory. */
async function keptSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'database-secret')
  try {
    await makeDirectory(resolve(dataDir))
    return (await exists(file)) ? (await readFile(file, 'utf8')).trim() : await makeSecret(file)
  } catch (error) {
    throw openingFault(dataDir, error)
  }
}
