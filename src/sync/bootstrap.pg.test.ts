// The first download of large buckets, over a real hub, real encrypted devices and a network that is cut at any byte:
// nothing is missed whatever is written meanwhile, nothing is fetched twice, and nobody gets what their lease doesn't hold.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { completeRow } from '../kernel/effects.ts'
import { chaosProxy, type ChaosProxy } from '../testing/chaos-proxy.ts'
import { HostileClient } from '../testing/hostile-client.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { disagreements } from '../testing/replica-truth.ts'
import { item, order, wireCatalogue } from '../testing/wire-catalogue.ts'
import { writeHubRows, type MadeRow } from '../testing/write-hub-rows.ts'
import type { Device } from './device/device.ts'
import { chunkPart, CHUNKED_FROM_ROWS, manifestOf } from './hub/chunks.ts'
import { inTenant } from './hub/tenant.ts'

const ITEMS = CHUNKED_FROM_ROWS * 6
const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))
const anItem = (index: number): MadeRow => ({
  table: item,
  row: completeRow(item, `item-${String(index).padStart(6, '0')}`, {
    name: `Item ${index} ünd ☃ "quoted"\n\\ ${(index * 7919) % 10_007}`,
    tags: index % 3 === 0 ? ['b', 'a'] : [],
    stock: index * 1_000_000_007,
  }),
})
const anOrder = (index: number): MadeRow => ({
  table: order,
  row: completeRow(order, `order-${String(index).padStart(6, '0')}`, {
    place: 'elsewhere',
    number: `O-${index}`,
    state: 'open',
    rank: index,
    due: index,
    extra: { b: [index, null, { z: 'é' }], a: index % 2 === 0 },
  }),
})

let hub: HubUnderTest
let proxy: ChaosProxy | null = null
beforeAll(async () => {
  hub = await aHub(wireCatalogue)
  await writeHubRows(hub.hub, many(ITEMS, anItem))
  await writeHubRows(hub.hub, many(CHUNKED_FROM_ROWS, anOrder))
})
afterEach(async () => {
  await proxy?.stop()
  proxy = null
})
afterAll(() => hub.end())

const isChunk = (url: string): boolean => url.includes('/sync/chunk/')
const chunksLeft = async (device: Device): Promise<number> => (await device.status()).download?.bucketsLeft ?? 0
const wrongOf = (devices: readonly Device[]): Promise<string[]> => disagreements(hub.hub, wireCatalogue, devices)
const manifest = (bucket: string) => manifestOf(hub.hub.chunkContext, [bucket], new Set([bucket]))

test('[BOOT1] a large bucket comes by chunks that lie ready, a small one by a pull, and both agree with the hub', async () => {
  const paths: string[] = []
  const device = await hub.device({
    fetch: (url, init) => {
      paths.push(new URL(url).pathname.replace(/[0-9a-f]{64}/, '<sha>'))
      return fetch(url, init)
    },
  })
  const { integrity, isReady, download, incidents } = await device.sync()
  expect({ rowsHeld: integrity.rowsHeld, isReady, download, incidents }).toEqual({
    rowsHeld: ITEMS,
    isReady: true,
    download: null,
    incidents: 0,
  })
  const [company] = (await manifest('company')).buckets
  expect(paths.filter((path) => path === '/sync/chunk/<sha>')).toHaveLength(company?.chunks.length ?? 0)
  expect(company?.chunks.length).toBeGreaterThan(1)
  expect(company?.rows).toBe(ITEMS)
  expect(await wrongOf([device])).toEqual([])
  // Nothing of the first download is asked for a second time.
  paths.length = 0
  await device.sync()
  expect(paths).toEqual(['/sync/pull'])
})

