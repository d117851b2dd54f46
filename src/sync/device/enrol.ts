// Enrolment: a code, a sign-in and a new key pair become an identity inside the encrypted database. The hub's answer is
// verified and stored in one transaction; a device is enrolled or it isn't.
import { newDeviceKeys, type Jwk } from '../seal.ts'
import type { EnrolmentRequest } from './api.ts'
import { beginAnchor } from './lease-clock.ts'
import type { HeldLease, Identity, Replica } from './replica.ts'
import { readLease, readSigned } from './signed.ts'
import { HubError, OfflineError, type Transport } from './transport.ts'

interface EnrolAnswer {
  readonly certificate: string
  readonly lease: string
  readonly hubKeys: readonly Jwk[]
}

interface Certificate {
  readonly tenant: string
  readonly dev: string
  readonly ep: number
  readonly incarnation: string
}

/** Asks the hub and stores the identity. Throws HubError (`enrol.code-expired` …) or OfflineError; nothing is stored then. [ID1] */
export async function enrolDevice(
  replica: Replica,
  transport: Transport,
  request: EnrolmentRequest,
  now: number,
): Promise<Identity> {
  const keys = await newDeviceKeys()
  const body = JSON.stringify({
    code: request.code,
    signIn: request.signIn,
    password: request.password,
    publicKey: keys.publicKey,
  })
  const answer = await transport.send({
    method: 'POST',
    path: '/enrol',
    headers: { 'content-type': 'application/json' },
    body: new TextEncoder().encode(body),
  })
  if (answer.type !== 'application/json') throw new OfflineError('Something else than the hub answered.')
  const parsed = JSON.parse(answer.text) as EnrolAnswer & { error?: string }
  if (answer.status !== 200) throw new HubError(answer.status, parsed.error ?? 'unknown', answer.retryAfter)
  const certificate = await readSigned<Certificate>(parsed.certificate, parsed.hubKeys)
  const lease = await readLease(parsed.lease, parsed.hubKeys)
  const identity: Identity = {
    hubUrl: request.hubUrl,
    tenant: certificate.tenant,
    dev: certificate.dev,
    ep: certificate.ep,
    keys,
    certificate: parsed.certificate,
    hubKeys: parsed.hubKeys,
    incarnation: certificate.incarnation,
  }
  storeIdentity(replica, identity, lease, now)
  return identity
}

function storeIdentity(replica: Replica, identity: Identity, lease: HeldLease, now: number): void {
  const { db, meta } = replica
  db.transaction(() => {
    meta.set('identity', JSON.stringify(identity))
    replica.keepLease(lease)
    beginAnchor(replica, lease.lease.from, now)
    meta.set('enrolledAt', String(now))
  })
}
