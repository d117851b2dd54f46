// Real devices, the real hub, a network that goes wrong in every way: after it heals a few exchanges of each device leave nothing lost,
// nothing twice, nothing waiting, and all hold the same. `npm run campaign -- cuts 200` runs the same for longer and says how fast they healed.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fates, type Fate } from '../testing/chaos-proxy.ts'
import { runCutWorld } from '../testing/cut-world.ts'
import { aHub, PASSWORD, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { SETUP_USER } from '../hub/leases.ts'
import { wireCatalogue } from '../testing/wire-catalogue.ts'

const FIRST = Number(process.env['HOLDFAST_SEED'] ?? 1)
const SEEDS = Array.from({ length: 12 }, (_, index) => FIRST + index)
const fired = new Map<Fate, number>()

let hub: HubUnderTest
beforeAll(async () => (hub = await aHub(wireCatalogue)))
afterAll(() => hub.end())

test.each(SEEDS)('[PUSH2] [PULL1] nothing is lost and nothing is twice over a bad network, seed %i', async (seed) => {
  const report = await runCutWorld({ hub: hub.hub, port: hub.port, seed, signIn: SETUP_USER, password: PASSWORD })
  for (const [fate, count] of report.fired) fired.set(fate, (fired.get(fate) ?? 0) + count)
  expect(report.wrong, `seed ${seed}`).toEqual([])
})

test('every kind of fault came to pass', () => {
  expect(fates.filter((fate) => !fired.has(fate))).toEqual([])
})
