import { expect, test } from 'vitest'
import { ManualClock } from '../../testing/manual-clock.ts'
import { Schedule } from './schedule.ts'

type Work = () => Promise<boolean>

function aSchedule(work: Work, isAutomatic = true): { schedule: Schedule; clock: ManualClock; run(): Promise<void> } {
  const clock = new ManualClock()
  const schedule = new Schedule(clock, work, 30_000, isAutomatic)
  const run = async (): Promise<void> => {
    clock.runNext()
    for (let turn = 0; turn < 10; turn++) await Promise.resolve()
  }
  return { schedule, clock, run }
}

test('an unreachable hub is tried later and later, and then as often for ever', async () => {
  const { schedule, clock, run } = aSchedule(() => Promise.resolve(false))
  schedule.soon()
  const waits: number[] = []
  for (let round = 0; round < 9; round++) {
    await run()
    waits.push(clock.nextInMs ?? 0)
  }
  const most = Math.max(...waits)
  expect(most).toBeLessThanOrEqual(60_000)
  expect(waits).toEqual(waits.map((_, round) => Math.min(1_000 * 2 ** round, most)))
  expect(waits.slice(-3)).toEqual([most, most, most])
  schedule.soon()
  expect(clock.nextInMs).toBe(most)
})

test('a hub that asks for patience gets it, also from hints and saves', async () => {
  const { schedule, clock, run } = aSchedule(() => Promise.resolve(true))
  schedule.soon()
  schedule.holdFor(120_000)
  await run()
  expect(clock.nextInMs).toBe(120_000 - 5)
  schedule.soon()
  expect(clock.nextInMs).toBe(120_000 - 5)
})

test('a bug in an exchange doesn’t end the exchanges: the next one is planned, whoever asked hears of it', async () => {
  let calls = 0
  const { schedule, clock, run } = aSchedule(() => {
    calls += 1
    return Promise.reject(new Error('a bug'))
  })
  schedule.soon()
  await run()
  expect(clock.nextInMs).toBe(1_000)
  await expect(schedule.now()).rejects.toThrow('a bug')
  await run()
  expect(calls).toBe(3)
  await schedule.stop()
})

test('one exchange at a time; who asks during one gets the next', async () => {
  let running = 0
  let most = 0
  let calls = 0
  const { schedule } = aSchedule(async () => {
    calls += 1
    most = Math.max(most, (running += 1))
    await Promise.resolve()
    running -= 1
    return true
  }, false)
  await Promise.all([schedule.now(), schedule.now(), schedule.now()])
  expect(most).toBe(1)
  expect(calls).toBeGreaterThanOrEqual(2)
})
