// Accounts, enrolment codes and enrolment: a code of 50 bits, one use, ten minutes, five tries, together with a person's
// sign-in, binds a device's public key to a certificate. Codes and passwords are kept as hashes only.
import { hash as argonHash, verify as argonVerify } from '@node-rs/argon2'
import { base32Encode } from '../kernel/bytes.ts'
import { againText } from '../sync/device/enrol.ts'
import { addLife, type Certified } from '../sync/hub/earlier-life.ts'
import { raiseStorageLost } from '../sync/hub/raise-about-device.ts'
import { inTenant, lockClock } from '../sync/hub/tenant.ts'
import type { CodesOf } from '../sync/refusals.ts'
import { isSignedBy, textHash, verifyingKey, webCrypto, type Jwk } from '../sync/seal.ts'
import type { Hub } from './hub.ts'
import { issueLease } from './leases.ts'

const CODE_LENGTH = 10
const CODE_MINUTES = 10
const TRIES_MAX = 5
const DEVICE_CODE_LENGTH = 4
const MINUTE_MS = 60_000
/** Epochs behind a restore are steps of ten minutes from here: four letters in a number, until 2034. */
const EPOCHS_BEGIN = Date.UTC(2026, 0, 1)
const EPOCH_STEP_MS = 10 * MINUTE_MS

export type EnrolRefusal = Exclude<CodesOf<'enrol'>, 'enrol.malformed'>

export interface EnrolGiven {
  readonly code: string
  readonly signIn: string
  readonly password: string
  readonly publicKey: Jwk
  /** A device that has a life already and goes on in a new epoch, keeping its unsent work. */
  readonly again?: Again | undefined
  /** A device whose storage is gone, with its keys: what its browser remembers of the life before. */
  readonly lost?: LostLife | undefined
}

interface LostLife {
  readonly dev: string
  readonly ep: number
  /** Commands that it had captured, sent or not. */
  readonly seq: number
}

interface Again {
  /** The hub's own signature on the life before. */
  readonly certificate: string
  /** Sequence of its first command that has no outcome. */
  readonly firstSeq: number
  /** By the key of the life before, over `againText`. */
  readonly signature: string
}

/** Who the device is from now on; `after` is the sequence that its first command follows. */
interface Life {
  readonly dev: string
  readonly ep: number
  readonly after: number
}

export interface Enrolled {
  readonly certificate: string
  readonly lease: string
  readonly hubKeys: readonly Jwk[]
}

const randomBytes = (count: number): Uint8Array => webCrypto().getRandomValues(new Uint8Array(count))
const normalCode = (typed: string): string => typed.toUpperCase().replaceAll(/[^0-9A-Z]/g, '')

/** Creates or replaces the account that signs in as `signIn`. */
export async function setAccount(
  hub: Hub,
  account: { readonly user: string; readonly signIn: string; readonly password: string },
): Promise<void> {
  const passwordHash = await argonHash(account.password)
  await inTenant(hub.pool, hub.tenant, (client) =>
    client.query(
      `INSERT INTO account (tenant_id, user_id, sign_in, password_hash) VALUES ($1, $2, $3, $4)
       ON CONFLICT (tenant_id, user_id) DO UPDATE SET sign_in = excluded.sign_in, password_hash = excluded.password_hash`,
      [hub.tenant, account.user, account.signIn.toLowerCase(), passwordHash],
    ),
  )
}

/** A new code, shown once. `user` restricts it to one person; `minutes` is how long it lives. */
export async function newEnrolmentCode(hub: Hub, user: string | null, minutes = CODE_MINUTES): Promise<string> {
  const code = base32Encode(randomBytes(8)).slice(0, CODE_LENGTH)
  await inTenant(hub.pool, hub.tenant, (client) =>
    client.query('INSERT INTO enrolment_code (tenant_id, code_hash, user_id, expires_at) VALUES ($1, $2, $3, $4)', [
      hub.tenant,
      textHash(code),
      user,
      hub.now() + minutes * MINUTE_MS,
    ]),
  )
  return code
}

