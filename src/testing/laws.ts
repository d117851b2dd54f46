// The laws that no fault may break, written once: each looks at what devices were told, at the hub's log and at the rows
// of both sides, and says in sentences what is wrong. None believes a digest, a status or an outcome that the product
// worked out itself, and none knows which faults there were.
import { createHash } from 'node:crypto'
import type { Hub } from '../hub/hub.ts'
import type { Replica } from '../sync/device/replica.ts'
import { disagreements } from './replica-truth.ts'
import { wrongOnHub } from './world/books-law.ts'
import { differencesToModel } from './world/compare.ts'
import { needsAuthor, nobodys, type Parked } from './world/denied.ts'
import type { Fault } from './world/faults.ts'
import type { Verdict } from './world/model.ts'
import {
  brokenChains,
  forksOf,
  isCountedAlready,
  lostWork,
  numbers,
  raised,
  sequences,
  twiceInBooks,
  unseenForks,
  wrongAuthority,
  wrongForks,
} from './world/life-laws.ts'
import { keyOf, logOf, rowsOf, said, type HubRows, type LogRow } from './world/hub-log.ts'
import { lastingId } from './world/made-rows.ts'
import { Model } from './world/model.ts'
import { wrongShares } from './world/model-shares.ts'
import { otherPaper, wrongPaper } from './world/paper-law.ts'
import { Disabled, needsPeople, type Revocation } from './world/revocations.ts'
import { wrongAtRest } from './world/screen-law.ts'
import { leftOfErased } from './world/erasure-law.ts'
import type { Kept } from './world/kept.ts'
import type { WorldDevice } from './world/world-device.ts'

export interface Finding {
  readonly law: string
  readonly wrong: readonly string[]
  /** There was nothing that could have broken it: this look counts for nothing. */
  readonly isIdle?: boolean
}

/** All that a campaign must have looked at. */
export const LAWS = [
  'L1',
  'L2',
  'L3',
  'L4',
  'L5',
  'L6',
  'L7',
  'L8',
  'L9',
  'L10',
  'L11',
  'L13',
  'L14',
  'L15',
  'AUTH7',
  'BLOB',
]

export interface Evidence {
  readonly hub: Hub
  /** Devices of people. */
  readonly devices: readonly WorldDevice[]
  /** What somebody with the keys of a device said in its place. */
  readonly forged: readonly Kept[]
  readonly revocations: readonly Revocation[]
  /** People whom the office erased. */
  readonly erased: ReadonlySet<string>
  /** The hub came back with less than it had and nobody was told: devices notice by their digests, and mend it. */
  readonly hasFailedOver: boolean
  /** Whether the older release decided what the hub has at this value of its clock. */
  readonly isOlderAt: (at: number) => boolean
}

export interface AtRest {
  readonly found: Finding[]
  /** What two runs of one plan must end in, for the trace. */
  readonly digests: string[]
  /** Faults that only the log shows. */
  readonly met: readonly Fault[]
}

/** What a device that is at rest, whatever happened to it, must show at any moment. */
export function lawsOnDevice(device: WorldDevice, hubLife: number): Finding[] {
  const running = device.device
  if (running === null) return []
  return [
    { law: 'L1', wrong: lostOnDevice(device) },
    { law: 'L12', wrong: [...(isProved(running.replica) ? tornJobs(device) : []), ...backInTime(device, hubLife)] },
  ]
}

/** A device whose hub failed over unsaid has rows of two lives until its next pull mends them; it knows, and its score says so. [PROOF3] */
export const isProved = ({ db, isReady }: Replica): boolean =>
  isReady && db.get('SELECT 1 FROM suspect LIMIT 1') === undefined

/** L1 on the device: what was told as saved is in the outbox, until it was settled and its time is over. */
function lostOnDevice(device: WorldDevice): string[] {
  const db = device.device?.replica.db
  const last = device.lastSeq
  const held = db?.get<{ seq: number | null }>('SELECT MAX(seq) AS seq FROM outbox')?.seq ?? 0
  return held < last ? [`${device.name}:c${last} was told as saved, and its outbox ends at c${held}.`] : []
}

/** L12: a command is there whole or not at all: a job has as many lines as were put below it. */
function tornJobs(device: WorldDevice): string[] {
  const torn = device.device?.replica.db.all<{ id: string; lines: number; held: number }>(
    `SELECT j.id, j.lines, (SELECT COUNT(*) FROM sim_job_line l WHERE l.document = j.id AND l.gone_at IS NULL) AS held
     FROM sim_job j WHERE j.lines <> held`,
  )
  return (torn ?? []).map(({ id, lines, held }) => `${device.name}: job ${id} has ${held} lines instead of ${lines}.`)
}

