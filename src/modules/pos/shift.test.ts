// Opening, moving money, counting and closing; and what happens when documents and the close arrive out of order.
import { expect, test } from 'vitest'
import { amountMinor, rate6 } from '../../kernel/amount.ts'
import { catalogueOf } from '../../kernel/catalogue.ts'
import type { ArgsFor } from '../../kernel/command.ts'
import { cashBalance, glEntry } from '../../kernel/ledger.ts'
import { TestWorld, type TestDevice } from '../../testing/two-sides.ts'
import { mastersModule } from '../masters/module.ts'
import { pricingModule } from '../pricing/module.ts'
import { cashIn } from './cash-in.ts'
import { cashMovement } from './cash-movement.ts'
import { cashOut } from './cash-out.ts'
import { closeShift } from './close-shift.ts'
import { completeSale } from './complete-sale.ts'
import { dropHeldSale } from './drop-held-sale.ts'
import { heldSale } from './held-sale.ts'
import { holdSale } from './hold-sale.ts'
import { posModule } from './module.ts'
import { openDrawer } from './open-drawer.ts'
import { openShift } from './open-shift.ts'
import { reprintReceipt } from './reprint-receipt.ts'
import { safeDrop } from './safe-drop.ts'
import { sale } from './sale.ts'
import { shift, shiftCount } from './shift.ts'
import { aLine, aSale, card, cash, openShop, pounds, shopIds } from './till-builders.ts'

const catalogue = catalogueOf([mastersModule, pricingModule, posModule])
const ids = shopIds('t1')
const { company, branch } = ids
const day = '2026-11-20'
const opening = { till: ids.till1, businessDate: day, currency: 'GBP', float: pounds(150) }
const counted = [
  { valueMinor: 2000, count: 5 },
  { valueMinor: 1000, count: 5 },
]

function aTill() {
  const world = new TestWorld(catalogue)
  const office = world.device({ dev: 'OFFI', company, branch })
  openShop((command, args) => office.do(command, args), 't1')
  world.settle()
  const device = world.device({ dev: 'AAAA', company, branch, policy: { stockPolicy: 'allow' } })
  return { world, device, opened: device.do(openShift, { ...opening, denominations: counted }, shift) }
}
type Close = ArgsFor<typeof closeShift>

const listOf = (device: TestDevice, of: string): Close['documents'] => [
  ...device
    .rows(sale)
    .filter((row) => row.shift === of)
    .map((row) => ({ kind: 'sale' as const, id: row.id, amountMinor: row.total })),
  ...device
    .rows(cashMovement)
    .filter((row) => row.shift === of)
    .map((row) => ({ kind: 'movement' as const, id: row.id, amountMinor: row.amount })),
]
const cashCount = (expected: number, found: number = expected, more: object = {}) => ({
  method: 'cash',
  kind: 'cash' as const,
  currency: 'GBP',
  expected: pounds(expected),
  counted: pounds(found),
  ...more,
})
const aClose = (device: TestDevice, of: string, counts: Close['counts'], more: Partial<Close> = {}): Close => ({
  shift: of,
  businessDate: day,
  minorDigits: 2,
  counts,
  documents: listOf(device, of),
  ...more,
})
const ledgerOf = (world: TestWorld) => {
  const sums: Record<string, number> = {}
  for (const row of world.rows(glEntry)) sums[row.account] = (sums[row.account] ?? 0) + row.amount
  return sums
}

test('money in and out has a reason and an account; openings and copies move none', () => {
  const { world, device, opened } = aTill()
  const at = { shift: opened, businessDate: day }
  const id = device.do(completeSale, aSale({ shift: opened, lines: [aLine(ids.sealant, 1, 4.8)] }), sale)
  device.do(cashIn, { ...at, amount: pounds(20), reason: 'change' })
  device.do(cashOut, { ...at, amount: pounds(3.5), reason: 'petty-cash' })
  device.do(safeDrop, { ...at, amount: pounds(100) })
  device.do(openDrawer, { ...at, reason: 'a customer wanted change' })
  device.do(reprintReceipt, { ...at, sale: id, reason: 'lost' })
  expect(device.run(safeDrop, { ...at, amount: pounds(100) }).refusal).toEqual({
    code: 'pos.not-enough-cash',
    check: 'rule',
    facts: { method: 'cash', currency: 'GBP', amountMinor: 10_000 },
  })
  expect(device.run(cashIn, { ...at, amount: pounds(-1), reason: 'change' }).refusal?.code).toBe(
    'pos.amount-not-positive',
  )
  expect(device.run(openDrawer, { ...at, reason: ' ' }).refusal?.code).toBe('pos.reason-needed')
  expect(device.run(reprintReceipt, { ...at, sale: 'none', reason: 'lost' }).refusal?.code).toBe('pos.unknown-sale')
  // 150.00 + 4.80 + 20.00 − 3.50 − 100.00
  device.do(closeShift, aClose(device, opened, [cashCount(71.3)]))
  expect(world.settle().every(({ outcome }) => outcome === 'accepted')).toBe(true)
  expect(ledgerOf(world)).toEqual({
    'till-cash': 7130,
    safe: -15_000 - 2000 + 10_000,
    'petty-cash': 350,
    sales: -400,
    'tax-standard': -80,
  })
  expect(world.rows(cashMovement).map((row) => row.kind)).toEqual(['in', 'out', 'drop', 'no-sale', 'reprint'])
  expect(world.exceptions).toEqual([])
})