test('[BOOT2] rows that others write, change and move while chunks are fetched are all there at the end', async () => {
  const writer = await hub.device()
  await writer.sync()
  let at = 0
  const device = await hub.device({
    fetch: async (url, init) => {
      const answer = await fetch(url, init)
      if (!isChunk(url)) return answer
      at += 1
      await writer.run('wire.rename', { item: `item-00000${at}`, name: `renamed meanwhile ${at}`, tags: ['new'] })
      await writer.run('wire.rename', { item: `item-0119${90 + at}`, name: `renamed meanwhile ${at}` })
      await writer.run('wire.addItem', { name: `new meanwhile ${at}` })
      await writer.run('wire.sell', { item: 'item-000003', day: 'a day', quantity: 1_000_000 })
      await writer.sync()
      return answer
    },
  })
  const { incidents } = await device.sync()
  expect(at).toBeGreaterThan(1)
  expect(incidents).toBe(0)
  await writer.sync()
  expect(await wrongOf([device, writer])).toEqual([])
})

test('[BOOT2] a set that fell far behind is made anew; what came of an older one stays right', async () => {
  const before = (await manifest('company')).buckets[0]
  await writeHubRows(
    hub.hub,
    many(ITEMS, (index) => anItem(ITEMS * 2 + index)),
  )
  const after = (await manifest('company')).buckets[0]
  expect(after?.w).toBeGreaterThan(before?.w ?? 0)
  expect(after?.rows).toBeGreaterThan(before?.rows ?? 0)
})

test.each([1, 2, 3])('[BOOT4] chunks cut at any byte go on where they were cut, seed %i', async (seed) => {
  proxy = await chaosProxy({ port: hub.port, seed })
  const ranges: string[] = []
  const device = await hub.device({
    fetch: (url, init) => {
      const range = new Headers(init.headers).get('range')
      if (range !== null) ranges.push(range)
      return fetch(proxy === null ? url : url.replace(hub.url, proxy.url), init)
    },
  })
  proxy.chaos(0.7, ['cut-answer', 'cut-request', 'captive-portal'])
  for (let round = 0; round < 60 && ranges.length < 3; round++) await device.sync()
  proxy.chaos(0)
  const { download, isReady } = await device.sync()
  expect({ download, isReady }).toEqual({ download: null, isReady: true })
  expect(ranges.length).toBeGreaterThan(0)
  expect(await wrongOf([device])).toEqual([])
})

test('[BOOT4] a device that was closed in the middle of a chunk has the half of it, and a forged byte is thrown away', async () => {
  const directory = hub.directory()
  let chunks = 0
  const first = await hub.device({
    directory,
    fetch: async (url, init) => {
      const answer = await fetch(url, init)
      if (!isChunk(url) || (chunks += 1) < 2) return answer
      const half = new Uint8Array(await answer.arrayBuffer()).subarray(0, 10_000)
      let isSent = false
      const cut = new ReadableStream<Uint8Array>({
        pull(stream) {
          if (isSent) stream.error(new TypeError('cut'))
          else stream.enqueue(half)
          isSent = true
        },
      })
      return new Response(cut, { status: answer.status, headers: answer.headers })
    },
  })
  await first.sync()
  expect(await chunksLeft(first)).toBe(1)
  expect((await first.status()).isReady).toBe(false)
  await first.close()

  const ranges: (string | null)[] = []
  let mayForge = true
  const second = await hub.device({
    directory,
    fetch: async (url, init) => {
      if (!isChunk(url)) return fetch(url, init)
      ranges.push(new Headers(init.headers).get('range'))
      const answer = await fetch(url, init)
      if (!mayForge) return answer
      const bytes = new Uint8Array(await answer.arrayBuffer())
      bytes[5] = (bytes[5] ?? 0) ^ 1
      return new Response(bytes, { status: answer.status, headers: answer.headers })
    },
  })
  await second.sync()
  expect(ranges[0]).toBe('bytes=10000-')
  expect(second.replica.db.all('SELECT kind FROM incident')).toEqual([{ kind: 'wrong-content' }])
  expect((await second.status()).isReady).toBe(false)
  mayForge = false
  await second.sync()
  expect((await second.status()).isReady).toBe(true)
  expect(await wrongOf([second])).toEqual([])
})

