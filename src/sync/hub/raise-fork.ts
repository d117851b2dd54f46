// Says to people that a device has two lives: an exception row for IT, written with its buckets and a tick of the tenant's
// clock in the transaction that quarantines the device. It belongs to no command, so the log has no line of it.
import type { PoolClient } from 'pg'
import type { Catalogue } from '../../kernel/catalogue.ts'
import { Effects } from '../../kernel/effects.ts'
import { keyId } from '../../kernel/hash.ts'
import { exception } from '../../kernel/kernel-tables.ts'
import { BatchCache } from '../../store/postgres/batch-cache.ts'
import { flush } from '../../store/postgres/flush.ts'
import type { Envelope } from '../protocol.ts'
import { exceptionRow } from './apply.ts'

/** The caller holds the tenant's clock at `clock` and calls it once for a device and epoch. Answers the clock after it. */
export async function raiseFork(
  client: PoolClient,
  { catalogue, tenant, clock }: { readonly catalogue: Catalogue; readonly tenant: string; readonly clock: number },
  envelope: Envelope,
): Promise<number> {
  const { dev, ep, seq } = envelope
  const lease = await client.query<{ branch: string }>(
    "SELECT body->>'branch' AS branch FROM lease WHERE tenant_id = $1 AND hash = $2",
    [tenant, envelope.lease],
  )
  const branch = lease.rows[0]?.branch ?? ''
  const effects = new Effects()
  const raised = { code: 'FORK', facts: { forked: dev, epoch: ep, seq } }
  effects.insert(
    exception,
    keyId(tenant, exception.name, [dev, ep, 'FORK']),
    exceptionRow(catalogue, raised, { branch, envelope }),
  )
  const cache = new BatchCache()
  cache.accept(cache.imagesOf(effects), clock + 1)
  await flush(client, tenant, cache)
  await client.query('UPDATE tenant_clock SET seq = $2 WHERE tenant_id = $1', [tenant, clock + 1])
  return clock + 1
}
