// Capturing on a real encrypted file: what was saved is whole, what was refused left nothing, and the chain can be
// verified by a few lines that share no code with the product.
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { command } from '../../kernel/command.ts'
import { reviewItem } from '../../kernel/kernel-tables.ts'
import type { AnyRow } from '../../kernel/table.ts'
import { reviewModule } from '../../modules/review/module.ts'
import { aLoneDevice, aPage, type LoneDevice } from '../../testing/lone-device.ts'
import { item, openOrder, order, addItem, sell, wireTables, tally, orderLine } from '../../testing/wire-catalogue.ts'
import { COMMAND_BYTES_MAX, type Envelope } from '../protocol.ts'
import { createSyncTables } from './schema.ts'
import { applyPull } from './settle.ts'

const breakHalfway = command('wire.breakHalfway', {
  kind: 'fact',
  version: 1,
  permission: 'wire.work',
  args: {},
  run(ctx) {
    ctx.nextNumber('I', '2026-11-21')
    for (const name of ['once', 'twice']) ctx.insert(item, { id: ctx.id('item'), name })
  },
})
const catalogue = catalogueOf([
  { name: 'wire', tables: wireTables, commands: [addItem, sell, openOrder, breakHalfway] },
  reviewModule([]),
])
let device: LoneDevice
beforeEach(async () => (device = await aLoneDevice(catalogue, { buckets: ['company', 'catalogue', 'device:K7Q2'] })))
afterEach(() => device.end())

