// The hub's database, ready to use: its own embedded PostgreSQL, or the one that DATABASE_URL names. Either way the caller gets two pool
// configurations, one that owns the schema and one that serves requests, and never a superuser's.

import { Client, escapeIdentifier } from 'pg'
import type { PoolConfig } from 'pg'
import { adminRole } from './cluster.ts'
import { openEmbedded } from './embedded.ts'
import type { EmbeddedServer } from './embedded.ts'
import { openExternal } from './external.ts'
import { openingFault } from './fault.ts'
import type { HubLog } from './log.ts'
import { assertAppRole, ensureGrants, ensureLoginRole, roleExists, yielding } from './roles.ts'
import { checkServer } from './server-check.ts'
import { hubWire } from './types.ts'

/** `ownerConfig` migrates, `appConfig` serves requests; both read types as types.ts says. `major` is PostgreSQL's version (≥ 15). */
export type HubDatabase = {
  kind: 'embedded' | 'external'
  ownerConfig: PoolConfig
  appConfig: PoolConfig
  ownerRole: string
  appRole: string
  database: string
  major: number
  /** Ends the embedded server (fast shutdown) unless another hub process uses it. Close the pools first. External: nothing. */
  stop(): Promise<void>
}

/** The embedded database and its roles. */
export const embeddedDatabase = 'holdfast'
export const embeddedRoles = { owner: 'holdfast_owner', app: 'holdfast_app' }

/**
 * `dataDir`: the hub's directory (made if absent). `databaseUrl`: postgres://…, or undefined or '' for the embedded server. `databaseAppUrl`: the
 * operator's own app role, instead of one that the hub sets up. `native`: other programs than the installed package's.
 * Throws DatabaseFault for everything that an operator can mend.
 */
export async function openDatabase(options: {
  dataDir: string
  databaseUrl?: string | undefined
  databaseAppUrl?: string | undefined
  native?: string | undefined
  log: HubLog
}): Promise<HubDatabase> {
  const { dataDir, databaseUrl, databaseAppUrl, log } = options
  if (databaseUrl !== undefined && databaseUrl !== '') {
    const external = await openExternal({
      dataDir,
      databaseUrl,
      databaseAppUrl: databaseAppUrl === '' ? undefined : databaseAppUrl,
      log,
    })
    const typed = {
      ownerConfig: { ...external.ownerConfig, ...hubWire },
      appConfig: { ...external.appConfig, ...hubWire },
    }
    return { ...external, ...typed, kind: 'external', stop: () => Promise.resolve() }
  }
  const server = await openEmbedded({ dataDir, log, native: options.native })
  try {
    const { major, ownerConfig, appConfig } = await embeddedConfigs(server, embeddedDatabase, log)
    return {
      kind: 'embedded',
      ownerConfig,
      appConfig,
      ownerRole: embeddedRoles.owner,
      appRole: embeddedRoles.app,
      database: embeddedDatabase,
      major,
      stop: () => server.stop(),
    }
  } catch (error) {
    await server.stop()
    throw openingFault(dataDir, error)
  }
}

/** Makes what is missing of the two roles and the database in an embedded server, checks them, and gives both configurations. */
export async function embeddedConfigs(
  server: EmbeddedServer,
  database: string,
  log: HubLog,
): Promise<{ major: number; ownerConfig: PoolConfig; appConfig: PoolConfig }> {
  const { owner, app } = embeddedRoles
  // One password a role for the whole cluster: a role is the cluster's, not a database's.
  const configOf = (user: string, of: string): PoolConfig => ({
    host: server.host,
    port: server.port,
    database: of,
    user,
    password: server.password(user, 'postgres'),
    ...hubWire,
  })
  await withClient(configOf(adminRole, 'postgres'), async (admin) => {
    for (const role of [owner, app]) {
      if (!(await roleExists(admin, role))) await ensureLoginRole(admin, role, server.password(role, 'postgres'))
    }
    await yielding(async () => {
      const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [database])
      if (rowCount === 0)
        await admin.query(
          `CREATE DATABASE ${escapeIdentifier(database)} OWNER ${escapeIdentifier(owner)} TEMPLATE template0`,
        )
    })
  })
  const ownerConfig = configOf(owner, database)
  const appConfig = configOf(app, database)
  const { major } = await withClient(ownerConfig, async (client) => {
    await ensureGrants(client, { database, owner, app })
    return checkServer(client, log)
  })
  await withClient(appConfig, assertAppRole)
  return { major, ownerConfig, appConfig }
}

/** One connection for one piece of work, always ended. */
export async function withClient<T>(config: PoolConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(config)
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}
