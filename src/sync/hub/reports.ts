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
  readonly integrity: ProofSaid | null
  readonly aside: readonly AsideRow[]
  readonly incidents: IncidentsSaid | null
  /** Of the lives before it nothing is missing: a restored hub waits for their work too. [LIFE7] */
  readonly is_whole: boolean
  /** A share that ended, or a cut: its report counts to the millisecond. */
  readonly waits: boolean
}

/** Of the device `d`, tenant in $1: each of its lives follows one that the hub has up to there. */
const WHOLE = `NOT EXISTS (SELECT 1 FROM device n WHERE n.tenant_id = $1 AND n.dev = d.dev AND n.ep <= d.ep AND n.follows > 0 AND NOT EXISTS (
    SELECT 1 FROM device e WHERE e.tenant_id = $1 AND e.dev = n.dev AND e.ep < n.ep AND e.last_seq >= n.follows))`

/** Columns of `Known` for the device `d`, tenant in $1. */
export const KNOWN = `d.state, ${SHUT_OUT} AS is_shut_out, d.last_seq, d.last_seal, d.reported_at, d.integrity, d.aside, d.incidents, ${WHOLE} AS is_whole, (
    EXISTS (SELECT 1 FROM kernel_cut c WHERE c.tenant_id = $1 AND c.state = 'provisional' AND c.gone_at IS NULL AND (NOT c.is_known OR c.missing ? d.dev))
    OR EXISTS (SELECT 1 FROM kernel_allotment a WHERE a.tenant_id = $1 AND a.device = d.dev AND a.granted > a.used AND a.expires_at > 0)) AS waits`

/** Without anybody who waits, a report is written down as often: an idle device's next minute changes nothing. */
const REPORT_EACH_MS = 60_000

const scoreIn = ([rowsHeld, rowsVerified, broken]: ProofSaid): number =>
  scoreOf({ rowsHeld, rowsVerified, broken: Array.from({ length: broken }, String) })

/** Whether anything must be written down of what the device says. */
export function isNews(known: Known, { report, integrity, aside = [], incidents }: Said, now: number): boolean {
  if (integrity !== undefined && canonical([aside, incidents ?? null]) !== canonical([known.aside, known.incidents]))
    return true
  if (integrity !== undefined && (known.integrity === null || scoreIn(integrity) !== scoreIn(known.integrity)))
    return true
  if (report?.seq !== known.last_seq || report.seal !== known.last_seal || known.state !== 'active' || !known.is_whole)
    return false
  const further = Math.min(report.at, now) - known.reported_at
  return known.waits ? further > 0 : further >= REPORT_EACH_MS
}

/** Keeps what the device said; then tells whoever waited for its report. [DONE1] [PROOF4] */
export async function keepSaid(
  context: PushContext,
  { dev, ep }: Caller,
  { report, integrity, aside = [], incidents }: Said,
): Promise<void> {
  const isAwaited = await inTenant(context.pool, context.tenant, async (client) => {
    const { rowCount } = await client.query(
      `UPDATE device d SET integrity = coalesce($8::jsonb, integrity), aside = CASE WHEN $8::jsonb IS NULL THEN aside ELSE $9::jsonb END,
        incidents = CASE WHEN $8::jsonb IS NULL THEN incidents ELSE $10::jsonb END, reported_at = CASE WHEN last_seq = $4 AND last_seal = $5 AND state = 'active' AND ${WHOLE}
          THEN GREATEST(reported_at, LEAST($6::bigint, $7::bigint)) ELSE reported_at END
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
  const ended = await client.query<{ reported_at: number }>(
    `SELECT max(d.reported_at) AS reported_at FROM kernel_allotment a JOIN device d ON d.tenant_id = a.tenant_id AND d.dev = a.device
      WHERE a.tenant_id = $1 AND a.device = $2 AND a.expires_at <= d.reported_at AND a.granted > a.used`,
    [tenant, dev],
  )
  const reportedAt = ended.rows[0]?.reported_at ?? null
  const open = await client.query<Cut>(
    `SELECT id, company, branch, as_of, device, missing, is_known FROM kernel_cut
      WHERE tenant_id = $1 AND state = 'provisional' AND gone_at IS NULL AND (NOT is_known OR missing ? $2)`,
    [tenant, dev],
  )
  const devices = open.rows.length === 0 ? [] : await writersOf(client, context)
  const cuts = open.rows.flatMap((cut) => {
    const missing = devices.filter((device) => isMissing(device, cut)).map((device) => device.dev)
    const isSame = cut.is_known && JSON.stringify(missing) === JSON.stringify(cut.missing)
    return isSame ? [] : [{ cut: cut.id, missing }]
  })
  if (reportedAt === null && cuts.length === 0) return null
  return { heard: reportedAt === null ? [] : [{ device: dev, reportedAt }], cuts }
}

interface Writer {
  readonly dev: string
  readonly company: string
  readonly branch: string
  readonly buckets: readonly string[]
  /** Nothing can be captured after its lease ended. */
  readonly until: number
  readonly reported_at: number
  /** Its last command was a sealed close. */
  readonly closing: boolean
}

/** The newest life of each enrolled device, with the lease it works under. A forked one is waited for: what it did isn't here. */
async function writersOf(client: PoolClient, { tenant, catalogue }: PushContext): Promise<Writer[]> {
  const closing = [...catalogue.commands.values()].filter(({ isClose }) => isClose).map(({ name }) => name)
  const found = await client.query<Writer>(
    `SELECT DISTINCT ON (d.dev) d.dev, d.reported_at, l.body->>'company' AS company, l.body->>'branch' AS branch, l.body->'buckets' AS buckets,
        (l.body->>'to')::bigint AS until, coalesce(c.type = ANY ($2::text[]), false) AS closing
      FROM device d
      JOIN LATERAL (SELECT body FROM lease WHERE tenant_id = d.tenant_id AND dev = d.dev AND ep = d.ep ORDER BY issued_at DESC LIMIT 1) l ON true
      LEFT JOIN command_log c ON c.tenant_id = d.tenant_id AND c.dev = d.dev AND c.ep = d.ep AND c.seq = d.last_seq
      WHERE d.tenant_id = $1 AND d.state NOT IN ('revoked', 'rescue', 'hub') ORDER BY d.dev, d.ep DESC`,
    [tenant, closing],
  )
  return found.rows
}

/** Whether the device may hold work for the cut that the hub doesn't have. [DONE2] */
function isMissing(device: Writer, { company, branch, as_of, device: author }: Cut): boolean {
  const mayWrite =
    branch === null
      ? device.company === company
      : device.branch === branch || device.buckets.includes(`stock:${branch}`)
  return mayWrite && device.dev !== author && !device.closing && device.reported_at < Math.min(as_of, device.until)
}
