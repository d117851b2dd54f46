// Photos from one device to another over a real hub and a network that fails in every way: all bytes arrive, once, in
// their own lane, and nothing is confirmed that isn't durable.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Fetch } from '../device/fetch-transport.ts'
import { DiskBlobs } from '../hub/blob-disk.ts'
import { albumCatalogue, aPicture, asBlob, shaOf } from '../testing/album-catalogue.ts'
import { seededDraw } from '../testing/any-row.ts'
import { chaosProxy, type ChaosProxy } from '../testing/chaos-proxy.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { TwoClocks } from '../testing/two-clocks.ts'
import { argon2Floor } from '../store/vault/kdf.ts'
import type { Device } from './device/device.ts'
import { makeRescue, openRescue } from './device/rescue.ts'
import { readBlob, type BlobStore } from './hub/blobs.ts'
import { receiveRescue, receiveRescuedFiles } from './hub/rescue.ts'

const DAY_MS = 24 * 3_600_000

/** The hub's disk, which may die after the bytes are durable and before anybody hears of it. */
class MortalDisk implements BlobStore {
  disk: DiskBlobs | null = null
  deaths = 0
  puts = 0
  private get alive(): DiskBlobs {
    if (this.disk === null) throw new Error('The disk is not mounted yet.')
    return this.disk
  }
  async put(tenant: string, sha: string, content: Uint8Array): Promise<void> {
    await this.alive.put(tenant, sha, content)
    this.puts += 1
    if (this.deaths > 0) {
      this.deaths -= 1
      throw new Error('The hub died behind its fsync.')
    }
  }
  size = (tenant: string, sha: string) => this.alive.size(tenant, sha)
  read = (tenant: string, sha: string, from: number) => this.alive.read(tenant, sha, from)
  remove = (tenant: string, sha: string) => this.alive.remove(tenant, sha)
}

const disk = new MortalDisk()
let hub: HubUnderTest
let proxy: ChaosProxy | null = null
beforeAll(async () => {
  hub = await aHub(albumCatalogue, { blobs: disk })
  disk.disk = new DiskBlobs(join(hub.dataDir, 'blobs'))
})
afterEach(async () => {
  await proxy?.stop()
  proxy = null
  disk.deaths = 0
})
afterAll(() => hub.end())

let seed = 1000
/** Takes a picture nobody else has and saves a report that names it. */
async function saved(device: Device, bytes = 700_000, place = 'company'): Promise<Uint8Array> {
  const photo = aPicture((seed += 1), bytes)
  expect(await device.take(photo)).toMatchObject({ taken: true })
  expect(await device.run('album.record', { place, note: 'a', photos: [asBlob(photo)] })).toMatchObject({ saved: true })
  return photo
}

const waitFor = { timeout: 30_000, interval: 20 }
const pathOf = (photo: Uint8Array): string => join(hub.dataDir, 'blobs', 'main', shaOf(photo).slice(0, 2), shaOf(photo))
const isOnHub = (photo: Uint8Array): boolean => readFileSync(pathOf(photo)).equals(photo)
const isBlob = (url: string): boolean => url.includes('/sync/blob/')
const waitingOf = async (device: Device): Promise<number> => (await device.status()).blobs.count
const rowsOf = async (text: string): Promise<Record<string, unknown>[]> => {
  const client = await hub.hub.pool.connect()
  try {
    await client.query("SELECT set_config('holdfast.tenant', 'main', false)")
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    client.release(true)
  }
}

test('[BLOB4] photos taken offline arrive byte for byte, in pieces, and are shown on another device', async () => {
  let isOnline = true
  const a = await hub.device({
    fetch: (url, init) => (isOnline ? fetch(url, init) : Promise.reject(new TypeError('offline'))),
  })
  isOnline = false
  const photo = await saved(a)
  await a.sync()
  expect((await a.status()).blobs).toMatchObject({ count: 1, bytes: 700_000 })
  isOnline = true
  await a.sync()
  expect(await waitingOf(a)).toBe(0)
  expect(isOnHub(photo)).toBe(true)
  const b = await hub.device()
  await b.sync()
  expect(Buffer.from((await b.blob(shaOf(photo), photo.length)) as Uint8Array).equals(photo)).toBe(true)
  // It was shown and not kept: what lies on a device is what its own work needs.
  expect(b.replica.db.get('SELECT 1 FROM piece')).toBeUndefined()
})

