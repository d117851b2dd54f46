// The score falls with what isn't proved, and to nothing with what doesn't add up; it rises again when that is mended.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cashBalance } from '../../kernel/ledger.ts'
import { aLoneDevice, aPage, digestOf, NOON, type LoneDevice } from '../../testing/lone-device.ts'
import { anItem, item, wireCatalogue } from '../../testing/wire-catalogue.ts'
import { integrityOf, scoreOf, SelfCheck } from './integrity.ts'
import { applyPull } from './settle.ts'

let device: LoneDevice
beforeEach(async () => (device = await aLoneDevice(wireCatalogue)))
afterEach(() => device.end())

const LINES = 3
const look = (): readonly string[] => {
  const check = new SelfCheck(device.replica, () => 0)
  for (let step = 0; step < 5; step++) check.step(NOON, LINES)
  return integrityOf(device.replica).broken
}
const score = (): number => scoreOf(integrityOf(device.replica))

test('[PROOF4] only whole buckets whose digest is the hub’s count as proved', () => {
  const company = [
    [item, anItem('pump')],
    [item, anItem('valve')],
    [item, anItem('hose')],
  ] as const
  applyPull(device.replica, [aPage({ w: 1, rows: company, digests: { company: digestOf(company) } })], NOON)
  expect(score()).toBe(1)
  const other = [[item, anItem('nut')]] as const
  applyPull(
    device.replica,
    [aPage({ w: 2, rows: other, bucket: 'catalogue', digests: { catalogue: [9, 'f'.repeat(16)] } })],
    NOON,
  )
  expect(score()).toBe(0.75)
  applyPull(device.replica, [aPage({ w: 3, bucket: 'catalogue', digests: { catalogue: digestOf(other) } })], NOON)
  expect(score()).toBe(1)
})

test('[PROOF4] a line, a seal or a number of saved work that changed is found, whichever it is', () => {
  for (let n = 0; n < 8; n++) device.do('wire.addItem', { name: `item ${n}` })
  expect(look()).toEqual([])
  const { db } = device.replica
  const original = db.get<{ line: string; seal: string }>('SELECT line, seal FROM outbox WHERE seq = 5')
  db.run("UPDATE outbox SET line = replace(line, 'item 4', 'item x') WHERE seq = 5")
  expect(look()).toEqual(['chain'])
  expect(score()).toBe(0)
  db.run('UPDATE outbox SET line = ?, seal = ? WHERE seq = 5', [original?.line ?? '', 'f'.repeat(64)])
  expect(look()).toEqual(['chain'])
  db.run('UPDATE outbox SET seal = ? WHERE seq = 5', [original?.seal ?? ''])
  expect(look()).toEqual([])
  expect(score()).toBe(1)
  db.run(`UPDATE outbox SET line = replace(line, '"I-26":[6]', '"I-26":[7]') WHERE seq = 6`)
  expect(look()).toEqual(['chain', 'series I-26'])
  expect(db.all('SELECT kind FROM incident').length).toBe(3)
})

test('[PROOF4] a cash balance that is not the sum of its entries is found', () => {
  applyPull(device.replica, [aPage({ w: 1 })], NOON)
  expect(look()).toEqual([])
  const given = { shift: 's', method: 'cash', currency: 'GBP', branch: 'b', businessDate: '2026-11-21', amount: 5 }
  device.replica.store.put(cashBalance, { id: 'balance', goneAt: null, ...given })
  expect(look()).toEqual(['cash-adds-up'])
})

test('[PROOF4] the ledgers are looked through again when something came or was captured, and for a hundredth of the time', () => {
  applyPull(device.replica, [aPage({ w: 1 })], NOON)
  let time = 0
  const looks: number[] = []
  const db = device.replica.db
  const get = db.get.bind(db)
  db.get = (text, params) => {
    if (text.includes('kernel_gl_entry')) {
      looks.push(time)
      time += 50
    }
    return get(text, params)
  }
  const check = new SelfCheck(device.replica, () => time)
  const step = (): void => check.step(NOON, LINES)
  step()
  for (let pull = 0; pull < 10; pull++) step()
  expect(looks).toEqual([0])
  applyPull(device.replica, [aPage({ w: 2 })], NOON)
  step()
  expect(looks).toHaveLength(1)
  time = 5_050
  step()
  step()
  expect(looks).toEqual([0, 5_050])
})
