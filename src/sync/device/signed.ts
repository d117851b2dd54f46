// Texts that the hub signed: certificates and leases. A device pins the hub's keys at enrolment and believes nothing
// that doesn't verify under them.
import { compactVerify, importJWK } from 'jose'
import type { Lease } from '../../kernel/lease.ts'
import { textHash, type Jwk } from '../seal.ts'
import type { HeldLease } from './replica.ts'

export class SignatureError extends Error {
  override readonly name = 'SignatureError'
}

/** The payload of a compact JWS under one of the pinned keys. Throws SignatureError. */
export async function readSigned<T>(jws: string, keys: readonly Jwk[]): Promise<T> {
  for (const key of keys) {
    try {
      const { payload } = await compactVerify(jws, await importJWK({ ...key, alg: 'ES256' }, 'ES256'))
      return JSON.parse(new TextDecoder().decode(payload)) as T
    } catch {
      // Not under this key: the next one may fit, and if none does the error below says so.
    }
  }
  throw new SignatureError('The text is not signed by this hub.')
}

export async function readLease(jws: string, keys: readonly Jwk[]): Promise<HeldLease> {
  return { jws, hash: textHash(jws), lease: await readSigned<Lease>(jws, keys) }
}
