// What is told of a turn comes after it, once, and never after a lock.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { DeviceStatus } from '../../sync/device/api.ts'
import type { HostEvent } from './calls.ts'
import { ToldLater } from './told-later.ts'

const waiting = (count: number) => ({ waiting: count }) as DeviceStatus
let told: HostEvent[]
let later: ToldLater
beforeEach(() => {
  vi.useFakeTimers()
  told = []
  later = new ToldLater((event) => told.push(event))
})
afterEach(() => vi.useRealTimers())

test('changes of one turn are one event behind it, with the last status', () => {
  later.change(['pos.sale', 'pos.tender'])
  later.status(waiting(1))
  later.change(['pos.sale', 'kernel.stockEntry'])
  later.status(waiting(2))
  expect(told).toEqual([])
  vi.runAllTimers()
  expect(told).toEqual([
    { event: 'change', tables: ['pos.sale', 'pos.tender', 'kernel.stockEntry'] },
    { event: 'status', status: waiting(2) },
  ])
  later.status(waiting(3))
  vi.runAllTimers()
  expect(told.slice(2)).toEqual([{ event: 'status', status: waiting(3) }])
})

test('nothing of a device is told after it was locked', () => {
  later.change(['pos.sale'])
  later.status(waiting(1))
  later.forget()
  vi.runAllTimers()
  expect(told).toEqual([])
})
