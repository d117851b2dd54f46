// The judge finds what is wrong: evidence of one honest morning, and the same with one thing in it that can't be true.
import { expect, test } from 'vitest'
import { judge, type Evidence } from './checker.ts'
import type { Told } from './journal.ts'

interface Morning {
  told: Told[]
  log: { dev: string; seq: number; at: number; outcome: string; line: object }[]
  items: { id: string; name: string; tags: string[]; stock: number }[]
  orders: { number: string; rank: number; state: string }[]
}

const seen = (name: string, tags: string[]) => ({ 'wire.item': { pump: { name, tags } } })
/** What was saved on K7Q2, in the hub's order; the second rename was made by somebody who had seen the first name. */
const commands = [
  { type: 'wire.addItem', args: { name: 'pump' }, nos: { I: [1] } },
  { type: 'wire.receive', args: { item: 'pump', quantity: 3 } },
  { type: 'wire.rename', args: { item: 'pump', name: 'big pump', tags: ['a'] }, base: seen('pump', []) },
  { type: 'wire.rename', args: { item: 'pump', name: 'pump', tags: ['b'] }, base: seen('pump', []) },
  { type: 'wire.openOrder', args: { place: 'company', rank: 5, lines: [] }, nos: { O: [1] } },
  { type: 'wire.openOrder', args: { place: 'company', rank: 2, lines: [] }, nos: { O: [2] } },
  { type: 'wire.payOldest', args: { place: 'company' } },
]

const aMorning = (): Morning => ({
  told: [
    ...commands.map(({ type, args }, index): Told => ({ told: 'saved', seq: index + 1, command: type, args })),
    { told: 'holds', items: [['pump', 'big pump', 3]] },
  ],
  log: commands.map((line, index) => ({ dev: 'K7Q2', seq: index + 1, at: 10 + index, outcome: 'accepted', line })),
  items: [{ id: 'pump', name: 'big pump', tags: ['b', 'a'], stock: 3 }],
  orders: [
    { number: 'O-1', rank: 5, state: 'open' },
    { number: 'O-2', rank: 2, state: 'paid' },
  ],
})

function judged(change: (morning: Morning) => void): Promise<string[]> {
  const morning = aMorning()
  change(morning)
  const log = morning.log.map((row) => ({ ...row, line: JSON.stringify(row.line) }))
  const sql = (text: string): Promise<readonly unknown[]> =>
    Promise.resolve(text.includes('command_log') ? log : text.includes('wire_item') ? morning.items : morning.orders)
  return judge({ journals: new Map([['K7Q2', morning.told]]), sql: sql as Evidence['sql'] })
}

test('an honest morning is not found fault with', async () => {
  expect(await judged(() => undefined)).toEqual([])
})

test.each<[what: string, change: (morning: Morning) => void, said: RegExp]>([
  ['a command is gone', ({ log }) => void log.pop(), /has never heard of it/],
  ['a number in the log is left out', ({ log }) => log.forEach((row) => (row.seq += 1)), /has 2 where 1 belongs/],
  ['a sequence was shown twice', ({ told }) => told.splice(1, 0, told[0] as Told), /1 was shown as saved twice/],
  [
    'an outcome was told otherwise',
    ({ told }) => void told.push({ told: 'outcome', seq: 2, outcome: 'parked' }),
    /2 was told parked, the log says accepted/,
  ],
  [
    'a device lacks an item',
    ({ items }) => void items.push({ id: 'nut', name: 'pump', tags: [], stock: 0 }),
    /item nut is undefined here/,
  ],
  ['a device holds an item of no hub', ({ items }) => void items.pop(), /item pump is on no hub/],
  [
    'a rename has another name on the hub',
    ({ log }) => {
      const row = log[2]
      if (row !== undefined) row.line = { ...commands[2], args: { item: 'pump', name: 'small pump', tags: ['a'] } }
    },
    /was saved as wire.rename/,
  ],
  [
    'an order has another rank on the hub',
    ({ log }) => {
      const row = log[4]
      if (row !== undefined) row.line = { ...commands[4], args: { place: 'company', rank: 6, lines: [] } }
    },
    /was saved as wire.openOrder/,
  ],
  ['an edit is lost', ({ items }) => items.forEach((item) => (item.name = 'pump')), /is called pump, its commands say/],
  ['a tag is lost', ({ items }) => items.forEach((item) => item.tags.shift()), /has the tags a, its commands say a, b/],
  ['a stock is off', ({ items }) => items.forEach((item) => (item.stock = 4)), /has 4, its commands say 3/],
  ['an order is lost', ({ orders }) => void orders.shift(), /open are orders of the ranks , the commands say 5/],
  [
    'the wrong order is paid',
    ({ orders }) => orders.forEach((order) => (order.state = order.rank === 5 ? 'paid' : 'open')),
    /paid are orders of the ranks 5, the commands say 2/,
  ],
  [
    'a number is twice',
    ({ orders }) => orders.forEach((order) => (order.number = 'O-1')),
    /two orders have one number/,
  ],
])('it is said that %s', async (_, change, said) => {
  expect((await judged(change)).join('\n')).toMatch(said)
})
