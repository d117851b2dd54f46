// Photos in S3: the contract of all blob stores over a server that checks every signature by its own code, the published
// example of the signature, and what happens when the store is in trouble or the setting is wrong.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aPicture, shaOf } from '../testing/album-catalogue.ts'
import { blobStoreContract } from '../testing/blob-store-contract.ts'
import { s3Server, type S3Server } from '../testing/s3-server.ts'
import { S3Blobs, s3BlobsFrom } from './blob-s3.ts'
import { EMPTY_SHA, signedHeaders } from './s3-sign.ts'

const account = { id: 'AKEXAMPLE', secret: 'a/secret+with/signs', region: 'eu-test-1' }
const keys = { accessKeyId: account.id, secretAccessKey: account.secret, region: account.region }
let server: S3Server
beforeAll(async () => {
  server = await s3Server(account)
})
afterAll(async () => {
  await server.stop()
})

const storeAt = (path = '/photos/of/us', more: Partial<typeof keys> = {}): S3Blobs =>
  new S3Blobs(new URL(server.url + path), { ...keys, ...more }, Date.now)
blobStoreContract('s3', () => storeAt())

const photo = aPicture(3, 10_000)
const sha = shaOf(photo)

test('the published example of a signed GET', () => {
  const headers = signedHeaders(
    {
      method: 'GET',
      url: new URL('https://examplebucket.s3.amazonaws.com/test.txt'),
      headers: { Range: 'bytes=0-9' },
      bodySha: EMPTY_SHA,
    },
    {
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      region: 'us-east-1',
    },
    Date.UTC(2013, 4, 24),
  )
  expect(headers['authorization']).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  )
})

test('an object lies under its prefix, tenant and hash', async () => {
  await storeAt('/photos/').put('main', sha, photo)
  expect(server.objects.get(`/photos/main/${sha.slice(0, 2)}/${sha}`)?.equals(photo)).toBe(true)
})

test('a wrong key, another region and other bytes than the name says are refused by the store, and nobody takes them for kept', async () => {
  await expect(storeAt('/a', { secretAccessKey: 'another' }).put('main', sha, photo)).rejects.toThrow('answered 403')
  await expect(storeAt('/a', { region: 'elsewhere' }).size('main', sha)).rejects.toThrow('answered 403')
  await expect(storeAt('/a').put('main', sha, aPicture(4, 10_000))).rejects.toThrow('answered 403')
  expect(server.refusals).toEqual(['another signature', 'another region', 'another body'])
  expect(await storeAt('/a').size('main', sha)).toBeNull()
})

test('a store in trouble is a fault, never "there is none"', async () => {
  const store = storeAt('/b')
  await store.put('main', sha, photo)
  server.fail(503, 4)
  await expect(store.size('main', sha)).rejects.toThrow('answered 503')
  await expect(store.read('main', sha, 0)).rejects.toThrow('answered 503')
  await expect(store.put('main', sha, photo)).rejects.toThrow('answered 503')
  await expect(store.remove('main', sha)).rejects.toThrow('answered 503')
  expect(await store.size('main', sha)).toBe(10_000)
  const nobody = new S3Blobs(new URL('http://127.0.0.1:9/a'), keys, Date.now)
  await expect(nobody.size('main', sha)).rejects.toThrow('can’t be reached'.replace('’', "'"))
})

test('nothing but a hash and a tenant ever becomes a key', async () => {
  await expect(storeAt().put('main', '../../secret', photo)).rejects.toThrow('SHA-256')
  await expect(storeAt().read('../other', sha, 0)).rejects.toThrow('SHA-256')
})

test.each([
  ['photos', 'must look like'],
  ['ftp://store.example.org/photos', 'https'],
  ['http://store.example.org/photos', 'https'],
  ['https://store.example.org/', 'bucket'],
  ['https://id:secret@store.example.org/photos', 'environment'],
])('the setting %s is refused with a sentence', (setting, part) => {
  expect(() => s3BlobsFrom(setting, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' }, Date.now)).toThrow(part)
})

test('without keys the hub says which are missing', () => {
  expect(() => s3BlobsFrom('https://store.example.org/photos', {}, Date.now)).toThrow('AWS_SECRET_ACCESS_KEY')
})
