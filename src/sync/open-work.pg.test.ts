// Retention, end to end: months go by, what is done leaves the device with its month, and what is open stays until it is done, however old.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogue } from '../modules/all.ts'
import { aBranchHub, type BranchHub } from '../testing/branch-hub.ts'
import { disagreements } from '../testing/replica-truth.ts'
import type { Device } from './device/device.ts'

let place: BranchHub
let rep: Device
beforeAll(async () => {
  place = await aBranchHub(catalogue)
  rep = await place.enrol('rep', { permissions: ['crm.*', 'masters.*'] })
})
afterAll(() => place.hub.end())

const MONTH_MINUTES = 30 * 24 * 60
const visits = (): { outcome: string | null; state: string }[] =>
  rep.replica.db.all('SELECT state, outcome FROM crm_visit ORDER BY state')
const settle = async (): Promise<void> => {
  for (let round = 0; round < 3; round++) await rep.sync()
}

test('[BKT4] open work survives every month of retention; done, it leaves with its month, and not before its last command is settled', async () => {
  const [party = ''] = await place.must(
    rep,
    'masters.createParty',
    { name: 'Acme', territory: 'leeds', roles: ['customer'] },
    'masters.party',
  )
  const plan = async (plannedOn: string): Promise<string> =>
    (await place.must(rep, 'crm.planVisit', { party, plannedOn }, 'crm.visit'))[0] ?? ''
  const complete = (visit: string, businessDate: string): Promise<unknown> =>
    place.must(rep, 'crm.completeVisit', { visit, party, businessDate, outcome: 'order' })
  const [done, open] = [await plan('2026-11-20'), await plan('2026-11-21')]
  await complete(done, '2026-11-20')
  await settle()
  expect(visits()).toEqual([
    { state: 'completed', outcome: 'order' },
    { state: 'planned', outcome: null },
  ])

  // Half a year later. The lease is over: nothing is read until the hub was heard, and then its months are today's.
  place.time.pass(6 * MONTH_MINUTES)
  await settle()
  expect(visits()).toEqual([{ state: 'planned', outcome: null }])
  expect(rep.replica.db.get('SELECT 1 FROM crm_visit WHERE id = ?', [open])).toBeDefined()

  // Done at last: still here while that waits, gone once it is settled, because its month is over.
  await complete(open, '2027-05-19')
  expect(visits()).toEqual([{ state: 'completed', outcome: 'order' }])
  await settle()
  expect((await rep.status()).waiting).toBe(0)
  expect(visits()).toEqual([])
  expect(await disagreements(place.hub.hub, catalogue, [rep])).toEqual([])
})
