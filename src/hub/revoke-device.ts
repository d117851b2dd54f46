// Shuts a device out, all its lives at once: it gets nothing any more. What it did before still counts, what it did after is parked, and
// of a lost one everything that arrives is: the device is told at its next contact.
import { inTenant } from '../sync/hub/tenant.ts'
import type { Hub } from './hub.ts'

export interface Revoked {
  readonly lives: number
  /** Commands that the hub has of it. */
  readonly commands: number
  readonly lastSeenAt: number | null
}

/** Null when there is no such device. A device that is shut out already keeps its moment; that it is lost may be said later. [AUTH7] */
export async function revokeDevice(
  hub: Hub,
  { dev, isLost }: { readonly dev: string; readonly isLost: boolean },
): Promise<Revoked | null> {
  return inTenant(hub.pool, hub.tenant, async (client) => {
    // The lock of every writer: a part of this device is either committed before or judged by this.
    await client.query('SELECT seq FROM tenant_clock WHERE tenant_id = $1 FOR UPDATE', [hub.tenant])
    const lives = await client.query<{ last_seq: number; seen_at: number | null }>(
      `UPDATE device SET revoked_at = COALESCE(revoked_at, $3), is_lost = is_lost OR $4,
         state = CASE WHEN state = 'active' THEN 'revoked' ELSE state END
       WHERE tenant_id = $1 AND dev = $2 AND state <> 'rescue' RETURNING last_seq, seen_at`,
      [hub.tenant, dev.toUpperCase(), hub.now(), isLost],
    )
    if (lives.rows.length === 0) return null
    const seen = lives.rows.flatMap(({ seen_at }) => (seen_at === null ? [] : [seen_at]))
    return {
      lives: lives.rows.length,
      commands: Math.max(...lives.rows.map(({ last_seq }) => last_seq)),
      lastSeenAt: seen.length === 0 ? null : Math.max(...seen),
    }
  })
}
