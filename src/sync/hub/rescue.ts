// Takes work that its device didn't bring itself: a rescue file, signed and sealed by that device. A life that may still push is carried on
// as if it had pushed. A life that may not (copied, replaced) gets an epoch of the hub's own making, in which each of its lines stands as
// the original that it is. Nothing is taken without its signature and seals, and no line twice, however often a file is brought.
import type { PoolClient } from 'pg'
import { hex } from '../../kernel/bytes.ts'
import { sha256 } from '../../kernel/hash.ts'
import type { Lease } from '../../kernel/lease.ts'
import { lineOf, spaceOf } from '../envelope.ts'
import { streamText, type Envelope, type Outcome, type StreamHeader, type StreamProblem } from '../protocol.ts'
import { isSignedBy, sealOf, textHash, type Jwk } from '../seal.ts'
import { readmitLeases } from './authority.ts'
import { readmitLife } from './earlier-life.ts'
import { putPiece, type BlobContext } from './blobs.ts'
import { commandOf, keptOf } from './quarantine.ts'
import { commitParts, receiveStream, type PushContext, type StreamResult } from './push.ts'
import { readPush, type ReceivedCommand, type ReceivedStream } from './streams.ts'
import { inTenant } from './tenant.ts'

export interface Rescued {
  readonly outcomes: readonly Outcome[]
  readonly problems: readonly (StreamProblem | string)[]
}

/** `body` as a push has it. [LIFE5] */
export async function receiveRescue(context: PushContext, body: string): Promise<Rescued> {
  const push = readPush(body)
  if (typeof push === 'string') return { outcomes: [], problems: [push] }
  const outcomes: Outcome[] = []
  const problems: StreamProblem[] = [...push.problems]
  for (const stream of push.streams) {
    const result = await context.streams.run(stream.header.dev, () => receiveOne(context, stream))
    outcomes.push(...result.outcomes)
    if (result.problem !== null) problems.push(result.problem)
  }
  return { outcomes, problems }
}

/** Photos of a rescue file, as if their device had sent them; each is checked like any other. How many the hub has now. */
export async function receiveRescuedFiles(
  context: BlobContext,
  dev: string,
  files: readonly Uint8Array[],
): Promise<number> {
  let kept = 0
  for (const content of files) {
    const put = await putPiece(context, { dev, sha: hex(sha256(content)), size: content.length, at: 0, content })
    if ('isComplete' in put && put.isComplete) kept += 1
  }
  return kept
}

async function receiveOne(context: PushContext, stream: ReceivedStream): Promise<StreamResult> {
  const { header } = stream
  const found = await inTenant(context.pool, context.tenant, (client) =>
    client.query<{ state: string; public_key: Jwk; user_id: string }>(
      'SELECT state, public_key, user_id FROM device WHERE tenant_id = $1 AND dev = $2 AND ep = $3',
      [context.tenant, header.dev, header.ep],
    ),
  )
  const device = found.rows[0]
  // Of a device that was enrolled behind the backup this hub stands on: its papers are in the file. [LIFE5]
  if (device === undefined && header.tenant === context.tenant)
    await readmitLife(context, stream, await userOf(context, stream), 'active')
  const isShut = device?.state === 'forked' || device?.state === 'replaced'
  if (header.tenant !== context.tenant || device === undefined || !isShut) return receiveStream(context, stream)
  if (!(await isSignedBy(device.public_key, header.signature, streamText(header))))
    return { outcomes: [], problem: { problem: 'signature', dev: header.dev, detail: 'of the rescued stream' }, w: 0 }
  await readmitLeases(context, header, stream.leases)
  return takeUnderOwnEpoch(context, stream, device.user_id)
}

/** Whose lease the file shows; nobody's where it shows none of ours. */
async function userOf(context: PushContext, { header, leases }: ReceivedStream): Promise<string> {
  for (const jws of leases) {
    const lease = await context.verify<Lease>(jws)
    if (lease?.tenant === context.tenant && lease.dev === header.dev && lease.ep === header.ep) return lease.user
  }
  return ''
}