test.each([1, 2, 3, 4])('[BLOB4] whatever the network does, every byte arrives, seed %i', async (at) => {
  proxy = await chaosProxy({ port: hub.port, seed: at })
  const through: Fetch = (url, init) => fetch(proxy === null ? url : url.replace(hub.url, proxy.url), init)
  const directory = hub.directory()
  let device = await hub.device({ directory, fetch: through })
  const photos = [await saved(device, 300_000), await saved(device, 900_000), await saved(device, 5_000)]
  proxy.chaos(0.6, [
    'cut-answer',
    'cut-request',
    'drop-answer',
    'captive-portal',
    'gateway-error',
    'duplicate',
    'reorder',
  ])
  for (let round = 0; round < 12; round++) {
    await device.sync()
    if (round % 4 !== 3) continue
    // Killed and opened again: nothing of the lane was only in memory.
    await device.close()
    device = await hub.device({ directory, fetch: through })
  }
  proxy.chaos(0)
  await device.sync()
  expect(await waitingOf(device)).toBe(0)
  for (const photo of photos) expect(isOnHub(photo)).toBe(true)
})

test.each([1, 2, 3, 4, 5])(
  '[BLOB4] pieces that come twice, late or out of order change nothing, seed %i',
  async (at) => {
    const draw = seededDraw(at)
    const late: (() => Promise<Response>)[] = []
    const device = await hub.device({
      async fetch(url, init) {
        if (init.method !== 'PUT') return fetch(url, init)
        const again = (): Promise<Response> => fetch(url, init)
        if (draw(3) === 0) late.push(again)
        if (draw(4) === 0) throw new TypeError('lost on the way')
        if (late.length > 0 && draw(2) === 0) await (late.splice(draw(late.length), 1)[0] as () => Promise<Response>)()
        const answer = await again()
        if (draw(3) === 0) await again()
        if (draw(4) === 0) throw new TypeError('the answer was lost')
        return answer
      },
    })
    const photo = await saved(device, 1_200_000)
    for (let round = 0; round < 40 && (await waitingOf(device)) > 0; round++) await device.sync()
    for (const again of late) await again()
    expect(await waitingOf(device)).toBe(0)
    expect(isOnHub(photo)).toBe(true)
    expect((await rowsOf(`SELECT 1 FROM blob_piece WHERE sha = '${shaOf(photo)}'`)).length).toBe(0)
  },
)

test('[BLOB4] an upload goes on where the hub is, also after a kill', async () => {
  const directory = hub.directory()
  let puts: string[] = []
  let room = 2
  const counting: Fetch = (url, init) => {
    if (init.method === 'PUT' && room-- <= 0) return Promise.reject(new TypeError('cut'))
    if (init.method === 'PUT') puts.push(url.split('/').at(-1) ?? '')
    return fetch(url, init)
  }
  const device = await hub.device({ directory, fetch: counting })
  const photo = await saved(device, 1_000_000)
  await device.sync()
  expect(puts).toEqual(['0', '262144'])
  await device.close()
  puts = []
  room = 99
  const again = await hub.device({ directory, fetch: counting })
  await again.sync()
  expect(puts).toEqual(['524288', '786432'])
  expect(isOnHub(photo)).toBe(true)
})

test('[BLOB4] a hub that dies behind the fsync and before its answer has confirmed nothing; the next try has', async () => {
  const device = await hub.device()
  const photo = await saved(device)
  disk.deaths = 1
  await device.sync()
  expect(await waitingOf(device)).toBe(1)
  expect(isOnHub(photo)).toBe(true)
  await device.sync()
  expect(await waitingOf(device)).toBe(0)
})

test('[BLOB5] commands don’t wait for a photo that hangs, and a photo doesn’t wait for commands that do', async () => {
  let isHung = true
  let release = (): void => undefined
  const hung = new Promise<void>((resolve) => (release = resolve))
  let isAsked = false
  const device = await hub.device({
    isAutomatic: true,
    async fetch(url, init) {
      if (isBlob(url)) isAsked = true
      if (isBlob(url) && isHung) await hung
      return fetch(url, init)
    },
  })
  await saved(device)
  await expect.poll(() => isAsked, waitFor).toBe(true)
  // A second command goes while the photo is still on its way.
  await device.run('album.record', { place: 'company', note: 'b' })
  await expect.poll(async () => (await device.status()).waiting, waitFor).toBe(0)
  expect(await waitingOf(device)).toBe(1)
  isHung = false
  release()
  await expect.poll(() => waitingOf(device), waitFor).toBe(0)

  const other = await hub.device({
    isAutomatic: true,
    fetch: (url, init) => (url.endsWith('/sync/push') ? Promise.reject(new TypeError('cut')) : fetch(url, init)),
  })
  const photo = await saved(other)
  await expect.poll(() => waitingOf(other), waitFor).toBe(0)
  expect((await other.status()).waiting).toBe(1)
  expect(isOnHub(photo)).toBe(true)
})

