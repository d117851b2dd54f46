// Erasure in the simulated world: in every seed people are written about by everybody and some are erased in the midst of it, while devices
// are offline, crash, come back from images and hubs from backups. L10 looks for what was said in every store.
import { expect, test } from 'vitest'
import { planOf } from './plan.ts'
import { aGround } from './sim-suite.ts'
import { runPlan } from './world.ts'

const ground = aGround()
const SEEDS = Array.from({ length: 8 }, (_, index) => 501 + index)
const fired = new Set<string>()

test.each(SEEDS)('[ERASE1] [ERASE2] [ERASE4] L10 holds, seed %i', async (seed) => {
  const { wrong, trace, faults } = await runPlan(ground(), planOf({ seed, commands: 30, isAboutPeople: true }))
  expect(wrong.length === 0 ? [] : [...trace.slice(-60), ...wrong]).toEqual([])
  for (const [fault, count] of Object.entries(faults)) if (count > 0) fired.add(fault)
})

test('somebody was erased while devices had unsent work about them', () => {
  expect([...fired]).toEqual(expect.arrayContaining(['person-erased', 'erasure-with-unsent-edits']))
})
