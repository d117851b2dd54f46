// What a device may send again to a hub that lost something: only lines that connect, from the first to the last.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aLoneDevice, type LoneDevice } from '../../testing/lone-device.ts'
import { wireCatalogue } from '../../testing/wire-catalogue.ts'
import { connectsFrom } from './outgoing.ts'
import type { Identity } from './replica.ts'

let device: LoneDevice
beforeEach(async () => (device = await aLoneDevice(wireCatalogue)))
afterEach(() => device.end())

test('[LIFE1] a line whose predecessor was forgotten, or with a hole behind it, connects to nothing', () => {
  const { replica } = device
  const identity = replica.identity() as Identity
  for (const name of ['pump', 'valve', 'hose', 'nut']) device.do('wire.addItem', { name })
  const connecting = (): number[] => [1, 2, 3, 4, 5].filter((seq) => connectsFrom(replica, identity, seq))
  expect(connecting()).toEqual([1, 2, 3, 4])
  replica.db.run('DELETE FROM outbox WHERE seq = 1')
  expect(connecting()).toEqual([3, 4])
  replica.db.run('DELETE FROM outbox WHERE seq = 3')
  expect(connecting()).toEqual([])
})
