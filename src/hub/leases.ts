// Leases: what a person may do on a device without a network, computed from today's roles, signed, and kept so that a
// command is judged by the lease it was captured under.
import type { PoolClient } from 'pg'
import type { Lease } from '../kernel/lease.ts'
import type { AnyTable, Row } from '../kernel/table.ts'
import { branch, company } from '../modules/masters/organisation.ts'
import { role, user } from '../modules/masters/people.ts'
import { profileOf } from '../modules/masters/profile.ts'
import { selectedOf } from '../store/postgres/hub-tables.ts'
import { textHash } from '../sync/seal.ts'
import type { Hub } from './hub.ts'

const HOUR_MS = 3_600_000
/** 72 hours by default, 30 days at most (security.md). */
export const LEASE_HOURS = 72

/** The person who sets up a company before it has any people: everything, nowhere. */
export const SETUP_USER = 'setup'

async function rowsOf<T extends AnyTable>(
  client: PoolClient,
  tenant: string,
  table: T,
  where: string,
  values: unknown[],
): Promise<Row<T>[]> {
  const found = await client.query(
    `SELECT ${selectedOf(table, 't')} FROM ${table.sqlName} t WHERE t.tenant_id = $1 AND t.gone_at IS NULL AND ${where}`,
    [tenant, ...values],
  )
  return found.rows as Row<T>[]
}

export interface LeaseFor {
  readonly dev: string
  readonly ep: number
  readonly user: string
}

type LeasedProfile = Omit<Lease, 'dev' | 'ep' | 'from' | 'to' | 'incarnation'>

/** The person's profile on this device; it carries what the hub says about the device's own work. [REV3] */
async function profileFor(
  client: PoolClient,
  hub: Hub,
  { dev, user: userId }: LeaseFor,
): Promise<LeasedProfile | null> {
  const profile = await profileOfPerson(client, hub, userId)
  if (profile === null) return null
  const buckets = [`device:${dev}`, ...profile.buckets]
  const [identity = 0, ...stages] = profile.stages ?? []
  return { ...profile, buckets, ...(profile.stages !== undefined && { stages: [identity + 1, ...stages] }) }
}

/** Null when the person doesn't exist (any more) or is disabled. `draft`: as if the role were so. */
export async function profileOfPerson(
  client: PoolClient,
  hub: Hub,
  userId: string,
  draft: Row<typeof role> | null = null,
): Promise<LeasedProfile | null> {
  const { tenant } = hub
  if (userId === SETUP_USER) {
    return {
      tenant,
      user: SETUP_USER,
      name: 'Setup',
      company: '',
      branch: '',
      roles: ['setup'],
      permissions: ['*'],
      limits: {},
      policy: {},
      buckets: ['company', 'catalogue', 'parties'],
    }
  }
  const person = (await rowsOf(client, tenant, user, 't.id = $2', [userId]))[0]
  if (person === undefined || person.isDisabled) return null
  const home = (await rowsOf(client, tenant, branch, 't.id = $2', [person.branch]))[0]
  if (home === undefined) return null
  const firm = (await rowsOf(client, tenant, company, 't.id = $2', [home.company]))[0]
  if (firm === undefined) return null
  const branches = await rowsOf(client, tenant, branch, 't.company = $2', [home.company])
  const roles = await rowsOf(client, tenant, role, 't.code = ANY ($2::text[])', [[...person.roles]])
  const today = new Date(hub.now()).toISOString().slice(0, 10)
  const { permissions, limits, policy, buckets, stages } = profileOf({
    company: firm,
    branch: home,
    branches,
    user: person,
    roles: draft === null ? roles : [...roles.filter(({ code }) => code !== draft.code), draft],
    today,
  })
  return {
    tenant,
    user: person.id,
    name: person.name,
    company: firm.id,
    branch: home.id,
    roles: person.roles,
    permissions,
    limits,
    policy,
    buckets,
    stages,
  }
}

interface Stored {
  readonly hash: string
  readonly jws: string
  readonly body: Lease
}

/** Signs a lease and keeps it. Null when the person may not work any more. */
export async function issueLease(
  client: PoolClient,
  hub: Hub,
  given: LeaseFor,
): Promise<{ jws: string; lease: Lease } | null> {
  const profile = await profileFor(client, hub, given)
  if (profile === null) return null
  const from = hub.now()
  const lease: Lease = {
    ...profile,
    dev: given.dev,
    ep: given.ep,
    from,
    to: from + LEASE_HOURS * HOUR_MS,
    incarnation: hub.incarnation,
  }
  const jws = await hub.keys.sign(lease)
  await client.query(
    'INSERT INTO lease (tenant_id, hash, dev, ep, user_id, body, jws, issued_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
    [hub.tenant, textHash(jws), given.dev, given.ep, given.user, JSON.stringify(lease), jws, from],
  )
  return { jws, lease }
}

// The database gives an object's keys back in another order.
const sortKeys = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value
const sameProfile = (a: object, b: Lease): boolean =>
  Object.entries(a).every(
    ([key, value]) =>
      JSON.stringify(value, sortKeys) === JSON.stringify((b as unknown as Record<string, unknown>)[key], sortKeys),
  )

/** The device's newest lease, renewed when its profile changed or half of its time is over. */
export async function currentLease(
  client: PoolClient,
  hub: Hub,
  given: LeaseFor,
): Promise<{ lease: Lease; jws: string; hash: string } | null> {
  const found = await client.query<Stored>(
    'SELECT hash, jws, body FROM lease WHERE tenant_id = $1 AND dev = $2 AND ep = $3 ORDER BY issued_at DESC LIMIT 1',
    [hub.tenant, given.dev, given.ep],
  )
  const held = found.rows[0]
  const profile = await profileFor(client, hub, given)
  if (profile === null) return null
  const isHalfOver = held === undefined || hub.now() > (held.body.from + held.body.to) / 2
  if (held !== undefined && !isHalfOver && sameProfile(profile, held.body))
    return { lease: held.body, jws: held.jws, hash: held.hash }
  const issued = await issueLease(client, hub, given)
  return issued === null ? null : { ...issued, hash: textHash(issued.jws) }
}
