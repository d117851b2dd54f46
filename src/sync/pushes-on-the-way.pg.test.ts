// Two pushes of one device on their way at once: whichever the network brings first or loses, every command counts once and in order, and
// between the parts of one stream nothing else of its device is taken.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Fetch } from '../device/fetch-transport.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { disagreements } from '../testing/replica-truth.ts'
import { wireCatalogue } from '../testing/wire-catalogue.ts'
import type { Device } from './device/device.ts'
import { inTenant } from './hub/tenant.ts'

const BACKLOG = 1_300

let hub: HubUnderTest
beforeAll(async () => (hub = await aHub(wireCatalogue)))
afterAll(() => hub.end())

/** A network that says when a push begins and ends, and does with each what the test wants. */
class Network {
  onTheWay = 0
  most = 0
  pushes = 0
  /** Of the n-th push from now on; left out: it goes through. */
  fates: ((go: () => Promise<Response>) => Promise<Response>)[] = []

  readonly fetch: Fetch = async (url, init) => {
    if (!url.endsWith('/sync/push')) return fetch(url, init)
    this.pushes += 1
    this.onTheWay += 1
    this.most = Math.max(this.most, this.onTheWay)
    try {
      return await (this.fates.shift() ?? ((go) => go()))(() => fetch(url, init))
    } finally {
      this.onTheWay -= 1
    }
  }
}

async function aBacklog(network: Network): Promise<Device> {
  const device = await hub.device({ fetch: network.fetch })
  await device.run('wire.addItem', { name: 'the first' })
  await device.sync()
  for (let index = 0; index < BACKLOG; index++) await device.run('wire.addItem', { name: `item ${index}` })
  network.most = 0
  return device
}

/** Sequences of the device in the order in which the hub committed them. */
async function committed(device: Device): Promise<number[]> {
  const found = await inTenant(hub.hub.pool, hub.hub.tenant, (client) =>
    client.query<{ seq: number }>('SELECT seq FROM command_log WHERE tenant_id = $1 AND dev = $2 ORDER BY at', [
      hub.hub.tenant,
      device.replica.identity()?.dev,
    ]),
  )
  return found.rows.map(({ seq }) => seq)
}

async function expectAllOnce(device: Device): Promise<void> {
  expect(await committed(device)).toEqual(Array.from({ length: BACKLOG + 1 }, (_, index) => index + 1))
  const { waiting, incidents, fault } = await device.status()
  expect({ waiting, incidents, fault }).toEqual({ waiting: 0, incidents: 0, fault: null })
  expect(await disagreements(hub.hub, wireCatalogue, [device])).toEqual([])
}

test('[PUSH6] a backlog goes two pushes at a time, and each command is committed once and in order', async () => {
  const network = new Network()
  const device = await aBacklog(network)
  await device.sync()
  expect(network.most).toBe(2)
  await expectAllOnce(device)
})

test('[PUSH6] a push that overtakes the one before it is told of the gap, and comes again behind it', async () => {
  const network = new Network()
  const device = await aBacklog(network)
  let overtook = (): void => undefined
  const overtaken = new Promise<void>((resolve) => (overtook = resolve))
  network.fates = [
    (go) => overtaken.then(go),
    async (go) => {
      const answer = await go()
      overtook()
      return answer
    },
  ]
  await device.sync()
  expect(network.most).toBe(2)
  await expectAllOnce(device)
})

test('[PUSH6] the answer to the first is lost and the second is taken: the next try finds out, and nothing counts twice', async () => {
  const network = new Network()
  const device = await aBacklog(network)
  network.fates = [
    async (go) => {
      await go()
      throw new TypeError('the answer is lost')
    },
  ]
  await device.sync()
  await device.sync()
  await expectAllOnce(device)
})

test('[PUSH6] the first never arrives: the second is not taken, and both come again', async () => {
  const network = new Network()
  const device = await aBacklog(network)
  network.fates = [() => Promise.reject(new TypeError('no network'))]
  await device.sync()
  expect(network.onTheWay).toBe(0)
  await device.sync()
  await expectAllOnce(device)
})
