// Turns a request to resubmit or force a parked command into the original itself: its id and number space, its personal
// values and its author, under the authority of the person who asks. [REV2]
import { textOf } from '../../kernel/text-of.ts'
import type { PoolClient } from 'pg'
import type { AnyCommand } from '../../kernel/command.ts'
import { mayDo, rightsToForce, type Lease } from '../../kernel/lease.ts'
import type { Base, Frame } from '../../kernel/run.ts'
import { openEnvelope, parseEnvelope, spaceOf } from '../envelope.ts'
import { FORCE, RESUBMIT, type Envelope } from '../protocol.ts'
import type { Incoming } from './apply.ts'
import { loggedPersonal } from './command-log.ts'
import type { PushContext } from './push.ts'

/** Where the originals are kept, and what opens them. */
type KeptIn = Pick<PushContext, 'catalogue' | 'tenant' | 'keys'>

interface Original {
  readonly envelope: Envelope
  readonly command: AnyCommand
  readonly args: Incoming['args']
  readonly base: Base
  readonly lease: Lease | null
}

/** The incoming original, or the request itself (which the handler then judges) when there is no such open item. */
export async function redirect(client: PoolClient, context: KeptIn, request: Incoming): Promise<Incoming> {
  const { tenant } = context
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
  const original = await originalOf(client, context, parked)
  if (original === null) return request
  const { envelope } = original
  const edited = request.envelope.type === RESUBMIT ? request.args['args'] : undefined
  const isForced = request.envelope.type === FORCE
  const lease: Lease = {
    ...mine,
    user: envelope.user,
    branch: original.lease?.branch ?? mine.branch,
    company: original.lease?.company ?? mine.company,
    permissions: isForced
      ? rightsToForce(mine, { author: envelope.user, kind: original.command.kind })
      : mine.permissions,
  }
  const settles = { by: mine.user, at: request.frame.at }
  return {
    ...request,
    command: original.command,
    args: (edited ?? original.args) as Incoming['args'],
    frame: frameOf(request, original, lease),
    settles: {
      ...settles,
      of: envelope,
      item,
      state: isForced ? 'forced' : 'resubmitted',
      remark: isForced ? textOf(request.args['reason']) : null,
    },
    followers: await waitingFor(client, context, request, item, settles),
  }
}

const frameOf = ({ frame }: Incoming, { envelope, base }: Original, lease: Lease): Frame => ({
  tenant: frame.tenant,
  dev: envelope.dev,
  ...spaceOf(envelope),
  at: envelope.at,
  tz: envelope.tz,
  lease,
  nos: envelope.nos ?? {},
  base,
  seen: envelope.seen,
  off: envelope.off ?? null,
  ...(frame.receivedAt !== undefined && { receivedAt: frame.receivedAt }),
})

/** What waits for the item, and for what waits for it: each behind its parent and under its own author's lease, in the order it was parked. [REV4] */
async function waitingFor(
  client: PoolClient,
  context: KeptIn,
  request: Incoming,
  item: string,
  settled: { readonly by: string; readonly at: number },
): Promise<Incoming[]> {
  const { tenant } = request.frame
  const found = await client.query<{
    id: string
    dev: string
    ep: number
    seq: number
    seal: string
    waits_for: string
  }>(
    `WITH RECURSIVE waiting AS (
       SELECT id, dev, ep, seq, seal, waits_for FROM kernel_review_item WHERE tenant_id = $1 AND waits_for = $2 AND state = 'open'
       UNION
       SELECT i.id, i.dev, i.ep, i.seq, i.seal, i.waits_for FROM kernel_review_item i JOIN waiting w ON i.waits_for = w.id
       WHERE i.tenant_id = $1 AND i.state = 'open'
     )
     SELECT w.* FROM waiting w JOIN command_log l ON l.tenant_id = $1 AND l.dev = w.dev AND l.ep = w.ep AND l.seq = w.seq
     ORDER BY l.at`,
    [tenant, item],
  )
  const children: Incoming[] = []
  for (const { id, seal, waits_for, ...place } of parentsFirst(found.rows)) {
    const original = await originalOf(client, context, place)
    if (original === null || original.lease === null) continue
    children.push({
      envelope: original.envelope,
      seal,
      command: original.command,
      args: original.args,
      frame: frameOf(request, original, original.lease),
      unfit: null,
      settles: { ...settled, item: id, state: 'resubmitted', remark: null, after: waits_for },
    })
  }
  return children
}

/** A child that was tied to another device's command of its millisecond may have been parked before it. */
function parentsFirst<I extends { readonly id: string; readonly waits_for: string }>(items: readonly I[]): I[] {
  const left = [...items]
  const ids = new Set(items.map(({ id }) => id))
  const ordered: I[] = []
  while (left.length > 0) {
    const free = left.findIndex((each) => !ids.has(each.waits_for))
    for (const next of left.splice(Math.max(free, 0), 1)) {
      ids.delete(next.id)
      ordered.push(next)
    }
  }
  return ordered
}

/** Null when the log hasn't it, or this release can't read it. */
async function originalOf(
  client: PoolClient,
  { catalogue, tenant, keys }: KeptIn,
  { dev, ep, seq }: { dev: string; ep: number; seq: number },
): Promise<Original | null> {
  const logged = await client.query<{ line: string }>(
    'SELECT line FROM command_log WHERE tenant_id = $1 AND dev = $2 AND ep = $3 AND seq = $4',
    [tenant, dev, ep, seq],
  )
  const line = logged.rows[0]?.line
  const envelope = line === undefined ? null : parseEnvelope(line)
  if (envelope === null) return null
  const pd = await loggedPersonal(client, tenant, keys, { dev, ep, seq })
  const leases = await client.query<{ body: Lease }>('SELECT body FROM lease WHERE tenant_id = $1 AND hash = $2', [
    tenant,
    envelope.lease,
  ])
  const opened = openEnvelope(catalogue, envelope, pd)
  if (!opened.ok || opened.command === null) return null
  const { command, args, base } = opened
  return { envelope, command, args, base, lease: leases.rows[0]?.body ?? null }
}
