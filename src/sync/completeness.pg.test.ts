// Completeness, counts and shares over the whole way: real devices with clocks that are wrong, the real wire, real
// PostgreSQL.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogueOf } from '../kernel/catalogue.ts'
import { accountingModule } from '../modules/accounting/module.ts'
import { allotmentModule } from '../modules/allotment/module.ts'
import { inventoryModule } from '../modules/inventory/module.ts'
import { mastersModule } from '../modules/masters/module.ts'
import { reviewModule } from '../modules/review/module.ts'
import { branchGoods, codeOf, pieces, type BranchGoods } from '../testing/branch-goods.ts'
import { aBranchHub, type BranchHub } from '../testing/branch-hub.ts'
import { disagreements } from '../testing/replica-truth.ts'
import type { Device } from './device/device.ts'
import { inTenant } from './hub/tenant.ts'
import type { Envelope } from './protocol.ts'

const business = [mastersModule, inventoryModule, allotmentModule, accountingModule]
const catalogue = catalogueOf([...business, reviewModule(business)])
const MINUTE_MS = 60_000

let place: BranchHub
let goods: BranchGoods
let a: Device
let b: Device
let c: Device
beforeAll(async () => {
  place = await aBranchHub(catalogue)
  goods = branchGoods(place)
  // One clock is two hours behind and one a day ahead: they only ever heard the hub's.
  a = await place.enrol('amir', { clock: place.time.clockOff(-120 * MINUTE_MS) })
  b = await place.enrol('bea', { clock: place.time.clockOff(24 * 60 * MINUTE_MS) })
  c = await place.enrol('cleo')
})
afterAll(() => place.hub.end())

const rows = async <R extends object>(text: string): Promise<R[]> =>
  inTenant(place.hub.hub.pool, place.hub.hub.tenant, async (client) => (await client.query<R>(text)).rows)
const onHand = async (): Promise<number> =>
  (await rows<{ on_hand: number }>(`SELECT on_hand FROM kernel_stock_balance WHERE warehouse = '${place.store}'`))[0]
    ?.on_hand ?? 0
const exceptions = async (): Promise<string[]> =>
  (await rows<{ code: string }>('SELECT code FROM kernel_exception ORDER BY raised_at, id')).map(({ code }) => code)

test('[DONE1] [DONE2] [COUNT1] a count waits for whoever may have moved goods before it, and stays right when they tell', async () => {
  await goods.receive(a, 20)
  for (const device of [a, b, c, a]) await device.sync()
  place.time.pass(10)
  await goods.issue(a, 3)
  place.time.pass(10)
  const id = await goods.count(b, 17)
  place.time.pass(10)
  await goods.issue(c, 1)
  await c.sync()
  await b.sync()
  expect(await onHand()).toBe(pieces(16))
  expect(await goods.cutOf(id)).toEqual({ state: 'provisional', missing: [codeOf(a)] })
  await b.sync()
  expect(await b.query('inventory.counts', { branch: place.branch })).toMatchObject([
    { number: expect.any(String), state: 'provisional' },
  ])
  // The late one arrives: the books follow the shelf, and nothing is missing any more.
  await a.sync()
  expect(await onHand()).toBe(pieces(16))
  expect(await goods.cutOf(id)).toEqual({ state: 'complete', missing: [] })
  expect(await exceptions()).toEqual(['MOVED_BEFORE_COUNT'])
  for (const device of [a, b, c, place.setup]) await device.sync()
  expect(await disagreements(place.hub.hub, catalogue, [a, b, c])).toEqual([])
  const [{ sum } = { sum: -1 }] = await rows<{ sum: number }>('SELECT sum(amount)::int AS sum FROM kernel_gl_balance')
  expect(sum).toBe(0)
})

test('[DONE1] an idle device that is only connected holds nothing up, and one that hides work does', async () => {
  place.time.pass(10)
  await goods.issue(a, 2)
  place.time.pass(10)
  const id = await goods.count(c, 14)
  await c.sync()
  // Connected and idle.
  place.time.pass(10)
  await b.sync()
  expect(await goods.cutOf(id)).toEqual({ state: 'provisional', missing: [codeOf(a)] })
  await a.sync()
  expect(await goods.cutOf(id)).toEqual({ state: 'complete', missing: [] })
  expect(await onHand()).toBe(pieces(14))
})

