// Every cell of the pill's table: what the outbox and the last exchange say, and which of the seven states follows.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { setLanguage, t } from '../text/translate.ts'
import { pillOf, type PillState, type PillStatus } from './pill-of.ts'
import { times } from '../../testing/properties.ts'

const now = Date.UTC(2026, 10, 21, 9, 30)
const minute = 60_000
const hour = 60 * minute
const calm: PillStatus = {
  waiting: 0,
  oldestWaitingAt: null,
  needsYou: 0,
  exchange: 'idle',
  progress: null,
  isOnline: true,
  lastContactAt: now - 10_000,
  pollIntervalMs: 30_000,
  download: null,
  blobs: { count: 0, bytes: 0, oldestAt: null, refused: 0, noRoom: null },
  fault: null,
}
const waiting = (count: number, ageMs = minute) => ({ waiting: count, oldestWaitingAt: now - ageMs })
const offline = { isOnline: false, lastContactAt: now - hour } as const

const photos = (count: number, ageMs = minute) => ({
  blobs: { count, bytes: count * 300_000, oldestAt: now - ageMs, refused: 0, noRoom: null },
})

const cells: readonly (readonly [string, Partial<PillStatus>, PillState, string])[] = [
  ['nothing waits, contact is fresh', {}, 'synced', 'Up to date'],
  ['contact just inside two intervals', { lastContactAt: now - 59_999 }, 'synced', 'Up to date'],
  ['contact two intervals old', { lastContactAt: now - 60_000 }, 'unverified', 'Not checked since'],
  ['a clock that was set back', { lastContactAt: now + hour }, 'synced', 'Up to date'],
  ['never any contact, online by word only', { lastContactAt: null }, 'unverified', 'Not checked yet'],
  ['work waits while online and nothing moves', waiting(3), 'waiting', '3 waiting to send'],
  ['a photo waits while online', photos(1), 'waiting', '1 photo to send'],
  ['photos wait, no network', { ...photos(3), ...offline }, 'offline', 'Offline · 3 photos waiting'],
  [
    'work and photos wait: the work is told',
    { ...waiting(2), ...photos(3), ...offline },
    'offline',
    'Offline · 2 waiting',
  ],
  ['photos wait for days', photos(3, 50 * hour), 'ageing', '3 photos to send'],
  [
    'a photo that can’t be sent',
    { blobs: { count: 0, bytes: 0, oldestAt: null, refused: 1, noRoom: null } },
    'action',
    '1 photo can’t be sent',
  ],
  ['sending, no numbers', { ...waiting(3), exchange: 'sending' }, 'sending', 'Sending 3'],
  [
    'sending, numbers',
    { ...waiting(9), exchange: 'sending', progress: { done: 3, total: 12 } },
    'sending',
    'Sending 3 of 12',
  ],
  [
    'a done above the total',
    { ...waiting(9), exchange: 'sending', progress: { done: 13, total: 12 } },
    'sending',
    'Sending 12 of 12',
  ],
  ['an empty exchange does not flicker', { exchange: 'sending' }, 'synced', 'Up to date'],
  ['the short look for news does not flicker', { exchange: 'receiving' }, 'synced', 'Up to date'],
  [
    'large buckets still come while one works',
    { download: { bytesDone: 1, bytesTotal: 9, rowsDone: 5, rowsTotal: 50, bucketsLeft: 3 } },
    'sending',
    'Ready · 3 more downloading',
  ],
  ['receiving something', { exchange: 'receiving', progress: { done: 40, total: 0 } }, 'sending', 'Receiving'],
  ['offline with work', { ...offline, ...waiting(7) }, 'offline', 'Offline · 7 waiting'],
  [
    'a try without an answer stays offline',
    { ...offline, ...waiting(7), exchange: 'sending' },
    'offline',
    'Offline · 7 waiting',
  ],
  [
    'a try that gets through is sending',
    { ...offline, ...waiting(7), exchange: 'sending', progress: { done: 1, total: 7 } },
    'sending',
    'Sending 1 of 7',
  ],
  ['offline with nothing', offline, 'unverified', 'Not checked since'],
  ['offline for two days', { isOnline: false, lastContactAt: now - 48 * hour }, 'unverified', 'Not checked since'],
  ['offline since the start', { isOnline: false, lastContactAt: null }, 'unverified', 'Not checked yet'],
  ['work exactly a day old', { ...offline, ...waiting(7, 24 * hour) }, 'offline', 'Offline · 7 waiting'],
  ['work older than a day', { ...offline, ...waiting(7, 49 * hour) }, 'ageing', '7 waiting · 2 days'],
  ['old work is shown also online', waiting(1, 25 * hour), 'ageing', '1 waiting · 1 day'],
  [
    'old work is shown also while sending',
    { ...waiting(4, 72 * hour), exchange: 'sending' },
    'ageing',
    '4 waiting · 3 days',
  ],
  ['something needs the person', { needsYou: 2 }, 'action', '2 need you'],
  ['one thing needs the person', { needsYou: 1, ...offline, ...waiting(7, 72 * hour) }, 'action', '1 needs you'],
  ['access withdrawn', { fault: 'revoked' }, 'action', 'Access was withdrawn'],
  ['lease over', { fault: 'lease-expired', needsYou: 3 }, 'action', 'Sign in again'],
  ['signed out', { fault: 'signed-out' }, 'action', 'Signed out'],
  ['copied', { fault: 'fork' }, 'action', 'Device was copied'],
  ['full', { fault: 'storage-full' }, 'action', 'Storage is full'],
  ['an update that could not be set up', { fault: 'not-updated' }, 'action', 'Update not finished'],
  ['too old', { fault: 'update-needed' }, 'action', 'Update needed'],
  ['another hub', { fault: 'other-hub' }, 'action', 'Another hub answers'],
]

