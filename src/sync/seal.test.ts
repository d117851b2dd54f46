// Seals and signatures against the platform's own primitives, which share no code with seal.ts.
import { createHash, createPublicKey, verify } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromBase64Url, isSignedBy, makeSigner, newDeviceKeys, sealOf, toBase64Url } from './seal.ts'

const line = fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify({ text }))

test('[SEAL1] a seal is SHA-256 over the seal before it, a line feed and the exact bytes', () => {
  fc.assert(
    fc.property(line, line, (before, text) => {
      const prev = createHash('sha256').update(before).digest('hex')
      expect(sealOf(prev, text)).toBe(
        createHash('sha256')
          .update(Buffer.from(`${prev}\n${text}`, 'utf8'))
          .digest('hex'),
      )
    }),
  )
})

test('[SEAL1] a byte more, less or other anywhere gives another seal, and so does another place in the chain', () => {
  const prev = '0'.repeat(64)
  const sealed = '{"name":"Ä","seq":7}'
  const others = [` ${sealed}`, `${sealed} `, sealed.replace('7', '8'), sealed.replace('Ä', 'A'), sealed.toLowerCase()]
  const seals = [sealOf(prev, sealed), sealOf('1'.repeat(64), sealed), ...others.map((text) => sealOf(prev, text))]
  expect(new Set(seals).size).toBe(seals.length)
})

test('a device’s signature verifies under its public key with the platform, and under no other', async () => {
  const [mine, other] = [await newDeviceKeys(), await newDeviceKeys()]
  const sign = await makeSigner(mine.privateKey)
  const signature = await sign('holdfast-push-1\nmain')
  const key = createPublicKey({ key: { ...mine.publicKey }, format: 'jwk' })
  const bytes = Buffer.from(signature, 'base64url')
  expect(verify('sha256', Buffer.from('holdfast-push-1\nmain'), { key, dsaEncoding: 'ieee-p1363' }, bytes)).toBe(true)
  expect(await isSignedBy(mine.publicKey, signature, 'holdfast-push-1\nmain')).toBe(true)
  expect(await isSignedBy(mine.publicKey, signature, 'holdfast-push-1\nmoin')).toBe(false)
  expect(await isSignedBy(other.publicKey, signature, 'holdfast-push-1\nmain')).toBe(false)
  expect(mine.publicKey).not.toHaveProperty('d')
})

test.each(['', 'A', '!', '====', 'A'.repeat(85), 'A'.repeat(200)])(
  '%j is no signature and no error',
  async (signature) => {
    const { publicKey } = await newDeviceKeys()
    expect(await isSignedBy(publicKey, signature, 'x')).toBe(false)
    expect(await isSignedBy({ kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' }, 'A'.repeat(86), 'x')).toBe(false)
  },
)

test('base64url is what Node writes, and back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
      expect([...(fromBase64Url(toBase64Url(bytes)) ?? [])]).toEqual([...bytes])
    }),
  )
})
