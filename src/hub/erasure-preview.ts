// What erasing somebody would take, before it is decided: the real command on the hub's rows as they are now, of which nothing is written.
// It locks nothing, signs nothing, and says counts and names of fields, never a value.
import type { PoolClient } from 'pg'
import { blobsIn } from '../kernel/blob.ts'
import { ERASE_SUBJECT, erasure, pseudonymOf } from '../kernel/erasure.ts'
import { lostValue, reviewItem } from '../kernel/kernel-tables.ts'
import { sameValue } from '../kernel/merge.ts'
import type { AnyTable } from '../kernel/table.ts'
import { BatchCache, type ChangedRow } from '../store/postgres/batch-cache.ts'
import { decidePart } from '../sync/hub/apply.ts'
import { ownIncoming } from '../sync/hub/own-command.ts'
import { inTenant } from '../sync/hub/tenant.ts'
import type { DeviceToForget, ErasurePreview } from '../sync/office-protocol.ts'
import type { Hub } from './hub.ts'

interface Asked {
  readonly table: string
  readonly subject: string
}

/** Null when nobody has such an id in such a table. */
export async function previewErasure(hub: Hub, asked: Asked): Promise<ErasurePreview | null> {
  const of = hub.catalogue.tables.get(asked.table)
  if (of?.subject[0] !== 'id') return null
  return inTenant(hub.pool, hub.tenant, (client) => previewIn(client, hub, of, asked.subject), 'snapshot')
}

async function previewIn(client: PoolClient, hub: Hub, of: AnyTable, subject: string): Promise<ErasurePreview | null> {
  const { tenant, catalogue } = hub
  const command = catalogue.commands.get(ERASE_SUBJECT)
  const known = await client.query(`SELECT 1 FROM ${of.sqlName} WHERE tenant_id = $1 AND id = $2`, [tenant, subject])
  if (command === undefined || known.rows.length === 0) return null
  const cache = new BatchCache()
  const own = { command, args: { table: of.name, subject }, user: '' }
  const part = [ownIncoming(hub, { ep: 1, seq: 1, seen: 0 }, own)]
  await decidePart(client, { catalogue, tenant, clock: 0 }, part, cache)
  const changedIn = (table: AnyTable): ChangedRow[] => [...(cache.changes.get(table.name)?.values() ?? [])]
  const people = changedIn(erasure).map(({ after }) => String(after['subject']))
  const about = [...cache.changes.values()]
    .map((rows) => [...rows.values()])
    .filter(([first]) => first !== undefined && !first.table.name.startsWith('kernel.'))
  const commands = await client.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM (SELECT DISTINCT dev, ep, seq FROM command_personal WHERE tenant_id = $1 AND subject = ANY ($2::text[])) c',
    [tenant, people],
  )
  const devices = await client.query<DeviceToForget>(
    `SELECT DISTINCT ON (d.dev) d.dev, u.name AS "userName", nullif(GREATEST(coalesce(d.seen_at, 0), d.reported_at), 0) AS "seenAt", d.state <> 'active' AS "isShut"
     FROM device d LEFT JOIN masters_user u ON u.tenant_id = $1 AND u.id = d.user_id
     WHERE d.tenant_id = $1 AND d.state NOT IN ('rescue', 'hub') ORDER BY d.dev, d.ep DESC`,
    [tenant],
  )
  return {
    pseudonym: pseudonymOf(people[0] ?? subject),
    isErased: people.length === 0,
    others: Math.max(0, people.length - 1),
    tables: about.map(summaryOf).toSorted((a, b) => b.rows - a.rows || (a.table < b.table ? -1 : 1)),
    photos: new Set(about.flat().flatMap(lostPhotos)).size,
    lost: changedIn(lostValue).length,
    parked: changedIn(reviewItem).length,
    commands: commands.rows[0]?.n ?? 0,
    devices: devices.rows,
  }
}

function summaryOf(rows: readonly ChangedRow[]): ErasurePreview['tables'][number] {
  const fields = new Set(
    rows.flatMap(({ table, before, after }) =>
      table.fieldNames.filter((field) => !sameValue(before?.[field] ?? null, after[field] ?? null)),
    ),
  )
  return { table: rows[0]?.table.name ?? '', rows: rows.length, fields: [...fields].toSorted() }
}

function lostPhotos({ table, before, after }: ChangedRow): readonly string[] {
  const kept = new Set(blobsIn(table.fields, after))
  return before === null ? [] : blobsIn(table.fields, before).filter((sha) => !kept.has(sha))
}
