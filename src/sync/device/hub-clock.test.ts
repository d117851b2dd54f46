// What a device knows of the hub's clock, whatever happens to its own.
import { beforeEach, expect, test } from 'vitest'
import type { DeviceClock } from './clock.ts'
import { HubClock } from './hub-clock.ts'
import type { Meta } from './meta.ts'
import { Stopwatch } from './stopwatch.ts'

const HOUR_MS = 3_600_000
let wall: number
let mono: number
let kept: Map<string, string>
const clock = { now: () => wall, monotonic: () => mono } as DeviceClock
/** A plain store of named values: the file behind the real one is another test's. */
const begun = () =>
  new HubClock(clock, {
    set: (key: string, value: string) => void kept.set(key, value),
    json: (key: string) => JSON.parse(kept.get(key) ?? 'null') as unknown,
  } as unknown as Meta)
/** Both clocks go on. */
const pass = (ms: number): void => {
  wall += ms
  mono += ms
}
/** An answer of `hub` that takes so long; the hub is `ahead` of what the wall clock shows when it comes. */
const pull = (hub: HubClock, { ms, ahead }: { ms: number; ahead: number }): void => {
  const asked = new Stopwatch(clock)
  pass(ms)
  hub.hear(wall - ms / 2 + ahead, asked)
}

beforeEach(() => {
  wall = 1_000_000
  mono = 500
  kept = new Map()
})

test('[TIME1] never heard, nothing is claimed', () => {
  expect(begun().estimate()).toBeNull()
})

test('[TIME1] the middle of a round trip, and half of it as the error', () => {
  const hub = begun()
  pull(hub, { ms: 100, ahead: 7_000 })
  expect(hub.estimate()).toEqual([7_000, 100])
})

test('[TIME1] a wall clock that somebody sets back changes the offset by as much, not the truth', () => {
  const hub = begun()
  pull(hub, { ms: 0, ahead: 7_000 })
  mono += HOUR_MS
  wall += HOUR_MS - 10 * HOUR_MS
  expect(hub.estimate()).toEqual([7_000 + 10 * HOUR_MS, 200])
})

test('[TIME1] a slow answer does not spoil a good reading; an old one does give way', () => {
  const hub = begun()
  pull(hub, { ms: 0, ahead: 7_000 })
  pull(hub, { ms: 10_000, ahead: 9_000 })
  expect(hub.estimate()).toEqual([7_000, 100])
  pass(40 * 24 * HOUR_MS)
  pull(hub, { ms: 20_000, ahead: 13_000 })
  expect(hub.estimate()).toEqual([13_000, 10_100])
})

test('[TIME1] after a restart nobody knows whether the clock was set: it says so', () => {
  pull(begun(), { ms: 0, ahead: 7_000 })
  mono = 3
  wall += HOUR_MS
  expect(begun().estimate()).toEqual([7_000, 120_200])
})

test('[TIME1] a clock that was set before its eyes is known after a restart too, once the hub was heard', () => {
  const hub = begun()
  pull(hub, { ms: 0, ahead: 7_000 })
  const TEN_YEARS = 3652 * 24 * HOUR_MS
  mono += HOUR_MS
  wall += HOUR_MS - TEN_YEARS
  // A slow answer, which is no better than what is known.
  pull(hub, { ms: 20_000, ahead: TEN_YEARS + 9_000 })
  mono = 3
  wall += HOUR_MS
  const [offset, error] = begun().estimate() ?? []
  expect(offset).toBe(7_000 + TEN_YEARS)
  expect(error).toBeLessThan(130_000)
})

test('[TIME1] before what was heard is no time: a clock set back while nobody looked is unsure by as much', () => {
  pull(begun(), { ms: 0, ahead: 7_000 })
  mono = 3
  wall -= 10 * HOUR_MS
  expect(begun().estimate()).toEqual([7_000, 10 * HOUR_MS + 120_100])
})