test('[BOOT6] while chunks are outstanding work is captured, sent and decided, and what is elsewhere is known to be', async () => {
  let isHeldBack = true
  const device = await hub.device({
    fetch: (url, init) =>
      isHeldBack && isChunk(url) ? Promise.reject(new TypeError('no connection')) : fetch(url, init),
  })
  await device.sync()
  const status = await device.status()
  expect(status.download).toMatchObject({ rowsDone: 0, bytesDone: 0, bucketsLeft: 1 })
  expect(status.download?.rowsTotal).toBeGreaterThanOrEqual(ITEMS)
  expect({ isReady: status.isReady, holds: device.replica.holds('company') }).toEqual({ isReady: false, holds: false })
  const answer = await device.run('wire.sell', { item: 'item-000005', day: 'today', quantity: 1_000_000 })
  expect(answer.saved).toBe(true)
  await device.sync()
  expect((await device.outbox()).map(({ state }) => state)).toEqual(['accepted'])
  isHeldBack = false
  await device.sync()
  expect(device.replica.holds('company')).toBe(true)
  expect(await wrongOf([device])).toEqual([])
})

test('[BOOT3] a chunk is for devices whose lease has its bucket; nonsense is refused and named', async () => {
  const device = await hub.device()
  const identity = device.replica.identity()
  const held = device.replica.lease()
  if (identity === null || held === null) throw new Error('The device is not enrolled.')
  const client = new HostileClient(hub.url, identity, held)
  const mine = (await manifest('company')).buckets[0]?.chunks[0]
  const foreign = (await manifest('elsewhere')).buckets[0]?.chunks[0]
  const say = async (path: string, headers = {}): Promise<string> => {
    const { status, error } = await client.get(path, headers)
    return `${status} ${error}`
  }
  expect(await say(`/sync/chunk/${mine?.sha}`)).toBe('200 ')
  expect(await say(`/sync/chunk/${mine?.sha}`, { range: 'bytes=7-' })).toBe('206 ')
  expect(await say(`/sync/chunk/${foreign?.sha}`)).toBe('403 chunk.not-yours')
  expect(await say(`/sync/chunk/${'0'.repeat(64)}`)).toBe('404 chunk.unknown')
  expect(await say('/sync/chunk/..%2f..%2fetc%2fpasswd')).toBe('404 chunk.unknown')
  for (const range of [
    'bytes=9999999999-',
    `bytes=${mine?.bytes}-`,
    'bytes=-5',
    'bytes=0-1,3-4',
    'lines=1-',
    'bytes=5-2',
  ])
    expect(await say(`/sync/chunk/${mine?.sha}`, { range })).toBe('416 chunk.bad-range')
  const all = new Set(['company', 'elsewhere'])
  expect(await chunkPart({ pool: hub.hub.pool, tenant: 'other' }, mine?.sha ?? '', 0, all)).toBe('chunk.unknown')
  const asked = await client.request('/sync/manifest', Buffer.from('{"buckets":["elsewhere","company"]}'))
  expect((JSON.parse(asked.text) as { buckets: { name: string }[] }).buckets.map(({ name }) => name)).toEqual([
    'company',
  ])
  expect((await client.request('/sync/manifest', Buffer.from('{"buckets":"company"}'))).error).toBe(
    'manifest.malformed',
  )
})

test('[BOOT3] chunks that the hub has swept are planned anew', async () => {
  let isHeldBack = true
  const device = await hub.device({
    fetch: (url, init) =>
      isHeldBack && isChunk(url) ? Promise.reject(new TypeError('no connection')) : fetch(url, init),
  })
  await device.sync()
  await inTenant(hub.hub.pool, hub.hub.tenant, async (client) => {
    await client.query('DELETE FROM chunk')
    await client.query('DELETE FROM chunk_set')
  })
  isHeldBack = false
  await device.sync()
  await device.sync()
  expect((await device.status()).isReady).toBe(true)
  expect(await wrongOf([device])).toEqual([])
})
