// A dry run tells what would happen and does nothing: held against what the same command then really does.
import { afterEach, expect, test } from 'vitest'
import { amountMinor, quantity6 } from '../../kernel/amount.ts'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { command, ELSEWHERE } from '../../kernel/command.ts'
import { completeRow } from '../../kernel/effects.ts'
import { amount, name, quantityDelta, ref, text } from '../../kernel/field.ts'
import { momentOfId } from '../../kernel/hash.ts'
import { reviewItem } from '../../kernel/kernel-tables.ts'
import type { Lease } from '../../kernel/lease.ts'
import { table } from '../../kernel/table.ts'
import { reviewModule } from '../../modules/review/module.ts'
import { aLoneDevice, aPage, NOON, type LoneDevice } from '../../testing/lone-device.ts'
import { foresee } from './foresight.ts'
import { applyPull } from './settle.ts'

const shelf = table('test.shelf', {
  key: ['code'],
  fields: { code: name(), held: quantityDelta() },
  buckets: () => ['company'],
  whole: ['company'],
})
const crate = table('test.crate', {
  fields: { number: name(), label: name(), worth: amount().optional(), place: text().optional().merge('first') },
  buckets: () => ['company'],
  whole: ['company'],
})
const fact = { kind: 'fact', version: 1, permission: 'test.work' } as const
const open = command('test.open', {
  ...fact,
  args: { label: name(), worth: amount().optional() },
  run(ctx, a) {
    ctx.insert(crate, { id: ctx.id('crate'), number: ctx.nextNumber('C', '2026-11-21'), ...a })
    ctx.add(shelf, { code: 'main' }, { held: quantity6(1) })
    ctx.rule('test.worth-missing', a.worth != null, { exception: 'WORTH_MISSING' })
  },
})
const relabel = command('test.relabel', {
  ...fact,
  kind: 'edit',
  args: { crate: ref(crate), label: name(), place: text().optional() },
  run(ctx, a) {
    const found = ctx.get(crate, a.crate)
    if (found === null) ctx.refuse('test.unknown-crate', { crate: a.crate })
    ctx.patch(crate, a.crate, { label: a.label, ...(a.place != null && { place: a.place }) })
  },
})
const scrap = command('test.scrap', {
  ...fact,
  kind: 'request',
  permission: 'test.scrap',
  args: { crate: ref(crate) },
  run(ctx, a) {
    const found = ctx.get(crate, a.crate)
    if (found === null || found === ELSEWHERE) return ctx.refuse('test.unknown-crate', { crate: a.crate })
    ctx.rule('test.too-dear', (found.worth ?? 0) < 100, { label: found.label })
    ctx.remove(crate, a.crate)
  },
})
const lose = command('test.lose', {
  ...fact,
  permission: 'test.lose',
  args: { crate: ref(crate) },
  run: (ctx, a) => ctx.remove(crate, a.crate),
})
const modules = [{ name: 'test', tables: [shelf, crate], commands: [open, relabel, scrap, lose] }]
const catalogue = catalogueOf([...modules, reviewModule(modules)])

let device: LoneDevice
let w = 0
afterEach(() => device.end())
const aDevice = async (lease: Partial<Lease> = {}): Promise<void> => {
  device = await aLoneDevice(catalogue, lease)
  device.replica.db.run("INSERT INTO bucket (name, is_complete) VALUES ('company', 1)")
  device.replica.bucketsChanged()
}
const ask = (name: string, args: object) =>
  foresee(device.replica, { at: NOON, tz: 'Europe/London', off: null }, name, args as Readonly<Record<string, unknown>>)

/** Everything in the database, so that a dry run that leaves a trace shows. */
function everything(): string {
  const { db } = device.replica
  const tables = db.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
  return JSON.stringify(tables.map(({ name }) => [name, db.all(`SELECT * FROM ${name}`)]))
}
const crates = (): string[] =>
  device.replica.db
    .all<{ label: string }>('SELECT label FROM test_crate WHERE gone_at IS NULL ORDER BY label')
    .map(({ label }) => label)

/** A parked command comes down as the hub would send it. */
function park(items: readonly Readonly<Record<string, unknown>>[]): void {
  const rows = items.map((given) => {
    const row = completeRow(reviewItem, String(given['id']), {
      dev: 'BBBB',
      ep: 1,
      seq: 1,
      version: 1,
      seal: '',
      reason: 'kernel.not-permitted',
      facts: {},
      user: 'bob',
      branch: 'leeds',
      about: {},
      capturedAt: NOON - 60_000,
      parkedAt: NOON,
      state: 'open',
      ...given,
    })
    return [reviewItem, row] as const
  })
  applyPull(device.replica, [aPage({ w: (w += 1), rows })], NOON)
}

