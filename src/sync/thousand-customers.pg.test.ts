// Two people edit the same thousand customers with no network: on the real hub and real encrypted device files. Different fields merge; of
// the same field both values are kept, one in its place and the other for people to bring back; nobody's edit is gone.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogue } from '../modules/all.ts'
import { party } from '../modules/masters/party.ts'
import { aBranchHub, type BranchHub } from '../testing/branch-hub.ts'
import { disagreements } from '../testing/replica-truth.ts'
import type { Device } from './device/device.ts'
import { inTenant } from './hub/tenant.ts'

const CUSTOMERS = 1_000
/** Of these each of the two sets another field, of the rest the same one. */
const APART = 500

let place: BranchHub
beforeAll(async () => (place = await aBranchHub(catalogue)))
afterAll(() => place.hub.end())

interface Stands {
  readonly id: string
  readonly name: string
  readonly phone: string | null
  readonly email: string | null
}

test('[MRG1] a thousand customers edited on two devices at once: different fields merge, the same field keeps both values, nothing is lost', async () => {
  const permissions = ['masters.*', 'review.*', 'sales.*']
  const [ada, bo] = [await place.enrol('ada', { permissions }), await place.enrol('bo', { permissions })]
  const customers: string[] = []
  for (let n = 0; n < CUSTOMERS; n++)
    customers.push(
      ...(await place.must(
        ada,
        'masters.createParty',
        { name: `customer ${n}`, roles: ['customer'], territory: 'leeds' },
        party.name,
      )),
    )
  await ada.sync()
  await bo.sync()
  expect(bo.replica.db.get<{ n: number }>('SELECT COUNT(*) AS n FROM masters_party')?.n).toBe(CUSTOMERS)

  const edit = async (by: Device, mark: string, field: 'phone' | 'email'): Promise<void> => {
    for (const [n, customer] of customers.entries()) {
      const change = n < APART ? { [field]: `${mark}${n}@${field}` } : { name: `${mark} ${n}` }
      await place.must(by, 'masters.editParty', { party: customer, ...change })
    }
  }
  await edit(ada, 'ada', 'phone')
  place.time.pass(1)
  await edit(bo, 'bo', 'email')
  for (const device of [ada, bo, ada]) expect(await device.sync()).toMatchObject({ waiting: 0, fault: null })

  const { pool, tenant } = place.hub.hub
  const [stand, lost] = await inTenant(pool, tenant, async (client) => [
    (await client.query<Stands>('SELECT id, name, phone, email FROM masters_party')).rows,
    (
      await client.query<{ row_id: string; lost: string }>(
        "SELECT row_id, lost FROM kernel_lost_value WHERE state = 'open'",
      )
    ).rows,
  ])
  const standing = new Map(stand.map((row) => [row.id, row]))
  const lostOf = new Map(lost.map(({ row_id, lost: value }) => [row_id, value]))
  expect(lost).toHaveLength(CUSTOMERS - APART)
  const silent = customers.filter((id, n) => {
    const { name, phone, email } = standing.get(id) as Stands
    if (n < APART) return phone !== `ada${n}@phone` || email !== `bo${n}@email`
    const kept = new Set([name, lostOf.get(id)])
    return !kept.has(`ada ${n}`) || !kept.has(`bo ${n}`)
  })
  expect(silent).toEqual([])
  expect(await disagreements(place.hub.hub, catalogue, [ada, bo])).toEqual([])
}, 240_000)
