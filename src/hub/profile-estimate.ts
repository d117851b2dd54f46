// What a profile would bring to a device, before it is published: rows, bytes, fields and which of them are personal. Counted
// from what the hub holds now; it changes nothing and signs nothing.
import type { Row } from '../kernel/table.ts'
import type { role } from '../modules/masters/people.ts'
import { keyId } from '../kernel/hash.ts'
import { user } from '../modules/masters/people.ts'
import { quoted } from '../store/postgres/hub-tables.ts'
import { inTenant } from '../sync/hub/tenant.ts'
import type { ProfileEstimate, TableEstimate } from '../sync/office-protocol.ts'
import type { Hub } from './hub.ts'
import { profileOfPerson } from './leases.ts'

/** Rows whose size is looked at, a table. */
const SAMPLE_ROWS = 500

/** By region, in the order of names. */
function leftOutBy(leftOut: ReadonlyMap<string, readonly string[]>): Pick<ProfileEstimate, 'leftOut'> {
  const regions = [...new Set([...leftOut.values()].flat())].sort()
  const of = (region: string): string[] => [...leftOut.keys()].filter((bucket) => leftOut.get(bucket)?.includes(region))
  return regions.length === 0
    ? {}
    : { leftOut: Object.fromEntries(regions.map((region) => [region, of(region).sort()])) }
}

/** Null when nobody has the sign-in. `draft` takes the place of the person's role of its code, or is one more. [PROF4] */
export async function estimateProfile(
  hub: Hub,
  signInName: string,
  draft: Row<typeof role> | null = null,
): Promise<ProfileEstimate | null> {
  const { tenant, catalogue } = hub
  return inTenant(
    hub.pool,
    tenant,
    async (client) => {
      const person = keyId(tenant, user.name, [signInName])
      const profile = await profileOfPerson(client, hub, person, draft)
      if (profile === null) return null
      const found = await client.query<{ tbl: string; rows: number }>(
        `SELECT tbl, count(DISTINCT id) AS rows FROM bucket_row WHERE tenant_id = $1 AND bucket = ANY ($2::text[]) AND op = 'put' GROUP BY tbl`,
        [tenant, profile.buckets],
      )
      const tables: TableEstimate[] = []
      for (const { tbl, rows } of found.rows) {
        const table = catalogue.tables.get(tbl)
        if (table === undefined) continue
        const size = await client.query<{ bytes: number }>(
          `SELECT coalesce(avg(pg_column_size(t.*)), 0)::float8 AS bytes FROM (SELECT * FROM ${quoted(table.sqlName)} WHERE tenant_id = $1 LIMIT ${SAMPLE_ROWS}) t`,
          [tenant],
        )
        tables.push({
          table: tbl,
          rows,
          bytes: Math.round(rows * (size.rows[0]?.bytes ?? 0)),
          fields: table.fieldNames.length,
          personal: table.fieldNames.filter((field) => table.fields[field]?.traits.isPersonal === true),
        })
      }
      tables.sort((a, b) => b.bytes - a.bytes || (a.table < b.table ? -1 : 1))
      return {
        buckets: profile.buckets.length,
        rows: tables.reduce((sum, each) => sum + each.rows, 0),
        bytes: tables.reduce((sum, each) => sum + each.bytes, 0),
        tables,
        ...(profile.region !== undefined && { region: profile.region }),
        ...leftOutBy(profile.leftOut),
      }
    },
    'snapshot',
  )
}
