// The hub's signing key: certificates, leases and session tokens verify under it. It lives in a 0600 file of the data
// directory, outside of the database, so that a stolen database signs nothing.
import { randomUUID } from 'node:crypto'
import { existsSync, linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CompactSign, compactVerify, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import type { Jwk } from '../sync/seal.ts'

export interface HubKeys {
  readonly publicKeys: readonly Jwk[]
  sign(payload: object): Promise<string>
  /** The payload, or null when the text is not ours. */
  verify<T>(jws: string): Promise<T | null>
}

const FILE = 'hub-key.json'

/** Reads the key file or makes one. Two processes that start together end up with one key. */
export async function openHubKeys(dataDir: string): Promise<HubKeys> {
  const path = join(dataDir, FILE)
  if (!existsSync(path)) {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const draft = `${path}.${randomUUID()}`
    writeFileSync(draft, JSON.stringify(await exportJWK(privateKey)), { mode: 0o600, flag: 'wx' })
    // A link, unlike a rename, never replaces the key of a process that was faster.
    try {
      linkSync(draft, path)
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault
    } finally {
      unlinkSync(draft)
    }
  }
  const secret = JSON.parse(readFileSync(path, 'utf8')) as JWK
  const { d: _, ...publicKey } = secret
  const signingKey = await importJWK(secret, 'ES256')
  const verifyingKey = await importJWK(publicKey, 'ES256')
  return {
    publicKeys: [publicKey],
    sign: (payload) =>
      new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
        .setProtectedHeader({ alg: 'ES256' })
        .sign(signingKey),
    async verify<T>(jws: string) {
      try {
        return JSON.parse(new TextDecoder().decode((await compactVerify(jws, verifyingKey)).payload)) as T
      } catch {
        // Anything that doesn't verify is simply not ours: the caller answers 401.
        return null
      }
    },
  }
}
