// An enrolled device that means ill names every photo it sends, so that none counts as unnamed: what it may fill is bounded all the same, an
// honest one beside it goes on, and what finds no room waits on its device until there is.
import { afterEach, expect, test } from 'vitest'
import { albumCatalogue, aPicture, asBlob, shaOf } from '../testing/album-catalogue.ts'
import { HostileClient } from '../testing/hostile-client.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { MemoryBlobs } from '../testing/memory-blobs.ts'
import { TwoClocks } from '../testing/two-clocks.ts'
import type { Device } from '../sync/device/device.ts'
import type { BlobQuota } from '../sync/hub/blob-room.ts'
import { standardLimits } from './door.ts'

const DAY_MS = 24 * 3_600_000
const NOON = Date.UTC(2026, 10, 21, 12)
let now = NOON
let hub: HubUnderTest
afterEach(() => hub.end())

async function aHubWithRoom(room: BlobQuota): Promise<void> {
  now = NOON
  const limits = { ...standardLimits, device: standardLimits.tenant, room }
  hub = await aHub(albumCatalogue, { blobs: new MemoryBlobs(), now: () => now, limits })
}

let seed = 7000
async function report(device: Device, bytes: number): Promise<Uint8Array> {
  const photo = aPicture((seed += 1), bytes)
  expect(await device.take(photo)).toMatchObject({ taken: true })
  expect(await device.run('album.record', { place: 'company', note: 'a', photos: [asBlob(photo)] })).toMatchObject({
    saved: true,
  })
  return photo
}

interface Sent {
  readonly waiting: number
  readonly photos: number
  /** What its person is told of the room. */
  readonly said: string | null
  readonly incidents: string[]
}

async function sent(device: Device): Promise<Sent> {
  const { waiting, blobs } = await device.sync()
  const noted = device.replica.db.all<{ detail: string }>("SELECT detail FROM incident WHERE kind = 'blob-no-room'")
  return { waiting, photos: blobs.count, said: blobs.noRoom, incidents: noted.map(({ detail }) => detail) }
}

test('[BLOB10] a device that names all it sends is stopped at its day’s share; nothing is lost, and tomorrow the rest goes', async () => {
  await aHubWithRoom({ deviceDayBytes: 250_000, tenantBytes: 10_000_000 })
  const clock = new TwoClocks(NOON)
  const device = await hub.device({ clock })
  for (let count = 0; count < 4; count++) await report(device, 100_000)
  await expect
    .poll(() => sent(device))
    .toEqual({
      waiting: 0,
      photos: 2,
      said: 'blob.over-quota',
      incidents: ['blob.over-quota'],
    })
  // Commands go on beside it, and another device has a share of its own.
  const other = await hub.device({ clock: new TwoClocks(NOON) })
  await report(other, 100_000)
  await expect.poll(() => sent(other)).toEqual({ waiting: 0, photos: 0, said: null, incidents: [] })
  // Without patience, by hand, it is told the same for a name of any kind.
  const [identity, held] = [device.replica.identity(), device.replica.lease()]
  if (identity === null || held === null) throw new Error('A device has an identity and a lease.')
  const client = new HostileClient(hub.url, identity, held)
  const photo = aPicture((seed += 1), 60_000)
  const said = await client.request(`/sync/blob/${shaOf(photo)}/${photo.length}/0`, photo, {}, { method: 'PUT' })
  expect([said.status, said.error, said.headers.get('retry-after')]).toEqual([429, 'blob.over-quota', '3600'])

  now += DAY_MS + 1
  clock.pass(DAY_MS + 1)
  await expect.poll(async () => (await sent(device)).photos).toBe(0)
  expect((await device.status()).blobs.noRoom).toBeNull()
})

test('[BLOB10] a tenant whose room is taken keeps taking commands, and photos stay where they are until there is room', async () => {
  const room = { deviceDayBytes: 10_000_000, tenantBytes: 250_000 }
  await aHubWithRoom(room)
  const [greedy, honest] = [
    await hub.device({ clock: new TwoClocks(NOON) }),
    await hub.device({ clock: new TwoClocks(NOON) }),
  ]
  for (let count = 0; count < 3; count++) await report(greedy, 100_000)
  await expect
    .poll(() => sent(greedy))
    .toMatchObject({
      waiting: 0,
      photos: 1,
      said: 'blob.hub-full',
      incidents: ['blob.hub-full'],
    })
  await report(honest, 100_000)
  await expect
    .poll(() => sent(honest))
    .toMatchObject({
      waiting: 0,
      photos: 1,
      said: 'blob.hub-full',
      incidents: ['blob.hub-full'],
    })
  // HQ is told once, whoever asks however often; and again when it is full another day.
  const told = (): Promise<object[]> =>
    hub.rows("SELECT facts, owner, state FROM kernel_exception WHERE code = 'HUB_FULL' ORDER BY state")
  const open = { facts: { roomBytes: 250_000 }, owner: 'it', state: 'open' }
  expect(await told()).toEqual([open])
  await sent(honest)
  expect(await told()).toEqual([open])
  await hub.rows("UPDATE kernel_exception SET state = 'closed' WHERE code = 'HUB_FULL'")
  await sent(honest)
  expect(await told()).toEqual([{ ...open, state: 'closed' }, open])
})
