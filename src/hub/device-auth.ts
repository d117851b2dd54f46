// Who is asking: a session token of ten minutes, bound to a device's key by a proof over each request. A stolen token is
// worth nothing without the key, and the device's clock plays no part.
import { randomUUID } from 'node:crypto'
import { addLife, type Certified } from '../sync/hub/earlier-life.ts'
import { SHUT_OUT } from '../sync/hub/revocation.ts'
import { inTenant } from '../sync/hub/tenant.ts'
import { bodyHashOf, challengeText, proofText } from '../sync/device/session.ts'
import type { CodesOf } from '../sync/refusals.ts'
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

/** What never changes of an enrolled life. */
interface KnownDevice {
  readonly user_id: string
  readonly public_key: Jwk
}

const KEPT_MAX = 20_000

/** What this process has looked up or verified already, so that a request costs no query and no signature of the hub to be known by. */
export class KnownDevices {
  private readonly hub: Hub
  private readonly devices = new Map<string, KnownDevice>()
  private readonly tokens = new Map<string, Signed>()

  constructor(hub: Hub) {
    this.hub = hub
  }

  async device(dev: string, ep: number): Promise<KnownDevice | null> {
    const kept = this.devices.get(`${dev} ${ep}`)
    if (kept !== undefined) return kept
    const { pool, tenant } = this.hub
    const found = await inTenant(pool, tenant, (client) =>
      client.query<KnownDevice>(
        'SELECT user_id, public_key FROM device WHERE tenant_id = $1 AND dev = $2 AND ep = $3',
        [tenant, dev, ep],
      ),
    )
    const device = found.rows[0]
    if (device !== undefined) keep(this.devices, `${dev} ${ep}`, device)
    return device ?? null
  }

  /** The session of an Authorization header, or null when it is none of ours or over. */
  async session(authorization: string | undefined): Promise<Signed | null> {
    const token = tokenIn(authorization)
    if (token === undefined) return null
    const session = this.tokens.get(token) ?? (await this.hub.keys.verify<Signed>(token))
    if (session === null || session.use !== 'session' || session.until < this.hub.now()) return null
    keep(this.tokens, token, session)
    return session
  }
}

const tokenIn = (authorization: string | undefined): string | undefined =>
  /^Holdfast (\S+)$/.exec(authorization ?? '')?.[1]

/** The oldest are forgotten first. */
function keep<V>(map: Map<string, V>, key: string, value: V): void {
  if (map.size >= KEPT_MAX) for (const oldest of [...map.keys()].slice(0, KEPT_MAX / 2)) map.delete(oldest)
  map.set(key, value)
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
    (await hub.devices.device(dev, ep)) ?? (papers === undefined ? null : await readmitDevice(hub, dev, ep, papers))
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

/**
 * A hub restored from a backup has lost the devices enrolled since. Their certificate and lease carry its own signature, so that they
 * come back with all they did; nothing else makes a device. [LIFE3]
 */
async function readmitDevice(
  hub: Hub,
  dev: string,
  ep: number,
  { certificate, lease: jws }: Papers,
): Promise<KnownDevice | null> {
  const certified = await hub.keys.verify<Certified>(certificate)
  const lease = await hub.keys.verify<{ tenant: string; dev: string; ep: number; user: string; permissions?: unknown }>(
    jws,
  )
  const isOurs = [certified, lease].every(
    (paper) => paper !== null && paper.tenant === hub.tenant && paper.dev === dev && paper.ep === ep,
  )
  if (!isOurs || certified?.key === undefined || lease === null || !Array.isArray(lease.permissions)) return null
  const { key } = certified
  await inTenant(hub.pool, hub.tenant, async (client) => {
    await addLife(client, { ...certified, key }, { user: lease.user, certificate, now: hub.now(), state: 'active' })
    // What it lived before is over; what the hub lost of that comes with it. [LIFE7]
    await client.query(
      "UPDATE device SET state = 'replaced' WHERE tenant_id = $1 AND dev = $2 AND ep < $3 AND state = 'active'",
      [hub.tenant, dev, ep],
    )
  })
  return hub.devices.device(dev, ep)
}

export type CallerFault = CodesOf<'auth'> | 'sync.revoked'

/**
 * The calling device, or why the request is not its own. Whether it was shut out is asked here, unless whoever answers asks it in a
 * transaction of its own. [AUTH3]
 */
export async function callerOf(
  hub: Hub,
  request: {
    method: string
    path: string
    authorization: string | undefined
    proof: string | undefined
    body: Uint8Array | null
  },
  asksState = true,
): Promise<DeviceCaller | CallerFault> {
  const { authorization, proof } = request
  const token = tokenIn(authorization)
  if (token === undefined || proof === undefined) return 'auth.no-token'
  const session = await hub.devices.session(authorization)
  const device = session === null ? null : await hub.devices.device(session.dev, session.ep)
  if (session === null || device === null) return 'auth.token-over'
  const text = proofText(request.method, request.path, token, bodyHashOf(request.body))
  if (!(await isSignedBy(device.public_key, proof, text))) return 'auth.wrong-proof'
  const caller = { dev: session.dev, ep: session.ep, user: device.user_id }
  return asksState && (await isShutOut(hub, caller)) ? 'sync.revoked' : caller
}

/** It may bring what it did before, and gets nothing. [AUTH7] */
export async function isShutOut({ pool, tenant }: Hub, { dev, ep }: DeviceCaller): Promise<boolean> {
  const found = await inTenant(pool, tenant, (client) =>
    client.query(`SELECT 1 FROM device d WHERE d.tenant_id = $1 AND d.dev = $2 AND d.ep = $3 AND ${SHUT_OUT}`, [
      tenant,
      dev,
      ep,
    ]),
  )
  return found.rows.length > 0
}
