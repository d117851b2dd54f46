// What every blob store must do, run over each of them: memory, disk and S3. Its oracle is a plain map.
import { expect, test } from 'vitest'
import type { BlobStore } from '../sync/hub/blobs.ts'
import { aPicture, shaOf } from './album-catalogue.ts'

export function blobStoreContract(name: string, open: () => BlobStore): void {
  const photo = aPicture(11, 300_000)
  const sha = shaOf(photo)

  test(`${name}: what was put is read whole and from any byte on, the same again changes nothing`, async () => {
    const store = open()
    await store.put('t1', sha, photo)
    await store.put('t1', sha, photo)
    expect(await store.size('t1', sha)).toBe(300_000)
    for (const from of [0, 1, 262_144, 299_999])
      expect(Buffer.from(await store.read('t1', sha, from)).equals(photo.subarray(from))).toBe(true)
  })

  test(`${name}: tenants share nothing`, async () => {
    const store = open()
    await store.put('t1', sha, photo)
    expect(await store.size('t2', sha)).toBeNull()
    await store.remove('t2', sha)
    expect(await store.size('t1', sha)).toBe(300_000)
  })

  test(`${name}: what was removed is gone, and removing what isn't there is no fault`, async () => {
    const store = open()
    await store.put('t3', sha, photo)
    await store.remove('t3', sha)
    await store.remove('t3', sha)
    expect(await store.size('t3', sha)).toBeNull()
    await expect(store.read('t3', sha, 0)).rejects.toThrow()
  })
}
