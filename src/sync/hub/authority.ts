// Who may have done this, and when: the lease a command was captured under, and whether its author was revoked by then.
// A device's clock proves nothing, so a capture counts as no earlier than what it had already seen and no later than now.
import type { Pool, PoolClient } from 'pg'
import type { AnyCommand } from '../../kernel/command.ts'
import { mayDo, type Lease } from '../../kernel/lease.ts'
import type { Facts, RaisedException } from '../../kernel/refusal.ts'
import { inOneFlight } from '../../store/postgres/in-one-flight.ts'
import { spaceOf } from '../envelope.ts'
import type { Envelope, StreamHeader } from '../protocol.ts'
import type { ParkReason } from '../refusals.ts'
import { textHash } from '../seal.ts'
import type { PushContext } from './push.ts'
import { inTenant } from './tenant.ts'

export interface Authority {
  /** Parks the command. */
  readonly fault: { readonly reason: ParkReason; readonly facts: Facts } | null
  /** Raised although it stands. */
  readonly raises: readonly RaisedException[]
}

interface ShutOut {
  readonly at: number
  /** In a stranger's hands: nothing that arrives later is believed without people. */
  readonly isLost: boolean
}

/** What the hub knows of the leases and people that a part names, and the wall time of each `seen` where it matters. */
export interface KnownAuthority {
  readonly leases: ReadonlyMap<string, Lease>
  readonly revokedAt: ReadonlyMap<string, number>
  readonly seenAt: ReadonlyMap<number, number>
  /** Lives of the device that were shut out, by epoch. */
  readonly shutOut: ReadonlyMap<number, ShutOut>
  /** What the people of the part's requests may do as of its arrival; null where that isn't known. */
  readonly today: ReadonlyMap<string, Rights | null>
}

/** What somebody may do, and up to what. */
export type Rights = Pick<Lease, 'permissions' | 'limits'>
export const NO_RIGHTS: Rights = { permissions: [], limits: {} }

export async function loadAuthority(
  client: PoolClient,
  { tenant, catalogue, rightsToday }: Pick<PushContext, 'tenant' | 'catalogue' | 'rightsToday'>,
  envelopes: readonly Envelope[],
): Promise<KnownAuthority> {
  const isRequest = ({ type }: Envelope): boolean => catalogue.commands.get(type)?.kind === 'request'
  const askers = [...new Set(envelopes.filter(isRequest).map(({ user }) => user))]
  const hashes = [...new Set(envelopes.map(({ lease }) => lease))]
  const users = [...new Set(envelopes.map(({ user }) => user))]
  const [leases, revoked, shut, rights] = await inOneFlight([
    client.query<{ hash: string; body: Lease }>({
      name: 'leases-named',
      text: 'SELECT hash, body FROM lease WHERE tenant_id = $1 AND hash = ANY ($2::text[])',
      values: [tenant, hashes],
    }),
    client.query<{ user_id: string; revoked_at: number }>({
      name: 'people-revoked',
      text: 'SELECT user_id, revoked_at FROM account WHERE tenant_id = $1 AND user_id = ANY ($2::text[]) AND revoked_at IS NOT NULL',
      values: [tenant, users],
    }),
    client.query<{ ep: number; revoked_at: number; is_lost: boolean }>({
      name: 'lives-revoked',
      text: 'SELECT ep, revoked_at, is_lost FROM device WHERE tenant_id = $1 AND dev = $2 AND revoked_at IS NOT NULL',
      values: [tenant, envelopes[0]?.dev],
    }),
    inOneFlight(askers.map((user) => rightsToday(client, user))),
  ])
  const revokedAt = new Map(revoked.rows.map(({ user_id, revoked_at }) => [user_id, revoked_at]))
  const shutOut = new Map(shut.rows.map(({ ep, revoked_at, is_lost }) => [ep, { at: revoked_at, isLost: is_lost }]))
  const isRevoked = (envelope: Envelope): boolean => revokedAt.has(envelope.user) || shutOut.has(spaceOf(envelope).ep)
  const seen = [...new Set(envelopes.filter(isRevoked).map((envelope) => envelope.seen))]
  return {
    leases: new Map(leases.rows.map(({ hash, body }) => [hash, body])),
    revokedAt,
    seenAt: await committedAt(client, tenant, seen),
    shutOut,
    today: new Map(askers.map((user, index) => [user, revokedAt.has(user) ? NO_RIGHTS : (rights[index] ?? null)])),
  }
}

/**
 * The lease that a command is run under. A request is also judged as of its arrival: it has what its author could do then and still can.
 * [AUTH8]
 */
export function leaseOf(
  envelope: Envelope,
  command: AnyCommand | null,
  { leases, today }: KnownAuthority,
): Lease | null {
  const lease = leases.get(envelope.lease)
  if (lease === undefined) return null
  const now = today.get(envelope.user) ?? null
  if (now === null || command?.kind !== 'request') return lease
  const both = [
    ...lease.permissions.filter((permission) => mayDo(now, permission)),
    ...now.permissions.filter((permission) => mayDo(lease, permission)),
  ]
  const limits = Object.entries(lease.limits).map(([limit, most]) => [limit, Math.min(most, now.limits[limit] ?? 0)])
  return { ...lease, permissions: [...new Set(both)], limits: Object.fromEntries(limits) as Lease['limits'] }
}