test.each(cells)('%s', (_, change, state, text) => {
  setLanguage('en')
  const pill = pillOf({ ...calm, ...change }, now)
  expect(pill.state).toBe(state)
  expect(t(pill.key, pill.params)).toContain(text)
})

test('the policy of the company sets the patience', () => {
  const old = { ...calm, ...offline, ...waiting(2, 3 * hour) }
  expect(pillOf(old, now).state).toBe('offline')
  const pill = pillOf(old, now, 2 * hour)
  expect(pill.state).toBe('ageing')
  expect(t(pill.key, pill.params)).toBe('2 waiting · 3 hours')
})

test('being offline is never told as an error, and every state has its own icon', () => {
  const seen = cells.map(([, change]) => pillOf({ ...calm, ...change }, now))
  for (const pill of seen) {
    if (pill.state === 'offline' || pill.state === 'unverified') expect(pill.tone).toBe('neutral')
    expect(pill.tone === 'error').toBe(pill.state === 'action')
  }
  const icons = new Map(seen.map((pill) => [pill.state, pill.icon]))
  expect(icons.size).toBe(7)
  expect(new Set(icons.values()).size).toBe(7)
})

test('quiet hours: work waits, nothing moves and nothing is said to', () => {
  // The schedule's next try is hours away; the last exchange was heard and nothing runs.
  const quiet = { ...calm, ...waiting(3, 20 * minute), lastContactAt: now - 3 * hour }
  expect(pillOf(quiet, now)).toMatchObject({ state: 'waiting', icon: 'cloud-up' })
})

test('whatever waits is counted in the text, online or not', () => {
  for (const change of [{}, offline, { exchange: 'receiving' as const }]) {
    const pill = pillOf({ ...calm, ...change, ...waiting(37) }, now)
    expect(t(pill.key, pill.params)).toContain('37')
  }
})

test('whatever else is so: it is calm only when nothing waits, nothing needs anybody, nothing is wrong and the hub was just heard', () => {
  const count = fc.nat({ max: 3 })
  const ago = fc.option(fc.integer({ min: 0, max: 60 * hour }), { nil: null })
  const any = fc.record({
    waiting: count,
    needsYou: count,
    refused: count,
    photos: count,
    age: fc.integer({ min: 0, max: 60 * hour }),
    isOnline: fc.boolean(),
    contactAgo: ago,
    exchange: fc.constantFrom('idle' as const, 'sending' as const, 'receiving' as const),
    progress: fc.option(fc.record({ done: count, total: count }), { nil: null }),
    fault: fc.option(fc.constantFrom('fork' as const, 'revoked' as const, 'storage-full' as const), { nil: null }),
  })
  fc.assert(
    fc.property(any, (given) => {
      const {
        waiting: n,
        needsYou,
        refused,
        photos: some,
        age,
        isOnline,
        contactAgo,
        exchange,
        progress,
        fault,
      } = given
      const blobs = { count: some, bytes: some * 1000, oldestAt: some > 0 ? now - age : null, refused, noRoom: null }
      const status: PillStatus = {
        ...calm,
        ...(n > 0 ? waiting(n, age) : {}),
        needsYou,
        blobs,
        isOnline,
        exchange,
        progress,
        fault,
        lastContactAt: contactAgo === null ? null : now - contactAgo,
      }
      const { state, key, params } = pillOf(status, now)
      if (state === 'synced')
        expect([n, needsYou, refused, some, fault, isOnline, (contactAgo ?? minute) < minute]).toEqual([
          0,
          0,
          0,
          0,
          null,
          true,
          true,
        ])
      // What waits is counted, unless something graver is said, or how much of it is on its way.
      if (n > 0 && (state === 'offline' || state === 'waiting')) expect(params['count']).toBe(n)
      if (n > 0 && fault === null && needsYou === 0)
        expect(['sending', 'waiting', 'offline', 'ageing', 'action']).toContain(state)
      // Arrows are for what is on its way at this moment.
      if (state === 'sending') expect(exchange).not.toBe('idle')
      // Being without a network is nobody's fault, and red is only for what a person must do.
      if (state === 'action') expect(fault !== null || needsYou > 0 || refused > 0).toBe(true)
      expect(t(key, params)).not.toBe('')
    }),
    { numRuns: times(2000) },
  )
})
