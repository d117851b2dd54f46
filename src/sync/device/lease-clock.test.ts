// The time of the lease under a tamperer's hands: both clocks, set anywhere, before and after a restart, with and without a hub to ask.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aLoneDevice, NOON, type LoneDevice } from '../../testing/lone-device.ts'
import { TwoClocks } from '../../testing/two-clocks.ts'
import { wireCatalogue } from '../../testing/wire-catalogue.ts'
import { beginAnchor, LeaseClock, LeaseOverError } from './lease-clock.ts'
import { Stopwatch } from './stopwatch.ts'

const HOUR = 3_600_000
const YEARS = 10 * 365 * 24 * HOUR

let device: LoneDevice
let clocks: TwoClocks
beforeEach(async () => {
  device = await aLoneDevice(wireCatalogue, { from: NOON, to: NOON + 72 * HOUR })
  clocks = new TwoClocks(NOON)
  enrol()
})
afterEach(() => device.end())

/** Enrolled at this moment of its own clock, which the hub calls noon. */
const enrol = (): void => beginAnchor(device.replica, NOON, clocks.wall)
const begin = (): LeaseClock => new LeaseClock(device.replica, clocks)
/** A question of which the answer comes at once. */
const asked = (): Stopwatch => new Stopwatch(clocks)

test('[AUTH5] a lease is over when its time has passed, and a moment earlier it is not', () => {
  const time = begin()
  time.heard(NOON, asked())
  clocks.pass(72 * HOUR)
  expect(time.isOver).toBe(false)
  time.requireRead()
  clocks.pass(1)
  expect(time.isOver).toBe(true)
  expect(() => time.requireRead()).toThrow(LeaseOverError)
})

test('[AUTH5] a wall clock set back wins no time: the monotonic clock goes on counting', () => {
  const time = begin()
  time.heard(NOON, asked())
  clocks.pass(HOUR)
  clocks.wall -= YEARS
  expect(time.now()).toBeGreaterThanOrEqual(NOON + HOUR - 1000)
  clocks.pass(71 * HOUR + 2000)
  expect(time.isOver).toBe(true)
})

test('[AUTH5] a wall clock set back while the program is ended wins no more than was never seen', () => {
  let time = begin()
  time.heard(NOON, asked())
  for (let session = 0; session < 8; session++) {
    clocks.pass(10 * HOUR)
    time.keep()
    clocks.restart()
    clocks.wall = NOON - YEARS
    time = begin()
  }
  expect(time.now()).toBeGreaterThan(NOON + 79 * HOUR)
  expect(time.isOver).toBe(true)
})

test('[AUTH5] time that passes while the program is ended counts by the wall clock', () => {
  begin().heard(NOON, asked())
  clocks.restart(73 * HOUR)
  expect(begin().isOver).toBe(true)
})

test('[AUTH5] a clock set forward is seen time, also when it is put right again; the hub’s word ends that', () => {
  let time = begin()
  time.heard(NOON, asked())
  clocks.wall += YEARS
  expect(time.isOver).toBe(true)
  time.keep()
  clocks.wall -= YEARS
  clocks.restart()
  time = begin()
  expect(time.isOver).toBe(true)
  time.heard(NOON + HOUR, asked())
  expect(time.isOver).toBe(false)
  expect(time.now()).toBe(NOON + HOUR)
})

test.each([
  ['ten years fast', YEARS],
  ['ten years slow', -YEARS],
  ['an hour fast', HOUR],
])('[AUTH5] a clock that is %s and stays so changes nothing after enrolment', (_, wrong) => {
  clocks.wall = NOON + wrong
  enrol()
  let time = begin()
  clocks.pass(70 * HOUR)
  time.keep()
  clocks.restart()
  time = begin()
  expect([time.now(), time.isOver]).toEqual([NOON + 70 * HOUR, false])
  clocks.pass(2 * HOUR + 1)
  expect(time.isOver).toBe(true)
})

test('[AUTH5] an answer that names a time before the lease was signed is not believed', () => {
  const time = begin()
  time.heard(NOON - YEARS, asked())
  expect(time.now()).toBeGreaterThanOrEqual(NOON)
})

test('[AUTH5] a clock that was put right in the middle of a question keeps nobody out for longer than until the next answer', () => {
  const time = begin()
  clocks.pass(HOUR)
  const question = asked()
  clocks.wall += YEARS
  time.heard(NOON + HOUR, question)
  // Nobody can tell how long that answer was on its way.
  expect(time.isOver).toBe(true)
  clocks.pass(1000)
  time.heard(NOON + HOUR + 1000, asked())
  expect(time.isOver).toBe(false)
  expect(time.now()).toBe(NOON + HOUR + 1000)
})

test('[AUTH5] [TIME2] time that a machine sleeps counts, though the monotonic clock stood still', () => {
  const time = begin()
  time.heard(NOON, asked())
  clocks.sleep(73 * HOUR)
  expect(time.isOver).toBe(true)
})

test('[AUTH5] [TIME2] a wall clock set back before the machine sleeps wins no time, in one run of the program or over several', () => {
  let time = begin()
  time.heard(NOON, asked())
  clocks.pass(HOUR)
  clocks.wall -= YEARS
  expect(time.isOver).toBe(false)
  for (let night = 0; night < 5; night++) {
    clocks.pass(HOUR)
    clocks.sleep(7 * HOUR)
    expect(time.isOver).toBe(false)
    time.keep()
    clocks.restart(7 * HOUR)
    time = begin()
  }
  expect(Math.abs(time.now() - (NOON + 76 * HOUR))).toBeLessThan(10_000)
  expect(time.isOver).toBe(true)
})

test('[AUTH5] [TIME2] a machine that sleeps over the hub’s answer wins no time by it', () => {
  const time = begin()
  const question = asked()
  clocks.pass(50)
  clocks.sleep(4 * HOUR)
  // Signed and dated just after the question.
  time.heard(NOON, question)
  expect(time.now()).toBeGreaterThanOrEqual(NOON + 4 * HOUR)
  time.heard(NOON + 4 * HOUR, asked())
  expect(time.now()).toBe(NOON + 4 * HOUR)
})

test('[TIME2] clocks that jitter, as browsers round them, run no faster than one of them', () => {
  const time = begin()
  time.heard(NOON, asked())
  const [from, began] = [clocks.wall, clocks.running]
  for (let look = 1; look <= 2_000; look++) {
    clocks.wall = from + Math.floor((look * 37) / 100) * 100
    clocks.running = began + Math.floor((look * 37 + 50) / 100) * 100
    time.now()
  }
  expect(Math.abs(time.now() - (NOON + 2_000 * 37))).toBeLessThanOrEqual(200)
})
