// Turns of the hints: a few at a time, each in turn, always the newest clock. Time is the test's own.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Hints } from './hints.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const LISTENERS = 100

test('[HINT1] a commit wakes a hundred devices a few at a time, and whoever was told last waits longest next time', async () => {
  let clock = 7
  const hints = new Hints(() => Promise.resolve(clock))
  const heard: [listener: number, w: number][] = []
  for (let index = 0; index < LISTENERS; index++) await hints.watch((w) => heard.push([index, w]))
  await vi.advanceTimersByTimeAsync(900)
  heard.length = 0
  hints.rose((clock = 8))
  const atOnce = heard.length
  expect(atOnce).toBeGreaterThan(0)
  expect(atOnce).toBeLessThanOrEqual(10)
  // The clock rises again before all were told: nobody hears the old one, nobody is left out.
  hints.rose((clock = 9))
  expect(heard).toHaveLength(atOnce)
  await vi.advanceTimersByTimeAsync(20)
  expect(heard.slice(atOnce).every(([, w]) => w === 9)).toBe(true)
  expect(heard).toHaveLength(2 * atOnce)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(new Set(heard.map(([listener]) => listener)).size).toBe(LISTENERS)
  const last = new Map(heard)
  expect([...last.values()].every((w) => w === 9)).toBe(true)
  expect(heard.map(([listener]) => listener).slice(0, LISTENERS)).toEqual([...Array(LISTENERS).keys()])
  hints.stop()
})

test('commits of another process are seen by looking, once for all listeners, and not at all when nobody listens', async () => {
  let clock = 1
  let looks = 0
  const hints = new Hints(() => Promise.resolve((looks++, clock)))
  const heard: number[] = []
  const stop = await hints.watch((w) => heard.push(w))
  await hints.watch(() => undefined)
  clock = 5
  looks = 0
  await vi.advanceTimersByTimeAsync(1_500)
  expect([heard, looks]).toEqual([[1, 5], 1])
  stop()
  hints.stop()
  looks = 0
  await vi.advanceTimersByTimeAsync(10_000)
  expect(looks).toBeLessThanOrEqual(1)
})