/** Lines whose signature and seals were checked, and whose life may push no more. */
export async function takeUnderOwnEpoch(
  context: PushContext,
  stream: ReceivedStream,
  user: string,
): Promise<StreamResult> {
  const next = await inTenant(context.pool, context.tenant, (client) => rescueEpoch(client, context, stream, user))
  return next === null ? { outcomes: [], problem: null, w: 0 } : commitParts(context, next)
}

/**
 * Takes all of it in, as a rescue file of that device would be: each line is applied, refused or in review from now on. What its device
 * brings of it later counts once. [FORK2]
 */
export async function takeQuarantined(context: PushContext, dev: string): Promise<StreamResult> {
  const { pool, tenant } = context
  const { kept, user } = await inTenant(pool, tenant, async (client) => ({
    kept: await keptOf(client, context, dev),
    user: (
      await client.query<{ user_id: string }>(
        'SELECT user_id FROM device WHERE tenant_id = $1 AND dev = $2 ORDER BY ep DESC LIMIT 1',
        [tenant, dev],
      )
    ).rows[0]?.user_id,
  }))
  const last = kept.at(-1)
  if (last === undefined || user === undefined) return { outcomes: [], problem: null, w: 0 }
  const header: StreamHeader = {
    tenant,
    dev,
    ep: last.ep,
    firstSeq: 1,
    lastSeq: kept.length,
    prev: last.prev,
    lastSeal: last.seal,
    signature: '',
  }
  return takeUnderOwnEpoch(context, { header, leases: [], commands: kept.map(commandOf) }, user)
}

/** A new epoch for the lines that the hub doesn't have, or null when it has them all. */
async function rescueEpoch(
  client: PoolClient,
  { tenant, now }: PushContext,
  { header, commands }: ReceivedStream,
  user: string,
): Promise<ReceivedStream | null> {
  // First the clock, the lock of every writer: no other rescue of the same lines is between this look and its commit.
  await client.query('SELECT seq FROM tenant_clock WHERE tenant_id = $1 FOR UPDATE', [tenant])
  const seals = commands.map(({ envelope, seal }) => envelope.was?.seal ?? seal)
  const taken = await client.query<{ seal: string }>(
    `SELECT seal FROM command_log WHERE tenant_id = $1 AND dev = $2 AND seal = ANY ($3::text[])
     UNION SELECT origin FROM command_log WHERE tenant_id = $1 AND origin = ANY ($3::text[])`,
    [tenant, header.dev, [...new Set([...seals, ...commands.map(({ seal }) => seal)])]],
  )
  const have = new Set(taken.rows.map(({ seal }) => seal))
  const left = commands.filter(({ seal }, index) => !have.has(seal) && !have.has(seals[index] ?? ''))
  if (left.length === 0) return null
  const last = await client.query<{ ep: number }>(
    'SELECT max(ep) AS ep FROM device WHERE tenant_id = $1 AND dev = $2',
    [tenant, header.dev],
  )
  const ep = (last.rows[0]?.ep ?? header.ep) + 1
  // No certificate and no key: nobody ever signs in or pushes as this life.
  const certificate = `rescue of ${header.dev} ${header.ep} at ${header.lastSeal}`
  await client.query(
    `INSERT INTO device (tenant_id, dev, ep, user_id, public_key, certificate, last_seal, enrolled_at, state) VALUES ($1, $2, $3, $4, '{}', $5, $6, $7, 'rescue')`,
    [tenant, header.dev, ep, user, certificate, textHash(certificate), now()],
  )
  return { header: { ...header, ep } satisfies StreamHeader, leases: [], commands: carried(left, ep, certificate) }
}

/** The lines as the new epoch's own, each naming its original. */
function carried(commands: readonly ReceivedCommand[], ep: number, certificate: string): ReceivedCommand[] {
  let prev = textHash(certificate)
  return commands.map((command, index) => {
    const { envelope } = command
    const was = envelope.was ?? { ...spaceOf(envelope), prev: command.prev, seal: command.seal }
    const next: Envelope = { ...envelope, ep, seq: index + 1, was }
    const line = lineOf(next)
    const seal = sealOf(prev, line)
    const received = { ...command, envelope: next, line, seal, prev }
    prev = seal
    return received
  })
}
