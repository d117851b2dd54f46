// Who is asking: a session token of ten minutes, bound to a device's key by a proof over each request. A stolen token is
// worth nothing without the key, and the device's clock plays no part.
import { randomUUID } from 'node:crypto'
import { inTenant } from '../sync/hub/tenant.ts'
import { bodyHashOf, challengeText, proofText } from '../sync/device/session.ts'
import { isSignedBy, type Jwk } from '../sync/seal.ts'
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
    client.query<DeviceRow>('SELECT user_id, public_key, state FROM device WHERE tenant_id = $1 AND dev = $2 AND ep = $3', [hub.tenant, dev, ep]),
  )
  return found.rows[0] ?? null
}

export const newChallenge = (hub: Hub, dev: string, ep: number): Promise<string> =>
  hub.keys.sign({ use: 'challenge', dev, ep, until: hub.now() + CHALLENGE_MS, nonce: randomUUID() } satisfies Signed)

/** A token for whoever signed the challenge with the device's key; null otherwise. */
export async function openSession(hub: Hub, dev: string, ep: number, challenge: string, signature: string): Promise<string | null> {
  const asked = await hub.keys.verify<Signed>(challenge)
  if (asked === null || asked.use !== 'challenge' || asked.dev !== dev || asked.ep !== ep || asked.until < hub.now()) return null
  const device = await deviceRow(hub, dev, ep)
  if (device === null || !(await isSignedBy(device.public_key, signature, challengeText(challenge)))) return null
  return hub.keys.sign({ use: 'session', dev, ep, until: hub.now() + TOKEN_MS, nonce: randomUUID() } satisfies Signed)
}

export type CallerFault = 'auth.no-token' | 'auth.token-over' | 'auth.wrong-proof' | 'sync.revoked'

/** The calling device, or why the request is not its own. [AUTH3] */
export async function callerOf(hub: Hub, request: { method: string; path: string; authorization: string | undefined; proof: string | undefined; body: Uint8Array | null }): Promise<DeviceCaller | CallerFault> {
  const token = /^Holdfast (\S+)$/.exec(request.authorization ?? '')?.[1]
  if (token === undefined || request.proof === undefined) return 'auth.no-token'
  const session = await hub.keys.verify<Signed>(token)
  if (session === null || session.use !== 'session' || session.until < hub.now()) return 'auth.token-over'
  const device = await deviceRow(hub, session.dev, session.ep)
  if (device === null) return 'auth.token-over'
  if (device.state === 'revoked') return 'sync.revoked'
  const text = proofText(request.method, request.path, token, bodyHashOf(request.body))
  if (!(await isSignedBy(device.public_key, request.proof, text))) return 'auth.wrong-proof'
  return { dev: session.dev, ep: session.ep, user: device.user_id }
}
