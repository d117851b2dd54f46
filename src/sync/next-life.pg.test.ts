// A copied device, and one put back from a backup, each through its next life: what both lives did ends on the hub, once, under the ids and
// numbers that it was captured with.
import { cpSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { revokeDevice } from '../hub/revoke-device.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { HostileClient } from '../testing/hostile-client.ts'
import { disagreements } from '../testing/replica-truth.ts'
import { wireCatalogue } from '../testing/wire-catalogue.ts'
import type { Device } from './device/device.ts'
import { lineOf, parseEnvelope } from './envelope.ts'
import { sealOf } from './seal.ts'
import type { Envelope } from './protocol.ts'

let hub: HubUnderTest
const devices: Device[] = []
beforeAll(async () => {
  hub = await aHub(wireCatalogue)
})
afterAll(() => hub.end())
afterEach(async () => {
  for (const device of devices.splice(0)) await device.close()
})

async function open(directory: string, more: { isNextLife?: boolean } = {}): Promise<Device> {
  const device = await hub.device({ directory, ...more })
  devices.push(device)
  return device
}
const add = (device: Device, name: string): Promise<unknown> =>
  device.run('wire.addItem', { name, phone: `phone of ${name}` })
async function nextLife(device: Device, directory: string): Promise<Device> {
  await device.close()
  return open(directory, { isNextLife: true })
}
const names = async (): Promise<string[]> =>
  (await hub.rows<{ name: string }>('SELECT name FROM wire_item ORDER BY name')).map(({ name }) => name)
const code = (device: Device): string => String(device.replica.identity()?.dev)

/** Two lives of one device that know nothing of each other: `shared` was saved before the copy and isn't sent. */
async function copied(shared: readonly string[]): Promise<{ dirs: [string, string]; lives: [Device, Device] }> {
  const directory = hub.directory()
  const original = await open(directory)
  await original.sync()
  for (const name of shared) await add(original, name)
  await original.close()
  cpSync(directory, `${directory}-copy`, { recursive: true })
  const dirs: [string, string] = [directory, `${directory}-copy`]
  return { dirs, lives: [await open(dirs[0]), await open(dirs[1])] }
}

test('[LIFE4] both lives of a copied device go on in epochs of their own: nothing is lost, nothing twice, numbers stay', async () => {
  const before = await names()
  const { dirs, lives } = await copied(['shared 1', 'shared 2'])
  let [first, copy] = lives
  await add(first, 'original 3')
  await add(copy, 'copy 3')
  await add(copy, 'copy 4')
  expect(await first.sync()).toMatchObject({ waiting: 0, fault: null })
  expect(await copy.sync()).toMatchObject({ fault: 'fork', waiting: 2 })
  await add(first, 'original 4')
  expect(await first.sync()).toMatchObject({ fault: 'fork', waiting: 1 })

  copy = await nextLife(copy, dirs[1])
  expect(await copy.sync()).toMatchObject({ fault: null, waiting: 0, epoch: 2, device: code(first) })
  first = await nextLife(first, dirs[0])
  expect(await first.sync()).toMatchObject({ fault: null, waiting: 0, epoch: 3 })
  await add(first, 'original in its third life')
  for (const device of [first, copy, first]) await device.sync()

  expect((await names()).filter((name) => !before.includes(name))).toEqual([
    'copy 3',
    'copy 4',
    'original 3',
    'original 4',
    'original in its third life',
    'shared 1',
    'shared 2',
  ])
  expect(await disagreements(hub.hub, wireCatalogue, [first, copy])).toEqual([])
  // What both lives printed as 3 and 4 stands on both, and people are told of it.
  const twice = await hub.rows<{ facts: unknown }>(
    "SELECT facts FROM kernel_exception WHERE code = 'NUMBER_TWICE' AND dev = $1 ORDER BY facts::text",
    [code(first)],
  )
  expect(twice.map(({ facts }) => facts)).toEqual([
    { counter: 3, series: 'I-26' },
    { counter: 4, series: 'I-26' },
  ])
  expect(
    (await hub.rows("SELECT 1 FROM kernel_exception WHERE code = 'NUMBER_GAP' AND dev = $1", [code(first)])).length,
  ).toBe(0)
  const log = await hub.rows<{ ep: number; n: number; outcomes: string[] }>(
    'SELECT ep, count(*)::int AS n, array_agg(DISTINCT outcome) AS outcomes FROM command_log WHERE dev = $1 GROUP BY ep ORDER BY ep',
    [code(first)],
  )
  expect(log).toEqual([
    { ep: 1, n: 3, outcomes: ['accepted'] },
    { ep: 2, n: 2, outcomes: ['accepted'] },
    { ep: 3, n: 2, outcomes: ['accepted'] },
  ])
  const numbers = (await first.outbox()).map(({ about }) => about['number'])
  expect(numbers).toEqual(
    [1, 4, 3, 2, 1].map((counter, at) => `I-${code(first)}${at === 0 ? 'C' : 'A'}-26-00000${counter}`),
  )
})

test('[LIFE4] unsent work that both lives hold counts once, whoever brings it first, also when its answer was lost', async () => {
  const before = await names()
  const { dirs, lives } = await copied(['both 1', 'both 2', 'both 3'])
  const first = await nextLife(lives[0], dirs[0])
  expect(await first.sync()).toMatchObject({ waiting: 0, fault: null, epoch: 2 })
  // The copy still works under the first epoch, of which nothing more is taken.
  await add(lives[1], 'both 4')
  expect(await lives[1].sync()).toMatchObject({ waiting: 4, fault: 'fork' })
  const copy = await nextLife(lives[1], dirs[1])
  expect(await copy.sync()).toMatchObject({ waiting: 0, fault: null, epoch: 3 })
  await first.sync()
  expect((await names()).filter((name) => !before.includes(name))).toEqual(['both 1', 'both 2', 'both 3', 'both 4'])
  expect((await copy.outbox()).map(({ state }) => state)).toEqual(['accepted', 'accepted', 'accepted', 'accepted'])
  expect(await disagreements(hub.hub, wireCatalogue, [first, copy])).toEqual([])
})

test('[LIFE4] a device put back from a backup goes on, and work built on unsent work finds its parent', async () => {
  const directory = hub.directory()
  let device = await open(directory)
  await add(device, 'counted')
  await device.sync()
  await device.close()
  cpSync(directory, `${directory}-backup`, { recursive: true })
  device = await open(directory)
  await add(device, 'after the backup')
  await device.sync()
  await device.close()
  // The disk died: the backup is the device now.
  const restoredAt = `${directory}-backup`
  device = await open(restoredAt)
  const made = await device.run('wire.addItem', { name: 'made again' })
  const item = made.saved ? (made.inserted['wire.item']?.[0] ?? '') : ''
  await device.run('wire.receive', { item, quantity: 5_000_000 })
  await device.run('wire.rename', { item, name: 'made again, renamed' })
  expect(await device.sync()).toMatchObject({ fault: 'fork', waiting: 3 })
  device = await nextLife(device, restoredAt)
  expect(await device.query('wire.none').catch((error: Error) => error.message)).toContain('no view')
  expect(await device.sync()).toMatchObject({ fault: null, waiting: 0 })
  expect(await hub.rows('SELECT name, stock FROM wire_item WHERE id = $1', [item])).toEqual([
    { name: 'made again, renamed', stock: 5_000_000 },
  ])
  expect(await names()).toContain('after the backup')
  expect(await disagreements(hub.hub, wireCatalogue, [device])).toEqual([])
  // Its next life after that one: what was captured again is captured again, with its first ids.
  await device.run('wire.receive', { item, quantity: 1_000_000 })
  device = await nextLife(device, restoredAt)
  expect(await device.sync()).toMatchObject({ fault: null, waiting: 0, epoch: 3 })
  expect(await hub.rows('SELECT stock FROM wire_item WHERE id = $1', [item])).toEqual([{ stock: 6_000_000 }])
})

test('[LIFE4] a refused or cut enrolment leaves the device as it was, and a stranger’s certificate begins no life', async () => {
  const directory = hub.directory()
  let device = await open(directory)
  await add(device, 'patient')
  const { certificate } = device.replica.identity() ?? { certificate: '' }
  await device.close()
  await expect(hub.device({ directory, isNextLife: true, signIn: 'nobody' })).rejects.toThrow('enrol.wrong-sign-in')
  device = await open(directory)
  expect(device.replica.identity()?.certificate).toBe(certificate)
  const other = await open(hub.directory())
  const again = {
    certificate,
    firstSeq: 1,
    signature: await new HostileClient(hub.url, other.replica.identity() as never, {
      hash: '',
      lease: { user: '' },
    }).signText('x'),
  }
  const said = await fetch(`${hub.url}/enrol`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      code: await hub.newCode(null),
      signIn: 'setup',
      password: 'correct horse battery',
      publicKey: {
        kty: 'EC',
        crv: 'P-256',
        x: other.replica.identity()?.keys.publicKey.x,
        y: other.replica.identity()?.keys.publicKey.y,
      },
      again,
    }),
  })
  expect([said.status, await said.json()]).toEqual([403, { error: 'enrol.other-device' }])
  expect(await device.sync()).toMatchObject({ waiting: 0, fault: null, epoch: 1 })
})

