// What a device knows of the hub's clock, whatever happens to its own.
import { beforeEach, expect, test } from 'vitest'
import type { DeviceClock } from './clock.ts'
import { HubClock } from './hub-clock.ts'
import type { Meta } from './meta.ts'

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
  const sent = mono
  mono += 100
  wall += 100
  hub.hear(wall + 7_000, sent)
  expect(hub.estimate()).toEqual([7_050, 100])
})

test('[TIME1] a wall clock that somebody sets changes the offset by as much, not the truth', () => {
  const hub = begun()
  hub.hear(wall + 7_000, mono)
  mono += HOUR_MS
  wall += HOUR_MS - 10 * HOUR_MS
  expect(hub.estimate()).toEqual([7_000 + 10 * HOUR_MS, 200])
})

test('[TIME1] a slow answer does not spoil a good reading; an old one does give way', () => {
  const hub = begun()
  hub.hear(wall + 7_000, mono)
  const sent = mono
  mono += 10_000
  wall += 10_300
  hub.hear(wall, sent)
  expect(hub.estimate()?.[0]).toBe(6_700)
  mono += 40 * 24 * HOUR_MS
  wall += 40 * 24 * HOUR_MS
  hub.hear(wall + 3_000, mono - 20_000)
  expect(hub.estimate()).toEqual([13_000, 10_100])
})

test('[TIME1] after a restart nobody knows whether the clock was set: it says so', () => {
  begun().hear(wall + 7_000, mono)
  mono = 3
  wall += HOUR_MS
  expect(begun().estimate()).toEqual([7_000, 120_200])
})

test('[TIME1] a clock that was set before its eyes is known after a restart too, once the hub was heard', () => {
  const hub = begun()
  hub.hear(wall + 7_000, mono)
  const TEN_YEARS = 3652 * 24 * HOUR_MS
  mono += HOUR_MS
  wall += HOUR_MS - TEN_YEARS
  // A slow answer, which is no better than what is known.
  hub.hear(wall + TEN_YEARS + 7_000, mono - 20_000)
  mono = 3
  wall += HOUR_MS
  const [offset, error] = begun().estimate() ?? []
  expect(offset).toBe(7_000 + TEN_YEARS)
  expect(error).toBeLessThan(130_000)
})

test('[TIME1] before what was heard is no time: a clock set back while nobody looked is unsure by as much', () => {
  begun().hear(wall + 7_000, mono)
  mono = 3
  wall -= 10 * HOUR_MS
  expect(begun().estimate()).toEqual([7_000, 10 * HOUR_MS + 120_100])
})

test('[TIME1] it stands still while the clocks agree, so that a backlog packs well', () => {
  const hub = begun()
  hub.hear(wall + 7_000, mono)
  const first = hub.estimate()
  for (let second = 0; second < 60; second++) {
    mono += 1000.4
    wall += 1001
    expect(hub.estimate()).toEqual(first)
  }
})
