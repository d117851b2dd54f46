// What a device asks again after the hub went back, the hub's answers played by hand on a real encrypted file.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aLoneDevice, aPage, NOON, type LoneDevice } from '../../testing/lone-device.ts'
import { wireCatalogue } from '../../testing/wire-catalogue.ts'
import { COMMANDS_PER_PUSH_MAX, SERVER_LIFE, type Outcome } from '../protocol.ts'
import { applyPull, storeOutcomes } from './settle.ts'
import { askedOf, hearAgain, mustAskAgain } from './told-before.ts'

let device: LoneDevice
beforeEach(async () => (device = await aLoneDevice(wireCatalogue)))
afterEach(() => device.end())

const work = (count: number): void => {
  for (let n = 0; n < count; n++) device.do('wire.addItem', { name: `item ${n}` })
}
/** Told with the commit of the same number. */
const told = (first: number, last: number, more: (seq: number) => Partial<Outcome> = () => ({})): Outcome[] =>
  Array.from({ length: last - first + 1 }, (_, n) => device.outcomeOf(first + n, more(first + n)))
const pull = (w: number, incarnation = 'i1'): void =>
  void applyPull(device.replica, [aPage({ w, more: { incarnation } })], NOON)
/** One pull: what it asked, answered from what the hub has. */
function ask(answer: (first: number, last: number) => Outcome[]): readonly [number, number] | undefined {
  const asked = askedOf(device.replica)
  const heard = asked === null ? [] : answer(...asked.range)
  hearAgain(device.replica, asked, heard)
  storeOutcomes(device.replica, heard)
  return asked?.range
}
const states = (): string[] =>
  device.replica.db.all<{ state: string }>('SELECT state FROM outbox ORDER BY seq').map(({ state }) => state)

test('[OUT4] behind another server one look shows that what was told still stands, and nothing more is asked', () => {
  work(3)
  storeOutcomes(device.replica, told(1, 3))
  pull(3)
  expect([mustAskAgain(device.replica), ask(told)]).toEqual([false, undefined])
  pull(3 + SERVER_LIFE)
  expect(mustAskAgain(device.replica)).toBe(true)
  expect(ask(told)).toEqual([3, 3])
  expect([mustAskAgain(device.replica), ask(told)]).toEqual([false, undefined])
})

test('[OUT4] what a copy brought again and the hub decided anew is asked in pages, and shown as it is', () => {
  const count = COMMANDS_PER_PUSH_MAX + 2
  work(count)
  storeOutcomes(device.replica, told(1, count))
  pull(count)
  // Answered by the server that came after: in no doubt.
  work(1)
  storeOutcomes(
    device.replica,
    told(count + 1, count + 1, () => ({ at: SERVER_LIFE + 90 })),
  )
  pull(SERVER_LIFE + count)
  const anew = (first: number, last: number): Outcome[] =>
    told(first, last, (seq) => (seq < 5 ? {} : { outcome: 'adjusted', at: SERVER_LIFE + seq }))
  expect(ask(anew)).toEqual([count, count])
  expect(ask(anew)).toEqual([1, COMMANDS_PER_PUSH_MAX])
  expect(mustAskAgain(device.replica)).toBe(true)
  expect(ask(anew)).toEqual([COMMANDS_PER_PUSH_MAX + 1, COMMANDS_PER_PUSH_MAX + 1])
  expect([mustAskAgain(device.replica), ask(anew)]).toEqual([false, undefined])
  expect(states()).toEqual([
    ...Array<string>(4).fill('accepted'),
    ...Array<string>(count - 4).fill('adjusted'),
    'accepted',
  ])
})

test('[OUT4] a life of the hub whose numbers tell nothing is asked everything; a command that waits goes first; nothing told, nothing asked', () => {
  pull(9, 'a first life')
  expect([mustAskAgain(device.replica), ask(told)]).toEqual([true, undefined])
  expect(mustAskAgain(device.replica)).toBe(false)
  work(2)
  storeOutcomes(device.replica, told(1, 2))
  pull(10, 'another life')
  work(1)
  expect(mustAskAgain(device.replica)).toBe(false)
  expect(ask(told)).toEqual([3, 3])
  expect(ask(told)).toEqual([1, 3])
  expect(mustAskAgain(device.replica)).toBe(false)
})
