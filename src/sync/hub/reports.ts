// Completeness on the hub: each device says with its pull until when everything it captured is here, under the proof of
// its key like every request, and what waits for that is told: provisional cuts, shares that ended. A report never moves
// back, and counts only for exactly the commands and the seal that the hub has.
import type { PoolClient } from 'pg'
import { concludeReports } from '../../kernel/completeness.ts'
import type { ArgsFor } from '../../kernel/command.ts'
import { scoreOf } from '../device/integrity.ts'
import { canonical } from '../../kernel/canonical.ts'
import type { AsideRow, DeviceReport, IncidentsSaid } from '../protocol.ts'
import { applyByHalves } from './by-halves.ts'
import {
  heardPastShare,
  livingLives,
  NEVER_HEARD_AGAIN,
  newestCaptures,
  WHOLE,
  type LivingLife,
  type NewestCapture,
} from './living-lives.ts'
import type { PushContext } from './push.ts'
import { ownIncoming } from './own-command.ts'
import { SHUT_OUT } from './revocation.ts'
import { inTenant, lockClock, raiseClock } from './tenant.ts'

interface Caller {
  readonly dev: string
  readonly ep: number
}

/** What a device says of itself with a pull. */
export interface Said {
  readonly report?: DeviceReport | undefined
  /** Hash of the lease that it holds. */
  readonly lease?: string | undefined
  /** Rows held, rows proved to be the hub's, broken invariants. */
  readonly integrity?: ProofSaid | undefined
  /** Rows of the hub that it can't store, so that whoever looks after the hub finds out. [ROW2] */
  readonly aside?: readonly AsideRow[] | undefined
  /** What should not have happened on it. [PROOF5] */
  readonly incidents?: IncidentsSaid | undefined
}
type ProofSaid = readonly [rowsHeld: number, rowsVerified: number, broken: number]

/** What the hub knows of a device, as far as it tells whether what it says is news. */
export interface Known {
  readonly state: string
  /** The person's account, or the device itself. */
  readonly is_shut_out: boolean
  readonly last_seq: number
  readonly last_seal: string
  readonly reported_at: number
  /** Hash of the lease that it held when it last reported. */
  readonly reported_lease: string | null
  readonly integrity: ProofSaid | null
  readonly aside: readonly AsideRow[]
  readonly incidents: IncidentsSaid | null
  /** Of the lives before it nothing is missing: a restored hub waits for their work too. [LIFE7] */
  readonly is_whole: boolean
  /** A share that ended, or a cut: its report counts to the millisecond. */
  readonly waits: boolean
}

const IS_OPEN = `c.state = 'provisional' AND c.gone_at IS NULL`
/** Of the open cut `c`: what `dev` reports may change whom it waits for. */
const waitsFor = (dev: string): string => `(NOT c.is_known OR c.missing ? ${dev})`

/** Columns of `Known` for the device `d`, tenant in $1. */
export const KNOWN = `d.state, ${SHUT_OUT} AS is_shut_out, d.last_seq, d.last_seal, d.reported_at, d.reported_lease, d.integrity, d.aside, d.incidents, ${WHOLE} AS is_whole, (
    EXISTS (SELECT 1 FROM kernel_cut c WHERE c.tenant_id = $1 AND ${IS_OPEN} AND ${waitsFor('d.dev')})
    OR EXISTS (SELECT 1 FROM kernel_allotment a WHERE a.tenant_id = $1 AND a.device = d.dev AND a.granted > a.used AND a.expires_at > 0)) AS waits`

/** Without anybody who waits, a report is written down as often: an idle device's next minute changes nothing. */
const REPORT_EACH_MS = 60_000

const scoreIn = ([rowsHeld, rowsVerified, broken]: ProofSaid): number =>
  scoreOf({ rowsHeld, rowsVerified, broken: Array.from({ length: broken }, String) })

/** Whether anything must be written down of what the device says. */
export function isNews(known: Known, { report, lease, integrity, aside = [], incidents }: Said, now: number): boolean {
  if (integrity !== undefined && canonical([aside, incidents ?? null]) !== canonical([known.aside, known.incidents]))
    return true
  if (integrity !== undefined && (known.integrity === null || scoreIn(integrity) !== scoreIn(known.integrity)))
    return true
  if (report?.seq !== known.last_seq || report.seal !== known.last_seal || known.state !== 'active' || !known.is_whole)
    return false
  if (known.reported_lease !== (lease ?? null)) return true
  const further = Math.min(report.at, now) - known.reported_at
  return known.waits ? further > 0 : further >= REPORT_EACH_MS
}

