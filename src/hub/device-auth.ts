// Who is asking: a session token of ten minutes, bound to a device's key by a proof over each request. A stolen token is
// worth nothing without the key, and the device's clock plays no part.
import { randomUUID } from 'node:crypto'
import { inTenant } from '../sync/hub/tenant.ts'
import { bodyHashOf, challengeText, proofText } from '../sync/device/session.ts'
import type { CodesOf } from '../sync/refusals.ts'
import { isSignedBy, textHash, type Jwk } from '../sync/seal.ts'
import type { Hub } from './hub.ts'

const TOKEN_MS = 600_000
const CHALLENGE_MS = 120_000

export interface DeviceCaller {
  readonly dev: string
  readonly ep: number
  readonly user: string
}

interface Signed {
  readonly use: 'challenge' | 'session'
  readonly dev: string
  readonly ep: number
  readonly until: number
  readonly nonce: string
}

interface DeviceRow {
  readonly user_id: string
  readonly public_key: Jwk
  readonly state: string
}

async function deviceRow(hub: Hub, dev: string, ep: number): Promise<DeviceRow | null> {
  const found = await inTenant(hub.pool, hub.tenant, (client) =>
    client.query<DeviceRow>(
      'SELECT user_id, public_key, state FROM device WHERE tenant_id = $1 AND dev = $2 AND ep = $3',
      [hub.tenant, dev, ep],
    ),
  )
  return found.rows[0] ?? null
}

export const newChallenge = (hub: Hub, dev: string, ep: number): Promise<string> =>
  hub.keys.sign({ use: 'challenge', dev, ep, until: hub.now() + CHALLENGE_MS, nonce: randomUUID() } satisfies Signed)

export type SessionFault = Exclude<CodesOf<'session'>, 'session.malformed'> | 'sync.revoked'

export interface SessionGiven {
  readonly dev: string
  readonly ep: number
  readonly challenge: string
  readonly signature: string
  /** Shown by a device that a hub restored from a backup doesn't know any more. */
  readonly papers?: Papers | undefined
}

interface Papers {
  readonly certificate: string
  readonly lease: string
}

/** A token for whoever signed the challenge with the device's key. [AUTH4] */
export async function openSession(
  hub: Hub,
  { dev, ep, challenge, signature, papers }: SessionGiven,
): Promise<{ readonly token: string } | SessionFault> {
  const asked = await hub.keys.verify<Signed>(challenge)
  if (asked === null || asked.use !== 'challenge' || asked.dev !== dev || asked.ep !== ep || asked.until < hub.now())
    return 'session.challenge-over'
  const device =
    (await deviceRow(hub, dev, ep)) ?? (papers === undefined ? null : await readmitDevice(hub, dev, ep, papers))
  if (device === null) return 'session.unknown-device'
  if (!(await isSignedBy(device.public_key, signature, challengeText(challenge)))) return 'session.wrong-signature'
  return {
    token: await hub.keys.sign({
      use: 'session',
      dev,
      ep,
      until: hub.now() + TOKEN_MS,
      nonce: randomUUID(),
    } satisfies Signed),
  }
}

interface Certified {
  readonly tenant: string
  readonly dev: string
  readonly ep: number
  readonly key?: Jwk
  /** The sequence that this life's first command follows. */
  readonly after?: number
}

/**
 * A hub restored from a backup has lost the devices enrolled since. Their certificate and lease carry its own signature, so that they
 * come back with all they did; nothing else makes a device. [LIFE3]
 */
async function readmitDevice(
  hub: Hub,
  dev: string,
  ep: number,
  { certificate, lease: jws }: Papers,
): Promise<DeviceRow | null> {
  const certified = await hub.keys.verify<Certified>(certificate)
  const lease = await hub.keys.verify<{ tenant: string; dev: string; ep: number; user: string; permissions?: unknown }>(
    jws,
  )
  const isOurs = [certified, lease].every(
    (paper) => paper !== null && paper.tenant === hub.tenant && paper.dev === dev && paper.ep === ep,
  )
  if (!isOurs || certified?.key === undefined || lease === null || !Array.isArray(lease.permissions)) return null
  await inTenant(hub.pool, hub.tenant, (client) =>
    client.query(
      'INSERT INTO device (tenant_id, dev, ep, user_id, public_key, certificate, last_seal, enrolled_at, last_seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING',
      [
        hub.tenant,
        dev,
        ep,
        lease.user,
        JSON.stringify(certified.key),
        certificate,
        textHash(certificate),
        hub.now(),
        certified.after ?? 0,
      ],
    ),
  )
  return deviceRow(hub, dev, ep)
}

export type CallerFault = CodesOf<'auth'> | 'sync.revoked'

/** The calling device, or why the request is not its own. [AUTH3] */
export async function callerOf(
  hub: Hub,
  request: {
    method: string
    path: string
    authorization: string | undefined
    proof: string | undefined
    body: Uint8Array | null
  },
): Promise<DeviceCaller | CallerFault> {
  const token = /^Holdfast (\S+)$/.exec(request.authorization ?? '')?.[1]
  if (token === undefined || request.proof === undefined) return 'auth.no-token'
  const session = await hub.keys.verify<Signed>(token)
  if (session === null || session.use !== 'session' || session.until < hub.now()) return 'auth.token-over'
  const device = await deviceRow(hub, session.dev, session.ep)
  if (device === null) return 'auth.token-over'
  const text = proofText(request.method, request.path, token, bodyHashOf(request.body))
  if (!(await isSignedBy(device.public_key, request.proof, text))) return 'auth.wrong-proof'
  // Shut out, it may still bring what it did: that is judged, never lost. [AUTH7]
  if (device.state === 'revoked' && request.path !== '/sync/push') return 'sync.revoked'
  return { dev: session.dev, ep: session.ep, user: device.user_id }
}
