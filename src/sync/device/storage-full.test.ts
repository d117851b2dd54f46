// A device whose disk has no room: what a person does with it is refused in a sentence or shown, and never breaks.
import { expect, test } from 'vitest'
import { newCrashDisk } from '../../testing/crash-vfs.ts'
import { identify } from '../../testing/identify.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { wireCatalogue } from '../../testing/wire-catalogue.ts'
import { openOn } from '../../testing/world/world-disk.ts'
import { Device } from './device.ts'
import { Replica } from './replica.ts'
import { OfflineError } from './transport.ts'

const offline = (): Promise<never> => Promise.reject(new OfflineError('There is no hub in this test.'))
const nowhere = { send: offline, receive: offline, gzip: offline, gunzip: offline, hints: () => () => undefined }

test('[STO1] without room a command is refused, a refusal stays unseen and the device says why; with room again both are done', async () => {
  const disk = newCrashDisk(() => 0)
  const replica = new Replica(await openOn(disk), wireCatalogue)
  identify(replica)
  const identity = replica.identity()
  if (identity === null) throw new Error('It has an identity.')
  const clock = new ManualClock()
  const device = new Device({ replica, identity, transport: nowhere, clock, app: 'test', isAutomatic: false })
  const addItem = (name: string) => device.run('wire.addItem', { name, phone: '' })
  expect(await addItem('first')).toMatchObject({ saved: true, seq: 1 })
  replica.db.run("UPDATE outbox SET state = 'refused', outcome = '{}' WHERE seq = 1")
  const unseen = async () => (await device.outbox()).filter(({ needsYou }) => needsYou).map(({ seq }) => seq)
  expect(await unseen()).toEqual([1])

  disk.fullAtWrite(1)
  expect(await addItem('second')).toMatchObject({ saved: false, refusal: { code: 'device.storage-full' } })
  await device.acknowledge(1)
  expect(await unseen()).toEqual([1])
  expect(await device.status()).toMatchObject({ fault: 'storage-full' })

  disk.room()
  await device.acknowledge(1)
  expect(await unseen()).toEqual([])
  expect(await addItem('second')).toMatchObject({ saved: true, seq: 2 })
  expect(await device.status()).toMatchObject({ fault: null })
  await device.close()
})
