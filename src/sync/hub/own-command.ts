// Commands of the hub itself: what its operator does on its own machine, and what it concludes. They run under the tenant's lock like
// every other. Those of the operator are lines of the log too, sealed to each other, under a device that nobody else can be.
import type { PoolClient } from 'pg'
import type { AnyCommand } from '../../kernel/command.ts'
import { lineOf } from '../envelope.ts'
import type { Envelope } from '../protocol.ts'
import { sealOf, textHash } from '../seal.ts'
import type { Decided, Incoming } from './apply.ts'
import { noLease } from './authority.ts'
import { applyByHalves } from './by-halves.ts'
import { appendLog } from './command-log.ts'
import { outcomeOf, type PushContext } from './push.ts'
import { shutOut } from './revocation.ts'
import { shred } from './shredding.ts'
import { inTenant, lockClock, raiseClock } from './tenant.ts'

/** No enrolled device has its code: those have four characters. */
const HUB = 'HUB'
/** Of what is in the log; what the hub concludes is in none and has another. */
const EPOCH = 1

export interface OwnCommand {
  readonly command: AnyCommand
  readonly args: Readonly<Record<string, unknown>>
  /** Who did it, as the log says. */
  readonly user: string
}

/** A command as if a device had pushed it, with the right to it and nothing else. */
export function ownIncoming(
  { tenant, now }: Pick<PushContext, 'tenant' | 'now'>,
  { ep, seq, seen }: { readonly ep: number; readonly seq: number; readonly seen: number },
  { command, args, user }: OwnCommand,
): Incoming {
  const [at, tz] = [now(), 'UTC']
  const { name: type, version: tv } = command
  const envelope: Envelope = {
    p: 1,
    dev: HUB,
    ep,
    seq,
    type,
    tv,
    args: args as Envelope['args'],
    seen,
    user,
    lease: '',
    at,
    tz,
    mono: 0,
    app: 'hub',
    eff: '',
  }
  const lease = { ...noLease(tenant, HUB), user, permissions: [command.permission] }
  const frame = { tenant, dev: HUB, ep, seq, at, tz, lease, nos: {}, base: {}, receivedAt: at }
  return { envelope, seal: '', command, args, frame, unfit: null }
}

/** Decides it and writes it into the log, in one commit. [REVOKE1] */
export async function runOwn(context: PushContext, own: OwnCommand): Promise<Decided> {
  const { tenant, catalogue, pool } = context
  const decided = await inTenant(pool, tenant, async (client) => {
    const clock = await lockClock(client, context)
    const { last_seq, last_seal } = await ownDevice(client, context)
    const incoming = ownIncoming(context, { ep: EPOCH, seq: last_seq + 1, seen: clock }, own)
    const { envelope } = incoming
    const line = lineOf(envelope)
    const seal = sealOf(last_seal, line)
    const [decision] = await applyByHalves(client, catalogue, tenant, clock, [{ ...incoming, seal }])
    if (decision === undefined) throw new Error('A command was not decided.')
    const received = { envelope, line, pd: null, missingPd: null, seal, prev: last_seal }
    const logged = { received, decision, outcome: outcomeOf(received, decision), origin: null }
    await appendLog(client, tenant, [logged], context.now(), context.keys)
    await client.query(
      'UPDATE device SET last_seq = $4, last_seal = $5, seen_at = $6 WHERE tenant_id = $1 AND dev = $2 AND ep = $3',
      [tenant, HUB, EPOCH, envelope.seq, seal, context.now()],
    )
    await shutOut(client, tenant, [incoming], [decision])
    await shred(client, context, [incoming], [decision])
    await raiseClock(client, tenant, clock + 1)
    return decision
  })
  context.committed(tenant, decided.at)
  return decided
}

/** Its place in the log. It has no key: nobody signs in or pushes as it. */
async function ownDevice(
  client: PoolClient,
  { tenant, now, incarnation }: PushContext,
): Promise<{ readonly last_seq: number; readonly last_seal: string }> {
  const certificate = `the hub itself, since ${incarnation}`
  await client.query(
    `INSERT INTO device (tenant_id, dev, ep, user_id, public_key, certificate, last_seal, enrolled_at, state) VALUES ($1, $2, $3, '', '{}', $4, $5, $6, 'hub')
     ON CONFLICT DO NOTHING`,
    [tenant, HUB, EPOCH, certificate, textHash(certificate), now()],
  )
  const found = await client.query<{ last_seq: number; last_seal: string }>(
    'SELECT last_seq, last_seal FROM device WHERE tenant_id = $1 AND dev = $2 AND ep = $3 FOR UPDATE',
    [tenant, HUB, EPOCH],
  )
  const device = found.rows[0]
  if (device === undefined) throw new Error('The hub has no place in its own log.')
  return device
}
