// The idle clock over two tabs that share one kept moment.
import { expect, test } from 'vitest'
import { IdleClock } from './idle-lock.ts'

const minute = 60_000

function aBrowser() {
  const shared = { at: null as number | null, now: 1_000_000_000 }
  const tab = () => new IdleClock({ now: () => shared.now, read: () => shared.at, write: (at) => (shared.at = at) })
  return { shared, tab }
}

test('idle only when nobody touched any tab', () => {
  const { shared, tab } = aBrowser()
  const [one, two] = [tab(), tab()]
  shared.now += 14 * minute
  two.touched()
  shared.now += 14 * minute
  expect(one.isIdle(15 * minute)).toBe(false)
  shared.now += minute
  expect(one.isIdle(15 * minute)).toBe(true)
  expect(two.isIdle(15 * minute)).toBe(true)
})

test('a clock that was set back far locks, and a small correction does not', () => {
  const { shared, tab } = aBrowser()
  const clock = tab()
  shared.now -= 5000
  expect(clock.isIdle(15 * minute)).toBe(false)
  shared.now -= 60 * minute
  expect(clock.isIdle(15 * minute)).toBe(true)
})

test('touches are written seldom', () => {
  const { shared, tab } = aBrowser()
  const clock = tab()
  const first = shared.at
  shared.now += 1000
  clock.touched()
  expect(shared.at).toBe(first)
  shared.now += 5000
  clock.touched()
  expect(shared.at).toBe(shared.now)
})
