import { beforeEach, expect, test, vi } from 'vitest'
import type { Lease } from '../../kernel/lease.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { Schedule } from './schedule.ts'
import { syncSettingsOf } from './sync-settings.ts'

let policy: Lease['policy']
let isMetered: boolean
beforeEach(() => {
  policy = {}
  isMetered = false
})

type Work = () => Promise<boolean>

function aSchedule(work: Work, isAutomatic = true): { schedule: Schedule; clock: ManualClock; run(): Promise<void> } {
  const clock = new ManualClock()
  const schedule = new Schedule(
    clock,
    work,
    () => syncSettingsOf(policy),
    isAutomatic,
    undefined,
    () => isMetered,
  )
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
  expect(clock.nextInMs).toBe(180_000 - 1)
  schedule.soon()
  expect(clock.nextInMs).toBe(180_000 - 1)
})

test('[LIMIT2] a thousand devices that were asked for the same patience come back spread over twice of it, none too early', async () => {
  const waits: number[] = []
  for (let device = 0; device < 1000; device++) {
    const { schedule, clock, run } = aSchedule(() => Promise.resolve(false))
    vi.spyOn(clock, 'chance').mockReturnValue(device / 1000)
    schedule.soon()
    schedule.holdFor(10_000)
    await run()
    waits.push(clock.nextInMs ?? 0)
  }
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(10_000 - 1)
  for (let second = 10; second < 20; second++)
    expect(waits.filter((wait) => Math.floor((wait + 1) / 1000) === second).length).toBeLessThanOrEqual(101)
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

test('[SET1] the interval follows the company without a restart', async () => {
  const { schedule, clock, run } = aSchedule(() => Promise.resolve(true))
  schedule.soon()
  await run()
  expect(clock.nextInMs).toBe(30_000)
  policy = { syncEverySeconds: 120 }
  await run()
  expect([clock.nextInMs, schedule.intervalMs]).toEqual([120_000, 120_000])
  // Nobody wins by hammering the hub.
  policy = { syncEverySeconds: 0 }
  await run()
  expect(clock.nextInMs).toBe(5_000)
})

test('[SET1] saves and hints wait for the next turn where the company wants it so', async () => {
  const { schedule, clock, run } = aSchedule(() => Promise.resolve(true))
  schedule.soon()
  await run()
  policy = { syncOnSave: false, syncOnHint: false }
  schedule.soon('save')
  schedule.soon('hint')
  expect(clock.nextInMs).toBe(30_000)
  policy = {}
  schedule.soon('save')
  expect(clock.nextInMs).toBe(1)
})

test('[SET1] over a connection that is paid by the byte nothing happens by itself; a person is served', async () => {
  let calls = 0
  const { schedule, clock, run } = aSchedule(() => {
    calls += 1
    return Promise.resolve(true)
  })
  policy = { syncWifiOnly: true }
  isMetered = true
  schedule.soon()
  await run()
  expect([calls, clock.nextInMs]).toEqual([0, 30_000])
  await schedule.now()
  expect(calls).toBe(1)
  isMetered = false
  await run()
  expect(calls).toBe(2)
})

test('[SET1] quiet hours of the branch put off what happens by itself until they end', async () => {
  // The clock stands at nine in London.
  const { schedule, clock, run } = aSchedule(() => Promise.resolve(true))
  policy = { quietFromMinute: 22 * 60, quietToMinute: 9 * 60 + 30, tz: 'Europe/London' }
  schedule.soon()
  expect(clock.nextInMs).toBe(30 * 60_000)
  await run()
  expect(clock.nextInMs).toBe(30_000)
  // Half an hour before noon in Karachi, five hours ahead: two and a half hours into the lunch break.
  policy = { quietFromMinute: 12 * 60, quietToMinute: 15 * 60, tz: 'Asia/Karachi' }
  await run()
  expect(clock.nextInMs).toBe(30 * 60_000 - 30_000 + 30_000 - (clock.now() - Date.UTC(2026, 10, 20, 9, 30)))
})