test('a difference over the limit needs a supervisor and is named on the hub', () => {
  const { world, device, opened } = aTill()
  const short = aClose(device, opened, [cashCount(150, 144.99)])
  expect(device.run(closeShift, short).refusal).toMatchObject({
    code: 'pos.difference-over-limit',
    facts: { differenceMinor: -501, limitMinor: 500 },
  })
  device.do(closeShift, short, undefined, { overrides: ['pos.difference-over-limit'] })
  world.settle()
  expect(world.exceptions.map((each) => each.code)).toEqual(['CASH_DIFFERENCE'])
  expect(world.rows(cashBalance)[0]?.amount).toBe(14_499)
  expect(ledgerOf(world)).toEqual({ 'till-cash': 14_499, safe: -15_000, 'cash-difference': 501 })
  expect(world.rows(shiftCount)).toMatchObject([{ expected: 15_000, counted: 14_499, difference: -501 }])
  expect(world.rows(shift)[0]?.number).toMatch(/^Z-AAAAA-26-000001$/)
})

test('what stays in the drawer is the next float; what is handed over is in the safe', () => {
  const { world, device, opened } = aTill()
  device.do(closeShift, aClose(device, opened, [cashCount(150, 150, { handedOver: pounds(50) })]))
  const next = device.do(
    openShift,
    { ...opening, businessDate: '2026-11-21', float: pounds(100), previousShift: opened },
    shift,
  )
  world.settle()
  expect(world.rows(cashBalance).map((row) => [row.shift === next, row.amount])).toEqual([
    [false, 0],
    [true, 10_000],
  ])
  expect(ledgerOf(world)).toEqual({ 'till-cash': 10_000, safe: -10_000 })
  expect(world.rows(cashMovement)).toMatchObject([{ kind: 'handover', amount: -5000 }])
})

test('foreign cash is counted in its own currency and its difference valued at the rate given', () => {
  const { world, device, opened } = aTill()
  const euros = {
    foreignCurrency: 'EUR',
    foreignAmount: amountMinor(2000),
    foreignDigits: 2,
    exchangeRate: rate6(850_000),
  }
  device.do(
    completeSale,
    aSale({ shift: opened, lines: [aLine(ids.sealant, 3, 4.8)], tenders: [{ ...cash(14.4, 17), ...euros }] }),
  )
  const inEuros = { ...cashCount(20, 19), currency: 'EUR' }
  expect(device.run(closeShift, aClose(device, opened, [cashCount(147.4), inEuros])).refusal?.code).toBe(
    'pos.rate-needed',
  )
  expect(device.run(closeShift, aClose(device, opened, [cashCount(147.4)])).refusal?.code).toBe('pos.not-counted')
  device.do(
    closeShift,
    aClose(device, opened, [cashCount(147.4), { ...inEuros, exchangeRate: rate6(850_000), foreignDigits: 2 }]),
  )
  world.settle()
  expect(ledgerOf(world)['cash-difference']).toBe(85)
  expect(world.rows(cashBalance).map((row) => [row.currency, row.amount])).toEqual([
    ['GBP', 14_740],
    ['EUR', 1900],
  ])
})