/** Keeps what the device said; then tells whoever waited for its report. [DONE1] [PROOF4] */
export async function keepSaid(
  context: PushContext,
  { dev, ep }: Caller,
  { report, lease, integrity, aside = [], incidents }: Said,
): Promise<void> {
  const counts = `d.last_seq = $4 AND d.last_seal = $5 AND d.state = 'active' AND ${WHOLE}`
  const isAwaited = await inTenant(context.pool, context.tenant, async (client) => {
    const { rowCount } = await client.query(
      `UPDATE device d SET integrity = coalesce($8::jsonb, integrity), aside = CASE WHEN $8::jsonb IS NULL THEN aside ELSE $9::jsonb END,
        incidents = CASE WHEN $8::jsonb IS NULL THEN incidents ELSE $10::jsonb END,
        reported_at = CASE WHEN ${counts} THEN GREATEST(reported_at, LEAST($6::bigint, $7::bigint)) ELSE reported_at END,
        reported_lease = CASE WHEN ${counts} THEN $11 ELSE reported_lease END
        WHERE tenant_id = $1 AND dev = $2 AND ep = $3`,
      [
        context.tenant,
        dev,
        ep,
        report?.seq ?? null,
        report?.seal ?? null,
        report?.at ?? null,
        context.now(),
        integrity === undefined ? null : JSON.stringify(integrity),
        JSON.stringify(aside),
        incidents === undefined ? null : JSON.stringify(incidents),
        lease ?? null,
      ],
    )
    return rowCount === 1 && (await conclusionsOf(client, context, dev)) !== null
  })
  if (isAwaited) await conclude(context, dev)
}

/** One commit under the tenant's clock, like every writer of synced tables. What is concluded is looked up again behind the lock. */
async function conclude(context: PushContext, dev: string): Promise<void> {
  const { tenant, catalogue, pool } = context
  const w = await inTenant(pool, tenant, async (client) => {
    const clock = await lockClock(client, context)
    const args = await conclusionsOf(client, context, dev)
    if (args === null) return null
    await applyByHalves(client, catalogue, tenant, clock, [
      ownIncoming(context, { ep: 0, seq: clock + 1, seen: clock }, { command: concludeReports, args, user: '' }),
    ])
    await raiseClock(client, tenant, clock + 1)
    return clock + 1
  })
  if (w !== null) context.committed(tenant, w)
}

interface Cut {
  readonly id: string
  readonly company: string
  readonly branch: string | null
  readonly as_of: number
  readonly device: string
  readonly missing: readonly string[]
  readonly is_known: boolean
}

/** What the newest report of `dev` changes; null when nothing waited for it. */
async function conclusionsOf(
  client: PoolClient,
  context: PushContext,
  dev: string,
): Promise<ArgsFor<typeof concludeReports> | null> {
  const { tenant } = context
  const reportedAt = await heardPastShare(client, tenant, dev)
  const open = await client.query<Cut>(
    `SELECT c.id, c.company, c.branch, c.as_of, c.device, c.missing, c.is_known FROM kernel_cut c
      WHERE c.tenant_id = $1 AND ${IS_OPEN} AND (${waitsFor('$2')} OR c.missing ?| ${NEVER_HEARD_AGAIN})`,
    [tenant, dev],
  )
  const missing = await missingOf(client, tenant, open.rows)
  const cuts = open.rows.flatMap((cut, at) => {
    const found = missing[at] ?? []
    const isSame = cut.is_known && JSON.stringify(found) === JSON.stringify(cut.missing)
    return isSame ? [] : [{ cut: cut.id, missing: found }]
  })
  if (reportedAt === null && cuts.length === 0) return null
  return { heard: reportedAt === null ? [] : [{ device: dev, reportedAt }], cuts }
}

/** By cut, the devices that it waits for. [DONE2] */
async function missingOf(client: PoolClient, tenant: string, cuts: readonly Cut[]): Promise<readonly string[][]> {
  if (cuts.length === 0) return []
  const lives = await livingLives(client, tenant)
  const silent = lives.filter((life) => cuts.some((cut) => mayHoldFor(life, cut)))
  const captures = await newestCaptures(client, tenant, silent)
  return cuts.map((cut) => {
    const missing = silent.filter((life) => mayHoldFor(life, cut) && !isCapturedPast(captures.get(life), life, cut))
    return [...new Set(missing.map(({ dev }) => dev))]
  })
}

/** Whether the life may have captured something for the cut that it didn't report: before its moment, under a lease that reaches there. */
const mayHoldFor = ({ leases, heard_until }: LivingLife, { company, branch, as_of }: Cut): boolean =>
  leases.some(
    (lease) =>
      (branch === null
        ? lease.company === company
        : lease.branch === branch || lease.buckets.includes(`stock:${branch}`)) &&
      lease.from <= as_of &&
      heard_until < Math.min(as_of, lease.to),
  )

/** Whether work of the life from after the moment is here. On the clock that dated the cut the moment is exact. */
function isCapturedPast(newest: NewestCapture | undefined, { dev }: LivingLife, { device, as_of }: Cut): boolean {
  if (newest === undefined) return false
  if (dev === device) return newest.at >= as_of
  return newest.error !== null && newest.at - newest.error >= as_of
}
