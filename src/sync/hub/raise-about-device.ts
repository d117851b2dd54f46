// Says to people what happened to a device: that it has two lives, that it lost what was on it, or that the hub has no room for its photos.
// An exception row for IT, written with its buckets and a tick of the tenant's clock in the transaction that found it out. It belongs to no
// command, so the log has no line of it.
import type { PoolClient } from 'pg'
import type { Catalogue } from '../../kernel/catalogue.ts'
import { Effects } from '../../kernel/effects.ts'
import { keyId } from '../../kernel/hash.ts'
import { exception } from '../../kernel/kernel-tables.ts'
import type { Facts } from '../../kernel/refusal.ts'
import { BatchCache } from '../../store/postgres/batch-cache.ts'
import { flush } from '../../store/postgres/flush.ts'
import { inOneFlight } from '../../store/postgres/in-one-flight.ts'
import type { Envelope } from '../protocol.ts'
import { exceptionRow } from './apply.ts'
import type { PushContext } from './push.ts'
import { inTenant, lockClock, raiseClock } from './tenant.ts'

interface Clocked {
  readonly catalogue: Catalogue
  readonly tenant: string
  readonly clock: number
}

type About = Pick<Envelope, 'dev' | 'ep' | 'seq' | 'type' | 'user' | 'at'> & { readonly branch: string }

/** The caller holds the tenant's clock at `clock` and calls it once for a device and epoch. Answers the clock after it. */
export async function raiseFork(client: PoolClient, clocked: Clocked, envelope: Envelope): Promise<number> {
  const { dev, ep, seq } = envelope
  const lease = await client.query<{ branch: string }>(
    "SELECT body->>'branch' AS branch FROM lease WHERE tenant_id = $1 AND hash = $2",
    [clocked.tenant, envelope.lease],
  )
  const facts = { forked: dev, epoch: ep, seq }
  return raise(client, clocked, { code: 'FORK', facts, about: { ...envelope, branch: lease.rows[0]?.branch ?? '' } })
}

/** What its browser had of a device is gone, and a person began its next life: `captured` is what it remembers of the one before. */
export async function raiseStorageLost(
  client: PoolClient,
  clocked: Clocked,
  lost: {
    readonly dev: string
    readonly ep: number
    readonly has: number
    readonly captured: number
    readonly user: string
    readonly at: number
  },
): Promise<number> {
  const { dev, ep, has, captured, user, at } = lost
  const lease = await client.query<{ branch: string }>(
    "SELECT body->>'branch' AS branch FROM lease WHERE tenant_id = $1 AND dev = $2 ORDER BY issued_at DESC LIMIT 1",
    [clocked.tenant, dev],
  )
  const branch = lease.rows[0]?.branch ?? ''
  const facts = { lost: dev, epoch: ep, has, missing: Math.max(0, captured - has) }
  const about = { dev, ep, seq: has, type: 'enrol', user, at, branch }
  return raise(client, clocked, { code: 'STORAGE_LOST', facts, about })
}

const HUB_FULL = 'HUB_FULL'

/**
 * All the room that a tenant has for photos is taken: told with the first one that finds none, and not again before somebody has closed it.
 * `roomBytes`: what there is. [BLOB10]
 */
export async function raiseHubFull(
  { pool, catalogue, tenant, now, committed }: PushContext,
  { dev, roomBytes }: { readonly dev: string; readonly roomBytes: number },
): Promise<void> {
  const isOpen = async (client: PoolClient): Promise<boolean> =>
    (
      await client.query(
        `SELECT 1 FROM ${exception.sqlName} WHERE tenant_id = $1 AND code = $2 AND state = 'open' AND gone_at IS NULL LIMIT 1`,
        [tenant, HUB_FULL],
      )
    ).rows.length > 0
  // Each waiting device asks again each hour: nobody waits for the tenant's lock to say what is said.
  if (await inTenant(pool, tenant, isOpen)) return
  const w = await inTenant(pool, tenant, async (client) => {
    const clock = await lockClock(client, { tenant, catalogue })
    if (await isOpen(client)) return null
    const found = await client.query<{ ep: number; user: string; branch: string | null }>(
      `SELECT d.ep, d.user_id AS "user", (SELECT l.body->>'branch' FROM lease l WHERE l.tenant_id = d.tenant_id AND l.dev = d.dev
         ORDER BY l.issued_at DESC LIMIT 1) AS branch
       FROM device d WHERE d.tenant_id = $1 AND d.dev = $2 ORDER BY d.ep DESC LIMIT 1`,
      [tenant, dev],
    )
    const of = found.rows[0]
    if (of === undefined) return null
    const about = { dev, ep: of.ep, seq: 0, type: 'blob', user: of.user, at: now(), branch: of.branch ?? '' }
    // It may be full again another day.
    const key = [HUB_FULL, clock]
    return raise(client, { catalogue, tenant, clock }, { code: HUB_FULL, facts: { roomBytes }, about, key })
  })
  if (w !== null) committed(tenant, w)
}

interface Raised {
  readonly code: string
  readonly facts: Facts
  readonly about: About
  /** What makes it one row; else once for a device and epoch. */
  readonly key?: readonly (string | number)[]
}

async function raise(
  client: PoolClient,
  { catalogue, tenant, clock }: Clocked,
  { code, facts, about, key = [about.dev, about.ep, code] }: Raised,
): Promise<number> {
  const effects = new Effects()
  effects.insert(
    exception,
    keyId(tenant, exception.name, key),
    exceptionRow(catalogue, { code, facts }, { branch: about.branch, envelope: about }),
  )
  const cache = new BatchCache()
  cache.accept(cache.imagesOf(effects), clock + 1)
  const rows = flush(client, tenant, cache)
  await inOneFlight([...rows, raiseClock(client, tenant, clock + 1)])
  return clock + 1
}
