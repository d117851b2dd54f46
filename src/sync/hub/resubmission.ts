// Turns a request to resubmit or force a parked command into the original itself: its id and number space, its personal
// values and its author, under the authority of the person who asks. [REV2]
import { textOf } from '../../kernel/text-of.ts'
import type { PoolClient } from 'pg'
import type { Catalogue } from '../../kernel/catalogue.ts'
import { mayDo, type Lease } from '../../kernel/lease.ts'
import { openEnvelope, parseEnvelope, spaceOf } from '../envelope.ts'
import { FORCE, RESUBMIT, type Personal } from '../protocol.ts'
import type { Incoming } from './apply.ts'

interface Original {
  readonly line: string
  readonly pd: Personal | null
  readonly lease: Lease | null
}

/** The incoming original, or the request itself (which the handler then judges) when there is no such open item. */
export async function redirect(
  client: PoolClient,
  catalogue: Catalogue,
  tenant: string,
  request: Incoming,
): Promise<Incoming> {
  const item = textOf(request.args['item'])
  const found = await client.query<{ dev: string; ep: number; seq: number; state: string }>(
    'SELECT dev, ep, seq, state FROM kernel_review_item WHERE tenant_id = $1 AND id = $2',
    [tenant, item],
  )
  const parked = found.rows[0]
  const mine = request.frame.lease
  if (
    parked === undefined ||
    parked.state !== 'open' ||
    request.unfit !== null ||
    !mayDo(mine, request.command?.permission ?? '')
  )
    return request
  const original = await originalOf(client, tenant, parked)
  const envelope = original === null ? null : parseEnvelope(original.line)
  if (original === null || envelope === null) return request
  const opened = openEnvelope(catalogue, envelope, original.pd)
  if (!opened.ok || opened.command === null) return request
  const edited = request.envelope.type === RESUBMIT ? request.args['args'] : undefined
  const isForced = request.envelope.type === FORCE
  const lease: Lease = {
    ...mine,
    user: envelope.user,
    branch: original.lease?.branch ?? mine.branch,
    company: original.lease?.company ?? mine.company,
    permissions: isForced ? ['*'] : mine.permissions,
  }
  return {
    ...request,
    command: opened.command,
    args: (edited ?? opened.args) as Incoming['args'],
    frame: {
      tenant,
      dev: envelope.dev,
      ...spaceOf(envelope),
      at: envelope.at,
      tz: envelope.tz,
      lease,
      nos: envelope.nos ?? {},
      base: opened.base,
      seen: envelope.seen,
      off: envelope.off ?? null,
      ...(request.frame.receivedAt !== undefined && { receivedAt: request.frame.receivedAt }),
    },
    settles: {
      item,
      state: isForced ? 'forced' : 'resubmitted',
      by: mine.user,
      at: request.frame.at,
      remark: isForced ? textOf(request.args['reason']) : null,
    },
  }
}

async function originalOf(
  client: PoolClient,
  tenant: string,
  { dev, ep, seq }: { dev: string; ep: number; seq: number },
): Promise<Original | null> {
  const logged = await client.query<{ line: string }>(
    'SELECT line FROM command_log WHERE tenant_id = $1 AND dev = $2 AND ep = $3 AND seq = $4',
    [tenant, dev, ep, seq],
  )
  const line = logged.rows[0]?.line
  if (line === undefined) return null
  const personal = await client.query<{ path: string; value: never; salt: string }>(
    'SELECT path, value, salt FROM command_personal WHERE tenant_id = $1 AND dev = $2 AND ep = $3 AND seq = $4',
    [tenant, dev, ep, seq],
  )
  const leases = await client.query<{ body: Lease }>('SELECT body FROM lease WHERE tenant_id = $1 AND hash = $2', [
    tenant,
    parseEnvelope(line)?.lease ?? '',
  ])
  const pd =
    personal.rows.length === 0
      ? null
      : Object.fromEntries(personal.rows.map(({ path, value, salt }) => [path, { value, salt }]))
  return { line, pd, lease: leases.rows[0]?.body ?? null }
}
