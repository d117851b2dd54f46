// The register of transfers between regions: which device of one region was given rows of which branch of another, under which entry,
// from when until when. Read from the leases that the hub signed, because a pull gives nothing but the buckets of one; never from what
// the rows say today.
import type { LeasedTransfer } from '../kernel/lease.ts'
import type { Row } from '../kernel/table.ts'
import { branch } from '../modules/masters/organisation.ts'
import { transfer } from '../modules/masters/residency.ts'
import { inTenant } from '../sync/hub/tenant.ts'
import type { TransferOfData } from '../sync/office-protocol.ts'
import type { Hub } from './hub.ts'

interface Issued {
  readonly dev: string
  readonly userName: string | null
  readonly at: number
  /** When the next lease took its place, or the device was shut out; null: it is the newest. */
  readonly replacedAt: number | null
  readonly region: string
  readonly transfers: readonly LeasedTransfer[]
}

/** A lease is looked at with the one after it: one without transfers ends what the one before gave. */
const LEASES = `SELECT dev, "userName", at, "replacedAt", region, transfers FROM (
    SELECT l.dev, u.name AS "userName", l.issued_at AS at, l.body ->> 'region' AS region, l.body -> 'transfers' AS transfers,
      LEAST(lead(l.issued_at) OVER (PARTITION BY l.dev ORDER BY l.issued_at, l.ep), d.revoked_at) AS "replacedAt"
    FROM lease l JOIN device d ON d.tenant_id = l.tenant_id AND d.dev = l.dev AND d.ep = l.ep
      LEFT JOIN masters_user u ON u.tenant_id = l.tenant_id AND u.id = l.user_id
    WHERE l.tenant_id = $1 AND l.dev IN (SELECT x.dev FROM lease x WHERE x.tenant_id = $1 AND x.body ? 'transfers')) leases
  WHERE transfers IS NOT NULL ORDER BY dev, at`

type Entry = Pick<Row<typeof transfer>, 'id' | 'basis' | 'categories' | 'protection' | 'until'>

/** The newest first. [RES3] */
export async function transfersOf({ pool, tenant }: Pick<Hub, 'pool' | 'tenant'>): Promise<TransferOfData[]> {
  return inTenant(
    pool,
    tenant,
    async (client) => {
      const issued = await client.query<Issued>(LEASES, [tenant])
      const names = await client.query<{ id: string; name: string }>(
        `SELECT id, name FROM ${branch.sqlName} WHERE tenant_id = $1`,
        [tenant],
      )
      const entries = await client.query<Entry>(
        `SELECT id, basis, categories, protection, until FROM ${transfer.sqlName} WHERE tenant_id = $1`,
        [tenant],
      )
      const nameOf = new Map(names.rows.map(({ id, name }) => [id, name]))
      const entryOf = new Map(entries.rows.map((entry) => [entry.id, entry]))
      return timesOf(issued.rows).map((time) => {
        const { basis = null, categories = [], protection = null, until = null } = entryOf.get(time.transfer) ?? {}
        return { ...time, branchName: nameOf.get(time.branch) ?? null, basis, categories, protection, until }
      })
    },
    'snapshot',
  )
}

type Time = Omit<TransferOfData, 'branchName' | keyof Entry>

/** Leases that follow each other and give the same are one time. */
function timesOf(issued: readonly Issued[]): Time[] {
  const times = new Map<string, Time[]>()
  for (const { dev, userName, at, replacedAt: ended, region: destination, transfers } of issued)
    for (const { transfer: entry, origin, branches } of transfers)
      for (const id of branches) {
        const key = [dev, entry, destination, id].join(' ')
        const of = times.get(key) ?? []
        const last = of.at(-1)
        if (last !== undefined && last.ended === at) of.splice(-1, 1, { ...last, userName, ended })
        else of.push({ dev, userName, origin, destination, branch: id, transfer: entry, since: at, ended })
        times.set(key, of)
      }
  const name = ({ dev, branch: id }: Time): string => `${dev} ${id}`
  return [...times.values()].flat().sort((a, b) => b.since - a.since || (name(a) < name(b) ? -1 : 1))
}
