// The lane beside the exchange: it works by itself when the company's settings allow, later after a failure, and always for
// a person who asks; what breaks in it is told and ends nothing else.
import { expect, test } from 'vitest'
import { ManualClock } from '../../testing/manual-clock.ts'
import { Lane } from './lane.ts'
import { forPhotos, syncSettingsOf } from './sync-settings.ts'
import { HubError, OfflineError } from './transport.ts'

function aLane(policy: Parameters<typeof syncSettingsOf>[0], steps: (() => Promise<boolean>)[], isMetered = false) {
  const clock = new ManualClock()
  const told: unknown[] = []
  let done = 0
  const lane = new Lane({
    clock,
    settings: () => forPhotos(syncSettingsOf(policy)),
    isAutomatic: true,
    isMetered: () => isMetered,
    isClosed: () => false,
    broken: (fault) => void told.push(fault),
    step: async () => {
      const step = steps.shift()
      if (step === undefined) return false
      done += 1
      return step()
    },
  })
  return { clock, lane, told, done: () => done }
}

const more = () => Promise.resolve(true)
const fails = (fault: Error) => () => Promise.reject(fault)
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

test('[SET1] photos that may only go over Wi-Fi wait on a connection that is paid by the byte, and go when a person asks', async () => {
  const { clock, lane, done } = aLane({ photosWifiOnly: true }, [more, more], true)
  lane.soon()
  clock.runNext()
  await turn()
  expect(done()).toBe(0)
  // Looked at again after the interval, and still not.
  expect(clock.nextInMs).toBe(30_000)
  clock.runNext()
  await turn()
  expect(done()).toBe(0)
  await lane.now()
  expect(done()).toBe(2)
  await lane.stop()
})

test('[SET1] the same company’s photos go by themselves over Wi-Fi, and its work wherever it is', async () => {
  const { clock, lane, done } = aLane({ photosWifiOnly: true }, [more, more])
  lane.soon()
  clock.runNext()
  await turn()
  expect(done()).toBe(2)
  expect(syncSettingsOf({ photosWifiOnly: true }).isWifiOnly).toBe(false)
  expect(forPhotos(syncSettingsOf({ syncWifiOnly: true })).isWifiOnly).toBe(true)
  await lane.stop()
})

test('[BLOB5] without the hub a lane comes back later and later; the hub’s own patience is kept', async () => {
  const { clock, lane, told, done } = aLane({}, [
    fails(new OfflineError('away')),
    fails(new OfflineError('away')),
    more,
  ])
  await lane.now()
  expect(lane.isOpen).toBe(false)
  expect(clock.nextInMs).toBe(1_000)
  clock.runNext()
  await turn()
  expect(clock.nextInMs).toBe(2_000)
  clock.runNext()
  await turn()
  expect({ done: done(), isOpen: lane.isOpen, told }).toEqual({ done: 3, isOpen: true, told: [] })
  await lane.stop()

  const busy = aLane({}, [fails(new HubError(429, 'hub.busy', 120))])
  await busy.lane.now()
  expect(busy.clock.nextInMs).toBeGreaterThanOrEqual(120_000)
  await busy.lane.stop()
})

test('a bug in a lane is told', async () => {
  const bug = new TypeError('undefined is not a function')
  const { lane, told } = aLane({}, [fails(bug)])
  await lane.now()
  expect(told).toEqual([bug])
  await lane.stop()
})

test('[SET2] photos whose tries had become rare go at once when somebody comes back, where they may go by themselves', async () => {
  const away = Array.from({ length: 6 }, () => fails(new OfflineError('away')))
  const { clock, lane, done } = aLane({}, [...away, more])
  for (let round = 0; round < away.length; round++) await lane.now()
  expect(clock.nextInMs).toBe(20_000)
  lane.soon('return')
  expect(clock.nextInMs).toBe(1)
  clock.runNext()
  await turn()
  expect(done()).toBe(7)
  await lane.stop()
})
