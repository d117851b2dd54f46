// Photos at the hub's door: whoever may not have one learns nothing, whatever is claimed about one is checked, and what
// nobody needs goes without ever racing what somebody brings.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BLOB_BYTES_MAX } from '../kernel/blob.ts'
import { albumCatalogue, aPicture, asBlob, shaOf } from '../testing/album-catalogue.ts'
import { HostileClient, statuses } from '../testing/hostile-client.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { addTenant } from '../testing/hub-tenant.ts'
import { MemoryBlobs } from '../testing/memory-blobs.ts'
import type { Device } from '../sync/device/device.ts'
import { BLOB_PIECE_BYTES } from '../sync/protocol.ts'
import { heldOf, putPiece, readBlob, sweepBlobs } from '../sync/hub/blobs.ts'
import { inTenant } from '../sync/hub/tenant.ts'
import { revokeDevice } from './revoke-device.ts'

const DAY_MS = 24 * 3_600_000
const store = new MemoryBlobs()
let now = Date.now()
let hub: HubUnderTest
beforeAll(async () => {
  hub = await aHub(albumCatalogue, { blobs: store, now: () => now })
})
afterAll(async () => {
  await hub.end()
  expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([])
})

async function aClient(): Promise<{ client: HostileClient; device: Device }> {
  const device = await hub.device()
  await device.sync()
  const identity = device.replica.identity()
  const held = device.replica.lease()
  if (identity === null || held === null) throw new Error('A device has an identity and a lease.')
  return { client: new HostileClient(hub.url, identity, held), device }
}

let seed = 5000
const fresh = (bytes = 1_000): Uint8Array => aPicture((seed += 1), bytes)
const put = (client: HostileClient, path: string, body: Uint8Array) =>
  client.request(`/sync/blob/${path}`, body, {}, { method: 'PUT' })
const putWhole = (client: HostileClient, photo: Uint8Array) => put(client, `${shaOf(photo)}/${photo.length}/0`, photo)
const head = (client: HostileClient, sha: string) =>
  client.request(`/sync/blob/${sha}`, new Uint8Array(0), {}, { method: 'HEAD' })

/** A report by an honest device, with its photo on the hub. */
async function reported(place: string, photo = fresh()): Promise<{ photo: Uint8Array; device: Device; id: string }> {
  const device = await hub.device()
  await device.take(photo)
  const answer = await device.run('album.record', { place, note: 'a', photos: [asBlob(photo)] })
  if (!answer.saved) throw new Error('It must be saved.')
  await device.sync()
  return { photo, device, id: answer.inserted['album.report']?.[0] ?? '' }
}

test('[BLOB8] who holds no row that names it is told what they are told of one that doesn’t exist', async () => {
  const { photo, device, id } = await reported('nowhere')
  const { client } = await aClient()
  const [theirs, none] = [shaOf(photo), 'e'.repeat(64)]
  for (const sha of [theirs, none]) {
    const got = await client.get(`/sync/blob/${sha}`)
    expect({ status: got.status, error: got.error }).toEqual({ status: 404, error: 'blob.unknown' })
    const asked = await head(client, sha)
    expect(asked.status).toBe(200)
    expect(asked.headers.get('upload-offset')).toBe('0')
    expect(asked.headers.get('upload-complete')).toBe('?0')
  }
  const [a, b] = [await client.get(`/sync/blob/${theirs}`), await client.get(`/sync/blob/${none}`)]
  const visible = (headers: Headers) => [...headers].filter(([name]) => name !== 'date')
  expect(a.text).toBe(b.text)
  expect(visible(a.headers)).toEqual(visible(b.headers))

  // The row comes into a bucket of theirs: then it may be read, and when it leaves it may not.
  await device.run('album.change', { report: id, place: 'company' })
  await device.sync()
  const read = await client.get(`/sync/blob/${theirs}`)
  expect(read.status).toBe(200)
  expect(read.headers.get('x-content-type-options')).toBe('nosniff')
  expect(read.headers.get('content-type')).toBe('application/octet-stream')
  expect(read.headers.get('content-disposition')).toBe('attachment')
  expect(read.headers.get('content-security-policy')).toContain('sandbox')
  expect((await head(client, theirs)).headers.get('upload-complete')).toBe('?1')
  await device.run('album.change', { report: id, place: 'nowhere' })
  await device.sync()
  expect((await client.get(`/sync/blob/${theirs}`)).status).toBe(404)
})

