// The hub's disk for photos: the contract of all blob stores, and what only a disk can get wrong.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { aPicture, shaOf } from '../testing/album-catalogue.ts'
import { blobStoreContract } from '../testing/blob-store-contract.ts'
import { MemoryBlobs } from '../testing/memory-blobs.ts'
import { DiskBlobs } from './blob-disk.ts'

const root = mkdtempSync(join(tmpdir(), 'holdfast-blobs-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const memory = new MemoryBlobs()
blobStoreContract('memory', () => memory)
blobStoreContract('disk', () => new DiskBlobs(join(root, 'a', 'b')))

const photo = aPicture(5, 50_000)
const sha = shaOf(photo)
const placeOf = (store: string): string => join(root, store, 't1', sha.slice(0, 2))

test('a file that was damaged or cut on the disk is put right by the next upload', async () => {
  const store = new DiskBlobs(join(root, 'damaged'))
  await store.put('t1', sha, photo)
  for (const wrong of [photo.subarray(0, 40_000), new Uint8Array(50_000)]) {
    writeFileSync(join(placeOf('damaged'), sha), wrong)
    await store.put('t1', sha, photo)
    expect(readFileSync(join(placeOf('damaged'), sha)).equals(photo)).toBe(true)
  }
})

test('what a crash left unfinished is never taken for the file, and goes with it', async () => {
  const store = new DiskBlobs(join(root, 'crashed'))
  mkdirSync(placeOf('crashed'), { recursive: true })
  writeFileSync(join(placeOf('crashed'), `${sha}.0123456789ab.new`), photo.subarray(0, 10))
  expect(await store.size('t1', sha)).toBeNull()
  await store.put('t1', sha, photo)
  await store.remove('t1', sha)
  expect(readdirSync(placeOf('crashed'))).toEqual([])
})

test('[BLOB8] nothing but a hash and a tenant ever becomes a path', async () => {
  const store = new DiskBlobs(join(root, 'paths'))
  for (const name of ['../../etc/passwd', `${'a'.repeat(63)}/`, 'A'.repeat(64), ''])
    await expect(store.put('t1', name, photo)).rejects.toThrow('SHA-256')
  for (const tenant of ['..', '', 'a/b', 'x'.repeat(65)])
    await expect(store.read(tenant, sha, 0)).rejects.toThrow('SHA-256')
})
