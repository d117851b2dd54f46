// A pull from question to answer: one snapshot tells who asks, what their lease holds today and what changed since. It writes
// only where something is to be written (another lease, a report that somebody waits for), and then looks anew.
import { assert } from '../kernel/assert.ts'
import { answerPull } from '../sync/hub/pull.ts'
import { isNews, keepSaid } from '../sync/hub/reports.ts'
import { inTenant } from '../sync/hub/tenant.ts'
import type { PullHead, PullLine, PullRequest } from '../sync/protocol.ts'
import type { Hub } from './hub.ts'
import { currentLease, leaseIn, standingOf, type CurrentLease, type LeaseFor } from './leases.ts'

/** [PULL5] */
export async function pulled(hub: Hub, caller: LeaseFor, request: PullRequest): Promise<PullLine[] | 'sync.revoked'> {
  const { pool, tenant } = hub
  const first = await look(hub, caller, request, null)
  if (first === 'sync.revoked' || Array.isArray(first)) return first
  const lease = await inTenant(pool, tenant, (client) => currentLease(client, hub, caller))
  if (lease === null) return 'sync.revoked'
  if (first.isNews) await keepSaid(hub.pushContext, caller, request)
  const second = await look(hub, caller, request, lease)
  assert(second === 'sync.revoked' || Array.isArray(second), 'With a lease of just now a pull has its answer.')
  return second
}

/** The answer, or that something is to be written before; with `issued`, a lease of just now, nothing is. */
async function look(
  hub: Hub,
  caller: LeaseFor,
  request: PullRequest,
  issued: CurrentLease | null,
): Promise<PullLine[] | 'sync.revoked' | { readonly isNews: boolean }> {
  return inTenant(
    hub.pool,
    hub.tenant,
    async (client) => {
      const standing = await standingOf(client, hub, caller)
      if (standing === null || standing.profile === null) return 'sync.revoked'
      const lease = issued ?? leaseIn(standing, hub.now())
      const news = issued === null && isNews(standing, request, hub.now())
      if (lease === null || news) return { isNews: news }
      const [head, ...rest] = await answerPull(client, hub, request, caller, new Set(lease.lease.buckets))
      // A device that holds another lease than today's is given today's: the answer that brought it may have been lost.
      const isOther = request.lease !== lease.hash
      return [{ ...(head as PullHead), ...(isOther && { lease: lease.jws }) }, ...rest]
    },
    'snapshot',
  )
}
