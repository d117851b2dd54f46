// Parked work that waits for other parked work, over the whole wire: children, their children and those of another
// device run once, in order and as themselves when the parent is taken, and ask people when it isn't.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assert } from '../kernel/assert.ts'
import { catalogueOf } from '../kernel/catalogue.ts'
import { command } from '../kernel/command.ts'
import { name, text } from '../kernel/field.ts'
import { amountMinor } from '../kernel/amount.ts'
import { reviewModule } from '../modules/review/module.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { disagreements } from '../testing/replica-truth.ts'
import { item, order, rename, wireTables } from '../testing/wire-catalogue.ts'
import { TwoClocks } from '../testing/two-clocks.ts'
import type { DeviceClock } from './device/clock.ts'
import type { Device } from './device/device.ts'

let isBroken = false
const fact = { kind: 'fact', version: 1, permission: 'wire.work' } as const
/** The parent: a bug of the hub parks it until somebody mends that. */
const open = command('wire.open', {
  ...fact,
  args: { name: name() },
  run(ctx, a) {
    assert(!(ctx.isHub && isBroken), 'The posting of this release is wrong.')
    const number = `${a.name} ${ctx.nextNumber('O', '2026-11-21')}`
    ctx.exception('UNUSUAL')
    ctx.insert(order, { id: ctx.id('order'), place: 'yard', number, state: 'open', rank: 1, due: amountMinor(1) })
  },
})
/** A child: names the order, whose bucket another device may not hold. */
const follow = command('wire.follow', {
  ...fact,
  args: { order: text(64), name: name() },
  run(ctx, a) {
    const found = ctx.get(order, a.order)
    if (found === null) ctx.refuse('wire.unknown-order', { order: a.order })
    if (a.name === 'wrong' && ctx.isHub) ctx.refuse('wire.no-such-name')
    ctx.insert(item, { id: ctx.id('item'), name: `${a.name} ${ctx.nextNumber('F', '2026-11-21')}` })
  },
})
const catalogue = catalogueOf([
  { name: 'wire', tables: wireTables, commands: [open, follow, rename] },
  reviewModule([]),
])

let hub: HubUnderTest
beforeAll(async () => (hub = await aHub(catalogue)))
afterAll(() => hub.end())

const devOf = (device: Device): string => device.replica.identity()?.dev ?? ''

async function make(device: Device, type: string, args: object, table: string): Promise<string> {
  const answer = await device.run(type, args as Readonly<Record<string, unknown>>)
  if (!answer.saved) throw new Error(JSON.stringify(answer.refusal))
  return answer.inserted[table]?.[0] ?? ''
}

interface Parked {
  readonly id: string
  readonly state: string
  readonly waits: string | null
}
/** A device's review items by sequence: their state, and the sequence of the command they wait for. */
const itemsOf = (device: Device): Promise<Parked[]> =>
  hub.rows(
    `SELECT i.id, i.state, p.command AS waits FROM kernel_review_item i
     LEFT JOIN kernel_review_item p ON p.tenant_id = i.tenant_id AND p.id = i.waits_for WHERE i.dev = $1 ORDER BY i.seq`,
    [devOf(device)],
  )

/** An order that parks, what follows it here and on another device, and a change of what follows. */
async function aFamily(names: {
  readonly child: string
  readonly clock?: DeviceClock
}): Promise<{ a: Device; b: Device; reviewer: Device; first: string }> {
  const { clock } = names
  const [a, b, reviewer] = [await hub.device({ ...(clock && { clock }) }), await hub.device(), await hub.device()]
  isBroken = true
  const parent = await make(a, 'wire.open', { name: 'order' }, order.name)
  const child = await make(a, 'wire.follow', { order: parent, name: names.child }, item.name)
  await make(a, 'wire.rename', { item: child, name: 'renamed' }, item.name)
  await a.sync()
  await make(b, 'wire.follow', { order: parent, name: 'cousin' }, item.name)
  await b.sync()
  isBroken = false
  const [first] = await itemsOf(a)
  return { a, b, reviewer, first: first?.id ?? '' }
}
const waitingOf = async (device: Device): Promise<unknown[]> =>
  (await itemsOf(device)).map(({ state, waits }) => [state, waits])

async function force(reviewer: Device, item: string): Promise<void> {
  await reviewer.run('review.force', { item, reason: 'It did happen.' })
  await reviewer.sync()
}

const itemNames = async (...devices: readonly Device[]): Promise<string[]> =>
  (await hub.rows<{ name: string }>('SELECT name FROM wire_item ORDER BY name')).flatMap(({ name }) =>
    name === 'renamed' || devices.some((device) => name.includes(`-${devOf(device)}`)) ? [name] : [],
  )

