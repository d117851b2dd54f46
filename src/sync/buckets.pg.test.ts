// Buckets on a real hub and real devices: pages, resets, rows that move away, a lease that loses a bucket, rows that were
// tampered with. Whatever happens to a replica, it comes back to the hub's rows and pending work stays.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HostileClient } from '../testing/hostile-client.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { disagreements } from '../testing/replica-truth.ts'
import { item, order, wireCatalogue } from '../testing/wire-catalogue.ts'
import type { Device } from './device/device.ts'
import { takeLease } from './device/profile.ts'
import { suspectedLeaves } from './device/suspects.ts'
import { readLease } from './device/signed.ts'
import { inTenant } from './hub/tenant.ts'
import type { PullHead, PullRows } from './protocol.ts'

let hub: HubUnderTest
let now = Date.now()
beforeAll(async () => (hub = await aHub(wireCatalogue, { now: () => now })))
afterAll(() => hub.end())

type LeafEntry = readonly [string, readonly [number, string]]
const UNIT = 1_000_000
const sql = (text: string, values: readonly unknown[] = []): Promise<unknown> =>
  inTenant(hub.hub.pool, hub.hub.tenant, (client) => client.query(text, [...values]))
const incidentsOf = (device: Device): string[] =>
  device.replica.db.all<{ kind: string }>('SELECT kind FROM incident').map(({ kind }) => kind)
const truth = (...devices: Device[]): Promise<string[]> => disagreements(hub.hub, wireCatalogue, devices)

async function anOrder(device: Device, place: string, lines = 2): Promise<string> {
  const answer = await device.run('wire.openOrder', {
    place,
    rank: 1,
    total: lines * 100,
    lines: Array.from({ length: lines }, () => ({ item: 'x', quantity: UNIT, price: 100 })),
  })
  return answer.saved ? (answer.inserted['wire.order']?.[0] ?? '') : ''
}
async function anItem(device: Device, name: string): Promise<string> {
  const answer = await device.run('wire.addItem', { name })
  return answer.saved ? (answer.inserted['wire.item']?.[0] ?? '') : ''
}

test('[PULL4] pages end at a commit’s border, one commit larger than a page comes whole, none is missing', async () => {
  const device = await hub.device()
  await anOrder(device, 'company', 40)
  for (let count = 0; count < 10; count++) await anItem(device, `paged ${count}`)
  await anOrder(device, 'company', 3)
  await device.sync()
  const [identity, lease] = [device.replica.identity(), device.replica.lease()]
  const client = new HostileClient(hub.url, identity as never, lease as never)
  const seen = new Set<string>()
  let after = 0
  let pages = 0
  for (let more = true; more; pages++) {
    const said = await client.pull({
      incarnation: hub.hub.incarnation,
      buckets: [{ name: 'company', after, generation: 0 }],
      limit: 4,
    })
    const [head, ...lines] = said.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as PullHead & PullRows)
    for (const { rows, ids = [] } of lines) for (const id of ids) seen.add(`${rows} ${id}`)
    expect(head?.upto).toBeGreaterThan(after)
    after = head?.upto ?? 0
    more = head?.more ?? false
  }
  expect(pages).toBeGreaterThan(4)
  expect(seen.size).toBe(41 + 10 + 4)
  expect(await truth(device)).toEqual([])
})

test('[BKT2] a bucket of a new generation is fetched again; pending work on its rows stays', async () => {
  const [a, b] = [await hub.device(), await hub.device()]
  const id = await anItem(a, 'before the new generation')
  await a.sync()
  await b.sync()
  await b.run('wire.receive', { item: id, quantity: 5 * UNIT })
  await b.run('wire.rename', { item: id, name: 'renamed while pending' })
  await sql("UPDATE bucket SET generation = generation + 1 WHERE name = 'company'")
  for (const device of [a, b, a]) await device.sync()
  for (const device of [a, b])
    expect(device.replica.store.read(item, id)).toMatchObject({ name: 'renamed while pending', stock: 5 * UNIT })
  expect(await truth(a, b)).toEqual([])
  expect([...incidentsOf(a), ...incidentsOf(b)]).toEqual([])
})

test('[PULL1] a header that moves to a bucket of nobody leaves the device with its lines, and comes back with them', async () => {
  const [a, b] = [await hub.device(), await hub.device()]
  const id = await anOrder(a, 'company', 3)
  await a.sync()
  await b.sync()
  expect(b.replica.db.all('SELECT id FROM wire_order_line WHERE "order" = ?', [id])).toHaveLength(3)
  await a.run('wire.moveOrder', { order: id, place: 'elsewhere' })
  await a.sync()
  await b.sync()
  for (const device of [a, b]) {
    expect(device.replica.store.read(order, id)).toBeNull()
    expect(device.replica.db.all('SELECT id FROM wire_order_line WHERE "order" = ?', [id])).toEqual([])
    // What it can't know it doesn't deny: the order may exist elsewhere, an item can't.
    expect(device.replica.store.get(order, id, null)).toBeTypeOf('symbol')
    expect(device.replica.store.get(item, 'none', null)).toBeNull()
  }
  await b.run('wire.moveOrder', { order: id, place: 'catalogue' })
  await b.sync()
  await a.sync()
  expect(a.replica.db.all('SELECT id FROM wire_order_line WHERE "order" = ?', [id])).toHaveLength(3)
  expect(await truth(a, b)).toEqual([])
  expect([...incidentsOf(a), ...incidentsOf(b)]).toEqual([])
})

