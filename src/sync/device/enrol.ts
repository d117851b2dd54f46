// Enrolment: a code, a sign-in and a new key pair become an identity inside the encrypted database. The hub's answer is
// verified and stored in one transaction; a device is enrolled or it isn't. Done again, it begins the device's next life.
import { makeSigner, newDeviceKeys, textHash, type DeviceKeys, type Jwk } from '../seal.ts'
import type { EnrolmentRequest } from './api.ts'
import { beginAnchor } from './lease-clock.ts'
import { captureAgain, firstWaiting, keepLife } from './next-life.ts'
import { takeLease } from './profile.ts'
import type { HeldLease, Identity, Replica } from './replica.ts'
import { readLease, readSigned } from './signed.ts'
import { HubError, objectIn, OfflineError, type Transport } from './transport.ts'

interface EnrolAnswer {
  readonly certificate: string
  readonly lease: string
  readonly hubKeys: readonly Jwk[]
}

interface Given {
  readonly identity: Identity
  readonly lease: HeldLease
}

interface Certificate {
  readonly tenant: string
  readonly dev: string
  readonly ep: number
  readonly incarnation: string
  readonly after?: number
}

/** What the key of the life before signs for the next one: which key follows it, and from which command on. */
export const againText = (certificate: string, next: Jwk, firstSeq: number): string =>
  `holdfast-again-1\n${textHash(certificate)}\n${next.x}\n${next.y}\n${firstSeq}`

/** Asks the hub and stores the identity. Throws HubError (`enrol.code-expired` …) or OfflineError; nothing is stored then. [ID1] */
export async function enrolDevice(
  replica: Replica,
  transport: Transport,
  request: EnrolmentRequest,
  now: number,
): Promise<Identity> {
  const keys = await newDeviceKeys()
  const { lost } = request
  const given = await ask(transport, request, keys, lost === undefined ? {} : { lost })
  storeEnrolment(replica, given, now)
  return given.identity
}

/** What the hub gave, whole or not at all. [ID1] */
export function storeEnrolment(replica: Replica, { identity, lease }: Given, now: number): void {
  replica.db.transaction(() => {
    storeIdentity(replica, identity, now)
    replica.keepLease(lease)
    beginAnchor(replica, lease.lease.from, now)
  })
}

/**
 * Begins the next life of an enrolled device (a copy, one restored from a backup, one that was shut out): a new epoch with new keys and
 * its own series of numbers. What has no outcome is captured again under it, in one transaction with the identity. Nothing else of the
 * device changes, and on any refusal nothing at all. The device must not be exchanging meanwhile. [LIFE4]
 */
export async function enrolAgain(
  replica: Replica,
  transport: Transport,
  request: EnrolmentRequest,
  now: number,
): Promise<Identity> {
  const before = replica.identity()
  if (before === null) throw new TypeError('A device that has no identity yet is enrolled for the first time.')
  const keys = await newDeviceKeys()
  const firstSeq = firstWaiting(replica)
  const sign = await makeSigner(before.keys.privateKey)
  const signature = await sign(againText(before.certificate, keys.publicKey, firstSeq))
  const again = { certificate: before.certificate, firstSeq, signature }
  const given = await ask(transport, request, keys, { again }, before.hubKeys)
  storeNextLife(replica, { ...given, before, firstSeq }, now)
  return given.identity
}

interface NextLife extends Given {
  readonly before: Identity
  readonly firstSeq: number
}

/** What waits is captured again in the commit that makes the next life this device's. [LIFE4] */
export function storeNextLife(replica: Replica, { identity, lease, before, firstSeq }: NextLife, now: number): void {
  replica.db.transaction(() => {
    captureAgain(replica, identity, firstSeq)
    keepLife(replica, before)
    storeIdentity(replica, identity, now)
    takeLease(replica, lease)
    beginAnchor(replica, lease.lease.from, now)
  })
}

/** A device that has a hub believes no other: `pinned` are its keys. */
async function ask(
  transport: Transport,
  request: EnrolmentRequest,
  keys: DeviceKeys,
  more: object,
  pinned?: readonly Jwk[],
): Promise<Given> {
  const { code, signIn, password } = request
  const body = JSON.stringify({ code, signIn, password, publicKey: keys.publicKey, ...more })
  const answer = await transport.send({
    method: 'POST',
    path: '/enrol',
    headers: { 'content-type': 'application/json' },
    body: new TextEncoder().encode(body),
  })
  if (answer.type !== 'application/json') throw new OfflineError('Something else than the hub answered.')
  const parsed = objectIn(answer.text) as (EnrolAnswer & { error?: string }) | null
  if (parsed === null) throw new OfflineError('The answer was cut on its way.')
  if (answer.status !== 200) throw new HubError(answer.status, parsed.error ?? 'unknown', answer.retryAfter)
  const hubKeys = pinned ?? parsed.hubKeys
  const { tenant, dev, ep, incarnation, after = 0 } = await readSigned<Certificate>(parsed.certificate, hubKeys)
  const lease = await readLease(parsed.lease, hubKeys)
  const { hubUrl } = request
  const { certificate } = parsed
  return { identity: { hubUrl, tenant, dev, ep, keys, certificate, hubKeys, incarnation, after }, lease }
}

function storeIdentity({ meta }: Replica, identity: Identity, now: number): void {
  meta.set('identity', JSON.stringify(identity))
  meta.set('enrolledAt', String(now))
}

declare class TextEncoder {
  encode(text: string): Uint8Array
}