/** Enrols a device or says why not. A wrong password costs the code one of its five tries. [ID2] */
export async function enrol(hub: Hub, given: EnrolGiven): Promise<Enrolled | { readonly refusal: EnrolRefusal }> {
  const { kty, crv, x, y } = given.publicKey
  if (kty !== 'EC' || crv !== 'P-256' || typeof x !== 'string' || typeof y !== 'string')
    return { refusal: 'enrol.bad-key' }
  if ((await verifyingKey({ kty, crv, x, y })) === null) return { refusal: 'enrol.bad-key' }
  const codeHash = textHash(normalCode(given.code))
  return undoing(() =>
    inTenant(hub.pool, hub.tenant, async (client) => {
      const codes = await client.query<{
        user_id: string | null
        expires_at: number
        tries: number
        used_at: number | null
      }>(
        'SELECT user_id, expires_at, tries, used_at FROM enrolment_code WHERE tenant_id = $1 AND code_hash = $2 FOR UPDATE',
        [hub.tenant, codeHash],
      )
      const code = codes.rows[0]
      if (code === undefined) return { refusal: 'enrol.unknown-code' }
      if (code.used_at !== null) return { refusal: 'enrol.code-used' }
      if (code.expires_at < hub.now()) return { refusal: 'enrol.code-expired' }
      if (code.tries >= TRIES_MAX) return { refusal: 'enrol.too-many-tries' }
      const accounts = await client.query<{ user_id: string; password_hash: string; revoked_at: number | null }>(
        'SELECT user_id, password_hash, revoked_at FROM account WHERE tenant_id = $1 AND sign_in = $2',
        [hub.tenant, given.signIn.toLowerCase()],
      )
      const account = accounts.rows[0]
      const isPerson =
        account !== undefined &&
        account.revoked_at === null &&
        (code.user_id === null || code.user_id === account.user_id)
      if (!isPerson || !(await argonVerify(account.password_hash, given.password))) {
        await client.query('UPDATE enrolment_code SET tries = tries + 1 WHERE tenant_id = $1 AND code_hash = $2', [
          hub.tenant,
          codeHash,
        ])
        return { refusal: 'enrol.wrong-sign-in' }
      }
      await client.query('UPDATE enrolment_code SET used_at = $3 WHERE tenant_id = $1 AND code_hash = $2', [
        hub.tenant,
        codeHash,
        hub.now(),
      ])
      const life =
        given.again === undefined
          ? ((given.lost === undefined ? null : await lifeAfter(client, hub, given.lost, account.user_id)) ??
            (await firstLife(client, hub)))
          : await nextLife(client, hub, given, given.again)
      if (life === null) return { refusal: 'enrol.other-device' }
      const { dev, ep, after } = life
      const certificate = await hub.keys.sign({
        tenant: hub.tenant,
        dev,
        ep,
        ...(after > 0 && { after }),
        key: { kty, crv, x, y },
        hubKeys: hub.keys.publicKeys,
        incarnation: hub.incarnation,
      })
      await addLife(
        client,
        { tenant: hub.tenant, dev, ep, key: { kty, crv, x, y }, after },
        { user: account.user_id, certificate, now: hub.now(), state: 'active' },
      )
      const issued = await issueLease(client, hub, { dev, ep, user: account.user_id })
      if (issued === null) throw new NoProfile()
      return { certificate, lease: issued.jws, hubKeys: hub.keys.publicKeys }
    }),
  )
}

/** Ends the transaction without a trace: the code stays usable. */
class NoProfile extends Error {}

async function undoing(
  work: () => Promise<Enrolled | { readonly refusal: EnrolRefusal }>,
): Promise<Enrolled | { readonly refusal: EnrolRefusal }> {
  try {
    return await work()
  } catch (thrown) {
    if (thrown instanceof NoProfile) return { refusal: 'enrol.no-profile' }
    throw thrown
  }
}

type Client = Parameters<Parameters<typeof inTenant>[2]>[0]

