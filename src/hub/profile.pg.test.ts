// Profiles over the whole way: an administrator changes what a role carries, a person moves to another branch, a month
// goes by, the company changes how devices exchange. Real devices, the real wire, real PostgreSQL.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogueOf } from '../kernel/catalogue.ts'
import { keyId } from '../kernel/hash.ts'
import type { Row } from '../kernel/table.ts'
import { inventoryModule } from '../modules/inventory/module.ts'
import { mastersModule } from '../modules/masters/module.ts'
import type { role } from '../modules/masters/people.ts'
import type { Device } from '../sync/device/device.ts'
import { aBranchHub, type BranchHub } from '../testing/branch-hub.ts'
import { disagreements } from '../testing/replica-truth.ts'
import { estimateProfile } from './profile-estimate.ts'

const catalogue = catalogueOf([mastersModule, inventoryModule])
const DAY_MINUTES = 24 * 60
const permissions = ['inventory.*']

let place: BranchHub
let ada: Device
beforeAll(async () => {
  place = await aBranchHub(catalogue)
  ada = await place.enrol('ada', { permissions })
  for (const businessDate of ['2026-09-20', '2026-10-20', '2026-11-20']) await receive(businessDate)
  await ada.sync()
  await ada.sync()
})
afterAll(() => place.hub.end())

const receive = (businessDate: string) =>
  place.must(ada, 'inventory.receiveGoods', {
    warehouse: place.store,
    businessDate,
    order: 'none',
    lines: [{ item: place.item, unit: 'each', accepted: 10_000_000 }],
  })
const bucketsHeld = (): string[] =>
  ada.replica.db.all<{ name: string }>('SELECT name FROM bucket ORDER BY name').map(({ name }) => name)
const receiptsHeld = (): number => ada.replica.db.all('SELECT id FROM inventory_receipt').length
const setRole = (more: object) =>
  place.must(place.setup, 'masters.setRole', { code: 'ada', name: 'ada', permissions, home: 'stock', ...more })
const draft = (more: Partial<Row<typeof role>>): Row<typeof role> => ({
  id: 'draft',
  goneAt: null,
  code: 'ada',
  name: 'ada',
  permissions,
  limits: {},
  home: 'stock',
  buckets: null,
  ...more,
})

test('[PROF4] an estimate says what a device then holds, and what it would hold, without changing anything', async () => {
  const { hub } = place.hub
  const rows = ada.replica.db.all('SELECT DISTINCT tbl, id FROM bucket_row').length
  const now = await estimateProfile(hub, 'ada')
  expect(now).toMatchObject({
    rows,
    buckets: ada.replica.lease()?.lease.buckets.filter((name) => !name.startsWith('device:')).length,
  })
  expect(now?.bytes).toBeGreaterThan(rows * 20)
  expect(now?.tables.find(({ table }) => table === 'masters.user')?.personal).toEqual(['name'])
  const narrow = await estimateProfile(hub, 'ada', draft({ buckets: [{ kind: 'stock' }] }))
  expect(narrow?.tables.map(({ table }) => table)).not.toContain('inventory.receipt')
  expect(narrow?.rows).toBeLessThan(rows)
  expect(await estimateProfile(hub, 'nobody')).toBeNull()
  await ada.sync()
  expect(receiptsHeld()).toBe(3)
})

test('[PROF1] [PROF2] what an administrator takes from a role leaves its devices; work on it that waits is kept and sent', async () => {
  await setRole({ buckets: [{ kind: 'stock' }, { kind: 'entries', monthsBack: 0, monthsAhead: 0 }] })
  await place.setup.sync()
  await ada.sync()
  expect(bucketsHeld().filter((name) => name.startsWith('entries'))).toEqual([`entries:${place.branch}:2026-11`])
  expect(receiptsHeld()).toBe(1)
  // A receipt of a month that this device doesn't carry any more: captured, held until it is settled, gone then.
  await receive('2026-10-21')
  expect(receiptsHeld()).toBe(2)
  expect((await ada.sync()).waiting).toBe(0)
  await ada.sync()
  expect(receiptsHeld()).toBe(1)
  expect(await disagreements(place.hub.hub, catalogue, [ada])).toEqual([])
  await setRole({ buckets: null })
  await place.setup.sync()
  await ada.sync()
  expect(receiptsHeld()).toBe(4)
})

test('[PROF2] months roll: a device that comes back after one has dropped the oldest and has the next', async () => {
  expect(bucketsHeld()).toContain(`entries:${place.branch}:2026-09`)
  place.time.pass(20 * DAY_MINUTES)
  await ada.sync()
  await place.setup.sync()
  const held = bucketsHeld().filter((name) => name.startsWith('entries'))
  expect(held.map((name) => name.slice(-7))).toEqual(['2026-10', '2026-11', '2026-12', '2027-01'])
  expect(receiptsHeld()).toBe(3)
  await ada.sync()
  expect(await disagreements(place.hub.hub, catalogue, [ada])).toEqual([])
})

test('[PROF1] a person who moves to another branch brings the old one’s work in and carries the new one', async () => {
  const { company, setup } = place
  await place.must(setup, 'masters.saveBranch', {
    company,
    code: 'YRK',
    name: 'York',
    tz: 'Europe/London',
    territory: 'york',
  })
  const york = keyId(place.hub.hub.tenant, 'masters.branch', [company, 'YRK'])
  await receive('2026-12-10')
  await place.must(setup, 'masters.setUser', { signInName: 'ada', name: 'ada', roles: ['ada'], branch: york })
  await setup.sync()
  // The receipt waits while the lease changes under it.
  expect((await ada.sync()).waiting).toBe(0)
  await ada.sync()
  expect((await ada.outbox())[0]).toMatchObject({ command: 'inventory.receiveGoods', state: 'accepted' })
  expect(bucketsHeld().filter((name) => name.includes(place.branch))).toEqual([])
  expect(bucketsHeld()).toContain(`stock:${york}`)
  expect([receiptsHeld(), (await ada.signedIn()).branch]).toEqual([0, york])
  expect(await disagreements(place.hub.hub, catalogue, [ada])).toEqual([])
})

test('[SET1] how devices exchange is the company’s, and an open device follows it', async () => {
  expect((await ada.status()).pollIntervalMs).toBe(30_000)
  const settings = { syncEverySeconds: 300, syncWifiOnly: true, photoPixelsMax: 1_600 }
  await place.must(place.setup, 'masters.setDeviceSettings', { company: place.company, settings })
  await place.setup.sync()
  await ada.sync()
  expect((await ada.status()).pollIntervalMs).toBe(300_000)
  expect((await ada.signedIn()).policy).toMatchObject({ syncWifiOnly: true, photoPixelsMax: 1_600 })
  const half = await place.setup.run('masters.setDeviceSettings', {
    company: place.company,
    settings: { quietFromMinute: 1 },
  })
  expect(half).toMatchObject({ saved: false, refusal: { code: 'masters.quiet-hours-half' } })
})