test('[PROF1] a lease that loses a bucket takes its rows; work on them stays and is sent; today’s lease brings them back', async () => {
  const device = await hub.device()
  const [kept, touched, read] = [
    await anItem(device, 'kept'),
    await anItem(device, 'touched'),
    await anItem(device, 'read'),
  ]
  await device.sync()
  await device.run('wire.receive', { item: touched, quantity: UNIT })
  await device.run('wire.rename', { item: read, name: 'read and renamed' })
  const { lease } = device.replica.lease() as { lease: object }
  const narrow = await hub.hub.keys.sign({ ...lease, buckets: ['catalogue'] })
  takeLease(device.replica, await readLease(narrow, device.replica.identity()?.hubKeys ?? []))
  for (const id of [kept, touched, read]) expect(device.replica.store.read(item, id)).toBeNull()
  expect(await device.status()).toMatchObject({ waiting: 2 })
  expect(await device.sync()).toMatchObject({ waiting: 0, fault: null })
  expect(device.replica.lease()?.lease.buckets).toContain('company')
  expect(device.replica.store.read(item, touched)?.['stock']).toBe(UNIT)
  expect(device.replica.store.read(item, read)?.['name']).toBe('read and renamed')
  expect(await truth(device)).toEqual([])
  expect(incidentsOf(device)).toEqual([])
})

test('[PROOF1] [PROOF2] rows changed behind our back are found and fetched again, and nothing else is touched', async () => {
  const device = await hub.device()
  const ids = [
    await anItem(device, 'tampered'),
    await anItem(device, 'lost'),
    await anItem(device, 'forged'),
    await anItem(device, 'whole'),
  ] as const
  await device.sync()
  const { db } = device.replica
  await device.run('wire.receive', { item: ids[3], quantity: 7 * UNIT })
  const tampers: (() => void)[] = [
    () => db.run("UPDATE wire_item SET name = 'by another program' WHERE id = ?", [ids[0]]),
    () => db.run('DELETE FROM wire_item WHERE id = ?', [ids[1]]),
    () => db.run("UPDATE bucket_row SET hash = '0000000000000000' WHERE id = ?", [ids[2]]),
    () => db.run('DELETE FROM bucket_row WHERE id = ?', [ids[0]]),
    () => db.run("UPDATE bucket SET sum = '0000000000000000' WHERE name = 'company'"),
  ]
  for (const tamper of tampers) {
    tamper()
    for (let round = 0; round < 4; round++) await device.sync()
    expect(await truth(device)).toEqual([])
  }
  expect(device.replica.store.read(item, ids[3])?.['stock']).toBe(7 * UNIT)
  expect(new Set(incidentsOf(device))).toEqual(new Set(['scrub', 'digest', 'mended', 'recount']))
  expect(device.replica.db.all('SELECT * FROM suspect')).toEqual([])
})

test('[PROOF3] of a bucket that differs only the leaves that differ are sent again, all of them and nothing else', async () => {
  const device = await hub.device()
  for (let count = 0; count < 200; count++) await anItem(device, `leaf ${count}`)
  await device.sync()
  const { db } = device.replica
  db.run("INSERT INTO suspect (bucket, tries) VALUES ('company', 1)")
  const leaves = { ...suspectedLeaves(device.replica).get('company') }
  const entries = Object.entries(leaves)
  const [forged, [count, sum]] = entries[0] as LeafEntry
  const [dropped, [more]] = entries[1] as LeafEntry
  leaves[forged] = [count, sum === '0'.repeat(16) ? '1'.repeat(16) : '0'.repeat(16)]
  delete leaves[dropped]
  leaves['zz'] = [1, '1'.repeat(16)]
  const { generation = -1 } =
    db.get<{ generation: number }>("SELECT generation FROM bucket WHERE name = 'company'") ?? {}
  const client = new HostileClient(hub.url, device.replica.identity() as never, device.replica.lease() as never)
  const said = await client.pull({
    incarnation: hub.hub.incarnation,
    buckets: [{ name: 'company', after: device.replica.watermark, generation, leaves }],
    limit: 5000,
  })
  const [head, ...lines] = said.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PullHead & PullRows)
  expect(head?.leaves?.map(({ name, leaves: sent }) => [name, [...sent].sort()])).toEqual([
    ['company', [forged, dropped, 'zz'].sort()],
  ])
  const ids = lines.flatMap((line) => line.ids ?? [])
  expect(ids.length).toBe(count + more)
  expect(ids.every((id) => id.endsWith(forged) || id.endsWith(dropped))).toBe(true)
  expect(Object.keys(leaves).length).toBeGreaterThan(100)
  await device.sync()
  expect(await truth(device)).toEqual([])
})

test('[AUTH1] a token that ran out is renewed by itself, in the middle of the day', async () => {
  const device = await hub.device()
  await device.sync()
  for (let count = 0; count < 3; count++) {
    now += 11 * 60_000
    await anItem(device, `after ${count}`)
    expect(await device.sync()).toMatchObject({ waiting: 0, isOnline: true, fault: null })
  }
})

test('[CMD3] a command too large to travel is refused at once, the largest one that fits arrives', async () => {
  const device = await hub.device()
  const random = (length: number): string =>
    Array.from({ length }, () => String.fromCharCode(0x4e00 + Math.floor(Math.random() * 20_000))).join('')
  const extra = (chunks: number): Promise<{ saved: boolean }> =>
    device.run('wire.openOrder', { place: 'company', rank: 1, total: 0, lines: [], extra: random(chunks * 1000) })
  expect(await extra(310)).toMatchObject({ saved: false, refusal: { code: 'sync.command-too-large' } })
  expect(await extra(299)).toMatchObject({ saved: true })
  expect(await extra(299)).toMatchObject({ saved: true })
  expect(await device.sync()).toMatchObject({ waiting: 0, fault: null })
  expect(await truth(device)).toEqual([])
})
