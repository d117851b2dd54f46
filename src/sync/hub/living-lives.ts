// Whose work may still be missing: the lives of devices that may hold what the hub doesn't have, the leases that they may have worked under
// since it last had all of theirs, and until when it has it. It never takes one life's word for another's: two copies share only a name.
import type { PoolClient } from 'pg'
import type { Lease } from '../../kernel/lease.ts'
import { parseEnvelope } from '../envelope.ts'
import { SHUT_OUT } from './revocation.ts'

/** Of the device `d`, tenant in $1: each of its lives follows one that the hub has up to there. */
export const WHOLE = `NOT EXISTS (SELECT 1 FROM device n WHERE n.tenant_id = $1 AND n.dev = d.dev AND n.ep <= d.ep AND n.follows > 0 AND NOT EXISTS (
    SELECT 1 FROM device e WHERE e.tenant_id = $1 AND e.dev = n.dev AND e.ep < n.ep AND e.last_seq >= n.follows))`

/**
 * Of the device `d`, tenant in $1: this life may hold work that the hub doesn't have. Over is one that was shut out; one that went on in a
 * later life, which answers for what it left, unless work lies here that a copy of it brought since; and a forked one once two went on from
 * it, because one of those can't speak for the other. [DONE2]
 */
export const LIVING = `(d.state NOT IN ('rescue', 'hub') AND NOT ${SHUT_OUT} AND (d.state = 'active'
    OR EXISTS (SELECT 1 FROM quarantined q WHERE q.tenant_id = $1 AND q.dev = d.dev AND q.ep = d.ep)
    OR (d.state = 'forked' AND (SELECT count(*) FROM device n WHERE n.tenant_id = $1 AND n.dev = d.dev AND n.ep > d.ep AND n.state NOT IN ('replaced', 'rescue')) < 2)))`

/** Tenant in $1: devices of which no life is left, so that their own report never tells that nobody waits for them any more. */
export const NEVER_HEARD_AGAIN = `ARRAY(SELECT d.dev FROM device d WHERE d.tenant_id = $1 GROUP BY d.dev HAVING NOT bool_or(${LIVING}))`

/** Of the living device `d`: until when all of its work is here, hub's time in ms. What a life said that has copies says nothing of them. */
const HEARD_UNTIL = `CASE WHEN d.state = 'active' THEN d.reported_at ELSE 0 END`

/**
 * Of the device `d` and the lease `l`, tenant in $1: it may have worked under it since then. Whoever reported under a newer lease works under
 * the older ones no more; a life that never reported may have brought work of any life before it.
 */
const MAY_COUNT = `(l.body->>'to')::bigint > ${HEARD_UNTIL} AND (d.state <> 'active'
    OR (l.ep < d.ep AND d.reported_at = 0)
    OR (l.ep = d.ep AND l.issued_at >= coalesce((SELECT r.issued_at FROM lease r WHERE r.tenant_id = $1 AND r.hash = d.reported_lease), 0)))`

/** A lease that a living life may have worked under since the hub had everything of it. */
type LeaseInUse = Pick<Lease, 'company' | 'branch' | 'buckets' | 'from' | 'to'>

export interface LivingLife {
  readonly dev: string
  readonly ep: number
  /** All that it captured before is here; the hub's time in ms, 0: nothing is known. */
  readonly heard_until: number
  readonly leases: readonly LeaseInUse[]
}

export async function livingLives(client: PoolClient, tenant: string): Promise<readonly LivingLife[]> {
  const found = await client.query<LivingLife>(
    `SELECT d.dev, d.ep, ${HEARD_UNTIL} AS heard_until, u.leases FROM device d
      JOIN LATERAL (SELECT json_agg(json_build_object('company', l.body->'company', 'branch', l.body->'branch', 'buckets', l.body->'buckets',
          'from', l.body->'from', 'to', l.body->'to')) AS leases
        FROM lease l WHERE l.tenant_id = $1 AND l.dev = d.dev AND l.ep <= d.ep AND ${MAY_COUNT}) u ON u.leases IS NOT NULL
      WHERE d.tenant_id = $1 AND ${LIVING} ORDER BY d.dev, d.ep`,
    [tenant],
  )
  return found.rows
}

/** The moment that every living life of a device has reported, hub's time in ms, where a share of it had ended by then and isn't used up. [ALLOT2] */
export async function heardPastShare(client: PoolClient, tenant: string, dev: string): Promise<number | null> {
  const found = await client.query<{ until: number }>(
    `SELECT h.until FROM (SELECT min(${HEARD_UNTIL}) AS until FROM device d WHERE d.tenant_id = $1 AND d.dev = $2 AND ${LIVING}) h
      WHERE EXISTS (SELECT 1 FROM kernel_allotment a WHERE a.tenant_id = $1 AND a.device = $2 AND a.expires_at <= h.until AND a.granted > a.used)`,
    [tenant, dev],
  )
  return found.rows[0]?.until ?? null
}

/** When the newest command that the hub has of a life was captured: the hub's time as the device estimated it, and its error, ms. */
export interface NewestCapture {
  readonly at: number
  /** Null: it had never heard the hub's time. */
  readonly error: number | null
}

/** Of those lives of which it says anything: their work comes in order, so that what they captured before their newest command is here. */
export async function newestCaptures(
  client: PoolClient,
  tenant: string,
  lives: readonly LivingLife[],
): Promise<ReadonlyMap<LivingLife, NewestCapture>> {
  const found = await client.query<{ nth: number; line: string; received_at: number }>(
    `SELECT q.nth, c.line, c.received_at FROM unnest($2::text[], $3::bigint[]) WITH ORDINALITY AS q(dev, ep, nth)
      JOIN device d ON d.tenant_id = $1 AND d.dev = q.dev AND d.ep = q.ep AND d.state = 'active' AND ${WHOLE}
      JOIN command_log c ON c.tenant_id = $1 AND c.dev = d.dev AND c.ep = d.ep AND c.seq = d.last_seq`,
    [tenant, lives.map(({ dev }) => dev), lives.map(({ ep }) => ep)],
  )
  const captures = new Map<LivingLife, NewestCapture>()
  for (const { nth, line, received_at } of found.rows) {
    const [life, envelope] = [lives[nth - 1], parseEnvelope(line)]
    if (life === undefined || envelope === null) continue
    const { at, off } = envelope
    captures.set(life, { at: Math.min(at + (off?.[0] ?? 0), received_at), error: off?.[1] ?? null })
  }
  return captures
}
