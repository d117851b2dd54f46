// Idle work on a real encrypted file and a clock that the test turns: what was committed reaches the database when it is quiet, not
// while commits come one after the other, and what is held is looked at then.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openNodeDatabase } from '../../store/sqlite/node-vfs.ts'
import { identify } from '../../testing/identify.ts'
import { aPage, NOON } from '../../testing/lone-device.ts'
import { item, wireCatalogue } from '../../testing/wire-catalogue.ts'
import type { DeviceClock } from './clock.ts'
import { IdleWork } from './idle-work.ts'
import { Replica } from './replica.ts'
import { applyPull } from './settle.ts'

let directory: string
let replica: Replica
let now = 0
let waiting: { readonly at: number; readonly work: () => void }[] = []
const clock: DeviceClock = {
  now: () => NOON + now,
  monotonic: () => now,
  timeZone: () => 'UTC',
  after(ms, work) {
    const timer = { at: now + ms, work }
    waiting.push(timer)
    return () => (waiting = waiting.filter((each) => each !== timer))
  },
  chance: () => 0,
}
function pass(ms: number): void {
  now += ms
  const due = waiting.filter(({ at }) => at <= now)
  waiting = waiting.filter(({ at }) => at > now)
  for (const { work } of due) work()
}

beforeEach(async () => {
  waiting = []
  directory = mkdtempSync(join(tmpdir(), 'holdfast-idle-'))
  const db = await openNodeDatabase({ directory, name: 'holdfast.db', key: new Uint8Array(32).fill(3) })
  replica = new Replica(db, wireCatalogue)
  identify(replica)
})
afterEach(() => {
  replica.db.close()
  rmSync(directory, { recursive: true, force: true })
})

const bytesMoved = (): number => statSync(join(directory, 'holdfast.db')).size
const commit = (index: number): void =>
  replica.db.transaction(() => {
    replica.db.run('INSERT INTO draft (key, value, at) VALUES (?, ?, 0)', [`draft ${index}`, 'x'.repeat(8000)])
  })
const idle = (isAutomatic: boolean, found: () => void = () => undefined): IdleWork =>
  new IdleWork({ replica, clock, isAutomatic, found })

test('what was committed is moved when a quarter of a second passed without a commit, and not before', () => {
  idle(true)
  const before = bytesMoved()
  for (let index = 0; index < 40; index++) {
    commit(index)
    pass(200)
  }
  expect(bytesMoved()).toBe(before)
  pass(50)
  expect(bytesMoved()).toBeGreaterThan(before + 40 * 8000)
  expect(waiting).toEqual([])
})

test('a few commits are left to those that come after them, and a device that is closed begins nothing', () => {
  const work = idle(true)
  const before = bytesMoved()
  for (let index = 0; index < 15; index++) commit(index)
  expect(waiting).toEqual([])
  commit(15)
  expect(waiting).toHaveLength(1)
  work.stop()
  commit(16)
  expect(waiting).toEqual([])
  expect(bytesMoved()).toBe(before)
})

test('[PROOF2] held rows are looked at when it is quiet; a device without time of its own looks at once', () => {
  const pump = { id: 'pump', goneAt: null, name: 'pump', phone: null, tags: [], stock: 0, reserved: 0 }
  applyPull(replica, [aPage({ w: 1, rows: [[item, pump]] })], NOON)
  replica.db.run("UPDATE wire_item SET name = 'another'")
  let found = 0
  const work = idle(true, () => (found += 1))
  work.lookSoon()
  pass(249)
  expect(found).toBe(0)
  pass(1)
  expect(found).toBe(1)
  replica.db.run("UPDATE wire_item SET name = 'a third'")
  idle(false, () => (found += 1)).lookSoon()
  expect(found).toBe(2)
})
