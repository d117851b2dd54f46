// What a commit costs the screens: of all live queries over a device's own database only those over the tables it touched read again.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { view } from '../../kernel/view.ts'
import { Device } from '../../sync/device/device.ts'
import { OfflineError } from '../../sync/device/transport.ts'
import { aLoneDevice, aPage, type LoneDevice } from '../../testing/lone-device.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { anItem, item, order, wireCatalogue, wireTables } from '../../testing/wire-catalogue.ts'
import { applyPull } from '../../sync/device/settle.ts'
import { watchView, type LiveSource } from './live-query.ts'

const itemsView = view()('wire.items', [item], () => ({ text: `SELECT name FROM ${item.sqlName}`, params: [] }))
const ordersView = view()('wire.orders', [order], () => ({ text: `SELECT rank FROM ${order.sqlName}`, params: [] }))
const bothView = view()('wire.both', [item, order], () => ({
  text: `SELECT (SELECT count(*) FROM ${item.sqlName}) AS items, (SELECT count(*) FROM ${order.sqlName}) AS orders`,
  params: [],
}))
const views = [itemsView, ordersView, bothView]
const commands = [...wireCatalogue.commands.values()]
const catalogue = catalogueOf([{ name: 'wire', tables: wireTables, commands, views }])

const offline = (): Promise<never> => Promise.reject(new OfflineError('There is no hub in this test.'))
const nowhere = { send: offline, receive: offline, gzip: offline, gunzip: offline, hints: () => () => undefined }

let lone: LoneDevice
let device: Device
let source: LiveSource
let reads: Record<string, number> = {}
/** Each read waits here until the test lets it go. */
let hold: Promise<void> = Promise.resolve()
beforeAll(async () => {
  lone = await aLoneDevice(catalogue)
  const { replica } = lone
  const identity = replica.identity()
  if (identity === null) throw new Error('A lone device has an identity.')
  device = new Device({
    replica,
    identity,
    transport: nowhere,
    clock: new ManualClock(),
    app: 'test',
    isAutomatic: false,
  })
  source = {
    async query(name, args) {
      reads[name] = (reads[name] ?? 0) + 1
      await hold
      const tables = catalogue.views.get(name)?.tables.map((table) => table.name) ?? []
      return { rows: await device.query(name, args), tables }
    },
    onChange: (listener) => device.onChange(listener),
  }
})
afterAll(() => lone.end())

/** What was read since the last look, once all is quiet. */
async function readsNow(): Promise<Record<string, number>> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  const found = reads
  reads = {}
  return found
}
const watchAll = (seen: Record<string, readonly object[]> = {}): (() => void) => {
  const stops = views.map(({ name }) =>
    watchView(
      source,
      name,
      {},
      {
        reading: () => undefined,
        rows: (rows) => void (seen[name] = rows),
        failed: (error) => {
          throw error
        },
      },
    ),
  )
  return () => stops.forEach((stop) => stop())
}

test('rows that a pull brings count as the commit that they are', () => {
  const { tables } = applyPull(lone.replica, [aPage({ w: 9, rows: [[item, anItem('an item of the hub')]] })], 0)
  expect([...tables]).toEqual([item.name])
})

test('a commit makes the live queries over its tables read once more, and no other', async () => {
  const seen: Record<string, readonly object[]> = {}
  const stop = watchAll(seen)
  expect(await readsNow()).toEqual({ 'wire.items': 1, 'wire.orders': 1, 'wire.both': 1 })
  expect(await device.run('wire.addItem', { name: 'pump' })).toMatchObject({ saved: true })
  expect(await readsNow()).toEqual({ 'wire.items': 1, 'wire.both': 1 })
  await device.run('wire.openOrder', { place: 'company', rank: 3, total: 0, lines: [] })
  expect(await readsNow()).toEqual({ 'wire.orders': 1, 'wire.both': 1 })
  expect(seen).toEqual({
    'wire.items': [{ name: 'an item of the hub' }, { name: 'pump' }],
    'wire.orders': [{ rank: 3 }],
    'wire.both': [{ items: 2, orders: 1 }],
  })
  // What is refused touches nothing.
  expect(await device.run('wire.addItem', { name: 7 })).toMatchObject({ saved: false })
  expect(await readsNow()).toEqual({})
  stop()
  await device.run('wire.addItem', { name: 'nobody looks' })
  expect(await readsNow()).toEqual({})
})

test('many commits during one read are one more read, and the last rows are seen', async () => {
  const seen: Record<string, readonly object[]> = {}
  const stop = watchAll(seen)
  await readsNow()
  let go: () => void = () => undefined
  hold = new Promise((resolve) => (go = resolve))
  for (let at = 0; at < 5; at++) await device.run('wire.addItem', { name: `burst ${at}` })
  expect(await readsNow()).toEqual({ 'wire.items': 1, 'wire.both': 1 })
  go()
  expect(await readsNow()).toEqual({ 'wire.items': 1, 'wire.both': 1 })
  expect(seen['wire.items']).toContainEqual({ name: 'burst 4' })
  stop()
})