test('[BLOB8] a photo that a row no longer names can’t be read by it', async () => {
  const { photo, device, id } = await reported('company')
  const { client } = await aClient()
  expect((await client.get(`/sync/blob/${shaOf(photo)}`)).status).toBe(200)
  await device.run('album.change', { report: id, photos: [] })
  await device.sync()
  expect((await client.get(`/sync/blob/${shaOf(photo)}`)).status).toBe(404)
})

test('[BLOB8] another tenant’s photo doesn’t exist', async () => {
  const { photo } = await reported('company')
  await addTenant(hub.hub.pool, 'other')
  const other = { ...hub.hub.blobContext, tenant: 'other' }
  const of = { dev: 'AAAA', sha: shaOf(photo) }
  const buckets = new Set(['company'])
  expect(await heldOf(other, { ...of, buckets: async () => buckets })).toEqual({ offset: 0, isComplete: false })
  expect(await readBlob(other, { ...of, buckets, from: 0 })).toBeNull()
})

test('[BLOB8] a row that names another’s photo by its hash gives its author nothing until they bring the bytes themselves', async () => {
  const { photo } = await reported('nowhere')
  const { client } = await aClient()
  // Claimed in an envelope, and in a row of their own that they do hold.
  await client.command('album.record', { place: 'elsewhere', note: 'x' }, { blobs: [shaOf(photo)] })
  const args = { place: 'company', note: 'x', cover: asBlob(photo) }
  expect((await client.command('album.record', args, { blobs: [shaOf(photo)] })).outcome).toBe('adjusted')
  expect((await client.get(`/sync/blob/${shaOf(photo)}`)).status).toBe(404)
  expect((await head(client, shaOf(photo))).headers.get('upload-complete')).toBe('?0')
  // Whoever has the bytes has the photo.
  await putWhole(client, photo)
  expect((await client.get(`/sync/blob/${shaOf(photo)}`)).status).toBe(200)
})

test.each([
  ['a path', '..%2f..%2fhub-key.json/10/0'],
  ['a hash in capitals', `${'A'.repeat(64)}/10/0`],
  ['a negative place', `${'a'.repeat(64)}/10/-1`],
  ['a size that is no number', `${'a'.repeat(64)}/1e3/0`],
  ['a place behind the end', `${'a'.repeat(64)}/10/11`],
  ['no size', `${'a'.repeat(64)}/0/0`],
  ['digits without end', `${'a'.repeat(64)}/${'9'.repeat(40)}/0`],
])('[BLOB8] %s is refused before anything is stored', async (_, path) => {
  const { client } = await aClient()
  expect(await put(client, path, fresh(100).subarray(0, 5))).toMatchObject({ status: 400, error: 'blob.malformed' })
})

