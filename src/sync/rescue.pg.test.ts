// Devices that can't push, or may no longer: their rescue files come in exactly once, whatever had arrived already, and what a device did
// that was shut out is judged command by command.
import { cpSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { withClient } from '../hub/postgres/open-database.ts'
import { revokeDevice } from '../hub/revoke-device.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { disagreements } from '../testing/replica-truth.ts'
import { TwoClocks } from '../testing/two-clocks.ts'
import { wireCatalogue } from '../testing/wire-catalogue.ts'
import { argon2Floor } from '../store/vault/kdf.ts'
import type { Device } from './device/device.ts'
import { makeRescue, openRescue } from './device/rescue.ts'
import { receiveRescue, type Rescued } from './hub/rescue.ts'

const NOON = Date.UTC(2026, 10, 21, 12)
const HOUR = 3_600_000
const words = 'a passphrase for the file'
let hubNow = NOON
let hub: HubUnderTest
const devices: Device[] = []
beforeAll(async () => {
  hub = await aHub(wireCatalogue, { now: () => hubNow })
})
afterAll(() => hub.end())
afterEach(async () => {
  for (const device of devices.splice(0)) await device.close()
})

async function open(directory = hub.directory(), more: Parameters<HubUnderTest['device']>[0] = {}): Promise<Device> {
  const device = await hub.device({ directory, clock: new TwoClocks(hubNow), ...more })
  devices.push(device)
  return device
}
const add = (device: Device, name: string): Promise<unknown> =>
  device.run('wire.addItem', { name, phone: `phone of ${name}` })
const code = (device: Device): string => String(device.replica.identity()?.dev)
const namesOf = async (prefix: string): Promise<string[]> =>
  (await hub.rows<{ name: string }>('SELECT name FROM wire_item WHERE name LIKE $1 ORDER BY name', [`${prefix}%`])).map(
    ({ name }) => name,
  )
async function rescued(device: Device): Promise<string> {
  const rescue = await makeRescue(device.replica, words, argon2Floor)
  if (rescue === null) throw new Error('Nothing waits.')
  return rescue.file
}
async function bring(file: string): Promise<Rescued[]> {
  const answers: Rescued[] = []
  for (const body of (await openRescue(file, words))?.bodies ?? [])
    answers.push(await receiveRescue(hub.hub.pushContext, body))
  return answers
}
const kinds = (answers: readonly Rescued[]): string[] =>
  answers.flatMap(({ outcomes, problems }) => [
    ...outcomes.map(({ outcome, reason }) => (reason === undefined ? outcome : `${outcome} ${reason}`)),
    ...problems.map((problem) => JSON.stringify(problem)),
  ])

test('[LIFE5] a rescue file comes in once: brought twice, half arrived before, and pushed by its device afterwards', async () => {
  const device = await open()
  for (const name of ['r1 a', 'r1 b']) await add(device, name)
  const early = await rescued(device)
  for (const name of ['r1 c', 'r1 d']) await add(device, name)
  const late = await rescued(device)
  expect(kinds(await bring(early))).toEqual(['accepted', 'accepted'])
  expect(kinds(await bring(late))).toEqual(['accepted', 'accepted', 'accepted', 'accepted'])
  expect(kinds(await bring(late))).toEqual(['accepted', 'accepted', 'accepted', 'accepted'])
  expect(await namesOf('r1')).toEqual(['r1 a', 'r1 b', 'r1 c', 'r1 d'])
  expect(await device.sync()).toMatchObject({ waiting: 0, fault: null })
  expect(await namesOf('r1')).toHaveLength(4)
  expect(await hub.rows('SELECT 1 FROM command_log WHERE dev = $1', [code(device)])).toHaveLength(4)
  expect(await makeRescue(device.replica, words, argon2Floor)).toBeNull()
  expect(await disagreements(hub.hub, wireCatalogue, [device])).toEqual([])
})

test('[LIFE5] the file shows nothing without its passphrase, and an altered one is used for nothing', async () => {
  const device = await open()
  await add(device, 'Wilhelmina Oxenstierna')
  const file = await rescued(device)
  expect(file).not.toContain('Oxenstierna')
  expect(file).not.toContain(code(device))
  expect(await openRescue(file, 'another passphrase')).toBeNull()
  const parsed = JSON.parse(file) as { sealed: { ciphertext: string } }
  const flipped = Buffer.from(parsed.sealed.ciphertext, 'base64')
  flipped[40] = (flipped[40] ?? 0) ^ 1
  parsed.sealed.ciphertext = flipped.toString('base64')
  await expect(openRescue(JSON.stringify(parsed), words)).rejects.toThrow('altered')
  await expect(openRescue(file.slice(0, -40), words)).rejects.toThrow('cut')
  // What is inside is believed for its seals and signature only.
  const [body] = (await openRescue(file, words))?.bodies ?? []
  const forged = (body ?? '').replace('"at":', '"at":1')
  expect(kinds([await receiveRescue(hub.hub.pushContext, forged)]).join()).toMatch(/seal|malformed/)
  const [head, stream, ...lines] = (body ?? '').split('\n')
  const unsigned = (stream ?? '').replace(/"signature":"./, '"signature":"_')
  expect(kinds([await receiveRescue(hub.hub.pushContext, [head, unsigned, ...lines].join('\n'))]).join()).toContain(
    'signature',
  )
  expect(await namesOf('Wilhelmina')).toEqual([])
})

test('[LIFE5] [LIFE4] both lives of a copied device by file: each line once, also when its life goes on later by itself', async () => {
  const directory = hub.directory()
  let first = await open(directory)
  await add(first, 'r2 shared')
  await first.close()
  cpSync(directory, `${directory}-copy`, { recursive: true })
  first = await open(directory)
  // Two lives that capture in the very same millisecond would make one id: the later one is parked then.
  let copy = await open(`${directory}-copy`, { clock: new TwoClocks(hubNow + 7) })
  await add(first, 'r2 original')
  await add(copy, 'r2 copy')
  await first.sync()
  expect(await copy.sync()).toMatchObject({ fault: 'fork', waiting: 1 })
  const file = await rescued(copy)
  expect(kinds(await bring(file))).toEqual(['accepted'])
  expect(kinds(await bring(file))).toEqual([])
  await copy.close()
  copy = await open(`${directory}-copy`, { isNextLife: true })
  await add(copy, 'r2 copy, next life')
  expect(await copy.sync()).toMatchObject({ fault: null, waiting: 0, epoch: 3 })
  expect(await namesOf('r2')).toEqual(['r2 copy', 'r2 copy, next life', 'r2 original', 'r2 shared'])
  expect(await disagreements(hub.hub, wireCatalogue, [copy])).toEqual([])
})

test('[AUTH7] a device that is shut out: what it did before stands with a mark, what it did after is parked, and it gets nothing', async () => {
  const clock = new TwoClocks(hubNow)
  const device = await open(hub.directory(), { clock })
  await device.sync()
  const pass = (ms: number): void => {
    clock.pass(ms)
    hubNow += ms
  }
  await add(device, 'r3 before')
  pass(HOUR)
  expect(await revokeDevice(hub.hub, { dev: code(device), isLost: false })).toMatchObject({ lives: 1 })
  expect(await revokeDevice(hub.hub, { dev: 'ZZZZ', isLost: false })).toBeNull()
  pass(HOUR)
  await add(device, 'r3 after')
  expect(await device.sync()).toMatchObject({ fault: 'revoked', waiting: 0, needsYou: 1 })
  expect(await namesOf('r3')).toEqual(['r3 before'])
  const log = await hub.rows('SELECT outcome, reason FROM command_log WHERE dev = $1 ORDER BY seq', [code(device)])
  expect(log).toEqual([
    { outcome: 'accepted', reason: null },
    { outcome: 'parked', reason: 'AFTER_REVOCATION' },
  ])
  expect(
    await hub.rows("SELECT 1 FROM kernel_exception WHERE code = 'LATE_AUTHORITY' AND dev = $1", [code(device)]),
  ).toHaveLength(1)
})

test('[AUTH7] [LIFE5] of a lost device everything that arrives goes to review, by push or by file', async () => {
  const device = await open()
  await device.sync()
  await add(device, 'r4 pushed')
  await revokeDevice(hub.hub, { dev: code(device), isLost: true })
  expect(kinds(await bring(await rescued(device)))).toEqual(['parked sync.device-lost'])
  expect(await device.sync()).toMatchObject({ fault: 'revoked', waiting: 0, needsYou: 1 })
  expect(await namesOf('r4')).toEqual([])
  expect(await hub.rows('SELECT reason FROM kernel_review_item WHERE dev = $1', [code(device)])).toEqual([
    { reason: 'sync.device-lost' },
  ])
})

test('[LIFE5] a rescue file comes in at a hub on a backup from before its device was enrolled, which then goes on', async () => {
  const device = await open()
  for (const name of ['r9 a', 'r9 b']) await add(device, name)
  const file = await rescued(device)
  await withClient(hub.database.admin, async (client) => {
    for (const table of ['lease', 'device']) await client.query(`DELETE FROM ${table} WHERE dev = $1`, [code(device)])
  })
  expect(kinds(await bring(file))).toEqual(['accepted', 'accepted'])
  expect(kinds(await bring(file))).toEqual(['accepted', 'accepted'])
  await add(device, 'r9 c')
  expect(await device.sync()).toMatchObject({ waiting: 0, fault: null })
  expect(await namesOf('r9')).toEqual(['r9 a', 'r9 b', 'r9 c'])
})
