// Answers of the hub with one bit turned over on their way: nothing of it stays, whatever it hit, and no device breaks.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Fetch } from '../device/fetch-transport.ts'
import { chanceOf } from '../testing/crash-vfs.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { disagreements } from '../testing/replica-truth.ts'
import { item as itemTable, wireCatalogue } from '../testing/wire-catalogue.ts'
import type { Device } from './device/device.ts'

const ROUNDS = 15
let hub: HubUnderTest
beforeAll(async () => {
  hub = await aHub(wireCatalogue)
})
afterAll(() => hub.end())

test.each([1, 2, 37, 40])(
  '[PULL1] [PROOF1] [OUT1] answers that are damaged here and there come to nothing, seed %i',
  async (seed) => {
    const chance = chanceOf(seed)
    let isDamaging = false
    let damaged = 0
    const network: Fetch = async (url, init) => {
      const response = await fetch(url, init)
      if (!isDamaging || !/\/sync\/(push|pull)$/.test(url) || chance() < 0.3) return response
      const bytes = new Uint8Array(await response.arrayBuffer())
      const at = Math.floor(chance() * bytes.length)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(chance() * 7))
      damaged += 1
      return new Response(bytes, {
        status: response.status,
        headers: { 'content-type': response.headers.get('content-type') ?? '' },
      })
    }
    const device = await hub.device({ fetch: network })
    const other = await hub.device()
    const made = await device.run('wire.addItem', { name: 'pump' })
    const item = made.saved ? made.inserted['wire.item']?.[0] : undefined
    const receive = (by: Device, quantity: number) => by.run('wire.receive', { item, quantity })
    for (const each of [device, other]) await each.sync()
    isDamaging = true
    for (let round = 0; round < ROUNDS; round++) {
      await receive(device, 1_000_000)
      await receive(other, 2_000_000)
      await other.run('wire.addItem', { name: `valve ${round}` })
      await other.sync()
      await device.sync()
    }
    isDamaging = false
    expect(damaged).toBeGreaterThan(ROUNDS)
    for (const each of [device, other, device, other, device]) await each.sync()
    expect(await device.status()).toMatchObject({ waiting: 0, fault: null })
    expect(device.replica.store.read(itemTable, String(item))).toMatchObject({ stock: 3_000_000 * ROUNDS })
    expect(await disagreements(hub.hub, wireCatalogue, [device, other])).toEqual([])
    for (const each of [device, other]) await each.close()
  },
)
