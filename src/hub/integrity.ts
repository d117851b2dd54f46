// What devices say of their own proof, kept beside them: the worst of them counts, a mean hides it. It decides nothing.
import { scoreOf } from '../sync/device/integrity.ts'
import type { AsideRow } from '../sync/protocol.ts'
import { inTenant } from '../sync/hub/tenant.ts'
import type { DeviceCaller } from './device-auth.ts'
import type { Hub } from './hub.ts'

type Said = readonly [rowsHeld: number, rowsVerified: number, broken: number]

/** Also which of the hub's rows the device can't store, so that whoever looks after the hub finds out. [ROW2] */
export async function keepIntegrity(
  hub: Hub,
  { dev, ep }: DeviceCaller,
  said: Said | undefined,
  aside: readonly AsideRow[] = [],
): Promise<void> {
  if (said === undefined) return
  await inTenant(hub.pool, hub.tenant, (client) =>
    client.query(
      'UPDATE device SET integrity = $4::jsonb, aside = $5::jsonb WHERE tenant_id = $1 AND dev = $2 AND ep = $3 AND (integrity, aside) IS DISTINCT FROM ($4::jsonb, $5::jsonb)',
      [hub.tenant, dev, ep, JSON.stringify(said), JSON.stringify(aside)],
    ),
  )
}

/** 0 … 1 each; null while no device has said anything. [PROOF4] */
export async function integrityOfDevices(
  hub: Hub,
): Promise<{ readonly devices: number; readonly worst: number; readonly mean: number } | null> {
  const said = await inTenant(hub.pool, hub.tenant, (client) =>
    client.query<{ integrity: Said }>(
      "SELECT integrity FROM device WHERE tenant_id = $1 AND state = 'active' AND integrity IS NOT NULL",
      [hub.tenant],
    ),
  )
  const scores = said.rows.map(({ integrity: [rowsHeld, rowsVerified, broken] }) =>
    scoreOf({ rowsHeld, rowsVerified, broken: Array.from({ length: broken }, String) }),
  )
  if (scores.length === 0) return null
  const sum = scores.reduce((total, score) => total + score, 0)
  return { devices: scores.length, worst: Math.min(...scores), mean: sum / scores.length }
}
