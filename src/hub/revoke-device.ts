// Shuts a device or a person out, on the hub's own machine: the same commands that an administrator's device may send, run by the hub and
// in its log. What was done before still counts, what is done after is parked, and of a lost device everything that arrives is.
import { revokeAccount, revokeDevice as command } from '../modules/masters/revoke.ts'
import { runOwn } from '../sync/hub/own-command.ts'
import { inTenant } from '../sync/hub/tenant.ts'
import type { Hub } from './hub.ts'

const OPERATOR = 'operator'

export interface Revoked {
  readonly lives: number
  /** Commands that the hub has of it. */
  readonly commands: number
  readonly lastSeenAt: number | null
}

/** Null when there is no such device. [AUTH7] [REVOKE1] */
export async function revokeDevice(
  hub: Hub,
  { dev, isLost }: { readonly dev: string; readonly isLost: boolean },
): Promise<Revoked | null> {
  const device = dev.toUpperCase()
  const { rows: lives } = await inTenant(hub.pool, hub.tenant, (client) =>
    client.query<{ last_seq: number; seen_at: number | null }>(
      "SELECT last_seq, seen_at FROM device WHERE tenant_id = $1 AND dev = $2 AND state NOT IN ('rescue', 'hub')",
      [hub.tenant, device],
    ),
  )
  if (lives.length === 0) return null
  await runOwn(hub.pushContext, { command, args: { device, isLost }, user: OPERATOR })
  const seen = lives.flatMap(({ seen_at }) => (seen_at === null ? [] : [seen_at]))
  return {
    lives: lives.length,
    commands: Math.max(...lives.map(({ last_seq }) => last_seq)),
    lastSeenAt: seen.length === 0 ? null : Math.max(...seen),
  }
}

/** False when nobody signs in so. */
export async function revokePerson(hub: Hub, signIn: string): Promise<boolean> {
  const found = await inTenant(hub.pool, hub.tenant, (client) =>
    client.query<{ user_id: string }>('SELECT user_id FROM account WHERE tenant_id = $1 AND sign_in = $2', [
      hub.tenant,
      signIn.toLowerCase(),
    ]),
  )
  const user = found.rows[0]?.user_id
  if (user === undefined) return false
  await runOwn(hub.pushContext, { command: revokeAccount, args: { user }, user: OPERATOR })
  return true
}
