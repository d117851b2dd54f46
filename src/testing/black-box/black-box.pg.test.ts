// Twenty rounds of the black box for every run; `npm run campaign -- black-box` has as many as one has time for.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HubLives } from '../hub-lives.ts'
import { SETUP_USER } from '../../hub/leases.ts'
import { newEnrolmentCode } from '../../hub/enrolment.ts'
import { withClient } from '../../hub/postgres/open-database.ts'
import type { ServedHub } from '../../hub/serve.ts'
import { runBlackBox } from './world.ts'
import { judge } from './checker.ts'
import type { Told } from './journal.ts'

let lives: HubLives
let served: ServedHub
beforeAll(async () => {
  lives = await HubLives.begin()
  served = await lives.start()
})
afterAll(() => lives.end())

const FIRST = Number(process.env['HOLDFAST_SEED'] ?? 7)
const SEEDS = Array.from({ length: 20 }, (_, index) => FIRST + index)
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
    expect(report.saved).toBeGreaterThan(20)
    expect([...report.fired.values()].reduce((sum, times) => sum + times, 0)).toBeGreaterThan(0)
    kills += report.kills.device + report.kills.hub
  },
  180_000,
)

test('devices and hubs were killed in those rounds', () => {
  expect(kills).toBeGreaterThan(40)
})

test('the checker has teeth: each lie that it is there for is found', async () => {
  const line = (type: string, item: string, quantity: number, nos?: object): string =>
    JSON.stringify({ type, args: { item, quantity }, ...(nos !== undefined && { nos }) })
  const log = [
    { dev: 'A', seq: 1, outcome: 'accepted', line: line('wire.receive', 'x', 5, { 'I-26': [1] }) },
    { dev: 'A', seq: 2, outcome: 'parked', line: line('wire.sell', 'x', 2, { 'I-26': [2] }) },
  ]
  const items = [{ id: 'x', name: 'pump', stock: 5 }]
  const told: Told[] = [
    { told: 'saved', seq: 1, command: 'wire.receive', args: { item: 'x', quantity: 5 } },
    { told: 'saved', seq: 2, command: 'wire.sell', args: { item: 'x', quantity: 2 } },
    { told: 'outcome', seq: 2, outcome: 'parked' },
    { told: 'holds', items: [['x', 'pump', 5]] },
  ]
  const say = (rows: object[], held: object[], journal: Told[]): Promise<string[]> =>
    judge({
      journals: new Map([['A', journal]]),
      sql: async (text) => (text.includes('command_log') ? rows : held) as never[],
    })
  expect(await say(log, items, told)).toEqual([])
  expect(await say(log.slice(0, 1), items, told)).toHaveLength(2)
  expect(await say([log[0] as object, { ...log[1], seq: 3 }], items, told)).not.toEqual([])
  expect(await say([log[0] as object, { ...log[1], outcome: 'accepted' }], items, told)).toHaveLength(2)
  expect(await say(log, [{ ...items[0], stock: 7 }], told)).toHaveLength(2)
  expect(await say(log, items, [...told, told[0] as Told])).toEqual(['A: 1 was shown as saved twice'])
  expect(await say(log, [...items, { id: 'y', name: 'nut', stock: 0 }], told)).toHaveLength(1)
  const twice = line('wire.sell', 'x', 2, { 'I-26': [1] })
  expect(await say([log[0] as object, { ...log[1], line: twice }], items, told)).toHaveLength(1)
})
