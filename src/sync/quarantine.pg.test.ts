// A device's database is really copied and both copies work on: whatever either of them did after the copy is applied, in review or kept at
// the hub for people to see, also when one of them is never seen again; and nothing of it counts twice.
import { cpSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Fetch } from '../device/fetch-transport.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { disagreements } from '../testing/replica-truth.ts'
import { TwoClocks } from '../testing/two-clocks.ts'
import { wireCatalogue } from '../testing/wire-catalogue.ts'
import type { Device } from './device/device.ts'
import { quarantinedWork } from './hub/quarantine.ts'
import { takeQuarantined } from './hub/rescue.ts'
import { inTenant } from './hub/tenant.ts'

let hub: HubUnderTest
const devices: Device[] = []
beforeAll(async () => {
  hub = await aHub(wireCatalogue)
})
afterAll(() => hub.end())
afterEach(async () => {
  for (const device of devices.splice(0)) await device.close()
})

async function open(directory: string, more: Parameters<HubUnderTest['device']>[0] = {}): Promise<Device> {
  const device = await hub.device({ directory, ...more })
  devices.push(device)
  return device
}
const add = (device: Device, name: string): Promise<unknown> =>
  device.run('wire.addItem', { name, phone: `phone of ${name}` })
const code = (device: Device): string => String(device.replica.identity()?.dev)
const kept = (dev: string) =>
  inTenant(hub.hub.pool, hub.hub.tenant, (client) => quarantinedWork(client, hub.hub.tenant, dev))
const keptSeqs = async (dev: string): Promise<string[]> => (await kept(dev)).map(({ ep, seq }) => `${ep}/${seq}`)
const namesOf = async (prefix: string): Promise<string[]> =>
  (await hub.rows<{ name: string }>('SELECT name FROM wire_item WHERE name LIKE $1 ORDER BY name', [`${prefix}%`])).map(
    ({ name }) => name,
  )

/** Two copies of one database, whose clocks are a little apart, each behind the same command that the hub has. */
async function copied(
  name: string,
  network: Fetch = fetch,
): Promise<{ dirs: [string, string]; lives: [Device, Device] }> {
  const directory = hub.directory()
  const original = await open(directory)
  await add(original, `${name} shared`)
  await original.sync()
  await original.close()
  cpSync(directory, `${directory}-copy`, { recursive: true })
  const clock = new TwoClocks(Date.now() + 7)
  return {
    dirs: [directory, `${directory}-copy`],
    lives: [await open(directory), await open(`${directory}-copy`, { clock, fetch: network })],
  }
}

test('[FORK2] what both copies did after the fork is kept, and counts once when one goes on and the other never comes back', async () => {
  const { dirs, lives } = await copied('q1')
  const [first, copy] = lives
  const dev = code(first)
  await add(first, 'q1 first 2')
  await first.sync()
  for (const at of [2, 3, 4]) await add(copy, `q1 copy ${at}`)
  expect(await copy.sync()).toMatchObject({ fault: 'fork', waiting: 3 })
  expect(await keptSeqs(dev)).toEqual(['1/2', '1/3', '1/4'])
  for (const at of [3, 4]) await add(first, `q1 first ${at}`)
  expect(await first.sync()).toMatchObject({ fault: 'fork', waiting: 2 })
  // Shown again it is kept once; what came since is added.
  await add(copy, 'q1 copy 5')
  await copy.sync()
  await copy.sync()
  expect(await keptSeqs(dev)).toEqual(['1/2', '1/3', '1/3', '1/4', '1/4', '1/5'])
  expect(await namesOf('q1')).toEqual(['q1 first 2', 'q1 shared'])
  const work = (await kept(dev))[0]
  expect(work).toMatchObject({ type: 'wire.addItem', user: first.replica.lease()?.lease.user })
  // The office sees what there is.
  const office = await hub.device({ directory: hub.directory() })
  devices.push(office)
  const list = await office.office('quarantined', { dev })
  expect(list.ok && list.value.map(({ seq }) => seq)).toEqual([2, 3, 3, 4, 4, 5])

  // The first goes on by itself: its part is no longer kept. The copy is never seen again, and an operator takes the rest in.
  await first.close()
  const next = await open(dirs[0], { isNextLife: true })
  expect(await next.sync()).toMatchObject({ fault: null, waiting: 0 })
  expect(await keptSeqs(dev)).toEqual(['1/2', '1/3', '1/4', '1/5'])
  const taken = await takeQuarantined(hub.hub.pushContext, dev)
  expect(taken.outcomes.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'accepted', 'accepted'])
  expect(await kept(dev)).toEqual([])
  expect((await takeQuarantined(hub.hub.pushContext, dev)).outcomes).toEqual([])
  const all = [
    'q1 copy 2',
    'q1 copy 3',
    'q1 copy 4',
    'q1 copy 5',
    'q1 first 2',
    'q1 first 3',
    'q1 first 4',
    'q1 shared',
  ]
  expect(await namesOf('q1')).toEqual(all)

  // And if it does come back, all of it has its outcome and nothing happens twice.
  expect(await copy.sync()).toMatchObject({ fault: 'fork', waiting: 4 })
  expect(await kept(dev)).toEqual([])
  await copy.close()
  const late = await open(dirs[1], { isNextLife: true })
  expect(await late.sync()).toMatchObject({ fault: null, waiting: 0 })
  await next.sync()
  expect(await namesOf('q1')).toEqual(all)
  expect(await disagreements(hub.hub, wireCatalogue, [next, late])).toEqual([])
})