test('[REV6] a fact: its rows, sums and names are told as the hub will have them, and nothing is left of it', async () => {
  await aDevice()
  device.do('test.open', { label: 'first', worth: amountMinor(5) })
  const before = everything()
  const [told, ...more] = ask('test.open', { label: 'second' })
  expect(more).toEqual([])
  expect(everything()).toBe(before)
  expect(told?.refusal).toBeNull()
  expect(told?.exceptions.map(({ code }) => code)).toEqual(['WORTH_MISSING'])
  expect(told?.rows.map((row) => [row.table, row.change])).toEqual([
    ['test.crate', 'made'],
    ['test.shelf', 'changed'],
  ])
  expect(told?.rows[1]?.fields).toEqual([{ field: 'held', type: 'quantity', before: 1, after: 2, isSum: true }])
  expect(told?.rows[0]?.row).toMatchObject({ label: 'second', number: 'C-K7Q2A-26-000002' })
  // What is then really saved has the number that was foretold.
  device.do('test.open', { label: 'second', worth: amountMinor(1) })
  expect(device.replica.db.get('SELECT number FROM test_crate WHERE label = ?', ['second'])).toEqual({
    number: 'C-K7Q2A-26-000002',
  })
})

test('[REV6] a request is judged as by the hub: refused with its reason, or with what it removes', async () => {
  await aDevice()
  const [dear, cheap] = [500, 5].map((worth) => device.do('test.open', { label: `worth ${worth}`, worth }, crate)[0])
  expect(ask('test.scrap', { crate: dear })).toMatchObject([
    { refusal: { code: 'test.too-dear', facts: { label: 'worth 500' } }, rows: [], exceptions: [] },
  ])
  expect(ask('test.scrap', { crate: cheap })).toMatchObject([
    { refusal: null, rows: [{ id: cheap, change: 'removed' }] },
  ])
  expect(crates()).toEqual(['worth 5', 'worth 500'])
})

test('[REV6] parked work: the original in its own numbers, and behind it what waits for it, each on top of the other', async () => {
  await aDevice()
  const at = NOON - 60_000
  const [made] = ask('test.open', { label: 'parked' })
  park([{ id: 'p1', seq: 7, command: 'test.open', args: { label: 'parked' }, nos: { 'C-26': [41] }, capturedAt: at }])
  const [alone] = ask('review.resubmit', { item: 'p1' })
  const id = alone?.rows[0]?.id ?? ''
  expect([momentOfId(id), id === made?.rows[0]?.id]).toEqual([at, false])
  park([
    {
      id: 'p2',
      seq: 8,
      command: 'test.relabel',
      args: { crate: id, label: 'new name' },
      waitsFor: 'p1',
      capturedAt: at + 1,
    },
    {
      id: 'p3',
      seq: 9,
      command: 'test.relabel',
      args: { crate: 'none', label: 'lost' },
      waitsFor: 'p2',
      capturedAt: at + 2,
    },
  ])
  const before = everything()
  const told = ask('review.resubmit', { item: 'p1', args: { label: 'mended', worth: amountMinor(7) } })
  expect(told).toMatchObject([
    { command: 'test.open', refusal: null, exceptions: [] },
    { command: 'test.relabel', rows: [{ id, fields: [{ field: 'label', before: 'mended', after: 'new name' }] }] },
    { command: 'test.relabel', refusal: { code: 'test.unknown-crate' }, rows: [] },
  ])
  expect(told[0]?.rows[0]?.row).toMatchObject({ label: 'mended', worth: 7 })
  expect(everything()).toBe(before)
})

test('[REV6] [REV8] whose right it is counts: sent again under the asking person’s, forced what happened to another, and nobody decides twice', async () => {
  await aDevice({ permissions: ['test.work', 'review.settle', 'review.force'] })
  const [id] = device.do('test.open', { label: 'cheap', worth: 5 }, crate)
  park([
    { id: 'p1', command: 'test.lose', args: { crate: id } },
    { id: 'p2', seq: 2, command: 'test.lose', args: { crate: id }, state: 'discarded' },
    { id: 'own', seq: 3, command: 'test.lose', args: { crate: id }, user: device.replica.lease()?.lease.user },
    { id: 'asked', seq: 4, command: 'test.scrap', args: { crate: id } },
  ])
  for (const item of ['own', 'asked'])
    expect(ask('review.force', { item, reason: 'x' })).toMatchObject([{ refusal: { code: 'kernel.not-permitted' } }])
  expect(ask('review.resubmit', { item: 'p1' })).toMatchObject([{ refusal: { code: 'kernel.not-permitted' } }])
  expect(ask('review.force', { item: 'p1', reason: 'x' })).toMatchObject([
    { refusal: null, rows: [{ change: 'removed' }] },
  ])
  expect(ask('review.force', { item: 'p2', reason: 'x' })).toMatchObject([
    { refusal: { code: 'review.already-settled' } },
  ])
  expect(ask('review.resubmit', { item: 'none' })).toMatchObject([{ refusal: { code: 'review.unknown-item' } }])
  expect(ask('test.nothing', {})).toMatchObject([{ refusal: { code: 'kernel.unknown-command' } }])
})