test('[TIME1] it stands still while the clocks agree, so that a backlog packs well', () => {
  const hub = begun()
  pull(hub, { ms: 0, ahead: 7_000 })
  const first = hub.estimate()
  for (let second = 0; second < 60; second++) {
    mono += 1000.4
    wall += 1001
    expect(hub.estimate()).toEqual(first)
  }
})

test('[TIME2] a wall clock that went further was set or the machine slept: the error covers both, and the latest is what it says', () => {
  const hub = begun()
  pull(hub, { ms: 100, ahead: 7_000 })
  pass(60_000)
  wall += 8 * HOUR_MS
  const [offset, error] = hub.estimate() ?? [0, 0]
  expect(offset).toBe(7_000)
  expect(error).toBeGreaterThanOrEqual(8 * HOUR_MS)
  expect(error).toBeLessThan(8 * HOUR_MS + 2_000)
})

test.each([
  ['it had slept', 7_000],
  ['the clock was set forward', 7_000 - 8 * HOUR_MS],
])('[TIME2] the next contact says which it was (%s), as sure as its own way was short', (_, ahead) => {
  const hub = begun()
  pull(hub, { ms: 100, ahead: 7_000 })
  pass(60_000)
  wall += 8 * HOUR_MS
  expect(hub.estimate()?.[1]).toBeGreaterThanOrEqual(8 * HOUR_MS)
  pull(hub, { ms: 100, ahead })
  expect(hub.estimate()).toEqual([ahead, 100])
  mono = 3
  expect(begun().estimate()).toEqual([ahead, 120_100])
})

test.each([
  ['is set back before it sleeps', -10 * HOUR_MS, 8 * HOUR_MS],
  ['sleeps before it is set back', 8 * HOUR_MS, -10 * HOUR_MS],
])('[TIME2] a machine that %s is unsure by what it slept, and the truth lies within', (_, first, second) => {
  const hub = begun()
  pull(hub, { ms: 0, ahead: 7_000 })
  for (const moved of [first, second]) {
    pass(60_000)
    wall += moved
    hub.estimate()
  }
  const [offset, error] = hub.estimate() ?? [0, 0]
  expect(offset).toBe(7_000 + 10 * HOUR_MS)
  expect(error).toBeGreaterThanOrEqual(8 * HOUR_MS)
  expect(error).toBeLessThan(8 * HOUR_MS + 2_000)
})

test('[TIME2] a machine that slept over the answer took that much longer to hear it', () => {
  const hub = begun()
  const asked = new Stopwatch(clock)
  const hubAt = wall + 7_000
  pass(50)
  wall += HOUR_MS
  hub.hear(hubAt, asked)
  const [offset, error] = hub.estimate() ?? [0, 0]
  expect(Math.abs(offset - 7_000)).toBeLessThanOrEqual(error)
  expect(error).toBeLessThan(HOUR_MS)
  pull(hub, { ms: 100, ahead: 7_000 })
  expect(hub.estimate()).toEqual([7_000, 100])
})

test('[TIME2] a restart forgets no doubt: what the clocks did before it is written down with the next try', () => {
  const hub = begun()
  pull(hub, { ms: 0, ahead: 7_000 })
  pass(60_000)
  wall += 8 * HOUR_MS
  hub.keep()
  mono = 3
  pass(HOUR_MS)
  const again = begun()
  expect(again.estimate()?.[0]).toBe(7_000)
  expect(again.estimate()?.[1]).toBeGreaterThanOrEqual(8 * HOUR_MS + 120_000)
  // And nothing is written where nothing happened.
  const before = kept.get('hubClock')
  again.keep()
  expect(kept.get('hubClock')).toBe(before)
})

test('[TIME2] after a restart, too, the clocks are watched before the hub is heard', () => {
  pull(begun(), { ms: 0, ahead: 7_000 })
  mono = 3
  const hub = begun()
  wall += 8 * HOUR_MS
  expect(hub.estimate()?.[0]).toBe(7_000)
  expect(hub.estimate()?.[1]).toBeGreaterThanOrEqual(8 * HOUR_MS + 120_000)
})