/** The hub's wall time at which the clock came to these values. */
async function committedAt(
  client: PoolClient,
  tenant: string,
  seen: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  if (seen.length === 0) return new Map()
  const times = await client.query<{ seen: number; at: number }>(
    `SELECT q.seen, l.received_at AS at FROM unnest($2::bigint[]) AS q(seen)
     CROSS JOIN LATERAL (SELECT received_at FROM command_log WHERE tenant_id = $1 AND at <= q.seen ORDER BY at DESC LIMIT 1) l`,
    [tenant, seen],
  )
  return new Map(times.rows.map((row) => [row.seen, row.at]))
}

/** Of a device that showed none: it allows nothing. */
export const noLease = (tenant: string, dev: string): Lease => ({
  tenant,
  dev,
  ep: 0,
  user: '',
  name: '',
  company: '',
  branch: '',
  roles: [],
  permissions: [],
  limits: {},
  policy: {},
  buckets: [],
  from: 0,
  to: 0,
  incarnation: '',
})

const NONE: readonly RaisedException[] = []
const parks = (reason: ParkReason, facts: Facts): Authority => ({ fault: { reason, facts }, raises: NONE })

/** `now` is the hub's wall time of receipt. [AUTH2] */
export function authorityOf(envelope: Envelope, known: KnownAuthority, now: number): Authority {
  const lease = known.leases.get(envelope.lease)
  if (lease === undefined) return parks('sync.unknown-lease', { lease: envelope.lease })
  if (lease.dev !== envelope.dev || lease.ep !== spaceOf(envelope).ep || lease.user !== envelope.user)
    return parks('sync.not-your-lease', { user: envelope.user })
  // The device refuses to work beyond its lease by the very time that dates the command: an honest one never gets here.
  const workedAt = envelope.at + (envelope.off?.[0] ?? 0)
  if (workedAt > lease.to) return parks('sync.lease-over', { until: lease.to, at: envelope.at })
  const shut = known.shutOut.get(spaceOf(envelope).ep)
  if (shut?.isLost === true) return parks('sync.device-lost', { lostAt: shut.at, at: envelope.at })
  const revokedAt = Math.min(known.revokedAt.get(envelope.user) ?? Infinity, shut?.at ?? Infinity)
  if (revokedAt === Infinity) return { fault: null, raises: NONE }
  const at = Math.min(Math.max(workedAt, known.seenAt.get(envelope.seen) ?? 0, lease.from), now)
  if (at > revokedAt) return parks('AFTER_REVOCATION', { revokedAt, at: envelope.at })
  return {
    fault: null,
    raises: now > revokedAt ? [{ code: 'LATE_AUTHORITY', facts: { revokedAt, at: envelope.at } }] : NONE,
  }
}

const isLease = (payload: Lease | null): payload is Lease =>
  payload !== null &&
  [payload.permissions, payload.buckets, payload.roles].every(Array.isArray) &&
  Number.isSafeInteger(payload.from) &&
  Number.isSafeInteger(payload.to)

/**
 * A hub restored from a backup has lost the leases it signed since. The device shows them with the work done under them, and the hub
 * takes back what carries its own signature, names this very device and is a lease: no other signed text passes for one. [LIFE2]
 */
export async function readmitLeases(
  hub: {
    readonly pool: Pool
    readonly tenant: string
    readonly now: () => number
    readonly verify: <T>(jws: string) => Promise<T | null>
  },
  { dev, ep }: Pick<StreamHeader, 'dev' | 'ep'>,
  shown: readonly string[],
): Promise<void> {
  for (const jws of shown) {
    const lease = await hub.verify<Lease>(jws)
    if (!isLease(lease) || lease.tenant !== hub.tenant || lease.dev !== dev || lease.ep > ep) continue
    await inTenant(hub.pool, hub.tenant, (client) =>
      client.query(
        'INSERT INTO lease (tenant_id, hash, dev, ep, user_id, body, jws, issued_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING',
        [hub.tenant, textHash(jws), dev, ep, lease.user, JSON.stringify(lease), jws, lease.from],
      ),
    )
  }
}

/** Hashes of leases that the hub doesn't have: the device is asked to show them before anything is parked for it. [LIFE2] */
export async function unknownLeases(
  client: PoolClient,
  tenant: string,
  commands: readonly { readonly envelope: Envelope }[],
): Promise<string[]> {
  const hashes = [...new Set(commands.map(({ envelope }) => envelope.lease))]
  const known = await client.query<{ hash: string }>(
    'SELECT hash FROM lease WHERE tenant_id = $1 AND hash = ANY ($2::text[])',
    [tenant, hashes],
  )
  const have = new Set(known.rows.map(({ hash }) => hash))
  return hashes.filter((hash) => !have.has(hash))
}