test('[BLOB4] lies about size, place and content are found, and the true bytes still arrive', async () => {
  const { client } = await aClient()
  const photo = fresh(600_000)
  const sha = shaOf(photo)
  const [first, second, third] = [0, 1, 2].map((at) =>
    photo.subarray(at * BLOB_PIECE_BYTES, (at + 1) * BLOB_PIECE_BYTES),
  ) as [Uint8Array, Uint8Array, Uint8Array]
  expect(await put(client, `${sha}/600000/262144`, second)).toMatchObject({ status: 409, error: 'blob.gap' })
  expect(await put(client, `${sha}/${BLOB_BYTES_MAX + 1}/0`, first)).toMatchObject({ status: 413 })
  expect((await put(client, `${sha}/600000/0`, new Uint8Array(BLOB_PIECE_BYTES + 1))).status).toBe(413)
  // A wrong middle: known at the end, and nothing is kept.
  await put(client, `${sha}/600000/0`, first)
  await put(client, `${sha}/600000/262144`, fresh(BLOB_PIECE_BYTES))
  expect(await put(client, `${sha}/600000/524288`, third)).toMatchObject({ status: 422, error: 'blob.wrong-content' })
  expect((await head(client, sha)).headers.get('upload-offset')).toBe('0')
  // Shorter than it is, then right.
  expect((await put(client, `${sha}/262144/0`, first)).status).toBe(422)
  for (const [at, piece] of [first, second, third].entries())
    expect((await put(client, `${sha}/600000/${at * BLOB_PIECE_BYTES}`, piece)).status).toBe(200)
  expect((await head(client, sha)).headers.get('upload-complete')).toBe('?1')
  expect(Buffer.from(await store.read('main', sha, 0)).equals(photo)).toBe(true)
})

test('[BLOB8] a page that calls itself a photo isn’t kept', async () => {
  const { client } = await aClient()
  const page = Buffer.from('<!doctype html><script>alert(document.domain)</script>')
  expect(await putWhole(client, page)).toMatchObject({ status: 415, error: 'blob.unsupported' })
  expect(await store.size('main', shaOf(page))).toBeNull()
})

test('[BLOB8] a piece that was changed on its way, or signed for another place, is nobody’s', async () => {
  const { client } = await aClient()
  const photo = fresh()
  const path = `/sync/blob/${shaOf(photo)}/1000/0`
  const stolen = await client.request(path, photo, {}, { method: 'PUT', sign: async () => 'AAAA' })
  expect(stolen.status).toBe(401)
})

test('[BLOB8] a device can’t fill the hub with what no command names', async () => {
  const { client } = await aClient()
  let refused = 0
  for (let at = 0; at < 40 && refused === 0; at++) {
    const said = await put(client, `${shaOf(fresh())}/${BLOB_BYTES_MAX}/0`, fresh(100))
    if (said.status === 429) refused = Number(said.headers.get('retry-after'))
  }
  expect(refused).toBeGreaterThan(0)
})

test('[BLOB8] a device that was shut out may bring what its commands name, and nothing else', async () => {
  const { client, device } = await aClient()
  const [named, other] = [fresh(), fresh()]
  await client.command('album.record', { place: 'company', note: 'x' }, { blobs: [shaOf(named)] })
  await revokeDevice(hub.hub, { dev: device.replica.identity()?.dev ?? '', isLost: false })
  expect((await putWhole(client, named)).status).toBe(200)
  expect(await putWhole(client, other)).toMatchObject({ status: 403, error: 'sync.revoked' })
  expect((await client.get(`/sync/blob/${shaOf(named)}`)).status).toBe(403)
})

const none = async (): Promise<ReadonlySet<string>> => new Set()
const begunOf = (sha: string): Promise<number> =>
  inTenant(hub.hub.pool, 'main', async (client) => {
    const found = await client.query('SELECT 1 FROM blob_upload WHERE tenant_id = $1 AND sha = $2', ['main', sha])
    return found.rows.length
  })

test('[BLOB9] after thirty days goes what nothing names, and what was begun; a parked command names too', async () => {
  const { client } = await aClient()
  const [unnamed, parked, begun] = [fresh(), fresh(), fresh()]
  await putWhole(client, unnamed)
  await putWhole(client, parked)
  await put(client, `${shaOf(begun)}/1000/0`, begun.subarray(0, 10))
  expect(await client.command('album.noSuchCommand', {}, { blobs: [shaOf(parked)] })).toMatchObject({
    outcome: 'parked',
  })
  const { photo } = await reported('company')
  expect(await sweepBlobs(hub.hub.blobContext)).toBe(0)
  now += 31 * DAY_MS
  expect(await sweepBlobs(hub.hub.blobContext)).toBeGreaterThan(0)
  expect(await store.size('main', shaOf(unnamed))).toBeNull()
  expect(await begunOf(shaOf(begun))).toBe(0)
  for (const sha of [shaOf(parked), shaOf(photo)]) expect(await store.size('main', sha)).toBe(1_000)
})

