// Over the whole wire: becoming a device, a first download that is cut, what the hub keeps of a row in its buckets, and
// parked work that runs again in its own place.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assert } from '../kernel/assert.ts'
import { catalogueOf } from '../kernel/catalogue.ts'
import { command } from '../kernel/command.ts'
import { name } from '../kernel/field.ts'
import type { Fetch } from '../device/fetch-transport.ts'
import { SETUP_USER } from '../hub/leases.ts'
import { reviewModule } from '../modules/review/module.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { disagreements } from '../testing/replica-truth.ts'
import {
  addItem,
  item,
  moveOrder,
  openOrder,
  order,
  orderLine,
  receive,
  rename,
  wireTables,
} from '../testing/wire-catalogue.ts'
import type { Device } from './device/device.ts'

let isBroken = false
/** Holds a bug on the hub until somebody mends it. */
const book = command('wire.book', {
  kind: 'fact',
  version: 1,
  permission: 'wire.work',
  args: { name: name() },
  run(ctx, a) {
    assert(!(ctx.isHub && isBroken), 'The posting of this release is wrong.')
    ctx.insert(item, { id: ctx.id('item'), name: `${a.name} ${ctx.nextNumber('B', '2026-11-21')}` })
  },
})
const commands = [addItem, openOrder, moveOrder, receive, rename, book]
const catalogue = catalogueOf([{ name: 'wire', tables: wireTables, commands }, reviewModule([])])

let hub: HubUnderTest
beforeAll(async () => (hub = await aHub(catalogue)))
afterAll(() => hub.end())

const names = (device: Device): string[] =>
  device.replica.db.all<{ name: string }>('SELECT name FROM wire_item ORDER BY name').map((row) => row.name)
async function perform(
  device: Device,
  type: string,
  args: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const answer = await device.run(type, args)
  if (!answer.saved) throw new Error(JSON.stringify(answer.refusal))
  return answer.inserted
}

test('[ID1] a device is enrolled whole or not at all: an answer that the hub did not sign leaves nothing', async () => {
  const directory = hub.directory()
  const forged: Fetch = async (url, init) => {
    const response = await fetch(url, init)
    const answer = (await response.json()) as { lease: string }
    const [head, , signature] = answer.lease.split('.')
    const payload = Buffer.from(JSON.stringify({ user: 'owner', permissions: ['*'] })).toString('base64url')
    return Response.json({ ...answer, lease: `${head}.${payload}.${signature}` })
  }
  await expect(hub.device({ directory, fetch: forged })).rejects.toThrow('not signed by this hub')
  await expect(hub.device({ directory, signIn: 'nobody' })).rejects.toThrow('enrol.wrong-sign-in')
  const device = await hub.device({ directory })
  const identity = device.replica.identity()
  expect(identity).toMatchObject({ tenant: 'main', ep: 1, incarnation: hub.hub.incarnation })
  expect(identity?.dev).toMatch(/^[0-9A-Z]{4}$/)
  const known = await hub.rows<{ public_key: object }>('SELECT public_key FROM device WHERE dev = $1', [identity?.dev])
  expect(known).toEqual([{ public_key: identity?.keys.publicKey }])
  await perform(device, 'wire.addItem', { name: 'first' })
  expect(await device.sync()).toMatchObject({ waiting: 0, fault: null })
})

test('[BKT1] of a row the hub keeps its latest operation in each bucket, and the buckets’ digests are those of the rows', async () => {
  const device = await hub.device()
  await device.sync()
  const [id = ''] =
    (
      await perform(device, 'wire.openOrder', {
        place: 'company',
        rank: 1,
        total: 100,
        lines: [{ item: 'x', quantity: 1_000_000, price: 100 }],
      })
    )[order.name] ?? []
  await device.sync()
  const entries = (): Promise<{ bucket: string; op: string }[]> =>
    hub.rows('SELECT bucket, op FROM bucket_row WHERE tbl = $1 AND id = $2 ORDER BY bucket', [order.name, id])
  expect(await entries()).toEqual([{ bucket: 'company', op: 'put' }])
  await perform(device, 'wire.moveOrder', { order: id, place: 'catalogue' })
  await device.sync()
  expect(await entries()).toEqual([
    { bucket: 'catalogue', op: 'put' },
    { bucket: 'company', op: 'left' },
  ])
  const lines = await hub.rows('SELECT bucket, op FROM bucket_row WHERE tbl = $1 ORDER BY bucket', [orderLine.name])
  expect(lines).toEqual([
    { bucket: 'catalogue', op: 'put' },
    { bucket: 'company', op: 'left' },
  ])
  await perform(device, 'wire.moveOrder', { order: id, place: 'company' })
  await device.sync()
  expect(await entries()).toEqual([
    { bucket: 'catalogue', op: 'left' },
    { bucket: 'company', op: 'put' },
  ])
  expect(await disagreements(hub.hub, catalogue, [device])).toEqual([])
})