test('[DONE2] who closes without the missing must name them, and what they send later is named', async () => {
  place.time.pass(5)
  await goods.issue(a, 2)
  place.time.pass(5)
  const id = await goods.count(c, 12)
  await c.sync()
  const [{ cut } = { cut: '' }] = await rows<{ cut: string }>(
    `SELECT id AS cut FROM kernel_cut WHERE document_id = '${id}'`,
  )
  const close = async (missing: readonly string[]) => {
    await place.must(c, 'review.closeCut', { cut, missing, remark: 'the van is in Spain' })
    await c.sync()
    return (await c.outbox())[0]
  }
  expect(await close([])).toMatchObject({ state: 'refused', reason: 'review.missing-not-named' })
  expect(await close([codeOf(a), codeOf(b)])).toMatchObject({ state: 'accepted' })
  expect(await goods.cutOf(id)).toMatchObject({ state: 'closed' })
  expect(await exceptions()).toContain('COUNT_INCOMPLETE')
  const isNamed = (code: string) => code === 'MOVED_BEFORE_COUNT'
  const before = (await exceptions()).filter(isNamed).length
  await a.sync()
  expect((await exceptions()).filter(isNamed)).toHaveLength(before + 1)
  expect(await onHand()).toBe(pieces(12))
})

test('[ALLOT1] [ALLOT2] shares are one truth on the hub and every device, and what ended goes back once its holder reported', async () => {
  for (const device of [a, b, c]) await device.sync()
  const ask = (device: Device, quantity: number, minutes: number) =>
    place.must(device, 'allotment.grantShare', {
      kind: 'stock',
      scope: place.store,
      resource: place.item,
      quantity: pieces(quantity),
      expiresAt: place.time.now + minutes * MINUTE_MS,
    })
  await ask(c, 8, 30)
  await ask(b, 5, 60 * 24 * 2)
  await Promise.all([c.sync(), b.sync()])
  const shares = () =>
    rows<{ device: string; left: number }>(
      'SELECT device, granted - used AS left FROM kernel_allotment ORDER BY device',
    )
  const granted = (await shares()).reduce((sum, { left }) => sum + left, 0)
  // Twelve are there: one of the two asked for too much, whichever came second.
  expect([pieces(8), pieces(5)]).toContain(granted)
  const holder = granted === pieces(8) ? c : b
  await holder.sync()
  place.time.pass(5)
  await goods.issue(holder, 4)
  place.time.pass(60)
  // It used four before the end; the rest is promised until it says so.
  expect((await shares()).reduce((sum, { left }) => sum + left, 0)).toBe(granted)
  await holder.sync()
  const left = (await shares()).find(({ device }) => device === codeOf(holder))?.left
  expect(left).toBe(holder === c ? 0 : pieces(1))
  for (const device of [a, b, c, place.setup, a, b, c]) await device.sync()
  expect(await disagreements(place.hub.hub, catalogue, [a, b, c])).toEqual([])
})

test('[TIME2] [COUNT1] a phone that slept dates what it does after a count neither before it nor for certain; its next contact ends that', async () => {
  let sleptMs = 0
  const { time } = place
  const phone = await place.enrol('dora', { clock: { ...time.clockOff(0), monotonic: () => time.now - sleptMs } })
  await phone.sync()
  time.pass(120)
  await goods.count(b, 20)
  await b.sync()
  time.pass(120)
  sleptMs = 240 * MINUTE_MS
  const told = await exceptions()
  await goods.issue(phone, 3)
  await phone.sync()
  // The books follow the shelf, and the stock controller hears that it isn't sure.
  expect(await onHand()).toBe(pieces(17))
  expect((await exceptions()).slice(told.length)).toEqual(['MOVED_NEAR_COUNT'])
  await goods.issue(phone, 1)
  await phone.sync()
  expect(await onHand()).toBe(pieces(16))
  const lines = await rows<{ line: string }>(
    `SELECT line FROM command_log WHERE dev = '${codeOf(phone)}' AND type = 'inventory.issueGoods' ORDER BY seq`,
  )
  const errors = lines.map(({ line }) => (JSON.parse(line) as Envelope).off?.[1] ?? -1)
  expect(errors[0]).toBeGreaterThanOrEqual(sleptMs)
  expect(errors[0]).toBeLessThan(sleptMs + MINUTE_MS)
  expect(errors.slice(1)).toEqual([100])
  expect(await exceptions()).toHaveLength(told.length + 1)
})