test('[FORK2] a backlog larger than a push is shown whole, once; what can’t be applied is in review with its reason', async () => {
  let pushes = 0
  const { lives } = await copied('q2', (url, init) => {
    if (url.endsWith('/sync/push')) pushes += 1
    return fetch(url, init)
  })
  const [first, copy] = lives
  const dev = code(first)
  const made = await first.run('wire.addItem', { name: 'q2 parent', phone: 'x' })
  expect(made.saved).toBe(true)
  await first.sync()
  for (let at = 0; at < 700; at++) await add(copy, `q2 ${String(at).padStart(3, '0')}`)
  await copy.run('wire.receive', { item: 'nowhere', quantity: 1_000_000 })
  expect(await copy.sync()).toMatchObject({ fault: 'fork' })
  const whole = pushes
  expect(whole).toBeGreaterThan(1)
  await copy.sync()
  expect(pushes).toBe(whole + 1)
  const { waiting } = await copy.status()
  expect(await kept(dev)).toHaveLength(waiting)
  const { outcomes } = await takeQuarantined(hub.hub.pushContext, dev)
  expect(outcomes).toHaveLength(waiting)
  const parked = outcomes.filter(({ outcome }) => outcome === 'parked')
  expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(waiting - parked.length)
  for (const { reason } of parked) expect(reason).toMatch(/^[a-z]/)
  expect(await namesOf('q2')).toHaveLength(702)
})

test('[FORK2] a stranger’s key keeps nothing here, and a device fills no more than its share', async () => {
  const { lives } = await copied('q3')
  const [first, copy] = lives
  const dev = code(first)
  await add(first, 'q3 first')
  await first.sync()
  await add(copy, 'q3 copy')
  // As much as may be kept lies there already.
  await hub.rows(
    `INSERT INTO quarantined (tenant_id, dev, ep, seq, seal, prev, origin, line, received_at)
     SELECT $1, $2, 1, 1000 + n, 'seal ' || n, '', 'seal ' || n, repeat('x', 1024 * 1024), 0 FROM generate_series(1, 64) n`,
    [hub.hub.tenant, dev],
  )
  expect(await copy.sync()).toMatchObject({ fault: 'fork', waiting: 1 })
  expect(await hub.rows('SELECT 1 FROM quarantined WHERE dev = $1 AND seq < 1000', [dev])).toEqual([])
  await hub.rows('DELETE FROM quarantined WHERE dev = $1', [dev])
  expect(await copy.sync()).toMatchObject({ fault: 'fork', waiting: 1 })
  expect(await keptSeqs(dev)).toEqual(['1/2'])
})