test('[BLOB5] a photo that was damaged on the device holds up no other, and the person is told', async () => {
  const device = await hub.device()
  const [poison, fine] = [await saved(device, 300_000), await saved(device, 300_001)]
  device.replica.db.run('UPDATE piece SET content = ? WHERE sha = ? AND at = 0', [
    aPicture(7, 256 * 1024),
    shaOf(poison),
  ])
  await device.sync()
  expect((await device.status()).blobs).toMatchObject({ count: 0, refused: 1 })
  expect(await device.blobsTaken()).toEqual({ [shaOf(poison)]: 'refused', [shaOf(fine)]: 'sent' })
  expect(isOnHub(fine)).toBe(true)
  expect(() => isOnHub(poison)).toThrow('ENOENT')
})

test('[BLOB5] [BLOB6] one that the hub can’t take now is put off behind the others; a clock ten years ahead puts nothing off when it is right', async () => {
  const clock = new TwoClocks(Date.now() + 3_652 * DAY_MS)
  let isWrong = true
  let first = ''
  const device = await hub.device({
    clock,
    fetch: (url, init) =>
      isWrong && init.method === 'PUT' && url.includes(first)
        ? Promise.resolve(Response.json({ error: 'blob.gap' }, { status: 409 }))
        : fetch(url, init),
  })
  await device.sync()
  const [bad, fine] = [await saved(device), await saved(device)]
  first = shaOf(bad)
  await device.sync()
  expect(isOnHub(fine)).toBe(true)
  expect(await device.blobsTaken()).toEqual({ [first]: 'only-here', [shaOf(fine)]: 'sent' })
  isWrong = false
  await device.sync()
  expect(await waitingOf(device)).toBe(1)
  clock.wall -= 3_652 * DAY_MS
  await device.sync()
  expect(isOnHub(bad)).toBe(true)
  // What was sent is looked after by the right clock as well.
  rmSync(pathOf(bad))
  clock.pass(DAY_MS)
  for (let round = 0; round < 2; round++) await device.sync()
  expect(isOnHub(bad)).toBe(true)
})

test('[BLOB8] one photo on two commands and two devices is one content, and a name alone tells nothing of it', async () => {
  const [a, b] = [await hub.device(), await hub.device()]
  const photo = await saved(a)
  await a.run('album.record', { place: 'company', note: 'again', cover: asBlob(photo) })
  await a.sync()
  const before = disk.puts
  await b.take(photo)
  // Nobody's bucket: nobody may read it but who took it.
  await b.run('album.record', { place: 'nowhere', note: 'a', cover: asBlob(photo) })
  await b.sync()
  expect(await waitingOf(b)).toBe(0)
  expect(disk.puts - before).toBeLessThanOrEqual(1)
  expect(readdirSync(join(pathOf(photo), '..')).filter((name) => name.startsWith(shaOf(photo)))).toEqual([shaOf(photo)])
  expect(
    (await rowsOf(`SELECT tbl FROM blob_use WHERE sha = '${shaOf(photo)}' ORDER BY tbl`)).map((row) => row['tbl']),
  ).toEqual(['album.report', 'album.report', 'album.report', 'command', 'command', 'command'])
})

test('[BLOB6] bytes leave only after the hub has said twice that it has them; one that lost them gets them again', async () => {
  const directory = hub.directory()
  const device = await hub.device({ directory })
  const [kept, lost] = [await saved(device), await saved(device)]
  await device.sync()
  rmSync(pathOf(lost))
  device.replica.db.run('UPDATE blob SET confirmed_at = 1')
  await device.close()
  const later = await hub.device({ directory })
  await later.sync()
  expect(later.replica.db.all('SELECT sha FROM blob')).toEqual([{ sha: shaOf(lost) }])
  expect(later.replica.db.get('SELECT 1 FROM piece WHERE sha = ?', [shaOf(kept)])).toBeUndefined()
  await later.sync()
  expect(isOnHub(lost)).toBe(true)
  // What left is fetched again when somebody wants to see it.
  expect(Buffer.from((await later.blob(shaOf(kept), kept.length)) as Uint8Array).equals(kept)).toBe(true)
})

