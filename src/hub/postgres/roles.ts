// The two roles of a database: the owner, who owns the schema and migrates it, and the app role, which serves requests under row-level security.
// The app role is no superuser, bypasses nothing and owns nothing; a connection that can't show that is refused, never used all the same.

import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { escapeIdentifier, escapeLiteral } from 'pg'
import type { ClientBase } from 'pg'
import { codeOf, DatabaseFault } from './fault.ts'

export type RoleSetup = { database: string; owner: string; app: string; appPassword: string }

type Standing = {
  role: string
  session: string
  super: boolean
  bypass: boolean
  create_role: boolean
  replication: boolean
  strong_group: string | null
  owns: string | null
}

const standingQuery = `
  SELECT me.rolname::text AS role, session_user::text AS session, me.rolsuper AS super, me.rolbypassrls AS bypass,
         me.rolcreaterole AS create_role, me.rolreplication AS replication,
         (SELECT min(g.rolname::text) FROM pg_roles g
           WHERE (g.rolsuper OR g.rolbypassrls) AND g.oid <> me.oid AND pg_has_role(me.oid, g.oid, 'MEMBER')) AS strong_group,
         (SELECT min(pg_describe_object(d.classid, d.objid, d.objsubid)) FROM pg_shdepend d
           WHERE d.refclassid = 'pg_authid'::regclass AND d.deptype = 'o' AND pg_has_role(me.oid, d.refobjid, 'MEMBER')
             AND (d.dbid = 0 OR d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()))
             AND NOT (d.classid = 'pg_class'::regclass AND EXISTS (SELECT FROM pg_class c WHERE c.oid = d.objid AND c.relpersistence = 't'))) AS owns
    FROM pg_roles me WHERE me.rolname = current_user`

/**
 * Refuses a connection whose role could see past row-level security: a superuser, BYPASSRLS, CREATEROLE, REPLICATION, a member of such a role,
 * or the owner of anything here (temporary tables aside). Throws DatabaseFault `database-role`.
 */
export async function assertAppRole(client: ClientBase): Promise<void> {
  const { rows } = await client.query<Standing>(standingQuery)
  const me = rows[0]
  if (me === undefined) throw refusal('?', 'is not a role of this database')
  const role = me.role
  if (me.session !== role) throw refusal(role, `was taken on by ${me.session}, which can put it off again`)
  if (me.super) throw refusal(role, 'is a superuser, who passes even FORCE ROW LEVEL SECURITY')
  if (me.bypass) throw refusal(role, 'has BYPASSRLS')
  if (me.create_role) throw refusal(role, 'has CREATEROLE')
  if (me.replication) throw refusal(role, 'has REPLICATION, which reads every row')
  if (me.strong_group !== null)
    throw refusal(role, `is a member of ${me.strong_group}, which passes row-level security`)
  if (me.owns !== null) throw refusal(role, `owns ${me.owns} (itself or by a role that it is a member of)`)
}

function refusal(role: string, why: string): DatabaseFault {
  return new DatabaseFault(
    'database-role',
    `The role ${role} must not serve requests: it ${why}.`,
    `Take that from it (ALTER ROLE ${escapeIdentifier(role)} NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION; REASSIGN OWNED; REVOKE the membership), or let the hub connect as another role.`,
  )
}

/** The statement that makes or renews a login role without any right. The password goes as its SCRAM verifier, so neither log nor screen learns it. */
export function loginRoleSql(role: string, password: string, isThere: boolean): string {
  const verifier = escapeLiteral(scramVerifier(password))
  if (isThere) return `ALTER ROLE ${escapeIdentifier(role)} LOGIN PASSWORD ${verifier}`
  return `CREATE ROLE ${escapeIdentifier(role)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD ${verifier}`
}

/** What lets the app role work on what the owner makes, now and later; nobody but the owner may create in `public`. Run inside `database`. */
export function grantSql({ database, owner, app }: Omit<RoleSetup, 'appPassword'>): string[] {
  const to = escapeIdentifier(app)
  const later = `ALTER DEFAULT PRIVILEGES FOR ROLE ${escapeIdentifier(owner)} GRANT`
  return [
    `GRANT CONNECT, TEMPORARY ON DATABASE ${escapeIdentifier(database)} TO ${to}`,
    `REVOKE CREATE ON SCHEMA public FROM PUBLIC`,
    `GRANT USAGE ON SCHEMA public TO ${to}`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${to}`,
    `${later} SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${to}`,
    `${later} USAGE, SELECT ON SEQUENCES TO ${to}`,
  ]
}

const grantedQuery = `
  SELECT has_database_privilege($2, current_database(), 'CONNECT') AND has_schema_privilege($2, 'public', 'USAGE')
     AND NOT has_schema_privilege($2, 'public', 'CREATE')
     AND EXISTS (SELECT FROM pg_default_acl d, aclexplode(d.defaclacl) a
                  WHERE d.defaclrole = (SELECT oid FROM pg_roles WHERE rolname = $1) AND d.defaclobjtype = 'S'
                    AND a.grantee = (SELECT oid FROM pg_roles WHERE rolname = $2)) AS granted`

/** Gives the app role its grants in the current database unless it has them (so an ordinary start changes no catalog). `client`: the owner or a superuser. */
export async function ensureGrants(client: ClientBase, setup: Omit<RoleSetup, 'appPassword'>): Promise<void> {
  await yielding(async () => {
    const { rows } = await client.query<{ granted: boolean }>(grantedQuery, [setup.owner, setup.app])
    if (rows[0]?.granted === true) return
    await client.query(`BEGIN; ${grantSql(setup).join('; ')}; COMMIT`).catch(async (error: unknown) => {
      await client.query('ROLLBACK')
      throw error
    })
  })
}

/** Makes the role, or renews its password. `client`: a superuser or a role that may create roles. */
export async function ensureLoginRole(client: ClientBase, role: string, password: string): Promise<void> {
  await yielding(async () => {
    await client.query(loginRoleSql(role, password, await roleExists(client, role)))
  })
}

/** duplicate_object, duplicate_database, unique_violation, undefined_object, "tuple concurrently updated", object_in_use: another hub is at the same. */
const races = new Set(['42710', '42P04', '23505', '42704', 'XX000', '55006'])

/** Runs a step that looks first and then changes the catalog; again when another hub process was quicker. */
export async function yielding(step: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await step()
    } catch (error) {
      if (tries >= 5 || !races.has(codeOf(error))) throw error
      await delay(20 * tries)
    }
  }
}

export async function roleExists(client: ClientBase, role: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role])
  return rowCount === 1
}

/** RFC 5803 as PostgreSQL stores it: 4096 rounds, 16 bytes of salt. */
function scramVerifier(password: string): string {
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password, salt, 4096, 32, 'sha256')
  const clientKey = createHmac('sha256', salted).update('Client Key').digest()
  const storedKey = createHash('sha256').update(clientKey).digest('base64')
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64')
  return `SCRAM-SHA-256$4096:${salt.toString('base64')}$${storedKey}:${serverKey}`
}
