// Whether devices hold the hub's truth, worked out anew: rows are read from both databases, hashed by a few lines of
// their own and summed, so that neither the hub's digests nor a device's are believed.
import { createHash } from 'node:crypto'
import type { Catalogue } from '../kernel/catalogue.ts'
import { columnOf, type AnyRow, type AnyTable } from '../kernel/table.ts'
import type { Hub } from '../hub/hub.ts'
import { selectedOf } from '../store/postgres/hub-tables.ts'
import type { Device } from '../sync/device/device.ts'
import { inTenant } from '../sync/hub/tenant.ts'

type Rows = Map<string, AnyRow>

/** JSON with sorted keys: not the product's own canonical form. */
const plain = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
      : inner,
  )

function hashOf(table: AnyTable, row: AnyRow): bigint {
  const present: Record<string, unknown> = {}
  for (const field of table.fieldNames) {
    const value = row[field]
    const fallback = table.fields[field]?.traits.fallback
    if (value !== null && (fallback === undefined || plain(value) !== plain(fallback))) present[field] = value
  }
  const text = plain([table.name, row.id, present, row.goneAt === null ? 0 : 1])
  return BigInt(`0x${createHash('sha256').update(text).digest('hex').slice(0, 16)}`)
}

async function hubRows(hub: Hub, catalogue: Catalogue): Promise<Map<string, Rows>> {
  return inTenant(hub.pool, hub.tenant, async (client) => {
    const tables = new Map<string, Rows>()
    for (const table of catalogue.tables.values()) {
      const found = await client.query(
        `SELECT ${selectedOf(table, 't')} FROM ${table.sqlName} t WHERE tenant_id = $1`,
        [hub.tenant],
      )
      tables.set(table.name, new Map((found.rows as AnyRow[]).map((row) => [row.id, row])))
    }
    return tables
  })
}

const bucketsOf = (table: AnyTable, row: AnyRow, rows: ReadonlyMap<string, Rows>): readonly string[] => {
  if (table.parent === null) return table.bucketsOf(row)
  const header = rows.get(table.parent.table.name)?.get(String(row[table.parent.field]))
  return header === undefined ? [] : bucketsOf(table.parent.table, header, rows)
}

/** What is wrong between a hub at rest and devices without work: sentences, none when all is well. */
export async function disagreements(hub: Hub, catalogue: Catalogue, devices: readonly Device[]): Promise<string[]> {
  const wrong: string[] = []
  const rows = await hubRows(hub, catalogue)
  const whole = expectedOf(catalogue, catalogue, rows)
  const stored = await inTenant(hub.pool, hub.tenant, (client) =>
    client.query<{ name: string; count: number; sum: string }>(
      'SELECT name, count, sum::text AS sum FROM bucket WHERE tenant_id = $1',
      [hub.tenant],
    ),
  )
  for (const { name, count, sum } of stored.rows) {
    const digest = whole.digests.get(name) ?? { count: 0, sum: 0n }
    if (digest.count !== count || String(digest.sum) !== sum)
      wrong.push(`hub: bucket ${name} says ${count}/${sum}, its rows say ${digest.count}/${digest.sum}`)
  }
  for (const device of devices) {
    const own = device.replica.catalogue
    wrong.push(...disagreementsOf(device, rows, own === catalogue ? whole : expectedOf(catalogue, own, rows)))
  }
  return wrong
}

interface Expected {
  readonly digests: ReadonlyMap<string, { readonly count: number; readonly sum: bigint }>
  /** `table id`, by bucket. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>
}

/** Which rows lie in which bucket the hub's release says; what of them counts, the release of whoever holds them. */
function expectedOf(hub: Catalogue, holder: Catalogue, rows: ReadonlyMap<string, Rows>): Expected {
  const digests = new Map<string, { count: number; sum: bigint }>()
  const members = new Map<string, Set<string>>()
  for (const table of hub.tables.values()) {
    const known = holder.tables.get(table.name)
    if (known === undefined) continue
    for (const row of rows.get(table.name)?.values() ?? []) {
      for (const bucket of bucketsOf(table, row, rows)) {
        const digest = digests.get(bucket) ?? { count: 0, sum: 0n }
        digests.set(bucket, { count: digest.count + 1, sum: BigInt.asUintN(64, digest.sum + hashOf(known, row)) })
        members.set(bucket, (members.get(bucket) ?? new Set()).add(`${table.name} ${row.id}`))
      }
    }
  }
  return { digests, members }
}

function disagreementsOf(device: Device, hub: ReadonlyMap<string, Rows>, { digests, members }: Expected): string[] {
  const { db, catalogue } = device.replica
  const name = device.replica.identity()?.dev ?? '?'
  const wrong: string[] = []
  const expected = new Set<string>()
  for (const bucket of device.replica.lease()?.lease.buckets ?? []) {
    for (const key of members.get(bucket) ?? []) expected.add(key)
    const mine = db.get<{ count: number; sum: string }>('SELECT count, sum FROM bucket WHERE name = ?', [bucket])
    const digest = digests.get(bucket) ?? { count: 0, sum: 0n }
    if ((mine?.count ?? 0) !== digest.count || BigInt(`0x${mine?.sum ?? '0'}`) !== digest.sum)
      wrong.push(
        `${name}: digest of ${bucket} is ${mine?.count}/${mine?.sum}, the hub's rows say ${digest.count}/${digest.sum.toString(16)}`,
      )
  }
  for (const table of catalogue.tables.values()) {
    const ids = new Set(db.all<{ id: string }>(`SELECT id FROM ${table.sqlName}`).map(({ id }) => id))
    for (const id of ids) {
      const row = device.replica.store.read(table, id)
      if (!expected.delete(`${table.name} ${id}`))
        wrong.push(`${name}: ${table.name} ${id} is in none of its buckets: ${JSON.stringify(row)}`)
      else if (row !== null)
        wrong.push(
          ...differences(table, row, hub.get(table.name)?.get(id)).map(
            (each) => `${name}: ${table.name} ${id} ${each}`,
          ),
        )
    }
  }
  for (const key of expected) wrong.push(`${name}: ${key} is missing`)
  for (const left of ['touched', 'shadow'])
    if (db.get(`SELECT 1 FROM ${left}`) !== undefined) wrong.push(`${name}: ${left} is not empty`)
  return wrong
}

function differences(table: AnyTable, mine: AnyRow, hubs: AnyRow | undefined): string[] {
  if (hubs === undefined) return ['does not exist on the hub']
  return ['goneAt', ...table.fieldNames]
    .filter((field) => plain(mine[field] ?? null) !== plain(hubs[field] ?? null))
    .map((field) => `.${columnOf(field)} is ${plain(mine[field])}, on the hub ${plain(hubs[field])}`)
}