/** L12: what a device has seen it doesn't unsee; a hub or a disk from a backup says so first. */
function backInTime(device: WorldDevice, hubLife: number): string[] {
  const now = device.device?.replica.watermark ?? 0
  const { seen } = device
  // One that hasn't heard yet that the hub lost something counts anew once it has, and compares with nothing before it.
  device.seen = { hubLife: device.hubLife, watermark: now }
  const isSameLife = seen.hubLife === hubLife && device.hubLife === hubLife
  return isSameLife && now < seen.watermark ? [`${device.name} went back from @${seen.watermark} to @${now}.`] : []
}

/** Everything healed and exchanged: what must be true of the whole world. */
export async function lawsAtRest(evidence: Evidence): Promise<AtRest> {
  const { hub, devices, revocations, erased, hasFailedOver } = evidence
  const log = await logOf(hub)
  const rows = await rowsOf(hub, hub.catalogue)
  const settling = devices.filter(({ excuse }) => excuse === null)
  const running = settling.flatMap(({ device }) => (device === null ? [] : [device]))
  const told = [...devices.flatMap((device) => [...device.told.values()]), ...evidence.forged]
  const model = modelOf(rows, log, { ...evidence, told })
  const wasLogged = (type: string, reason: string): boolean =>
    log.some((row) => row.type === type && row.outcome === 'parked' && row.reason === reason)
  return {
    found: [
      { law: 'L1', wrong: devices.flatMap((device) => lostWork(device, log)) },
      {
        law: 'L2',
        wrong: [...sequences(devices, log), ...wrongForks(devices, rows), ...unseenForks(devices, log, rows)],
      },
      { law: 'L3', wrong: [...model.wrong, ...(await disagreements(hub, hub.catalogue, running))] },
      { law: 'L4', wrong: settling.flatMap((device) => unsettled(device, hasFailedOver)) },
      { law: 'L4', wrong: nobodys(parkedOf(rows)) },
      { law: 'L5', wrong: await wrongOnHub(hub) },
      { law: 'L6', wrong: [...numbers(log), ...twiceInBooks(rows), ...wrongPaper(devices)] },
      { law: 'L7', wrong: await brokenChains(hub, log) },
      { law: 'L13', wrong: (await Promise.all(settling.map((device) => dishonest(device, log, rows)))).flat() },
      {
        law: 'L13',
        wrong: (await Promise.all(devices.map((device) => wrongAtRest(device, forksOf(device, rows) > 0)))).flat(),
      },
      { law: 'L15', wrong: wrongShares('the hub', rows), isIdle: (rows.get('kernel.allotment') ?? []).length === 0 },
      { law: 'L10', wrong: await leftOfErased(hub, devices, erased), isIdle: erased.size === 0 },
      { law: 'AUTH7', wrong: wrongAuthority(revocations, log, rows), isIdle: revocations.length === 0 },
      { law: 'L14', wrong: otherPaper(devices, rows) },
    ],
    digests: [`the hub has ${log.length} commands and ${digestOf(rows)}`],
    met: [
      ...(wasLogged('sim.poison', 'hub.bug') ? (['poison-command'] as const) : []),
      ...(wasLogged('sim.receive', 'hub.cannot-store') ? (['unstorable-command'] as const) : []),
      ...(model.revived > 0 ? (['delete-against-edit'] as const) : []),
      ...reviewsIn(log),
      ...(log.some(isCountedAlready) ? (['one-work-of-two-lives'] as const) : []),
      ...(raised(rows, 'NUMBER_TWICE').length > 0 ? (['number-printed-twice'] as const) : []),
      ...(model.followed > 0 ? (['parked-child-ran'] as const) : []),
    ],
  }
}

const decisions: Readonly<Record<string, Fault>> = {
  'review.resubmit': 'parked-resubmitted',
  'review.force': 'parked-forced',
  'review.discard': 'parked-discarded',
  'review.reopen': 'parked-reopened',
}

/** What people decided about parked commands, and where two of them did. */
function reviewsIn(log: readonly LogRow[]): Fault[] {
  const met = new Set<Fault>()
  for (const { type, outcome, reason } of log) {
    const decision = decisions[type]
    if (decision === undefined) continue
    if (outcome !== 'refused') met.add(decision)
    else if (reason === 'review.already-settled') met.add('parked-decided-twice')
  }
  return [...met]
}

type ParkedOnHub = Parked & { readonly seal: string }

const parkedOf = (rows: HubRows): ReadonlyMap<string, ParkedOnHub> =>
  new Map((rows.get('kernel.reviewItem') ?? []).map((row) => [row.id, row as unknown as ParkedOnHub]))