async function firstLife(client: Client, hub: Hub): Promise<Life> {
  return { dev: await freeDeviceCode(client, hub.tenant), ep: 1, after: 0 }
}

/**
 * The next epoch of a device that shows its certificate and signs with the key of that life. Nothing more is taken under that life's
 * epoch; a copy of it that is alive gets an epoch of its own the same way. Null when the certificate is none of ours. [LIFE4]
 */
async function nextLife(client: Client, hub: Hub, given: EnrolGiven, again: Again): Promise<Life | null> {
  const before = await hub.keys.verify<Certified>(again.certificate)
  if (before === null || before.tenant !== hub.tenant || typeof before.dev !== 'string' || before.key === undefined)
    return null
  if (!(await isSignedBy(before.key, again.signature, againText(again.certificate, given.publicKey, again.firstSeq))))
    return null
  const { dev } = before
  // The tenant's clock is the lock of every writer: no push of the life before is between its check and its commit.
  await client.query('SELECT seq FROM tenant_clock WHERE tenant_id = $1 FOR UPDATE', [hub.tenant])
  const lives = await client.query<{ ep: number; state: string }>(
    'SELECT ep, state FROM device WHERE tenant_id = $1 AND dev = $2 FOR UPDATE',
    [hub.tenant, dev],
  )
  await client.query(
    "UPDATE device SET state = 'replaced' WHERE tenant_id = $1 AND dev = $2 AND ep = $3 AND state = 'active'",
    [hub.tenant, dev, before.ep],
  )
  const newest = Math.max(before.ep, ...lives.rows.map(({ ep }) => ep))
  return { dev, ep: epochBehind(newest, before, hub), after: again.firstSeq - 1 }
}

/**
 * A hub on a backup may have forgotten lives that another copy of this one has begun since, and the numbers that they printed. What follows a
 * life of another incarnation begins further, by the time of day, than any that was given before. [LIFE4]
 */
const epochBehind = (newest: number, { incarnation }: Pick<Certified, 'incarnation'>, hub: Hub): number =>
  incarnation === hub.incarnation
    ? newest + 1
    : Math.max(newest + 1, Math.floor((hub.now() - EPOCHS_BEGIN) / EPOCH_STEP_MS))

/**
 * The next epoch of a device that lost its keys with everything else: only for a person who worked as that life, and only of the newest.
 * Null otherwise: it becomes a new device. Should that life turn up after all, it goes on in an epoch of its own, like a copy. [LIFE6]
 */
async function lifeAfter(client: Client, hub: Hub, lost: LostLife, user: string): Promise<Life | null> {
  const { tenant, catalogue } = hub
  const clock = await lockClock(client, hub)
  const lives = await client.query<{ ep: number; last_seq: number; user_id: string; certificate: string }>(
    'SELECT ep, last_seq, user_id, certificate FROM device WHERE tenant_id = $1 AND dev = $2 ORDER BY ep DESC FOR UPDATE',
    [tenant, lost.dev],
  )
  const newest = lives.rows[0]
  if (newest === undefined || newest.ep !== lost.ep || newest.user_id !== user) return null
  await client.query(
    "UPDATE device SET state = 'replaced' WHERE tenant_id = $1 AND dev = $2 AND ep = $3 AND state = 'active'",
    [tenant, lost.dev, lost.ep],
  )
  const has = newest.last_seq
  const clocked = { catalogue, tenant, clock }
  const { dev, ep } = lost
  await raiseStorageLost(client, clocked, { dev, ep, has, captured: lost.seq, user, at: hub.now() })
  const certified = await hub.keys.verify<Certified>(newest.certificate)
  return { dev, ep: epochBehind(ep, certified ?? {}, hub), after: has }
}

async function freeDeviceCode(client: Client, tenant: string): Promise<string> {
  for (;;) {
    const dev = base32Encode(randomBytes(4)).slice(0, DEVICE_CODE_LENGTH)
    const taken = await client.query('SELECT 1 FROM device WHERE tenant_id = $1 AND dev = $2', [tenant, dev])
    if (taken.rowCount === 0) return dev
  }
}
