// Twenty rounds of the black box for every run; `npm run campaign -- black-box` has as many as one has time for.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HubLives } from '../hub-lives.ts'
import { SETUP_USER } from '../../hub/leases.ts'
import { newEnrolmentCode } from '../../hub/enrolment.ts'
import { withClient } from '../../hub/postgres/open-database.ts'
import type { ServedHub } from '../../hub/serve.ts'
import { runBlackBox } from './world.ts'

let lives: HubLives
let served: ServedHub
beforeAll(async () => {
  lives = await HubLives.begin()
  served = await lives.start()
})
afterAll(() => lives.end())

const FIRST = Number(process.env['HOLDFAST_SEED'] ?? 7)
const SEEDS = Array.from({ length: 12 }, (_, index) => FIRST + index)
let kills = 0

test.each(SEEDS)(
  'killed processes, a network that goes wrong: all told is true, nothing lost or twice, seed %i',
  async (seed) => {
    const report = await runBlackBox({
      database: lives.databaseAs(),
      sql: (text) => withClient(lives.database.admin, async (client) => (await client.query(text)).rows as never[]),
      seed,
      devices: 2,
      turns: 8,
      signIn: SETUP_USER,
      password: lives.password,
      newCode: () => newEnrolmentCode(served.hub, null),
    })
    expect(report.wrong, `seed ${seed}`).toEqual([])
    // How many depends on the machine.
    expect(report.saved).toBeGreaterThan(0)
    expect([...report.fired.values()].reduce((sum, times) => sum + times, 0)).toBeGreaterThan(0)
    kills += report.kills.device + report.kills.hub
  },
  180_000,
)

test('devices and hubs were killed in those rounds', () => {
  expect(kills).toBeGreaterThan(40)
})
