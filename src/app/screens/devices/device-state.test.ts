// How a device stands: the gravest thing is said, and silence only of a device that could speak.
import { expect, test } from 'vitest'
import { loadLanguage } from '../../text/translate.ts'
import { scoreOfDevice, stateOf } from './device-state.ts'

await loadLanguage('en')
const now = Date.UTC(2026, 10, 27)
const hour = 3_600_000
const well = { isLost: false, state: 'active', integrity: [10, 10, 0], seenAt: now - hour } as const

test.each([
  [well, 'In use'],
  [{ ...well, seenAt: now - 80 * hour }, 'Silent'],
  [{ ...well, seenAt: null }, 'Silent'],
  [{ ...well, integrity: [10, 10, 1] as const, seenAt: null }, 'Doesn’t add up'],
  [{ ...well, state: 'forked' as const, integrity: [10, 10, 1] as const }, 'Copied'],
  [{ ...well, state: 'revoked' as const, seenAt: null }, 'Shut out'],
  [{ ...well, state: 'revoked' as const, isLost: true }, 'Lost'],
])('%j is %s', (device, text) => expect(stateOf(device, now).text).toBe(text))

test('what is proved: a share of the rows, nothing when something is broken', () => {
  expect(scoreOfDevice({ integrity: [4, 3, 0] })).toBe(0.75)
  expect(scoreOfDevice({ integrity: [4, 4, 1] })).toBe(0)
  expect(scoreOfDevice({ integrity: null })).toBeNull()
})
