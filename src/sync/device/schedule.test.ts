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

const DAY_MS = 24 * 3_600_000

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

/** A hub that asked once for two minutes of patience. */
async function aBusyHub(): Promise<ReturnType<typeof aSchedule> & { readonly hub: { is: 'busy' | 'away' | 'well' } }> {
  const hub: { is: 'busy' | 'away' | 'well' } = { is: 'busy' }
  const made = aSchedule(() => {
    if (hub.is === 'busy') made.schedule.holdFor(120_000)
    return Promise.resolve(hub.is === 'well')
  })
  made.schedule.soon()
  await made.run()
  expect(made.clock.nextInMs).toBe(180_000)
  return { ...made, hub }
}

test('[LIMIT2] a hub that asks for patience gets it, also from hints and saves', async () => {
  const { schedule, clock } = await aBusyHub()
  for (const why of ['save', 'hint', 'more'] as const) schedule.soon(why)
  expect(clock.nextInMs).toBe(180_000)
})

test('[LIMIT2] a hub that serves whoever asks all the same wants no more patience', async () => {
  const { schedule, clock, hub } = await aBusyHub()
  hub.is = 'well'
  await schedule.now()
  expect(clock.nextInMs).toBe(30_000)
  schedule.soon('save')
  expect(clock.nextInMs).toBe(1)
})

test.each([
  ['back', -3_652],
  ['forward', 3_652],
])(
  '[LIMIT2] [SET2] the hub’s wish is as long as it is, also when somebody sets the clock %s meanwhile',
  async (_, days) => {
    const { schedule, clock, run, hub } = await aBusyHub()
    clock.set(days * DAY_MS)
    schedule.soon('return')
    expect(clock.nextInMs).toBe(180_000)
    // Somebody asks, and nobody is there to say it again.
    hub.is = 'away'
    await schedule.now()
    expect(clock.nextInMs).toBe(180_000)
    await run()
    expect(clock.nextInMs).toBe(4_000)
  },
)

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

/** A hub that can't be reached, tried so often that the next try is far. */
async function aFarTry(): Promise<ReturnType<typeof aSchedule> & { calls(): number }> {
  let calls = 0
  const made = aSchedule(() => {
    calls += 1
    return Promise.resolve(false)
  })
  made.schedule.soon()
  for (let round = 0; round < 8; round++) await made.run()
  expect(made.clock.nextInMs).toBe(20_000)
  return { ...made, calls: () => calls }
}

test('[SET2] somebody comes back: an unreachable hub is tried at once, and later and later again from the beginning', async () => {
  const { schedule, clock, run, calls } = await aFarTry()
  const before = calls()
  schedule.soon('return')
  expect(clock.nextInMs).toBe(1)
  const waits: number[] = []
  for (let round = 0; round < 4; round++) {
    await run()
    waits.push(clock.nextInMs ?? 0)
  }
  expect([calls() - before, waits]).toEqual([4, [2_000, 4_000, 8_000, 16_000]])
})

test.each([
  ['set back', -3_652],
  ['set forward, or the machine slept', 3_652],
])('[SET2] it is no matter that the clock was %s since the next try was planned', async (_, days) => {
  const { schedule, clock } = await aFarTry()
  clock.set(days * DAY_MS)
  schedule.soon('return')
  expect(clock.nextInMs).toBe(1)
})

test('[SET2] a window that gets the focus ten times a second is no reason to ask ten times a second', async () => {
  const { schedule, clock, run, calls } = await aFarTry()
  const [before, from] = [calls(), clock.now()]
  const tries: number[] = []
  const focus = (): void => {
    schedule.soon('return')
    if (clock.now() - from < 60_000) clock.after(100, focus)
  }
  focus()
  while (clock.now() - from < 60_000) {
    const had = calls()
    await run()
    if (calls() > had) tries.push(clock.now())
  }
  // One in five seconds, and the one that follows its failure.
  expect(calls() - before).toBeLessThanOrEqual(25)
  expect(Math.min(...tries.slice(1).map((at, index) => at - (tries[index] ?? 0)))).toBeGreaterThanOrEqual(1_000)
})

test('[SET2] who comes back twice within a moment is served after it, and doesn’t wait for what was planned', async () => {
  const { schedule, clock, run } = await aFarTry()
  schedule.soon('return')
  await run()
  for (let round = 0; round < 3; round++) await schedule.now()
  expect(clock.nextInMs).toBe(16_000)
  schedule.soon('return')
  expect(clock.nextInMs).toBe(5_000 - 1)
})

test('[SET2] [LIMIT2] who comes back doesn’t shorten the patience that the hub asked for', async () => {
  const { schedule, clock, run } = aSchedule(() => {
    schedule.holdFor(120_000)
    return Promise.resolve(false)
  })
  schedule.soon()
  await run()
  schedule.soon('return')
  expect(clock.nextInMs).toBe(180_000)
})

test('[SET2] [SET1] nor the company’s quiet hours, and nothing is sent over a connection that is paid by the byte', async () => {
  const { schedule, clock, run, calls } = await aFarTry()
  const before = calls()
  policy = { syncWifiOnly: true }
  isMetered = true
  schedule.soon('return')
  await run()
  expect([calls() - before, clock.nextInMs]).toEqual([0, 30_000])
  policy = { quietFromMinute: 8 * 60, quietToMinute: 12 * 60, tz: 'Europe/London' }
  await run()
  schedule.soon('return')
  expect(clock.now() + (clock.nextInMs ?? 0)).toBe(Date.UTC(2026, 10, 20, 12))
  expect(calls()).toBe(before)
})

test('[SET2] it needs no trigger of the company; who only exchanges when told isn’t woken, nor one that has ended', async () => {
  const { schedule, clock, run } = aSchedule(() => Promise.resolve(true))
  schedule.soon()
  await run()
  policy = { syncOnSave: false, syncOnHint: false }
  schedule.soon('return')
  expect(clock.nextInMs).toBe(1)
  await schedule.stop()
  schedule.soon('return')
  expect(clock.nextInMs).toBeNull()
  const told = aSchedule(() => Promise.resolve(true), false)
  told.schedule.soon('return')
  expect(told.clock.nextInMs).toBeNull()
})

test('[SET2] who comes back while a try hangs has the next one at once when it fails', async () => {
  const fails: (() => void)[] = []
  let isHanging = false
  const { schedule, clock, run } = aSchedule(() =>
    isHanging ? new Promise((resolve) => fails.push(() => resolve(false))) : Promise.resolve(false),
  )
  schedule.soon()
  for (let round = 0; round < 7; round++) await run()
  isHanging = true
  await run()
  schedule.soon('return')
  expect(clock.nextInMs).toBeNull()
  fails[0]?.()
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
  expect(clock.nextInMs).toBe(1)
  // That one fails by itself: later and later from the beginning.
  await run()
  fails[1]?.()
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
  expect(clock.nextInMs).toBe(4_000)
})
