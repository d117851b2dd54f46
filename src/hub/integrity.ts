// What devices said of their own proof with their pulls: the worst of them counts, a mean hides it. It decides nothing.
import { scoreOf } from '../sync/device/integrity.ts'
import { inTenant } from '../sync/hub/tenant.ts'
import type { Hub } from './hub.ts'

type Said = readonly [rowsHeld: number, rowsVerified: number, broken: number]

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
