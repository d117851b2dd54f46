// Edits of rows that their author didn't see as they stood: one that had left the device with its form still open, one that was merged into
// another. Nobody's value goes without a trace.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogue } from '../modules/all.ts'
import { aBranchHub, type BranchHub } from '../testing/branch-hub.ts'
import type { Device } from './device/device.ts'

let place: BranchHub
let amir: Device
let bea: Device
beforeAll(async () => {
  place = await aBranchHub(catalogue)
  amir = await place.enrol('amir', { permissions: ['masters.editParty', 'masters.createParty'] })
  bea = await place.enrol('bea', { permissions: ['*'] })
})
afterAll(async () => {
  for (const device of [amir, bea]) await device.close()
  await place.hub.end()
})

async function exchange(...devices: Device[]): Promise<void> {
  for (const device of devices) await device.sync()
}
async function aParty(values: object): Promise<string> {
  const made = await place.must(bea, 'masters.createParty', { roles: ['customer'], ...values }, 'masters.party')
  await exchange(bea, amir)
  return made[0] ?? ''
}
const partyNow = async (id: string) =>
  (await place.hub.rows('SELECT name, phone, email FROM masters_party WHERE id = $1', [id]))[0]
const lostOf = (id: string) =>
  place.hub.rows('SELECT field, base, kept, lost FROM kernel_lost_value WHERE row_id = $1 ORDER BY field', [id])

test('[MRG5] a form that was open while its row left the device is merged against what it showed', async () => {
  const party = await aParty({ name: 'Old Mill', territory: 'leeds', phone: '111' })
  await place.must(bea, 'masters.editParty', { party, territory: 'whitby', phone: '222' })
  await exchange(bea, amir)
  expect(amir.replica.db.all('SELECT id FROM masters_party WHERE id = ?', [party])).toEqual([])
  const base = { 'masters.party': { [party]: { name: 'Old Mill', phone: '111' } } }
  const saved = await amir.run('masters.editParty', { party, name: 'Old Mill', phone: '333' }, { base })
  expect(saved).toMatchObject({ saved: true })
  await place.must(bea, 'masters.editParty', { party, name: 'The Old Mill' })
  await exchange(bea, amir)
  // The name stands: his form had it as it was.
  expect(await partyNow(party)).toMatchObject({ name: 'The Old Mill', phone: '333' })
  expect(await lostOf(party)).toEqual([{ field: 'phone', base: '111', kept: '333', lost: '222' }])
})

test('[MRG5] an edit that says nothing of what its author saw keeps what it replaces', async () => {
  const party = await aParty({ name: 'New Mill', territory: 'whitby', phone: '444' })
  expect(await amir.run('masters.editParty', { party, phone: '555' })).toMatchObject({ saved: true })
  await exchange(amir)
  expect(await partyNow(party)).toMatchObject({ phone: '555' })
  expect(await lostOf(party)).toEqual([{ field: 'phone', base: null, kept: '555', lost: '444' }])
})

test('[MRG5] an edit of a party that was merged away is merged into its keeper against what its author saw', async () => {
  const drop = await aParty({ name: 'Old Mill', territory: 'leeds', phone: '111', email: 'a@mill' })
  const keep = await aParty({ name: 'The Old Mill Ltd', territory: 'leeds', phone: '999', email: 'b@mill' })
  // A whole form, of which one field is changed.
  await place.must(amir, 'masters.editParty', { party: drop, name: 'Old Mill', phone: '333', email: 'a@mill' })
  await place.must(bea, 'masters.mergeParties', { keep, drop })
  await exchange(bea, amir)
  expect(await partyNow(keep)).toEqual({ name: 'The Old Mill Ltd', phone: '333', email: 'b@mill' })
  expect(await lostOf(keep)).toEqual([{ field: 'phone', base: '111', kept: '333', lost: '999' }])
})