test('a close lists everything its device knows, and leaves no basket behind', () => {
  const { world, device, opened } = aTill()
  device.do(completeSale, aSale({ shift: opened, lines: [aLine(ids.sealant, 1, 4.8)] }))
  const basket = { shift: opened, businessDate: day, name: 'blue coat', basket: {} }
  const [first, second] = [
    device.do(holdSale, basket, heldSale),
    device.do(holdSale, { ...basket, name: 'ladder' }, heldSale),
  ]
  const whole = aClose(device, opened, [cashCount(154.8)])
  expect(device.run(closeShift, { ...whole, documents: [] }).refusal?.code).toBe('pos.close-list-incomplete')
  expect(device.run(closeShift, { ...whole, counts: [cashCount(150)] }).refusal?.code).toBe('pos.held-sales-open')
  device.do(dropHeldSale, { heldSale: first, reason: 'never came back' })
  expect(device.run(closeShift, { ...whole, carriedOver: [second], counts: [cashCount(150)] }).refusal).toMatchObject({
    code: 'pos.expected-differs',
  })
  expect(device.run(closeShift, { ...whole, counts: [cashCount(154.8), cashCount(154.8)] }).refusal?.code).toBe(
    'pos.counted-twice',
  )
  expect(
    device.run(closeShift, { ...whole, counts: [cashCount(154.8, 154.8, { denominations: counted })] }).refusal?.code,
  ).toBe('pos.denominations-differ')
  expect(device.run(closeShift, { ...whole, shift: 'none' }).refusal?.code).toBe('pos.unknown-shift')
  device.do(closeShift, { ...whole, carriedOver: [second] })
  expect(device.run(closeShift, whole).refusal?.code).toBe('pos.shift-not-open')
  expect(device.run(completeSale, aSale({ shift: opened, lines: [aLine(ids.sealant, 1, 4.8)] })).refusal?.code).toBe(
    'pos.shift-not-open',
  )
  world.settle()
  expect(world.rows(shift)).toMatchObject([{ state: 'submitted', isSettled: true, carriedOver: [second] }])
  expect(world.exceptions).toEqual([])
})

test('the last of the parked documents that a close listed settles it; the drawer ends at what was counted', () => {
  const { world, device, opened } = aTill()
  device.do(completeSale, aSale({ shift: opened, lines: [aLine(ids.drill, 1, 60)], tenders: [card(20), cash(40)] }))
  device.do(completeSale, aSale({ shift: opened, lines: [aLine(ids.sealant, 1, 4.8)] }))
  device.do(closeShift, aClose(device, opened, [cashCount(194.8, 193.8)]))
  // Both sales are held up, as parked commands are; the close overtakes them.
  const parked = device.outbox.splice(1, 2)
  expect(world.settle().map(({ outcome }) => outcome)).toEqual(['accepted', 'adjusted'])
  expect(world.rows(shift)[0]).toMatchObject({ state: 'submitted', isSettled: false })
  const settled = parked.map((late) => {
    device.outbox.push(late)
    world.settle()
    return world.rows(shift)[0]?.isSettled
  })
  expect(settled).toEqual([false, true])
  expect(world.rows(cashBalance).find((row) => row.method === 'cash')?.amount).toBe(19_380)
  expect(ledgerOf(world)['till-cash']).toBe(19_380)
  expect(world.exceptions).toEqual([])
})

test('a second device on a till is told; its sale after the close stands and is named, in no new session', () => {
  const { world, device, opened } = aTill()
  const other = world.device({ dev: 'BBBB', company, branch, policy: { stockPolicy: 'allow' } })
  world.settle()
  expect(other.run(openShift, opening).refusal).toMatchObject({
    code: 'pos.till-open-elsewhere',
    facts: { device: 'AAAA' },
  })
  expect(device.run(openShift, opening).refusal?.code).toBe('pos.shift-already-open')
  expect(other.run(completeSale, aSale({ shift: opened, lines: [aLine(ids.sealant, 1, 4.8)] })).refusal?.code).toBe(
    'pos.shift-of-other-device',
  )
  other.do(completeSale, aSale({ shift: opened, lines: [aLine(ids.sealant, 1, 4.8)] }), sale, {
    overrides: ['pos.shift-of-other-device'],
  })
  device.do(closeShift, aClose(device, opened, [cashCount(150)]))
  world.settle([device, other])
  expect(world.exceptions.map((each) => each.code)).toEqual(['CLOSE_INCOMPLETE', 'TILL_TWICE'])
  expect(world.rows(shift)).toHaveLength(1)
  expect(world.rows(sale)).toHaveLength(1)
})

test('two devices open one till unseen: both shifts stand and it is named', () => {
  const { world, device } = aTill()
  const other = world.device({ dev: 'BBBB', company, branch })
  other.do(openShift, opening, shift)
  world.settle([device, other])
  expect(world.rows(shift)).toHaveLength(2)
  expect(world.exceptions.map((each) => each.code)).toEqual(['TILL_TWICE'])
})

test('a float that isn’t what the coins come to is refused', () => {
  const { device } = aTill()
  expect(
    device.run(openShift, { ...opening, till: ids.till2, float: pounds(149), denominations: counted }).refusal?.code,
  ).toBe('pos.denominations-differ')
  expect(device.run(openShift, { ...opening, till: ids.till2, float: pounds(-1) }).refusal?.code).toBe(
    'pos.amount-not-positive',
  )
  expect(device.run(openShift, { ...opening, till: 'none' }).refusal?.code).toBe('pos.unknown-till')
})
