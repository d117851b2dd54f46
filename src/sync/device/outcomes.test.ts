// What a device asks again after the hub went back, the hub's answers played by hand on a real encrypted file.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aLoneDevice, aPage, NOON, type LoneDevice } from '../../testing/lone-device.ts'
import { wireCatalogue } from '../../testing/wire-catalogue.ts'
import { COMMANDS_PER_PUSH_MAX, type Outcome } from '../protocol.ts'
import { askedOf, hearOutcomes, storeOutcomes } from './outcomes.ts'
import { applyPull } from './settle.ts'

/** Where the next server begins to give numbers. */
const BEGAN = 10_000
let device: LoneDevice
beforeEach(async () => (device = await aLoneDevice(wireCatalogue)))
afterEach(() => device.end())

const work = (count: number): void => {
  for (let n = 0; n < count; n++) device.do('wire.addItem', { name: `item ${n}` })
}
/** Told with the commit of the same number. */
const told = (first: number, last: number, more: (seq: number) => Partial<Outcome> = () => ({})): Outcome[] =>
  Array.from({ length: last - first + 1 }, (_, n) => device.outcomeOf(first + n, more(first + n)))
const pull = (w: number, began = 0): void => void applyPull(device.replica, [aPage({ w, more: { began } })], NOON)
/** One pull: what it asks, answered from what the hub has. */
function ask(answer: (first: number, last: number) => Outcome[], isForked = false): readonly [number, number] | null {
  const asked = askedOf(device.replica, isForked)
  const heard = asked === null ? [] : answer(asked.range[0], asked.range[1])
  hearOutcomes(device.replica, asked, heard)
  return asked?.range ?? null
}
const states = (): string[] =>
  device.replica.db.all<{ state: string }>('SELECT state FROM outbox ORDER BY seq').map(({ state }) => state)

test('[OUT4] behind another server one look shows that what was told still stands, and nothing more is asked', () => {
  work(3)
  storeOutcomes(device.replica, told(1, 3))
  pull(3)
  expect(ask(told)).toBe(null)
  pull(BEGAN, BEGAN)
  expect(ask(told)).toEqual([3, 3])
  expect(ask(told)).toBe(null)
  pull(BEGAN + 5, BEGAN)
  expect(ask(told)).toBe(null)
})

test('[OUT4] what a copy brought again and the hub decided anew is asked in pages, and shown as it is', () => {
  const count = COMMANDS_PER_PUSH_MAX + 2
  work(count)
  storeOutcomes(device.replica, told(1, count))
  pull(count)
  // Answered by the server that came after: in no doubt, and no sign of what was before.
  work(1)
  storeOutcomes(
    device.replica,
    told(count + 1, count + 1, () => ({ at: BEGAN + 90 })),
  )
  pull(BEGAN + count, BEGAN)
  const anew = (first: number, last: number): Outcome[] =>
    told(first, last, (seq) => (seq < 5 ? {} : { outcome: 'adjusted', at: BEGAN + seq }))
  expect(ask(anew)).toEqual([count, count])
  expect(ask(anew)).toEqual([1, COMMANDS_PER_PUSH_MAX])
  expect(ask(anew)).toEqual([COMMANDS_PER_PUSH_MAX + 1, COMMANDS_PER_PUSH_MAX + 1])
  expect(ask(anew)).toBe(null)
  const [first, others] = [Array<string>(4).fill('accepted'), Array<string>(count - 4).fill('adjusted')]
  expect(states()).toEqual([...first, ...others, 'accepted'])
})

test('[OUT4] a command that waits goes first, but not on a life that will get no answer any more; nothing told, nothing asked', () => {
  pull(BEGAN, BEGAN)
  expect(ask(told)).toBe(null)
  work(2)
  storeOutcomes(device.replica, told(1, 2))
  pull(BEGAN * 2, BEGAN * 2)
  work(1)
  expect(ask(() => [])).toEqual([3, 3])
  expect(ask(() => [], true)).toEqual([2, 2])
  expect(ask(() => told(1, 2), true)).toEqual([1, 2])
  expect(ask(() => [], true)).toEqual([3, 3])
})

test('[OUT4] a process that dies while it stores what it heard asks once more', () => {
  work(2)
  storeOutcomes(device.replica, told(1, 2))
  pull(BEGAN, BEGAN)
  expect(ask(() => [])).toEqual([2, 2])
  const { db } = device.replica
  db.exec("CREATE TRIGGER dies BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'gone'); END")
  expect(() => ask(told)).toThrow('gone')
  db.exec('DROP TRIGGER dies')
  expect(ask(told)).toEqual([1, 2])
  expect(ask(told)).toBe(null)
})
