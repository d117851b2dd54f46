// The law of books can fail: each row of a settlement that is changed, taken away or made beside its command is noticed, and nothing else is.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aLoneDevice, type LoneDevice } from '../lone-device.ts'
import { Posted, wrongOnDevice } from './books-law.ts'
import { simReleases } from './sim-catalogue.ts'

let device: LoneDevice
beforeEach(async () => {
  device = await aLoneDevice(simReleases.older)
  const tenders = [
    { method: 'cash', amount: 700 },
    { method: 'card', amount: 300 },
  ]
  device.do('sim.settle', { job: 'a job', branch: 'LDS', day: '2026-11-21', tenders, change: 50 })
})
afterEach(() => device.end())

const wrong = (): string[] =>
  wrongOnDevice('A', device.replica).map((each) => each.slice('A: '.length).split(',')[0] ?? '')

test('what a settlement posts balances', () => {
  expect(wrong()).toEqual([])
  expect(device.replica.db.all('SELECT method, amount FROM kernel_cash_balance ORDER BY method')).toEqual([
    { method: 'card', amount: 300 },
    { method: 'cash', amount: 650 },
  ])
})

test.each([
  [
    'UPDATE sim_settlement_entry SET amount = amount + 1 WHERE account = ?',
    'till-card',
    ['debit and credit of a document'],
  ],
  [
    'UPDATE kernel_cash_entry SET amount = amount + 1 WHERE method = ?',
    'card',
    ['a drawer', 'the tenders of a settlement'],
  ],
  ['DELETE FROM kernel_cash_balance WHERE method = ?', 'card', ['a drawer']],
  [
    'DELETE FROM sim_settlement_entry WHERE document = (SELECT id FROM sim_settlement WHERE branch = ?)',
    'LDS',
    ['what a settlement credits'],
  ],
  ['UPDATE sim_shelf SET on_hand = 1 WHERE item <> ?', '', []],
])('%s', (sql, value, said) => {
  device.replica.db.run(sql, [value])
  expect(wrong()).toEqual(said)
})

test('what was posted is what it was at the first look, and what waits is not posted yet', () => {
  const { replica } = device
  const posted = new Posted()
  const isDue = (): number => posted.onDevice('A', replica).length
  expect(isDue()).toBe(0)
  replica.db.run("UPDATE kernel_cash_entry SET amount = 299 WHERE method = 'card'")
  expect(isDue()).toBe(0)
  replica.touches.clear()
  expect(isDue()).toBe(0)
  replica.db.run("UPDATE kernel_cash_entry SET amount = 300 WHERE method = 'card'")
  expect(isDue()).toBe(1)
  replica.db.run('UPDATE sim_settlement SET gone_at = 1')
  expect(isDue()).toBe(2)
})
