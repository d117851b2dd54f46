// One by one, the ways in which pending work is connected: each test has a pull that puts one command in question, and a
// result that only comes about when one more thing is taken back or run again. rebase-scope.test.ts looks for more.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { completeRow } from '../../kernel/effects.ts'
import type { AnyRow } from '../../kernel/table.ts'
import { aLoneDevice, aPage, NOON, type LoneDevice } from '../../testing/lone-device.ts'
import { scriptCatalogue } from '../../testing/script-catalogue.ts'
import { bill, billLine, sample } from '../../testing/script-tables.ts'
import { applyPull } from './settle.ts'

let device: LoneDevice
beforeEach(async () => (device = await aLoneDevice(scriptCatalogue, { permissions: ['script.*'] })))
afterEach(() => device.end())

const aBill = (id: string, dueOn: string, more: Readonly<Record<string, unknown>> = {}): [typeof bill, AnyRow] => {
  const open = { state: 'open', territory: 'north', party: 'ann', dueOn, businessDate: '2026-11-21', amount: 1 }
  return [bill, completeRow(bill, id, { ...open, paid: 0, ...more })]
}
const aLine = (id: string, document: string): [typeof billLine, AnyRow] => [
  billLine,
  { id, goneAt: null, document, item: 'pump', quantity: 1, amount: 1 },
]
const aSample = (id: string, partner: string | null): [typeof sample, AnyRow] => [
  sample,
  completeRow(sample, id, { label: id, rank: 1, isHot: false, total: 0, partner }),
]
const pull = (w: number, ...rows: (readonly [typeof bill | typeof billLine | typeof sample, AnyRow])[]): unknown =>
  applyPull(device.replica, [aPage({ w, rows })], NOON, { rebaseShareMax: 1 })
const read = (table: typeof bill | typeof billLine | typeof sample, id: string): AnyRow | null =>
  device.replica.store.read(table, id)
const stateOf = (id: string): unknown => read(bill, id)?.['state']

test('[REB3] a row that a command only read is shown to it as it was before later work removed it', () => {
  pull(1, aBill('a', '2026-11-01'), aBill('b', '2026-11-01'), aLine('l5', 'a'))
  device.do('script.moveLine', { from: 'a', to: 'b', isGone: false })
  device.do('script.changeBill', { bill: 'b', isOpen: false, isGone: true })
  pull(2, aLine('l1', 'a'))
  expect([read(billLine, 'l1')?.['document'], read(billLine, 'l5')?.['document']]).toEqual(['b', 'a'])
  expect(read(bill, 'b')?.goneAt).not.toBeNull()
})

test('[REB3] a row that later work took out of a range is in it again for the command that read the range', () => {
  pull(1, aBill('a', '2026-11-20'), aBill('m', '2026-02-01'), aBill('z', '2026-12-01'))
  device.do('script.closeOldest', { desc: true, isBounded: false })
  device.do('script.changeBill', { bill: 'a', isOpen: false, isGone: false })
  expect(['a', 'm', 'z'].map(stateOf)).toEqual(['closed', 'open', 'closed'])
  pull(2, aBill('z', '2026-12-01', { state: 'closed' }))
  expect(['a', 'm', 'z'].map(stateOf)).toEqual(['closed', 'open', 'closed'])
})

test('[REB3] a row that later work put into a range is not in it for the command that read the range before', () => {
  pull(1, aBill('a', '2026-01-31', { state: 'closed' }), aBill('m', '2026-02-01'), aBill('z', '2026-12-01'))
  device.do('script.closeOldest', { desc: false, isBounded: false })
  device.do('script.changeBill', { bill: 'a', isOpen: true, isGone: false })
  expect(['a', 'm', 'z'].map(stateOf)).toEqual(['open', 'closed', 'open'])
  pull(2, aBill('m', '2026-02-01', { state: 'closed' }))
  expect(['a', 'm', 'z'].map(stateOf)).toEqual(['open', 'closed', 'closed'])
})

test('[REB3] a run that reaches a row which it never touched before takes later work on that row back too', () => {
  pull(1, aSample('s', 'p1'), aSample('p1', null), aSample('p2', null), aSample('p3', null))
  device.do('script.walkPartners', { sample: 's', steps: 9 })
  device.do('script.editSample', { sample: 'p2', partner: 'p3' })
  pull(2, aSample('s', 'p2'))
  const totals = ['s', 'p1', 'p2', 'p3'].map((id) => read(sample, id)?.['total'])
  expect(totals).toEqual([1, 0, 2, 0])
  expect(read(sample, 'p2')?.['partner']).toBe('p3')
})

test('[REB2] a row outside the bounds that a command looked between connects nothing, one inside them does', () => {
  pull(1, aBill('m', '2026-12-01'))
  device.do('script.closeOldest', { desc: false, from: '2026-11-20', isBounded: true })
  device.do('script.changeBill', { bill: 'm', isOpen: true, isGone: false })
  device.replica.db.run("UPDATE outbox SET predicted = 'untouched'")
  pull(2, aBill('b', '2026-11-19'))
  const predicted = (): unknown[] =>
    device.replica.db.all('SELECT predicted FROM outbox').map((row) => row['predicted'])
  expect(predicted()).toEqual(['untouched', 'untouched'])
  pull(3, aBill('c', '2026-11-20'))
  expect(predicted()).not.toContain('untouched')
  expect(['b', 'c', 'm'].map(stateOf)).toEqual(['open', 'closed', 'open'])
})

test('[REB3] what others added to a row stays on it, in its place, and they don’t run again', () => {
  pull(1, aSample('s', null), aBill('a', '2026-11-20', { amount: 100 }))
  device.do('script.payOldest', { party: 'ann', amount: 30 })
  device.do('script.walkPartners', { sample: 's', steps: 1 })
  device.replica.db.run("UPDATE outbox SET predicted = 'untouched' WHERE seq = 2")
  pull(2, aBill('a', '2026-11-20', { amount: 100, paid: 20 }))
  expect(read(bill, 'a')?.['paid']).toBe(50)
  expect(device.replica.db.get('SELECT predicted FROM outbox WHERE seq = 2')).toEqual({ predicted: 'untouched' })
})
