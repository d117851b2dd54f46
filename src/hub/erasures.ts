// Who was erased, and which devices have said that they forgot: for the office and for the hub's operator, who may also erase on the hub's
// own machine. It names nobody: the people are pseudonyms by now.
import { ERASE_SUBJECT, pseudonymOf } from '../kernel/erasure.ts'
import { runOwn } from '../sync/hub/own-command.ts'
import { inTenant } from '../sync/hub/tenant.ts'
import type { OfficeErasure } from '../sync/office-protocol.ts'
import type { Hub } from './hub.ts'

interface Found {
  readonly subject: string
  readonly table: string
  readonly at: number
  readonly byName: string | null
  readonly dev: string | null
  readonly userName: string | null
  readonly state: string
  readonly seenAt: number | null
  readonly confirmedAt: number | null
}

/** The newest first, each with the devices that were enrolled before it. */
export async function erasuresOf({ pool, tenant }: Hub): Promise<OfficeErasure[]> {
  const { rows } = await inTenant(pool, tenant, (client) =>
    client.query<Found>(
      `SELECT e.subject, e."table", coalesce(l.received_at, e.at) AS at, b.name AS "byName", d.dev, u.name AS "userName", d.state,
         nullif(GREATEST(coalesce(d.seen_at, 0), d.reported_at), 0) AS "seenAt", r.at AS "confirmedAt"
       FROM kernel_erasure e
       LEFT JOIN bucket_row k ON k.tenant_id = $1 AND k.tbl = 'kernel.erasure' AND k.id = e.id AND k.bucket = 'company'
       LEFT JOIN command_log l ON l.tenant_id = $1 AND l.at = k.seq
       LEFT JOIN masters_user b ON b.tenant_id = $1 AND b.id = e.by
       LEFT JOIN LATERAL (
         SELECT DISTINCT ON (x.dev) x.dev, x.user_id, x.state, x.seen_at, x.reported_at FROM device x
         WHERE x.tenant_id = $1 AND x.state NOT IN ('rescue', 'hub') AND x.enrolled_at <= coalesce(l.received_at, e.at) ORDER BY x.dev, x.ep DESC
       ) d ON true
       LEFT JOIN masters_user u ON u.tenant_id = $1 AND u.id = d.user_id
       LEFT JOIN kernel_erasure_receipt r ON r.tenant_id = $1 AND r.subject = e.subject AND r.device = d.dev
       WHERE e.tenant_id = $1 ORDER BY at DESC, e.subject, d.dev`,
      [tenant],
    ),
  )
  const erasures = new Map<string, OfficeErasure & { devices: OfficeErasure['devices'][number][] }>()
  for (const { subject, table, at, byName, dev, userName, state, seenAt, confirmedAt } of rows) {
    let erasure = erasures.get(subject)
    if (erasure === undefined)
      erasures.set(subject, (erasure = { subject, pseudonym: pseudonymOf(subject), table, at, byName, devices: [] }))
    if (dev === null) continue
    const isShut = state !== 'active'
    erasure.devices.push({ dev, userName, seenAt, confirmedAt, isShut })
  }
  return [...erasures.values()]
}

const OPERATOR = 'operator'

/** By the operator, on the hub's own machine; false when nobody has such an id. */
export async function erasePerson(hub: Hub, subject: string): Promise<boolean> {
  const { pool, tenant, catalogue } = hub
  const command = catalogue.commands.get(ERASE_SUBJECT)
  if (command === undefined) return false
  for (const { name: table, sqlName, subject: about } of catalogue.tables.values()) {
    if (about[0] !== 'id') continue
    const found = await inTenant(pool, tenant, (client) =>
      client.query(`SELECT 1 FROM ${sqlName} WHERE tenant_id = $1 AND id = $2`, [tenant, subject]),
    )
    if (found.rows.length === 0) continue
    await runOwn(hub.pushContext, { command, args: { table, subject }, user: OPERATOR })
    return true
  }
  return false
}
