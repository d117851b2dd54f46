// The simulated world in CI: a slice of the seeds that `npm run campaign -- sim` runs by the million, and the seeds that
// once found something. A failing one prints its trace; the campaign makes it short.
import '../../device/native-sha256.ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { simCatalogue } from './sim-catalogue.ts'
import { planOf } from './plan.ts'
import { regressions } from './regressions.ts'
import { runPlan } from './world.ts'
import { WorldDatabase } from './world-database.ts'
import { groundOver, type Ground } from './world-hub.ts'

const SEEDS = Number(process.env['HOLDFAST_SIM_SEEDS'] ?? 100)

let ground: Ground
beforeAll(async () => {
  ground = await groundOver(await WorldDatabase.open(simCatalogue), simCatalogue)
}, 120_000)

describe('the laws hold', () => {
  test.each(Array.from({ length: SEEDS }, (_, index) => index + 1))('seed %i', async (seed) => {
    const { wrong, trace } = await runPlan(ground, planOf({ seed, commands: 60 }))
    expect(wrong.length === 0 ? [] : [...trace.slice(-60), ...wrong]).toEqual([])
  })
})

describe('plans that once found something', () => {
  test.each(regressions)('$found', async ({ plan }) => {
    const { wrong, trace } = await runPlan(ground, plan)
    expect(wrong.length === 0 ? [] : [...trace.slice(-60), ...wrong]).toEqual([])
  })
})

test('the same seed gives the same trace, byte by byte, whatever ran before it', async () => {
  const plan = planOf({ seed: 4711, commands: 120 })
  const first = await runPlan(ground, plan)
  await runPlan(ground, planOf({ seed: 4712, commands: 30 }))
  const again = await runPlan(ground, plan)
  expect(again.trace).toEqual(first.trace)
  expect(again.traceHash).toBe(first.traceHash)
  expect(first.trace.length).toBeGreaterThan(100)
})
