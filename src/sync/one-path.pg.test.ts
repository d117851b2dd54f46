// The thin path through every layer: two headless devices, the real wire, the real hub.
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogueOf } from '../kernel/catalogue.ts'
import { command } from '../kernel/command.ts'
import { name, quantityDelta, text } from '../kernel/field.ts'
import { table } from '../kernel/table.ts'
import { COMMANDS_PER_PUSH_MAX } from './protocol.ts'
import { loggedPersonal } from './hub/command-log.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'

const thing = table('test.thing', {
  fields: { name: name(), phone: text().personal().optional(), stock: quantityDelta() },
  indexes: { byName: ['name'] },
  buckets: () => ['company'],
  whole: ['company'],
})
const addThing = command('test.addThing', {
  kind: 'fact',
  version: 1,
  permission: 'test.write',
  args: { name: name(), phone: text().personal().optional() },
  run(ctx, a) {
    const id = ctx.insert(thing, { id: ctx.id('thing'), name: a.name, phone: a.phone ?? null })
    ctx.add(thing, id, { stock: 1_000_000 as never })
    ctx.describe({ number: ctx.nextNumber('T', '2026-11-21') })
  },
})
const sell = command('test.sell', {
  kind: 'fact',
  version: 1,
  permission: 'test.write',
  args: { id: text() },
  run(ctx, a) {
    const row = ctx.get(thing, a.id, { soft: true })
    ctx.rule('test.no-stock', typeof row !== 'symbol' && row !== null && row.stock > 0, { exception: 'OVERSOLD' })
    ctx.add(thing, a.id, { stock: -1_000_000 as never })
  },
})
const receive = command('test.receive', {
  kind: 'fact',
  version: 1,
  permission: 'test.write',
  args: { id: text() },
  run: (ctx, a) => void ctx.add(thing, a.id, { stock: 1_000_000 as never }),
})
const catalogue = catalogueOf([{ name: 'test', tables: [thing], commands: [addThing, sell, receive] }])

let hub: HubUnderTest
beforeAll(async () => (hub = await aHub(catalogue)))
afterAll(() => hub.end())

test('what two offline devices did settles once, and both hold the hub’s truth', async () => {
  const a = await hub.device()
  const b = await hub.device()
  const added = await a.run('test.addThing', { name: 'the last pump', phone: '0113 496' })
  expect(added).toMatchObject({ saved: true, seq: 1 })
  const id = added.saved ? (added.inserted['test.thing']?.[0] ?? '') : ''
  expect((await a.status()).waiting).toBe(1)
  expect(await a.sync()).toMatchObject({ waiting: 0, isOnline: true, incidents: 0, fault: null })
  await b.sync()
  expect(b.replica.store.read(thing, id)).toMatchObject({ name: 'the last pump', phone: '0113 496', stock: 1_000_000 })
  expect(await a.run('test.sell', { id })).toMatchObject({ saved: true, warnings: [] })
  expect(await b.run('test.sell', { id })).toMatchObject({ saved: true, warnings: [] })
  expect(await b.run('test.sell', { id })).toMatchObject({ saved: false, refusal: { code: 'test.no-stock' } })
  await a.sync()
  await b.sync()
  const after = await a.sync()
  expect(after).toMatchObject({ waiting: 0, incidents: 0 })
  for (const device of [a, b]) {
    expect(device.replica.store.read(thing, id)?.['stock']).toBe(-1_000_000)
    expect(device.replica.db.all('SELECT * FROM shadow')).toEqual([])
    expect(device.replica.db.all('SELECT * FROM touched')).toEqual([])
    expect((await device.outbox()).every(({ state }) => state === 'accepted')).toBe(true)
  }
  const client = new Client(hub.database.admin)
  await client.connect()
  expect((await client.query('SELECT code FROM kernel_exception')).rows).toEqual([{ code: 'OVERSOLD' }])
  expect((await client.query('SELECT dev, seq FROM command_log')).rowCount).toBe(3)
  expect((await client.query("SELECT line FROM command_log WHERE line LIKE '%0113 496%'")).rowCount).toBe(0)
  // [ERASE1] What the line only commits to is kept, under a key that isn't in the database.
  const { rows: kept } = await client.query<{ value: string; salt: string; seq: number }>(
    'SELECT value, salt, seq, dev FROM command_personal',
  )
  expect(kept).toHaveLength(1)
  expect(JSON.stringify(kept)).not.toContain('0113 496')
  const { tenant, pushContext } = hub.hub
  const personal = await loggedPersonal(client, tenant, pushContext.keys, { ...kept[0], ep: 1 } as never)
  expect(personal).toMatchObject({ 'args/phone': { value: '0113 496' } })
  await client.end()
})

test('[PULL6] work whose answer was lost is shown once, in the hub’s rows and not on top of them', async () => {
  let isCut = false
  const a = await hub.device({
    fetch: async (url, init) => {
      const response = await fetch(url, init)
      if (!isCut || !url.endsWith('/sync/push')) return response
      await response.arrayBuffer()
      throw new TypeError('The connection was cut behind the commit.')
    },
  })
  const added = await a.run('test.addThing', { name: 'pump' })
  const id = added.saved ? (added.inserted['test.thing']?.[0] ?? '') : ''
  await a.sync()
  expect(await a.run('test.sell', { id })).toMatchObject({ saved: true })
  isCut = true
  await a.sync()
  expect(a.replica.store.read(thing, id)).toMatchObject({ stock: 0 })
  expect(await a.status()).toMatchObject({ waiting: 0, needsYou: 0 })
  expect((await a.outbox()).map(({ state }) => state)).toEqual(['accepted', 'accepted'])
})

test('[PULL6] [PUSH6] also where the answers of both pushes on their way are lost', async () => {
  let answered = Infinity
  const a = await hub.device({
    fetch: async (url, init) => {
      const response = await fetch(url, init)
      if (!url.endsWith('/sync/push') || answered-- > 0) return response
      await response.arrayBuffer()
      throw new TypeError('The connection was cut behind the commit.')
    },
  })
  const added = await a.run('test.addThing', { name: 'pump' })
  const id = added.saved ? (added.inserted['test.thing']?.[0] ?? '') : ''
  await a.sync()
  const stock = async (): Promise<unknown> =>
    (await hub.rows<{ stock: number }>('SELECT stock FROM test_thing WHERE id = $1', [id]))[0]?.stock
  const before = Number(await stock())
  for (let each = 0; each < 3 * COMMANDS_PER_PUSH_MAX; each++) await a.run('test.receive', { id })
  answered = 1
  await a.sync()
  expect(await stock()).toBeGreaterThan(before + 1_000_000 * COMMANDS_PER_PUSH_MAX)
  expect(a.replica.store.read(thing, id)).toMatchObject({ stock: await stock() })
})
