// Seeds of the simulated world as tests, one a seed, on a hub of their own: what each file of a slice is made of.
import '../../device/native-sha256.ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { FaultCount, type Fault } from './faults.ts'
import { planOf, type Plan } from './plan.ts'
import { simReleases } from './sim-catalogue.ts'
import { runPlan, type WorldReport } from './world.ts'
import { WorldDatabase } from './world-database.ts'
import { groundOver, type Ground } from './world-hub.ts'

const COMMANDS = 45
/** Too seldom for a slice: it takes several things that follow each other. A campaign that never met them fails. */
const needsCampaign: ReadonlySet<Fault> = new Set<Fault>([
  'number-printed-twice',
  'parked-reopened',
  'parked-child-ran',
  'parked-forced',
  'upload-out-of-order',
])

/** The ground of the file's tests, once it stands. */
export function aGround(): () => Ground {
  let ground: Ground
  beforeAll(async () => {
    ground = await groundOver(await WorldDatabase.open(simReleases.newer), simReleases)
  }, 120_000)
  return () => ground
}

export async function holds(ground: Ground, plan: Plan): Promise<WorldReport> {
  const report = await runPlan(ground, plan)
  const { wrong, trace } = report
  expect(wrong.length === 0 ? [] : [...trace.slice(-60), ...wrong]).toEqual([])
  return report
}

/** And everything that can go wrong did: a slice in which a fault never came to pass has shown nothing about it. */
export function seedsHold(ground: () => Ground, first: number, last: number): void {
  const seeds = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  const count = new FaultCount()
  describe('the laws hold', () => {
    test.each(seeds)('seed %i', async (seed) => {
      const { faults } = await holds(ground(), planOf({ seed, commands: COMMANDS }))
      count.add(faults)
    })
    test('every fault came to pass', () =>
      expect(count.missing.filter((fault) => !needsCampaign.has(fault))).toEqual([]))
  })
}
