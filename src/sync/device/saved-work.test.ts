// What a device's own list of its work must never leave out, however much came after it.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aLoneDevice, type LoneDevice } from '../../testing/lone-device.ts'
import { wireCatalogue } from '../../testing/wire-catalogue.ts'
import { needsAuthor, savedWork } from './saved-work.ts'
import { storeOutcomes } from './outcomes.ts'

let device: LoneDevice
beforeEach(async () => (device = await aLoneDevice(wireCatalogue)))
afterEach(() => device.end())

test('a refusal that nobody has looked at is listed behind any number of later commands', { timeout: 60_000 }, () => {
  const { db } = device.replica
  for (let index = 0; index <= 500; index++) device.do('wire.addItem', { name: `item ${index}` })
  storeOutcomes(device.replica, [device.outcomeOf(1, { outcome: 'refused', eff: '', reason: 'wire.no' })])
  expect(needsAuthor(db, 'K7Q2')).toBe(1)
  const listed = savedWork(db, { tenant: 't1', dev: 'K7Q2' })
  expect(listed.filter(({ needsYou }) => needsYou).map(({ seq }) => seq)).toEqual([1])
  db.run('UPDATE outbox SET is_acknowledged = 1 WHERE seq = 1')
  expect(savedWork(db, { tenant: 't1', dev: 'K7Q2' }).map(({ seq }) => seq)).toEqual(
    Array.from({ length: 500 }, (_, at) => 501 - at),
  )
})