const counts = (): Record<string, number> => {
  const n = (table: string): number =>
    device.replica.db.get<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`)?.n ?? -1
  return {
    outbox: n('outbox'),
    items: n('wire_item'),
    touches: n('touched'),
    shadows: n('shadow'),
    counters: n('number_counter'),
    seq: device.replica.seq,
  }
}
const nothing = { outbox: 0, items: 0, touches: 0, shadows: 0, counters: 0, seq: 0 }
const linesStored = (): { seq: number; line: string; pd: string | null; seal: string }[] =>
  device.replica.db.all('SELECT seq, line, pd, seal FROM outbox ORDER BY seq')

test('[CMD3] a saved command is whole: row, effects, number, touches and seal came with one commit', () => {
  let commits = 0
  device.replica.db.onCommit(() => (commits += 1))
  expect(device.run('wire.addItem', { name: 'pump' })).toMatchObject({
    saved: true,
    seq: 1,
    about: { number: 'I-K7Q2A-26-000001' },
  })
  expect(commits).toBe(1)
  expect(counts()).toEqual({ outbox: 1, items: 1, touches: 1, shadows: 0, counters: 1, seq: 1 })
})

test.each([
  ['an argument that does not fit', 'wire.addItem', { name: '' }, 'kernel.bad-arguments'],
  [
    'a shape fault after a number was drawn',
    'wire.openOrder',
    { place: 'company', rank: 1, total: 1, lines: [] },
    'wire.total-differs',
  ],
  ['a command that nobody knows', 'wire.fly', {}, 'kernel.unknown-command'],
  [
    'a line too long to ever leave',
    'wire.openOrder',
    { place: 'company', rank: 1, total: 0, lines: [], extra: { x: 'x'.repeat(COMMAND_BYTES_MAX) } },
    'sync.command-too-large',
  ],
])('[CMD3] refused for %s, it left nothing behind, not even a number', (_, command, args, code) => {
  expect(device.run(command, args)).toMatchObject({ saved: false, refusal: { code } })
  expect(counts()).toEqual(nothing)
  expect(device.run('wire.addItem', { name: 'pump' })).toMatchObject({
    saved: true,
    seq: 1,
    about: { number: 'I-K7Q2A-26-000001' },
  })
})

test('[CMD3] what a save that failed at its last write touched is forgotten in memory too', () => {
  const { db, touches } = device.replica
  const pump = { id: 'pump', goneAt: null, name: 'pump', phone: null, tags: [], stock: 9_000_000, reserved: 0 }
  applyPull(device.replica, [aPage({ w: 1, rows: [[item, pump]] })], 0)
  const sold = { item: 'pump', day: 'monday', quantity: 1_000_000 }
  const known = (): unknown => [touches.of(item, 'pump'), touches.shadow(item, 'pump'), touches.shadows()]
  const before = known()
  db.exec("CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'no room'); END")
  expect(() => device.run('wire.sell', sold)).toThrow('no room')
  expect(known()).toEqual(before)
  db.exec('DROP TRIGGER full')
  device.do('wire.sell', sold)
  expect(touches.of(item, 'pump')).toMatchObject([{ seq: 1, mode: 'delta' }])
  expect(touches.shadow(item, 'pump')?.image).toEqual(pump)
  expect(touches.shadows().map(({ tbl, image }) => [tbl, image === null])).toEqual([
    ['wire.item', false],
    ['wire.tally', true],
  ])
})

test('[CMD3] a handler that breaks half-way leaves nothing either', () => {
  expect(() => device.run('wire.breakHalfway', {})).toThrow('inserted twice')
  expect(counts()).toEqual(nothing)
})

test('[SEAL1] the chain verifies from the certificate on, over the stored bytes alone', () => {
  for (const name of ['pump', 'valve', 'hose']) device.do('wire.addItem', { name, phone: `0113 ${name}` })
  let prev = createHash('sha256').update('a certificate').digest('hex')
  for (const { line, seal } of linesStored()) {
    prev = createHash('sha256').update(`${prev}\n${line}`).digest('hex')
    expect(seal).toBe(prev)
  }
})

test('[PD1] a personal value is nowhere in the sealed line, and its salt is its own', () => {
  for (const name of ['pump', 'valve']) device.do('wire.addItem', { name, phone: '0113 496' })
  const stored = linesStored()
  expect(stored.filter(({ line }) => line.includes('0113 496'))).toEqual([])
  const values = stored.map(
    ({ pd }) => (JSON.parse(pd ?? '{}') as Record<string, { value: string; salt: string }>)['args/phone'],
  )
  expect(values.map((held) => held?.value)).toEqual(['0113 496', '0113 496'])
  expect(new Set(values.map((held) => held?.salt)).size).toBe(2)
  expect(new Set(stored.map(({ line }) => JSON.stringify((JSON.parse(line) as Envelope).args))).size).toBe(2)
})

test('[CMD5] the same request key gives the first answer again and captures once', () => {
  const asked = { name: 'pump', phone: '0113 496' }
  const first = device.run('wire.addItem', asked, { requestKey: 'tab-1/7' })
  expect(device.run('wire.addItem', { phone: '0113 496', name: 'pump' }, { requestKey: 'tab-1/7' })).toEqual(first)
  expect(counts()).toMatchObject({ outbox: 1, items: 1, seq: 1 })
})

test.each([
  ['other arguments', 'wire.addItem', { name: 'pumps' }],
  ['an argument more', 'wire.addItem', { name: 'pump', phone: '0113 496' }],
  ['arguments that fit nothing', 'wire.addItem', { name: 0.5, more: [undefined, Number.NaN] }],
  ['another command', 'wire.breakHalfway', { name: 'pump' }],
])(
  '[CMD5] a request key that comes again with %s is refused, and what was saved under it stands',
  (_, command, args) => {
    const first = device.run('wire.addItem', { name: 'pump' }, { requestKey: 'tab-1/7' })
    const before = counts()
    expect(device.run(command, args, { requestKey: 'tab-1/7' })).toEqual({
      saved: false,
      refusal: { code: 'sync.request-key-used', facts: { number: 'I-K7Q2A-26-000001' }, check: 'rule' },
    })
    expect(counts()).toEqual(before)
    expect(device.run('wire.addItem', { name: 'pump' }, { requestKey: 'tab-1/7' })).toEqual(first)
    // Under a key of its own it is work like any other.
    expect(device.run('wire.addItem', { name: 'pumps' }, { requestKey: 'tab-1/8' })).toMatchObject({
      saved: true,
      seq: 2,
    })
  },
)

test('[CMD5] a refused request leaves its key free for the corrected one', () => {
  expect(device.run('wire.addItem', { name: '' }, { requestKey: 'tab-1/7' })).toMatchObject({ saved: false })
  expect(device.run('wire.addItem', { name: 'pump' }, { requestKey: 'tab-1/7' })).toMatchObject({ saved: true })
})

test('[CMD5] a database of an older release keeps its answers and learns to compare', () => {
  const { db } = device.replica
  const first = device.run('wire.addItem', { name: 'pump' }, { requestKey: 'old' })
  db.exec('ALTER TABLE request_answer DROP COLUMN asked')
  createSyncTables(db)
  createSyncTables(db)
  expect(device.run('wire.addItem', { name: 'pump' }, { requestKey: 'old' })).toEqual(first)
  device.run('wire.addItem', { name: 'valve' }, { requestKey: 'new' })
  expect(device.run('wire.addItem', { name: 'hose' }, { requestKey: 'new' })).toMatchObject({ saved: false })
})

test('a lease that is over captures nothing, and an override counts only where the lease carries it', async () => {
  const guest = await aLoneDevice(catalogue, { permissions: ['wire.work'] })
  try {
    const id = guest.do('wire.addItem', { name: 'pump' }, item)[0] ?? ''
    const sale = { item: id, day: 'monday', quantity: 1_000_000 }
    expect(guest.run('wire.sell', sale, { overrides: ['wire.no-stock'] })).toMatchObject({
      saved: false,
      refusal: { code: 'wire.no-stock' },
    })
    expect(
      device.run(
        'wire.sell',
        { ...sale, item: device.do('wire.addItem', { name: 'pump' }, item)[0] },
        { overrides: ['wire.no-stock'] },
      ),
    ).toMatchObject({ saved: true, warnings: [{ code: 'OVERSOLD' }] })
  } finally {
    guest.end()
  }
  const over = await aLoneDevice(catalogue, { to: 1 })
  expect(over.run('wire.addItem', { name: 'pump' })).toMatchObject({
    saved: false,
    refusal: { code: 'sync.lease-expired' },
  })
  over.end()
})

test('[CMD4] a request about a parked command names the original that it replaces', () => {
  const parked: AnyRow = {
    id: 'review-1',
    goneAt: null,
    dev: 'AAAA',
    ep: 2,
    seq: 9,
    command: 'wire.sell',
    version: 1,
    seal: 'x',
    args: {},
    reason: 'hub.bug',
    facts: {},
    user: 'bob',
    branch: 'leeds',
    about: {},
    capturedAt: 1,
    parkedAt: 1,
    state: 'open',
    settledBy: null,
    remark: null,
  }
  applyPull(device.replica, [aPage({ w: 1, rows: [[reviewItem, parked]], bucket: 'device:K7Q2' })], 0)
  device.do('review.resubmit', { item: 'review-1' })
  device.do('wire.addItem', { name: 'pump' })
  expect(linesStored().map(({ line }) => (JSON.parse(line) as Envelope).sup)).toEqual([
    { dev: 'AAAA', ep: 2, seq: 9 },
    undefined,
  ])
})

test('an order and its lines have ids of their own, made of the command and not of chance', () => {
  const lines = [1, 2].map((quantity) => ({ item: 'x', quantity: quantity * 1_000_000, price: 100 }))
  const answer = device.run('wire.openOrder', { place: 'company', rank: 1, total: 300, lines })
  if (!answer.saved) throw new Error('refused')
  expect(answer.inserted[order.name]).toHaveLength(1)
  expect(new Set(answer.inserted[orderLine.name]).size).toBe(2)
  expect(answer.inserted[tally.name]).toBeUndefined()
})
