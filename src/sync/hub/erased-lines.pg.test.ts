// Which kept lines are about an erased person: what made them is, for as long as the hub has not made them; what else happened in that
// millisecond is not.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { ERASE_SUBJECT } from '../../kernel/erasure.ts'
import { momentOfId } from '../../kernel/hash.ts'
import { mastersModule } from '../../modules/masters/module.ts'
import { party } from '../../modules/masters/party.ts'
import { privacyModule } from '../../modules/privacy/module.ts'
import { aHub, type HubUnderTest } from '../../testing/hub-with-devices.ts'
import { areAboutErased } from './erased-lines.ts'
import { inTenant } from './tenant.ts'

const catalogue = catalogueOf([mastersModule, privacyModule([mastersModule])])
let hub: HubUnderTest
beforeAll(async () => {
  hub = await aHub(catalogue)
})
afterAll(() => hub.end())

test('[ERASE2] a line of the millisecond that made an erased person is about them only while the hub has not made them', async () => {
  const device = await hub.device()
  const saved = await device.run('masters.createParty', { name: 'Ann Archer', roles: ['customer'], territory: 'leeds' })
  const [ann = ''] = (saved.saved && saved.inserted[party.name]) || []
  await device.sync()
  expect(await device.run(ERASE_SUBJECT, { table: party.name, subject: ann })).toMatchObject({ saved: true })
  await device.sync()
  await device.close()

  const lines = [
    { at: momentOfId(ann), args: {} },
    { at: momentOfId(ann) + 1, args: {} },
    { at: momentOfId(ann) + 1, args: { party: ann } },
  ].map((line) => JSON.stringify(line))
  const { pool, tenant } = hub.hub
  const about = (): Promise<boolean[]> =>
    inTenant(pool, tenant, (client) => areAboutErased(client, { tenant, catalogue }, lines))
  expect(await about()).toEqual([false, false, true])
  // As on a hub that was restored to before it had them.
  await inTenant(pool, tenant, (client) =>
    client.query(`DELETE FROM ${party.sqlName} WHERE tenant_id = $1 AND id = $2`, [tenant, ann]),
  )
  expect(await about()).toEqual([true, false, true])
})