test('[REV3] [REV4] when the parent is sent again, changed, what waits for it runs once behind it: child, grandchild, another device’s', async () => {
  const { a, b, reviewer, first } = await aFamily({ child: 'child' })
  expect(await waitingOf(a)).toEqual([
    ['open', null],
    ['open', 'wire.open'],
    ['open', 'wire.follow'],
  ])
  expect(await waitingOf(b)).toEqual([['open', 'wire.open']])
  expect((await a.outbox()).map(({ needsYou, waitsFor }) => [needsYou, waitsFor])).toEqual([
    [false, { command: 'wire.follow' }],
    [false, { command: 'wire.open' }],
    [true, null],
  ])
  expect((await a.query('review.parkedList')).length).toBe(1)
  expect((await a.query('review.waitingWork', { item: first })).length).toBe(2)
  const before = (await hub.rows<{ seq: number }>('SELECT seq FROM tenant_clock'))[0]?.seq ?? 0

  await reviewer.run('review.resubmit', { item: first, args: { name: 'better order' } })
  await reviewer.sync()
  expect((await hub.rows<{ seq: number }>('SELECT seq FROM tenant_clock'))[0]?.seq).toBe(before + 4)
  expect((await reviewer.outbox())[0]).toMatchObject({ command: 'review.resubmit', state: 'adjusted' })
  for (const device of [a, b])
    expect((await itemsOf(device)).map(({ state }) => state)).toEqual((await itemsOf(device)).map(() => 'resubmitted'))
  const orders = await hub.rows<{ number: string }>('SELECT number FROM wire_order WHERE number LIKE $1', [
    `%-${devOf(a)}A%`,
  ])
  expect(orders.map(({ number }) => number)).toEqual([`better order O-${devOf(a)}A-26-000001`])
  expect(await itemNames(b)).toEqual([`cousin F-${devOf(b)}A-26-000001`, 'renamed'])
  for (const device of [a, b]) {
    await device.sync()
    expect((await device.outbox()).map(({ decision, needsYou }) => [decision?.state, needsYou])).toEqual(
      (await itemsOf(device)).map(() => ['resubmitted', false]),
    )
  }
  // What it raises is the original's, and its author hears of it.
  const raised = await hub.rows('SELECT dev, seq::int, command FROM kernel_exception WHERE dev = $1', [devOf(a)])
  expect(raised).toEqual([{ dev: devOf(a), seq: 1, command: 'wire.open' }])
  expect(a.replica.db.all('SELECT seq FROM kernel_exception WHERE dev = ?', [devOf(a)])).toEqual([{ seq: 1 }])
  // Asked a second time, nothing runs again.
  await reviewer.run('review.force', { item: first, reason: 'again' })
  await reviewer.sync()
  expect((await reviewer.outbox())[0]).toMatchObject({ state: 'refused', reason: 'review.already-settled' })
  expect(await disagreements(hub.hub, catalogue, [a, b, reviewer])).toEqual([])
})

test('[REV4] one push parks a child and sends its parent again: it runs behind it; discarded first, neither runs', async () => {
  const { a, b, first } = await aFamily({ child: 'child' })
  const parent = (
    await hub.rows<{ id: string }>("SELECT args->>'order' AS id FROM kernel_review_item WHERE dev = $1", [devOf(b)])
  )[0]?.id
  isBroken = true
  await make(b, 'wire.follow', { order: parent, name: 'late cousin' }, item.name)
  await b.run('review.discard', { item: first, reason: 'of no use' })
  await b.run('review.force', { item: first, reason: 'too late' })
  await b.sync()
  expect((await b.outbox())[0]).toMatchObject({ state: 'refused', reason: 'review.already-settled' })
  expect((await itemsOf(b)).map(({ state }) => state)).toEqual(['open', 'open'])
  expect((await itemsOf(b)).map(({ waits }) => waits)).toEqual(['wire.open', 'wire.open'])

  isBroken = false
  await b.run('review.reopen', { kind: 'parked', item: first })
  await make(b, 'wire.follow', { order: parent, name: 'last cousin' }, item.name)
  await b.run('review.force', { item: first, reason: 'It did happen.' })
  await b.sync()
  expect([...(await itemsOf(a)), ...(await itemsOf(b))].map(({ state }) => state)).toEqual([
    'forced',
    'resubmitted',
    'resubmitted',
    'resubmitted',
    'resubmitted',
    'resubmitted',
  ])
})

test('[REV4] a child that fails again asks people by itself, and what waits for it goes on waiting', async () => {
  const { a, b, reviewer, first } = await aFamily({ child: 'wrong' })
  await force(reviewer, first)
  expect(await waitingOf(a)).toEqual([
    ['forced', null],
    ['open', null],
    ['open', 'wire.follow'],
  ])
  expect((await itemsOf(b)).map(({ state }) => state)).toEqual(['resubmitted'])
  const [, child] = await itemsOf(a)
  const parent = (
    await hub.rows<{ id: string }>('SELECT id FROM wire_order WHERE number LIKE $1', [`%-${devOf(a)}A%`])
  )[0]?.id
  await reviewer.run('review.resubmit', { item: child?.id ?? '', args: { order: parent, name: 'right' } })
  await reviewer.sync()
  expect((await itemsOf(a)).map(({ state }) => state)).toEqual(['forced', 'resubmitted', 'resubmitted'])
  await a.sync()
  await b.sync()
  expect(await disagreements(hub.hub, catalogue, [a, b, reviewer])).toEqual([])
})

