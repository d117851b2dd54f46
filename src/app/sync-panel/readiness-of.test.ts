// Before somebody leaves coverage: each thing that a day without a network needs, there or not, and what to do about it.
import { expect, test } from 'vitest'
import { shellEn } from '../text/shell-en.ts'
import { readinessOf, type ReadinessFacts } from './readiness-of.ts'

const HOUR = 3_600_000
const well: ReadinessFacts = {
  status: {
    fault: null,
    isReady: true,
    download: null,
    integrity: { rowsHeld: 1200, rowsVerified: 1200, broken: [] },
    waiting: 0,
    blobs: { count: 0, bytes: 0, oldestAt: null, refused: 0, noRoom: null },
    lastContactAt: -60_000,
    leaseUntil: 72 * HOUR,
    setAside: 0,
  },
  storage: { usedBytes: 10, quotaBytes: 10 ** 10, isPersisted: true },
  isAppKept: true,
  now: 0,
}
const attention = (facts: ReadinessFacts): string[] =>
  readinessOf(facts)
    .filter(({ tone }) => tone !== 'ok')
    .map(({ key }) => key)

test('all is there: nothing asks for attention', () => {
  expect(attention(well)).toEqual([])
  expect(readinessOf(well).length).toBeGreaterThan(5)
})

const download = { bytesDone: 0, bytesTotal: 1, rowsDone: 0, rowsTotal: 1, bucketsLeft: 1 }
test.each<[string, ReadinessFacts, string]>([
  ['the app is not kept', { ...well, isAppKept: false }, 'ready.app-missing'],
  ['rows still come', { ...well, status: { ...well.status, download } }, 'ready.rows-missing'],
  [
    'a row is set aside: it is held, not proved, and no sync changes that',
    {
      ...well,
      status: { ...well.status, setAside: 1, integrity: { rowsHeld: 1201, rowsVerified: 1200, broken: [] } },
    },
    'ready.set-aside',
  ],
  [
    'a bucket differs',
    { ...well, status: { ...well.status, integrity: { rowsHeld: 1200, rowsVerified: 900, broken: [] } } },
    'ready.not-proved',
  ],
  [
    'something doesn’t add up',
    { ...well, status: { ...well.status, integrity: { rowsHeld: 9, rowsVerified: 9, broken: ['series'] } } },
    'sync.proved-broken',
  ],
  ['the data is of yesterday', { ...well, status: { ...well.status, lastContactAt: -20 * HOUR } }, 'ready.stale'],
  ['no contact yet', { ...well, status: { ...well.status, lastContactAt: null } }, 'ready.never'],
  [
    'a photo is only here',
    { ...well, status: { ...well.status, blobs: { count: 1, bytes: 9, oldestAt: 0, refused: 0, noRoom: null } } },
    'ready.photos',
  ],
  ['work waits', { ...well, status: { ...well.status, waiting: 3 } }, 'ready.waiting'],
  ['the lease is short', { ...well, status: { ...well.status, leaseUntil: 3 * HOUR } }, 'ready.lease-short'],
  ['a fault', { ...well, status: { ...well.status, fault: 'storage-full' } }, 'fault.storage-full'],
  [
    'no promise',
    { ...well, storage: { usedBytes: 1, quotaBytes: 10 ** 10, isPersisted: false } },
    'ready.not-persisted',
  ],
  ['little room', { ...well, storage: { usedBytes: 1, quotaBytes: 1000, isPersisted: true } }, 'ready.little-room'],
  ['a browser that tells nothing', { ...well, storage: null }, 'ready.storage-unknown'],
])('%s', (_, facts, key) => {
  expect(attention(facts)).toEqual([key])
})

test('a refused promise says what to do, and that work goes on', () => {
  expect(shellEn['ready.not-persisted']).toMatch(/[Ii]nstall/)
  expect(shellEn['ready.not-persisted']).toMatch(/[Ww]ork goes on/)
})
