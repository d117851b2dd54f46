// A new, empty PostgreSQL database for one test or one suite, on the server that postgres.ts started for the run. No two tests share one,
// so none can see another's rows. Only for x.pg.test.ts and x.web.test.ts, whose projects start the server.

import { randomBytes } from 'node:crypto'
import type { PoolConfig } from 'pg'
import { inject } from 'vitest'
import { ensureGrants } from '../hub/postgres/roles.ts'
import { withClient, type HubDatabase } from '../hub/postgres/open-database.ts'
import { hubWire } from '../hub/postgres/types.ts'

/** The same roles and rights as openDatabase() gives. `admin` is a superuser, to look past row-level security in an assertion. `url`: the owner's. */
export type FreshDatabase = {
  name: string
  ownerRole: string
  appRole: string
  owner: PoolConfig
  app: PoolConfig
  admin: PoolConfig
  url: string
  drop(): Promise<void>
}

/** Some 90 ms. Call drop() in afterAll or `finally` (it ends open connections); the end of the run drops what was forgotten. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const server = inject('postgres')
  const name = `t_${randomBytes(6).toString('hex')}`
  const as = (who: { user: string; password: string }, database: string): PoolConfig => ({
    host: server.host,
    port: server.port,
    database,
    ...who,
    ...hubWire,
  })
  await withClient(as(server.admin, 'postgres'), (admin) =>
    admin.query(`CREATE DATABASE ${name} OWNER ${server.owner.user} TEMPLATE template0`),
  )
  const owner = as(server.owner, name)
  await withClient(owner, (client) =>
    ensureGrants(client, { database: name, owner: server.owner.user, app: server.app.user }),
  )
  return {
    name,
    ownerRole: server.owner.user,
    appRole: server.app.user,
    owner,
    app: as(server.app, name),
    admin: as(server.admin, name),
    url: addressOf(server, server.owner, name),
    async drop() {
      await withClient(as(server.admin, 'postgres'), (admin) =>
        admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
      )
    },
  }
}

/** As a hub is given its database; a copy of it by its name. */
export const asHubDatabase = (fresh: FreshDatabase, name = fresh.name): HubDatabase => ({
  kind: 'external',
  ownerConfig: { ...fresh.owner, database: name },
  appConfig: { ...fresh.app, database: name },
  ownerRole: fresh.ownerRole,
  appRole: fresh.appRole,
  database: name,
  major: 18,
  stop: () => Promise.resolve(),
})

/** postgres://… for a server that listens on a socket directory, as `pg` reads it. */
export function addressOf(
  server: { host: string; port: number },
  who: { user: string; password: string },
  database: string,
): string {
  return `postgres://${encodeURIComponent(who.user)}:${encodeURIComponent(who.password)}@${encodeURIComponent(server.host)}:${server.port}/${database}`
}
