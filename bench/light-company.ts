// A company for benches of the hub, written as rows: a hundred branches with a person each, one role, some items, and the commands of the
// test wire, which need no business around them.
import type { Hub } from '../src/hub/hub.ts'
import { catalogueOf } from '../src/kernel/catalogue.ts'
import { completeRow } from '../src/kernel/effects.ts'
import { keyId, rowId } from '../src/kernel/hash.ts'
import type { AnyTable } from '../src/kernel/table.ts'
import type { BucketRule } from '../src/modules/masters/bucket-rule.ts'
import { mastersModule } from '../src/modules/masters/module.ts'
import { branch, company } from '../src/modules/masters/organisation.ts'
import { role, user } from '../src/modules/masters/people.ts'
import { item, wireCatalogue, wireTables } from '../src/testing/wire-catalogue.ts'
import { writeHubRows, type MadeRow } from '../src/testing/write-hub-rows.ts'

const TENANT = 'main'
const BRANCHES = 100
const ITEMS = 200
const wire = { name: 'wire', tables: wireTables, commands: [...wireCatalogue.commands.values()], views: [] }
export const lightCatalogue = catalogueOf([mastersModule, wire])
export const firm = keyId(TENANT, company.name, ['BW'])
export const branchOf = (index: number): string => keyId(TENANT, branch.name, [firm, `B${index % BRANCHES}`])
export const personOf = (index: number): string => keyId(TENANT, user.name, [`p${index % BRANCHES}`])
export const idOf = (label: string, index: number): string =>
  rowId({ tenant: TENANT, device: 'B3NC', epoch: 1, seq: index + 1, at: 1_795_165_200_000, label })
export const itemIds = Array.from({ length: ITEMS }, (_, index) => idOf('item', index))
export const made = (table: AnyTable, id: string, values: Readonly<Record<string, unknown>>): MadeRow => ({
  table,
  row: completeRow(table, id, values),
})

export async function writeCompany(hub: Hub, buckets: readonly BucketRule[]): Promise<void> {
  const tz = 'Europe/London'
  const rows = [
    made(company, firm, { code: 'BW', name: 'Brightwater', currency: 'GBP', minorDigits: 2, country: 'GB', tz }),
    made(role, keyId(TENANT, role.name, ['seller']), {
      code: 'seller',
      name: 'Seller',
      permissions: ['wire.work'],
      home: 'sell',
      buckets,
    }),
    ...itemIds.map((id, index) => made(item, id, { name: `Item ${index}`, tags: [] })),
  ]
  for (let index = 0; index < BRANCHES; index++) {
    const code = `B${index}`
    rows.push(made(branch, branchOf(index), { company: firm, code, name: code, tz, territory: code.toLowerCase() }))
    const person = { signInName: `p${index}`, name: `Person ${index}`, roles: ['seller'], branch: branchOf(index) }
    rows.push(made(user, personOf(index), person))
  }
  await writeHubRows(hub, rows)
}
