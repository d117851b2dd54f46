// How a device stands: the gravest thing is said, and silence only of a device that could speak.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadLanguage } from '../../text/translate.ts'
import { asideText, incidentText, scoreOfDevice, stateOf } from './device-state.ts'

await loadLanguage('en')
const now = Date.UTC(2026, 10, 27)
const hour = 3_600_000
const well = { isLost: false, state: 'active', integrity: [10, 10, 0], seenAt: now - hour, aside: [] } as const

test.each([
  [well, 'In use'],
  [{ ...well, seenAt: now - 80 * hour }, 'Silent'],
  [{ ...well, seenAt: null }, 'Silent'],
  [{ ...well, aside: [['masters.item', 'i1', 'type of name']] as const, seenAt: null }, 'Rows set aside'],
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

test('why a row is set aside: the field in words, anything else as the device wrote it', () => {
  expect(asideText('type of businessDate')).toBe('Date is of a kind that it doesn’t know')
  expect(asideText('NOT NULL constraint failed')).toBe('NOT NULL constraint failed')
})

test('every kind of incident that a device writes down has words', () => {
  const folder = fileURLToPath(new URL('../../../sync/device/', import.meta.url))
  const kinds = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .flatMap((name) => [
      ...readFileSync(join(folder, name), 'utf8').matchAll(/noteIncident\([^;]*?, ['`]([a-z]+(?:-[a-z]+)*)/g),
    ])
    .map(([, kind = '']) => kind)
  expect(kinds.length).toBeGreaterThan(10)
  expect(kinds.filter((kind) => incidentText(kind) === kind)).toEqual([])
})