test('[REV4] a clock that stands still: what fails again never waits for what waits for it', async () => {
  const clock = new TwoClocks(Date.now())
  const { a, reviewer, first } = await aFamily({ child: 'wrong', clock })
  await force(reviewer, first)
  // By its moment the change of the child could have made what the child names.
  expect(await waitingOf(a)).toEqual([
    ['forced', null],
    ['open', null],
    ['open', 'wire.follow'],
  ])
  await a.sync()
  expect((await a.outbox()).map(({ needsYou, waitsFor }) => [needsYou, waitsFor])).toEqual([
    [false, { command: 'wire.follow' }],
    [true, null],
    [false, null],
  ])
  expect((await a.query('review.parkedList')).length).toBe(1)
})

test('[REV4] clocks of three devices that stand still at one moment: two that name each other’s moment never wait for each other', async () => {
  const clock = new TwoClocks(Date.now())
  const [a, b, c] = [await hub.device({ clock }), await hub.device({ clock }), await hub.device({ clock })]
  const reviewer = await hub.device()
  isBroken = true
  const parent = await make(a, 'wire.open', { name: 'order' }, order.name)
  await a.sync()
  const child = await make(b, 'wire.follow', { order: parent, name: 'wrong' }, item.name)
  await b.sync()
  await make(c, 'wire.follow', { order: child, name: 'stray' }, item.name)
  await c.sync()
  isBroken = false
  const [first] = await itemsOf(a)
  await force(reviewer, first?.id ?? '')
  const left = [...(await itemsOf(b)), ...(await itemsOf(c))]
  expect(left.map(({ state }) => state)).toEqual(['open', 'open'])
  expect(left.filter(({ waits }) => waits === null).length).toBeGreaterThan(0)
})

test('[REV4] a parent that is still broken takes nothing with it; discarded, it leaves each child to people', async () => {
  const { a, reviewer, first } = await aFamily({ child: 'child' })
  isBroken = true
  await reviewer.run('review.resubmit', { item: first })
  await reviewer.sync()
  isBroken = false
  expect((await itemsOf(a)).map(({ state }) => state)).toEqual(['open', 'open', 'open'])
  expect(await hub.rows('SELECT id FROM kernel_review_item WHERE dev = $1', [devOf(reviewer)])).toEqual([])
  await reviewer.run('review.discard', { item: first, reason: 'It never did.' })
  await reviewer.sync()
  await a.sync()
  expect(await a.query('review.parkedList')).toMatchObject([{ command: 'wire.follow' }])
  const [times, ...others] = await a.query<{ averageMs: number; longestMs: number }>('review.settledTimes')
  expect([times, others]).toMatchObject([{ kind: 'parked', settled: 1 }, []])
  expect(times?.averageMs).toBe(times?.longestMs)
  expect((await a.outbox()).map(({ needsYou, waitsFor }) => [needsYou, waitsFor?.command])).toEqual([
    [false, 'wire.follow'],
    [true, undefined],
    [true, undefined],
  ])
  // The children say so themselves: an author's device needn't hold what they waited for.
  const letGo = (): Promise<unknown[]> =>
    hub.rows('SELECT command, is_let_go FROM kernel_review_item WHERE is_let_go ORDER BY command')
  expect((await letGo()).length).toBe(2)
  await reviewer.run('review.reopen', { kind: 'parked', item: first })
  await reviewer.sync()
  expect(await letGo()).toEqual([])
})

test('[REV4] [REV5] a child that was discarded and is opened again after its parent ran waits for nothing, on its author’s device too', async () => {
  const { a, reviewer, first } = await aFamily({ child: 'child' })
  const [, child] = await itemsOf(a)
  await reviewer.run('review.discard', { item: child?.id ?? '', reason: 'It never did.' })
  await reviewer.run('review.force', { item: first, reason: 'It did happen.' })
  await reviewer.run('review.reopen', { kind: 'parked', item: child?.id ?? '' })
  await reviewer.sync()
  await a.sync()
  const letGo = await hub.rows<{ id: string }>('SELECT id FROM kernel_review_item WHERE is_let_go')
  expect(letGo).toContainEqual({ id: child?.id })
  // As where the parent's item lies in a bucket that this device doesn't hold.
  a.replica.db.run('DELETE FROM kernel_review_item WHERE id = ?', [first])
  const [, shown] = await a.outbox().then((all) => all.toSorted((x, y) => x.seq - y.seq))
  expect([shown?.needsYou, shown?.waitsFor]).toEqual([true, null])
  await reviewer.run('review.resubmit', { item: child?.id ?? '' })
  await reviewer.sync()
  expect((await itemsOf(a)).map(({ state }) => state).slice(0, 2)).toEqual(['forced', 'resubmitted'])
})
