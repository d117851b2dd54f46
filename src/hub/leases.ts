// Leases: what a person may do on a device without a network, computed from today's roles, signed, and kept so that a
// command is judged by the lease it was captured under.
import type { PoolClient } from 'pg'
import type { Lease } from '../kernel/lease.ts'
import type { AnyTable, Row } from '../kernel/table.ts'
import { branch, company } from '../modules/masters/organisation.ts'
import { role, user } from '../modules/masters/people.ts'
import { profileOf, type Profile } from '../modules/masters/profile.ts'
import { transfer, TRANSFERS } from '../modules/masters/residency.ts'
import { selectedOf } from '../store/postgres/hub-tables.ts'
import { inOneFlight } from '../store/postgres/in-one-flight.ts'
import { NO_RIGHTS, type Rights } from '../sync/hub/authority.ts'
import { KNOWN, type Known } from '../sync/hub/reports.ts'
import { textHash } from '../sync/seal.ts'
import type { Hub } from './hub.ts'

const HOUR_MS = 3_600_000
/** 72 hours by default, 30 days at most (security.md). */
export const LEASE_HOURS = 72

/** The person who sets up a company before it has any people: everything, nowhere. */
export const SETUP_USER = 'setup'

interface People {
  readonly person: Row<typeof user> | null
  readonly home: Row<typeof branch> | null
  readonly firm: Row<typeof company> | null
  readonly branches: readonly Row<typeof branch>[]
  readonly transfers: readonly Row<typeof transfer>[]
  readonly roles: readonly Row<typeof role>[]
}

const rowsIn = (table: AnyTable, joined: string): string =>
  `SELECT ${selectedOf(table, 't')} FROM ${table.sqlName} t ${joined} AND t.gone_at IS NULL AND t.tenant_id = $1 ORDER BY t.id`

/** All that makes a profile, in one question: every pull asks it. */
const PEOPLE = `WITH person AS (${rowsIn(user, 'WHERE t.id = $2')}),
  home AS (${rowsIn(branch, 'JOIN person p ON t.id = p.branch')}),
  firm AS (${rowsIn(company, 'JOIN home h ON t.id = h.company')})
  SELECT (SELECT to_json(p) FROM person p) AS person, (SELECT to_json(h) FROM home h) AS home, (SELECT to_json(f) FROM firm f) AS firm,
    (SELECT coalesce(json_agg(b), '[]') FROM (${rowsIn(branch, 'WHERE true')}) b) AS branches,
    (SELECT coalesce(json_agg(x), '[]') FROM (${rowsIn(transfer, 'WHERE true')}) x) AS transfers,
    (SELECT coalesce(json_agg(r), '[]') FROM (${rowsIn(role, 'JOIN person p ON p.roles ? t.code')}) r) AS roles`

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
  const found = await profileOfPerson(client, hub, userId)
  if (found === null) return null
  const { leftOut: _, ...profile } = found
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
): Promise<(LeasedProfile & Pick<Profile, 'leftOut'>) | null> {
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
      buckets: ['company', 'catalogue', 'parties', TRANSFERS],
      leftOut: new Map(),
    }
  }
  const found = await client.query<People>({ name: 'people', text: PEOPLE, values: [tenant, userId] })
  const { person = null, home = null, firm = null, branches = [], transfers = [], roles = [] } = found.rows[0] ?? {}
  if (person === null || person.isDisabled || home === null || firm === null) return null
  const today = new Date(hub.now()).toISOString().slice(0, 10)
  const profile = profileOf({
    company: firm,
    branch: home,
    branches,
    transfers,
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
    ...profile,
  }
}

/**
 * What a person may do now: nothing where they are disabled. Null where this hub has never heard of them, as one on a backup may not have
 * yet. [AUTH8]
 */
export async function rightsToday(client: PoolClient, hub: Hub, userId: string): Promise<Rights | null> {
  const profile = await profileOfPerson(client, hub, userId)
  if (profile !== null) return profile
  const known = await client.query({
    name: 'person-known',
    text: `SELECT 1 FROM ${user.sqlName} WHERE tenant_id = $1 AND id = $2`,
    values: [hub.tenant, userId],
  })
  return known.rows.length > 0 ? NO_RIGHTS : null
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
/** Both ways: what a lease has no more (a region, a transfer) is a change as well. [RES3] */
const sameProfile = (
  profile: LeasedProfile,
  { dev: _d, ep: _e, from: _f, to: _t, incarnation: _i, ...held }: Lease,
): boolean => JSON.stringify(profile, sortKeys) === JSON.stringify(held, sortKeys)

/** What a request of a device is answered by: what the hub knows of it, its newest lease, and what a lease of today would say. */
export interface Standing extends Known {
  readonly held: Stored | null
  /** Null when the person may not work any more, or the device is shut out. */
  readonly profile: LeasedProfile | null
}

/** Reads and writes nothing. */
export async function standingOf(client: PoolClient, hub: Hub, caller: LeaseFor): Promise<Standing | null> {
  const standing = client.query<Known & { held: Stored | null }>({
    name: 'standing',
    text: `SELECT ${KNOWN}, (SELECT to_json(l) FROM (
        SELECT hash, jws, body FROM lease WHERE tenant_id = $1 AND dev = $2 AND ep = $3 ORDER BY issued_at DESC LIMIT 1) l) AS held
      FROM device d WHERE d.tenant_id = $1 AND d.dev = $2 AND d.ep = $3`,
    values: [hub.tenant, caller.dev, caller.ep],
  })
  const [found, profile] = await inOneFlight([standing, profileFor(client, hub, caller)])
  const known = found.rows[0]
  if (known === undefined) return null
  return { ...known, profile: known.is_shut_out ? null : profile }
}

export interface CurrentLease {
  readonly lease: Lease
  readonly jws: string
  readonly hash: string
}

/** The lease that the device has still; null when another one is due: its profile changed, or half of its time is over. */
export function leaseIn({ held, profile }: Standing, now: number): CurrentLease | null {
  if (held === null || profile === null || now > (held.body.from + held.body.to) / 2) return null
  return sameProfile(profile, held.body) ? { lease: held.body, jws: held.jws, hash: held.hash } : null
}

/** The device's newest lease, renewed when that is due. Null when nobody may work with it any more. */
export async function currentLease(client: PoolClient, hub: Hub, given: LeaseFor): Promise<CurrentLease | null> {
  const standing = await standingOf(client, hub, given)
  if (standing === null || standing.profile === null) return null
  const kept = leaseIn(standing, hub.now())
  if (kept !== null) return kept
  const issued = await issueLease(client, hub, given)
  return issued === null ? null : { ...issued, hash: textHash(issued.jws) }
}