test('[BLOB9] an upload of what is just being taken away waits for it and is kept', async () => {
  const photo = fresh()
  const sha = shaOf(photo)
  const whole = { dev: 'ZZZZ', sha, size: 1_000, at: 0, content: photo }
  await putPiece(hub.hub.blobContext, whole)
  now += 31 * DAY_MS
  const uploads: Promise<unknown>[] = []
  const slow = {
    ...hub.hub.blobContext,
    store: Object.assign(Object.create(store) as MemoryBlobs, {
      async remove(tenant: string, name: string) {
        // Another device brings it in this very moment.
        if (name === sha) uploads.push(putPiece(hub.hub.blobContext, { ...whole, dev: 'YYYY' }))
        await new Promise((resolve) => setTimeout(resolve, 0))
        await store.remove(tenant, name)
      },
    }),
  }
  while (uploads.length === 0) await sweepBlobs(slow)
  expect(await Promise.all(uploads)).toEqual([{ offset: 1_000, isComplete: true }])
  expect(await store.size('main', sha)).toBe(1_000)
  expect(await heldOf(hub.hub.blobContext, { dev: 'YYYY', sha, buckets: none })).toMatchObject({
    isComplete: true,
  })
})

test('[BLOB9] a sweep that died behind the removal leaves nothing that counts as kept', async () => {
  const photo = fresh()
  const sha = shaOf(photo)
  const whole = { dev: 'XXXX', sha, size: 1_000, at: 0, content: photo }
  await putPiece(hub.hub.blobContext, whole)
  now += 31 * DAY_MS
  const dying = {
    ...hub.hub.blobContext,
    store: Object.assign(Object.create(store) as MemoryBlobs, {
      async remove(tenant: string, name: string) {
        await store.remove(tenant, name)
        if (name === sha) throw new Error('The hub died.')
      },
    }),
  }
  await expect(sweepBlobs(dying)).rejects.toThrow('died')
  const of = { dev: 'XXXX', sha, buckets: none }
  expect(await heldOf(hub.hub.blobContext, of)).toEqual({ offset: 0, isComplete: false })
  expect(await putPiece(hub.hub.blobContext, whole)).toEqual({ offset: 1_000, isComplete: true })
  await sweepBlobs(hub.hub.blobContext)
  expect(await heldOf(hub.hub.blobContext, of)).toEqual({ offset: 1_000, isComplete: true })
})

test('[BLOB9] what is brought again between the mark and the removal stays', async () => {
  const photo = fresh()
  const sha = shaOf(photo)
  const context = hub.hub.blobContext
  const whole = { dev: 'VVVV', sha, size: 1_000, at: 0, content: photo }
  // What the tests before left.
  now += 31 * DAY_MS
  while ((await sweepBlobs(context)) > 0);
  await putPiece(context, whole)
  now += 31 * DAY_MS
  let transactions = 0
  const between = {
    ...context,
    pool: {
      async connect() {
        transactions += 1
        // The mark, the list of what is marked, and now the first removal.
        if (transactions === 3)
          expect(await putPiece(context, { ...whole, dev: 'UUUU' })).toEqual({ offset: 1_000, isComplete: true })
        return context.pool.connect()
      },
    } as typeof context.pool,
  }
  expect(await sweepBlobs(between)).toBe(0)
  expect(transactions).toBe(3)
  expect(await store.size('main', sha)).toBe(1_000)
  expect(await heldOf(context, { dev: 'UUUU', sha, buckets: none })).toEqual({ offset: 1_000, isComplete: true })
})