test('[BLOB8] what a parked command names is shown to whoever decides about it, and to its author when the bytes have left', async () => {
  const directory = hub.directory()
  const [author, stranger] = [await hub.device({ directory }), await hub.device()]
  const photos = [aPicture((seed += 1), 40_000), aPicture((seed += 1), 30_000)]
  for (const photo of photos) await author.take(photo)
  const [cover, photo] = photos.map(asBlob)
  await author.run('album.record', { place: 'nowhere', note: 'not yet', cover, pages: [{ photo }] })
  await author.sync()
  expect((await author.outbox())[0]).toMatchObject({ state: 'parked', reason: 'album.not-yet' })
  author.replica.db.run('UPDATE blob SET confirmed_at = 1')
  await author.close()
  const later = await hub.device({ directory })
  await later.sync()
  expect(later.replica.db.get('SELECT 1 FROM blob')).toBeUndefined()
  await stranger.sync()
  const seenBy = async (bucket: string, sha: string) =>
    (await readBlob(hub.hub.blobContext, { sha, from: 0, buckets: new Set([bucket]) }))?.content
  for (const taken of photos) {
    const sha = shaOf(taken)
    expect(Buffer.from((await later.blob(sha, taken.length)) as Uint8Array).equals(taken)).toBe(true)
    expect(Buffer.from((await seenBy('review:', sha)) ?? []).equals(taken)).toBe(true)
    expect(await seenBy('company', sha)).toBeUndefined()
    expect(await stranger.blob(sha, taken.length)).toBeNull()
  }
})

test('[BLOB7] what is shown on demand goes on where it was cut; other bytes than the name says are never shown', async () => {
  const a = await hub.device()
  const photo = await saved(a, 900_000)
  await a.sync()
  let cutAt: number | null = 400_000
  const ranges: string[] = []
  let isWrong = false
  const b = await hub.device({
    async fetch(url, init) {
      const answer = await fetch(url, init)
      if (!isBlob(url)) return answer
      ranges.push(new Headers(init.headers).get('range') ?? 'whole')
      const content = new Uint8Array(await answer.arrayBuffer())
      if (isWrong) content[500] = (content[500] ?? 0) ^ 1
      const until = cutAt ?? content.length
      const isCut = cutAt !== null
      let at = 0
      cutAt = null
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (at === 0) controller.enqueue(content.subarray(0, until))
          else if (isCut) controller.error(new TypeError('cut'))
          else controller.close()
          at += 1
        },
      })
      return new Response(body, { status: answer.status, headers: answer.headers })
    },
  })
  await b.sync()
  expect(await b.blob(shaOf(photo), photo.length)).toBe('offline')
  expect(Buffer.from((await b.blob(shaOf(photo), photo.length)) as Uint8Array).equals(photo)).toBe(true)
  expect(ranges[0]).toBe('whole')
  expect(ranges[1]).toMatch(/^bytes=\d+-$/)
  isWrong = true
  expect(await b.blob(shaOf(photo), photo.length)).toBeNull()
  isWrong = false
  // A row that lies about the size shows nothing.
  expect(await b.blob(shaOf(photo), 10)).toBeNull()
  expect(await b.blob('f'.repeat(64), 10)).toBeNull()
})

test('[LIFE5] a rescue file brings the photos of a device that can send nothing any more, checked like any other', async () => {
  let isOnline = true
  const device = await hub.device({
    fetch: (url, init) => (isOnline ? fetch(url, init) : Promise.reject(new TypeError('offline'))),
  })
  await device.sync()
  isOnline = false
  const photos = [await saved(device, 300_000), await saved(device, 20_000)]
  const rescue = await makeRescue(device.replica, 'words for the file', argon2Floor)
  expect(rescue).toMatchObject({ commands: 2, files: 2, filesLeft: 0 })
  expect(rescue?.file).not.toContain(shaOf(photos[0] as Uint8Array))
  const opened = await openRescue(rescue?.file ?? '', 'words for the file')
  const { dev, bodies = [], files = [] } = opened ?? {}
  expect(dev).toBe(device.replica.identity()?.dev)
  for (const body of bodies) await receiveRescue(hub.hub.pushContext, body)
  const page = new TextEncoder().encode('<script>alert(1)</script>')
  expect(await receiveRescuedFiles(hub.hub.blobContext, dev ?? '', [...files, page])).toBe(2)
  for (const photo of photos) expect(isOnHub(photo)).toBe(true)
  // It heals by itself later: nothing is sent a second time.
  isOnline = true
  expect((await device.sync()).blobs).toMatchObject({ count: 0, refused: 0 })
  expect(await makeRescue(device.replica, 'words for the file', argon2Floor)).toBeNull()
  const altered = (rescue?.file ?? '').replace(
    /("files":\[\{[^}]*"ciphertext":")(.)/,
    (_, head: string, first: string) => `${head}${first === 'A' ? 'B' : 'A'}`,
  )
  await expect(openRescue(altered, 'words for the file')).rejects.toThrow('altered')
})
