// What memory holds of the device's small values is what the database holds: after a write, after one that went back, for everybody who asks.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aLoneDevice, type LoneDevice } from '../../testing/lone-device.ts'
import { wireCatalogue } from '../../testing/wire-catalogue.ts'
import { Meta } from './meta.ts'

let device: LoneDevice
beforeEach(async () => {
  device = await aLoneDevice(wireCatalogue)
})
afterEach(() => device.end())

const stored = (key: string): string | null =>
  device.replica.db.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', [key])?.value ?? null

test('a value that was written is read, by another asker too, and its JSON is parsed anew', () => {
  const { meta, db } = device.replica
  meta.set('lease', '{"n":1}')
  expect(meta.json('lease')).toEqual({ n: 1 })
  const other = new Meta(db)
  other.set('lease', '{"n":2}')
  expect([meta.get('lease'), meta.json('lease'), stored('lease')]).toEqual(['{"n":2}', { n: 2 }, '{"n":2}'])
})

test('a value goes back with its transaction, with its savepoint, and what was read inside with it', () => {
  const { meta, db } = device.replica
  meta.set('watermark', '7')
  const undone = (): void =>
    db.transaction(() => {
      meta.set('watermark', '8')
      meta.set('first', 'x')
      throw new Error('the disk is full')
    })
  expect(undone).toThrow('the disk is full')
  expect([meta.number('watermark'), meta.get('first')]).toEqual([7, null])
  db.transaction(() => {
    meta.set('watermark', '9')
    expect(undone).toThrow('the disk is full')
    expect(meta.number('watermark')).toBe(9)
  })
  expect([meta.number('watermark'), stored('watermark'), meta.get('first')]).toEqual([9, '9', null])
})

test('statements of others are seen when they are told of', () => {
  const { meta, db } = device.replica
  meta.set('watermark', '7')
  db.run("DELETE FROM meta WHERE key = 'watermark'")
  meta.changed()
  expect(meta.get('watermark')).toBe(null)
})
