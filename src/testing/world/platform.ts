// The platform's chance and keys, from the seed: while it is installed, random bytes, key pairs and signatures are the
// same in every run. A signature here proves that a text is whole, not who wrote it: nobody forges in this world, and
// the tests against forgers use the real one. It stands in for the platform only, never for code of ours.
import { createHash } from 'node:crypto'
import type { Jwk, WebCrypto } from '../../sync/seal.ts'
import { Dice } from './dice.ts'

const EC = { name: 'ECDSA', namedCurve: 'P-256' }

const digest = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
const base64url = (bytes: Buffer): string => bytes.toString('base64url')

/** Looks like a CryptoKey to whoever asks, and holds the public point only: what signs is what verifies. */
class WorldKey {
  readonly [Symbol.toStringTag] = 'CryptoKey'
  readonly algorithm = EC
  readonly extractable = true
  readonly type: 'public' | 'private'
  readonly usages: readonly string[]
  readonly jwk: Jwk

  constructor(jwk: Jwk) {
    this.jwk = jwk
    this.type = jwk.d === undefined ? 'public' : 'private'
    this.usages = [this.type === 'public' ? 'verify' : 'sign']
  }
}

const keyPair = (secret: Buffer): { privateKey: WorldKey; publicKey: WorldKey } => {
  const d = base64url(secret)
  const point = { kty: 'EC', crv: 'P-256', x: base64url(digest('x', d)), y: base64url(digest('y', d)) }
  return { privateKey: new WorldKey({ ...point, d }), publicKey: new WorldKey(point) }
}

const asBytes = (data: Uint8Array | ArrayBuffer): Uint8Array =>
  data instanceof Uint8Array ? data : new Uint8Array(data)

function signature(key: WorldKey, data: Uint8Array): Uint8Array {
  const first = digest(key.jwk.x ?? '', data)
  return Uint8Array.from(Buffer.concat([first, digest(first)]))
}

function seededCrypto(dice: Dice): WebCrypto {
  const fill = (bytes: Uint8Array): Uint8Array => {
    for (let at = 0; at < bytes.length; at++) bytes[at] = dice.whole(256)
    return bytes
  }
  const subtle = {
    generateKey: () => Promise.resolve(keyPair(Buffer.from(fill(new Uint8Array(32))))),
    exportKey: (_: 'jwk', key: object) => Promise.resolve((key as WorldKey).jwk),
    importKey: (_: 'jwk', jwk: Jwk) =>
      jwk.x === undefined || jwk.y === undefined
        ? Promise.reject(new TypeError('This is no key of the simulated world.'))
        : Promise.resolve(new WorldKey(jwk)),
    sign: (_: object, key: object, data: Uint8Array) =>
      Promise.resolve(signature(key as WorldKey, asBytes(data)).buffer as ArrayBuffer),
    verify: (_: object, key: object, given: Uint8Array, data: Uint8Array) =>
      Promise.resolve(Buffer.from(asBytes(given)).equals(signature(key as WorldKey, asBytes(data)))),
  }
  return { subtle, getRandomValues: fill }
}

const real = Object.getOwnPropertyDescriptor(globalThis, 'crypto')

/** Runs `work` on a platform whose chance comes from `seed`; the real one is back afterwards, whatever happens. */
export async function onPlatform<T>(seed: number, work: () => Promise<T>): Promise<T> {
  Object.defineProperty(globalThis, 'crypto', { value: seededCrypto(new Dice(seed)), configurable: true })
  try {
    return await work()
  } finally {
    if (real !== undefined) Object.defineProperty(globalThis, 'crypto', real)
  }
}