test('[REV6] an edit that was parked merges against what its author saw', async () => {
  await aDevice()
  const [id = ''] = device.do('test.open', { label: 'one', worth: 5 }, crate)
  device.do('test.relabel', { crate: id, label: 'two' })
  const base = { 'test.crate': { [id]: { label: 'one' } } }
  park([{ id: 'p1', command: 'test.relabel', args: { crate: id, label: 'three' }, base }])
  expect(ask('review.resubmit', { item: 'p1' })[0]?.rows[0]?.fields).toEqual([
    { field: 'label', type: 'text', before: 'two', after: 'three', isSum: false },
  ])
  park([{ id: 'p2', seq: 2, command: 'test.relabel', args: { crate: id, label: 'one' }, base }])
  // Whoever leaves a field as they saw it has no opinion about it.
  expect(ask('review.resubmit', { item: 'p2' })[0]?.rows).toEqual([])
})

test('[REV6] an edit that was parked, field by field: seen, wanted, as it stands and as it would be, to whoever looks', async () => {
  await aDevice({ permissions: ['test.work'] })
  const [id = ''] = device.do('test.open', { label: 'one', worth: 5 }, crate)
  device.do('test.relabel', { crate: id, label: 'two', place: 'shelf 4' })
  const base = { 'test.crate': { [id]: { label: 'one', place: null } } }
  park([{ id: 'p1', command: 'test.relabel', args: { crate: id, label: 'three', place: 'shelf 9' }, base }])
  const before = everything()
  const label = { table: 'test.crate', id, field: 'label', type: 'text', seen: 'one', wanted: 'three', now: 'two' }
  const place = { ...label, field: 'place', seen: null, wanted: 'shelf 9', now: 'shelf 4' }
  const [forbidden] = ask('review.resubmit', { item: 'p1' })
  expect(forbidden?.refusal?.code).toBe('kernel.not-permitted')
  expect(forbidden?.edits).toMatchObject([
    { ...label, after: 'two', row: { label: 'two' } },
    { ...place, after: 'shelf 4' },
  ])
  expect(everything()).toBe(before)
})

test('[REV6] what an edit comes to follows the field’s rule and what the reviewer changed; what its author left alone isn’t told', async () => {
  await aDevice()
  const [id = ''] = device.do('test.open', { label: 'one', worth: 5 }, crate)
  device.do('test.relabel', { crate: id, label: 'two', place: 'shelf 4' })
  const base = { 'test.crate': { [id]: { label: 'one', place: null } } }
  const args = { crate: id, label: 'three', place: 'shelf 9' }
  park([
    { id: 'p1', command: 'test.relabel', args, base },
    { id: 'p2', seq: 2, command: 'test.relabel', args: { crate: id, label: 'one' }, base },
    { id: 'p3', seq: 3, command: 'test.open', args: { label: 'new' } },
  ])
  const edits = (item: string, changed?: object) =>
    ask('review.resubmit', { item, ...(changed !== undefined && { args: changed }) })[0]?.edits
  expect(edits('p1')).toMatchObject([
    { field: 'label', wanted: 'three', after: 'three' },
    { field: 'place', wanted: 'shelf 9', after: 'shelf 4' },
  ])
  expect(edits('p1', { ...args, label: 'four' })).toMatchObject([{ wanted: 'three', after: 'four' }, {}])
  expect([edits('p2'), edits('p3')]).toEqual([[], []])
})

test('[REV6] of an edit of a row that isn’t here what was seen and asked is known, and nothing is made up', async () => {
  await aDevice()
  const base = { 'test.crate': { gone: { label: 'one' } } }
  park([{ id: 'p1', command: 'test.relabel', args: { crate: 'gone', label: 'three' }, base }])
  const [told] = ask('review.resubmit', { item: 'p1' })
  expect(told?.refusal?.code).toBe('test.unknown-crate')
  expect(told?.edits).toMatchObject([
    { field: 'label', seen: 'one', wanted: 'three', now: null, after: null, row: null },
  ])
})