test('[LIFE4] a hostile life can’t pass one line off as another’s, nor one original as two', async () => {
  const directory = hub.directory()
  const device = await nextLife(await open(directory), directory)
  const identity = device.replica.identity()
  const lease = device.replica.lease()
  if (identity === null || lease === null) throw new Error('The device is enrolled.')
  expect(identity.ep).toBe(2)
  const client = new HostileClient(hub.url, identity, lease)
  const at = Date.now()
  const prev = 'a'.repeat(64)
  const original = parseEnvelope(client.envelope('wire.addItem', { name: 'once' }, { at, ep: 1, seq: 7 })) as Envelope
  const was = { ep: 1, seq: 7, prev, seal: sealOf(prev, lineOf(original)) }
  const stranger = { outcome: 'parked', reason: 'sync.not-your-life' }
  for (const wrong of [{ seal: 'b'.repeat(64) }, { ep: 2 }, { ep: 3 }, { seq: 8 }, { prev: 'c'.repeat(64) }])
    expect(await client.command('wire.addItem', { name: 'once' }, { at, was: { ...was, ...wrong } })).toMatchObject(
      stranger,
    )
  expect(await client.command('wire.addItem', { name: 'other' }, { at, was })).toMatchObject(stranger)
  expect(await names()).not.toContain('once')
  // The lease is of the second epoch, so that its first life can’t have worked under it: judged, parked, and taken once.
  const line = (): { line: string } => ({ line: client.envelope('wire.addItem', { name: 'once' }, { at, was }) })
  expect(await client.push([line()])).toMatchObject({
    outcomes: [{ outcome: 'parked', reason: 'sync.not-your-lease' }],
  })
  expect(await client.push([line()])).toMatchObject({
    outcomes: [{ outcome: 'parked', reason: 'sync.not-your-lease' }],
  })
  expect(
    await hub.rows('SELECT 1 FROM kernel_review_item WHERE reason = $1 AND dev = $2', [
      'sync.not-your-lease',
      identity.dev,
    ]),
  ).toHaveLength(1)
})

test('[REVOKE1] [AUTH7] a device is shut out with the copies of its earlier lives: none of them gets a row', async () => {
  const { dirs, lives } = await copied([])
  const [, copy] = lives
  const first = await nextLife(lives[0], dirs[0])
  expect(await first.sync()).toMatchObject({ fault: null, epoch: 2 })
  await revokeDevice(hub.hub, { dev: code(first), isLost: true })
  const other = await open(hub.directory())
  await add(other, 'after the theft')
  await other.sync()
  for (const life of [first, copy]) {
    expect(await life.sync()).toMatchObject({ fault: 'revoked' })
    expect(life.replica.db.get("SELECT 1 FROM wire_item WHERE name = 'after the theft'")).toBeUndefined()
  }
})