test('[PULL2] a first download is usable page by page; a later one appears whole, with its watermark', async () => {
  const source = await hub.device()
  for (let count = 0; count < 200; count++) await perform(source, 'wire.addItem', { name: `bulk ${count}` })
  await source.sync()
  // How many pulls get through; every one that doesn't makes the next page smaller.
  let pulls = 0
  const cut: Fetch = async (url, init) => {
    if (url.endsWith('/sync/pull') && pulls-- <= 0) throw new TypeError('cut')
    return fetch(url, init)
  }
  const device = await hub.device({ fetch: cut })
  const shrink = async (): Promise<void> => {
    for (let attempt = 0; attempt < 8; attempt++) await device.sync()
  }
  await shrink()
  pulls = 1
  expect(await device.sync()).toMatchObject({ isReady: false, isOnline: false })
  const first = names(device).length
  expect(first).toBeGreaterThan(0)
  expect(first).toBeLessThan(200)
  pulls = 99
  expect(await device.sync()).toMatchObject({ isReady: true, isOnline: true })
  const all = names(device)
  const { watermark } = await device.status()

  for (let count = 0; count < 200; count++) await perform(source, 'wire.addItem', { name: `later ${count}` })
  await source.sync()
  pulls = 0
  await shrink()
  pulls = 1
  await device.sync()
  expect(names(device)).toEqual(all)
  expect((await device.status()).watermark).toBe(watermark)
  pulls = 99
  await device.sync()
  expect(names(device)).toHaveLength(all.length + 200)
  expect(await disagreements(hub.hub, catalogue, [device])).toEqual([])
})

const itemOf = async (seq: number, dev: string): Promise<{ id: string; state: string; settled_by: string | null }> => {
  const [found] = await hub.rows<{ id: string; state: string; settled_by: string | null }>(
    'SELECT id, state, settled_by FROM kernel_review_item WHERE dev = $1 AND seq = $2',
    [dev, seq],
  )
  if (found === undefined) throw new Error('nothing was parked')
  return found
}

test('[REV2] a parked command that runs again keeps its ids and its number, edited or forced, and is settled once', async () => {
  const author = await hub.device()
  const reviewer = await hub.device()
  const dev = author.replica.identity()?.dev ?? ''
  isBroken = true
  const [first = ''] = (await perform(author, 'wire.book', { name: 'edited' }))[item.name] ?? []
  const [second = ''] = (await perform(author, 'wire.book', { name: 'forced' }))[item.name] ?? []
  await author.sync()
  expect((await author.outbox()).map(({ state, reason, needsYou }) => [state, reason, needsYou])).toEqual([
    ['parked', 'hub.bug', true],
    ['parked', 'hub.bug', true],
  ])
  const [one, two] = [await itemOf(1, dev), await itemOf(2, dev)]
  // Still broken: the one review item stays open and nothing is parked a second time.
  await perform(reviewer, 'review.resubmit', { item: one.id })
  await reviewer.sync()
  expect(await itemOf(1, dev)).toMatchObject({ state: 'open' })
  isBroken = false
  await perform(reviewer, 'review.resubmit', { item: one.id, args: { name: 'better' } })
  await perform(reviewer, 'review.force', { item: two.id, reason: 'It did happen.' })
  await perform(reviewer, 'review.discard', { item: two.id, reason: 'too late' })
  await reviewer.sync()
  expect(await itemOf(1, dev)).toMatchObject({ state: 'resubmitted', settled_by: SETUP_USER })
  expect(await itemOf(2, dev)).toMatchObject({ state: 'forced', settled_by: SETUP_USER })
  const rows = await hub.rows<{ id: string; name: string }>(
    'SELECT id, name FROM wire_item WHERE id = ANY ($1::text[]) ORDER BY name',
    [[first, second]],
  )
  expect(rows).toEqual([
    { id: first, name: `better B-${dev}A-26-000001` },
    { id: second, name: `forced B-${dev}A-26-000002` },
  ])
  expect((await reviewer.outbox())[0]).toMatchObject({
    command: 'review.discard',
    state: 'refused',
    reason: 'review.already-settled',
  })
  await author.sync()
  expect(await disagreements(hub.hub, catalogue, [author, reviewer])).toEqual([])
})

test('[REV3] the author of a parked command sees what came of it, and it needs them no longer unless it was discarded', async () => {
  const author = await hub.device()
  const reviewer = await hub.device()
  const dev = author.replica.identity()?.dev ?? ''
  isBroken = true
  for (const each of ['again', 'by force', 'never']) await perform(author, 'wire.book', { name: each })
  await author.sync()
  isBroken = false
  expect((await author.status()).needsYou).toBe(3)
  const [again, byForce, never] = [await itemOf(1, dev), await itemOf(2, dev), await itemOf(3, dev)]
  await perform(reviewer, 'review.resubmit', { item: again.id })
  await perform(reviewer, 'review.force', { item: byForce.id, reason: 'It did happen.' })
  await perform(reviewer, 'review.discard', { item: never.id, reason: 'It never did.' })
  await reviewer.sync()
  await author.sync()
  const seen = (await author.outbox()).map(({ seq, state, needsYou, decision }) => [seq, state, needsYou, decision])
  expect(seen).toEqual([
    [3, 'parked', true, { state: 'discarded', by: SETUP_USER, remark: 'It never did.' }],
    [2, 'parked', false, { state: 'forced', by: SETUP_USER, remark: 'It did happen.' }],
    [1, 'parked', false, { state: 'resubmitted', by: SETUP_USER, remark: null }],
  ])
  expect((await author.status()).needsYou).toBe(1)
  await author.acknowledge(3)
  expect((await author.status()).needsYou).toBe(0)
})
