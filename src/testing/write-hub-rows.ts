// Puts new rows on a hub in bulk, as a batch of commands would leave them: with the clock, the buckets and their digests.
// For tests and benches that need a large company; it runs no command and makes no log.
import type { Hub } from '../hub/hub.ts'
import type { AnyRow, AnyTable } from '../kernel/table.ts'
import { BatchCache, type ChangedRow } from '../store/postgres/batch-cache.ts'
import { flush } from '../store/postgres/flush.ts'
import { inOneFlight } from '../store/postgres/in-one-flight.ts'
import { inTenant, lockClock, raiseClock } from '../sync/hub/tenant.ts'

export interface MadeRow {
  readonly table: AnyTable
  readonly row: AnyRow
}

/** Lines come with or after their headers. */
export async function writeHubRows(hub: Hub, rows: readonly MadeRow[]): Promise<void> {
  await inTenant(hub.pool, hub.tenant, async (client) => {
    const at = (await lockClock(client, hub)) + 1
    const known = new Map<string, Map<string, AnyRow>>()
    const cache = new BatchCache({ rows: known, ranges: new Map() })
    for (const { table, row } of rows) {
      const of = known.get(table.name) ?? new Map<string, AnyRow>()
      known.set(table.name, of.set(row.id, row))
      const changes = cache.changes.get(table.name) ?? new Map<string, ChangedRow>()
      cache.changes.set(table.name, changes.set(row.id, { table, before: null, after: row, isInsert: true, at }))
    }
    await inOneFlight(flush(client, hub.tenant, cache))
    await raiseClock(client, hub.tenant, at)
  })
}