/** L13: the outbox on the screen says what the hub decided, and the pill that nothing waits. */
async function dishonest(device: WorldDevice, log: readonly LogRow[], rows: HubRows): Promise<string[]> {
  const running = device.device
  if (running === null) return []
  const logged = new Map(log.map((row) => [row.seal, row]))
  const { waiting, isOnline, fault, needsYou } = await running.status()
  const shown = await running.outbox()
  const seals = new Map(
    running.replica.db
      .all<{ seq: number; seal: string }>('SELECT seq, seal FROM outbox')
      .map(({ seq, seal }) => [seq, seal]),
  )
  const wrong = shown.flatMap(({ seq, state }) => {
    const decided = logged.get(seals.get(seq) ?? '')?.outcome
    return decided === state ? [] : [`${said(device, seq)} is shown as ${state}, and the hub says ${decided}.`]
  })
  const items = parkedOf(rows)
  const stateOf = (id: string): string | null => items.get(id)?.state ?? null
  const itemOf = (seal: string): Parked | undefined => [...items.values()].find((item) => item.seal === seal)
  const denied = [...seals.values()].filter((seal) => {
    const outcome = logged.get(seal)?.outcome
    return outcome === 'refused' || (outcome === 'parked' && needsAuthor(itemOf(seal), stateOf))
  }).length
  const listed = shown.filter((entry) => entry.needsYou).length
  if (waiting !== 0 || !isOnline || fault !== null || needsYou !== denied || listed !== denied)
    wrong.push(`${device.name} shows ${JSON.stringify({ waiting, isOnline, fault, needsYou, listed, denied })}.`)
  return wrong
}

/** L4: with nothing in the way, nothing waits. */
function unsettled(device: WorldDevice, mayDiffer: boolean): string[] {
  const db = device.device?.replica.db
  if (db === undefined) return [`${device.name} doesn't run.`]
  const waiting = db.all<{ seq: number; state: string }>('SELECT seq, state FROM outbox WHERE is_settled = 0')
  const incidents = db.all<{ kind: string; detail: string }>(
    "SELECT kind, detail FROM incident WHERE kind IN ('digest', 'scrub', 'bug')",
  )
  return [
    ...waiting.map(({ seq, state }) => `${said(device, seq)} is still ${state}.`),
    ...incidents
      .filter(({ kind }) => kind !== 'digest' || !mayDiffer)
      .map(({ kind, detail }) => `${device.name} noted ${kind}: ${detail}`),
  ]
}

interface Modelled {
  readonly wrong: string[]
  readonly revived: number
  /** Commands that ran because what they had waited for did. */
  readonly followed: number
}

/** The reference goes through the hub's order, and every row, exception, lost value and outcome must be its own. */
function modelOf(
  rows: HubRows,
  log: readonly LogRow[],
  { hub, told, revocations, erased, isOlderAt }: Evidence & { readonly told: readonly Kept[] },
): Modelled {
  const wrong: string[] = []
  const ids = new Map<string, string>()
  for (const [table, key] of [
    ['sim.shelf', ['branch', 'item']],
    ['sim.slot', ['zone', 'name']],
    ['kernel.allotment', ['kind', 'scope', 'resource', 'device']],
    ['kernel.allotmentSum', ['kind', 'scope', 'resource']],
    ['kernel.cashBalance', ['shift', 'method', 'currency']],
    ['kernel.glBalance', ['company', 'branch', 'account', 'month']],
  ] as const) {
    for (const row of rows.get(table) ?? []) {
      const name = JSON.stringify([table, ...key.map((field) => String(row[field]))])
      if (ids.has(name)) wrong.push(`There are two rows of ${name}.`)
      ids.set(name, row.id)
    }
  }
  const items = new Map((rows.get('kernel.reviewItem') ?? []).map((row) => [String(row['seal']), row.id]))
  const model = new Model({
    key: (table, key) => ids.get(JSON.stringify([table, ...key])) ?? JSON.stringify([table, ...key]),
    item: ({ seal }) => items.get(seal) ?? seal,
    hubMade: (told, label) => lastingId({ tenant: hub.tenant, ...told }, label),
  })
  const said = new Map(told.map((each) => [each.seal, each]))
  let shutOut = 0
  const disabled = new Disabled(hub.tenant)
  for (const row of log) {
    const isDenied = disabled.denies(row)
    const each = said.get(row.seal)
    if (row.type === 'masters.revokeDevice') shutOut += 1
    if (each === undefined) {
      if (!/^(?:masters|privacy)\./.test(row.type))
        wrong.push(`The log has ${keyOf(row)} ${row.type}, which nobody was told of.`)
      continue
    }
    const needs = needsPeople(each, revocations.slice(0, shutOut)) ?? row.reason === 'AFTER_REVOCATION'
    const verdict = model.commit(each, { needsPeople: needs, isDenied, isOlder: isOlderAt(row.at) })
    const stands: Verdict = row.outcome === 'refused' || row.outcome === 'parked' ? row.outcome : 'stands'
    if (verdict !== stands)
      wrong.push(`${keyOf(row)} ${row.type} is ${row.outcome} (${row.reason}), and should be ${verdict}.`)
  }
  return {
    wrong: [...wrong, ...differencesToModel(model, rows, erased)],
    revived: model.revived,
    followed: model.review.followed,
  }
}

const digestOf = (rows: HubRows): string => {
  const hash = createHash('sha256')
  for (const [table, of] of rows) for (const row of of) hash.update(JSON.stringify([table, row]))
  return hash.digest('hex').slice(0, 16)
}
