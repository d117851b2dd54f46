// Node's verification against WebCrypto's, which shares no code with it: the same answer to every signature, right, wrong or damaged.
import { webcrypto } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromBase64Url, isSignedBy, makeSigner, newDeviceKeys, toBase64Url, type Jwk } from '../sync/seal.ts'
import './native-verifier.ts'

async function oracle(key: Jwk, signature: Uint8Array, text: string): Promise<boolean> {
  const { subtle } = webcrypto
  const opened = await subtle.importKey('jwk', { ...key }, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify'])
  return subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, opened, signature, new TextEncoder().encode(text))
}

test('[AUTH1] a signature counts under its own key, for its own text and whole, and in no other way', async () => {
  const [mine, other] = [await newDeviceKeys(), await newDeviceKeys()]
  const sign = await makeSigner(mine.privateKey)
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme' }),
      fc.nat(63),
      fc.integer({ min: 1, max: 255 }),
      async (text, at, flip) => {
        const signature = await sign(text)
        const bytes = fromBase64Url(signature) ?? new Uint8Array(0)
        const damaged = bytes.map((byte, index) => (index === at ? byte ^ flip : byte))
        for (const [key, given, said] of [
          [mine.publicKey, bytes, text],
          [other.publicKey, bytes, text],
          [mine.publicKey, bytes, `${text} `],
          [mine.publicKey, damaged, text],
          [mine.publicKey, bytes.subarray(1), text],
          [mine.publicKey, new Uint8Array(64), text],
        ] as const)
          expect(await isSignedBy(key, toBase64Url(given), said)).toBe(await oracle(key, given, said))
      },
    ),
    { numRuns: 25 },
  )
})

test('[AUTH1] what is no key of the curve, and half a character, verify nothing', async () => {
  const { publicKey, privateKey } = await newDeviceKeys()
  const signature = await (await makeSigner(privateKey))('text \ufffd')
  for (const key of [{}, { ...publicKey, crv: 'P-384' }, { ...publicKey, x: 'AAAA' }, { ...publicKey, kty: 'OKP' }])
    expect(await isSignedBy(key, signature, 'text \ufffd')).toBe(false)
  expect(await isSignedBy(publicKey, signature, 'text \ufffd')).toBe(true)
  expect(await isSignedBy(publicKey, signature, 'text \ud800')).toBe(false)
})
