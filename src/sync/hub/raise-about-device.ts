// Says to people what happened to a device: that it has two lives, or that it lost what was on it. An exception row for IT, written with
// its buckets and a tick of the tenant's clock in the transaction that found it out. It belongs to no command, so the log has no line of it.
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
import { raiseClock } from './tenant.ts'

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
  return raise(client, clocked, 'FORK', facts, { ...envelope, branch: lease.rows[0]?.branch ?? '' })
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
  return raise(client, clocked, 'STORAGE_LOST', facts, { dev, ep, seq: has, type: 'enrol', user, at, branch })
}

async function raise(
  client: PoolClient,
  { catalogue, tenant, clock }: Clocked,
  code: string,
  facts: Facts,
  about: About,
): Promise<number> {
  const effects = new Effects()
  effects.insert(
    exception,
    keyId(tenant, exception.name, [about.dev, about.ep, code]),
    exceptionRow(catalogue, { code, facts }, { branch: about.branch, envelope: about }),
  )
  const cache = new BatchCache()
  cache.accept(cache.imagesOf(effects), clock + 1)
  const rows = flush(client, tenant, cache)
  await inOneFlight([...rows, raiseClock(client, tenant, clock + 1)])
  return clock + 1
}
