// Seeds of the simulated world as tests, one a seed, on a hub of their own: what each file of a slice is made of.
import '../../device/native-sha256.ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { planOf, type Plan } from './plan.ts'
import { simCatalogue } from './sim-catalogue.ts'
import { runPlan } from './world.ts'
import { WorldDatabase } from './world-database.ts'
import { groundOver, type Ground } from './world-hub.ts'

const COMMANDS = 45

/** The ground of the file's tests, once it stands. */
export function aGround(): () => Ground {
  let ground: Ground
  beforeAll(async () => {
    ground = await groundOver(await WorldDatabase.open(simCatalogue), simCatalogue)
  }, 120_000)
  return () => ground
}

export async function holds(ground: Ground, plan: Plan): Promise<void> {
  const { wrong, trace } = await runPlan(ground, plan)
  expect(wrong.length === 0 ? [] : [...trace.slice(-60), ...wrong]).toEqual([])
}

export function seedsHold(ground: () => Ground, first: number, last: number): void {
  const seeds = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  describe('the laws hold', () => {
    test.each(seeds)('seed %i', (seed) => holds(ground(), planOf({ seed, commands: COMMANDS })))
  })
}
