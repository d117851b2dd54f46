// The simulated world in CI: half of a slice of the seeds that `npm run campaign -- sim` runs by the million (the other half
// is world-more.sim.test.ts, for another worker), and what once found something. A failing one prints its trace; the campaign
// makes it short.
import { describe, expect, test } from 'vitest'
import { planOf } from './plan.ts'
import { regressions } from './regressions.ts'
import { aGround, holds, seedsHold } from './sim-suite.ts'
import { runPlan } from './world.ts'

const ground = aGround()

seedsHold(ground, 1, 145)

describe('plans that once found something', () => {
  test.each(regressions)('$found', async ({ plan }) => void (await holds(ground(), plan)))
})

test('the same seed gives the same trace, byte by byte, whatever ran before it', async () => {
  const plan = planOf({ seed: 4711, commands: 120 })
  const first = await runPlan(ground(), plan)
  await runPlan(ground(), planOf({ seed: 4712, commands: 30 }))
  const again = await runPlan(ground(), plan)
  expect(again.trace).toEqual(first.trace)
  expect(again.traceHash).toBe(first.traceHash)
  expect(first.trace.length).toBeGreaterThan(100)
})
