// Lets Node's own verification of signatures stand in for WebCrypto's, for whoever imports this file; it is checked before it is taken.
import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import { adoptVerifier, type Jwk } from '../sync/seal.ts'

/** Two whole numbers below the curve's order. */
const SIGNATURE_BYTES = 64

/** Of keys that somebody holds on to, as a hub does for the devices it knows. */
const opened = new WeakMap<Jwk, KeyObject>()

/** Null for what is no point of the curve. */
function open(key: Jwk): KeyObject | null {
  const known = opened.get(key)
  if (known !== undefined) return known
  const { kty, crv, x, y } = key
  if (kty !== 'EC' || crv !== 'P-256' || x === undefined || y === undefined) return null
  try {
    const made = createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' })
    opened.set(key, made)
    return made
  } catch {
    return null
  }
}

adoptVerifier((publicKey, signature, text) => {
  const key = open(publicKey)
  if (key === null || signature.length !== SIGNATURE_BYTES) return false
  return verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, signature)
})
