// A device comes back after ninety days with everything it did; `npm run campaign -- backlog` does it with 50 000 commands.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SETUP_USER } from '../hub/leases.ts'
import { LeapingTime, runBacklog } from '../testing/backlog-world.ts'
import { aHub, PASSWORD, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { wireCatalogue } from '../testing/wire-catalogue.ts'

const time = new LeapingTime()
let hub: HubUnderTest
beforeAll(async () => {
  hub = await aHub(wireCatalogue, { now: time.now })
})
afterAll(() => hub.end())

test('[LIFE1] a backlog of ninety days is at the hub once and in its order, whatever was cut and changed meanwhile', async () => {
  const { wrong } = await runBacklog({ served: hub, time, signIn: SETUP_USER, password: PASSWORD, commands: 1_000 })
  expect(wrong).toEqual([])
}, 120_000)
