// What every PostgreSQL must show before the hub trusts it with records, embedded or not: its version, its encoding, and that a commit is on disk.

import type { ClientBase } from 'pg'
import { DatabaseFault } from './fault.ts'
import type { HubLog } from './log.ts'

const versionMin = 15

type Server = {
  version: number
  encoding: string
  fsync: string
  durable: string
  user: string
  database: string
  super: boolean
}

/** The server's major version, and who we are there. Throws DatabaseFault `database-version` or `database-encoding`. */
export async function checkServer(
  client: ClientBase,
  log: HubLog,
): Promise<{ major: number; user: string; database: string; isSuperuser: boolean }> {
  const { rows } = await client.query<Server>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
            coalesce(current_setting('fsync', true), '') AS fsync, coalesce(current_setting('synchronous_commit', true), '') AS durable,
            current_user::text AS user, current_database()::text AS database, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS super`,
  )
  const server = rows[0]
  if (server === undefined)
    throw new DatabaseFault(
      'database-version',
      "The database doesn't answer like a PostgreSQL.",
      'Use PostgreSQL 15 or newer.',
    )
  const major = Math.floor(server.version / 10_000)
  if (major < versionMin) {
    throw new DatabaseFault(
      'database-version',
      `The database is PostgreSQL ${major}.`,
      `Use PostgreSQL ${versionMin} or newer.`,
    )
  }
  if (server.encoding !== 'UTF8') {
    throw new DatabaseFault(
      'database-encoding',
      `The database ${server.database} is encoded in ${server.encoding}, which can't hold every name.`,
      `Make one in UTF-8 (CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0) and name it in DATABASE_URL.`,
    )
  }
  if (server.fsync === 'off' || server.durable === 'off') {
    log.warn(
      { fsync: server.fsync, synchronousCommit: server.durable },
      'This PostgreSQL does not write a commit to disk before it answers: a power cut loses work that was acknowledged. Turn fsync and synchronous_commit on.',
    )
  }
  return { major, user: server.user, database: server.database, isSuperuser: server.super }
}
