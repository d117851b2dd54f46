// The laws that no fault may break, written once: each looks at what devices were told, at the hub's log and at the rows
// of both sides, and says in sentences what is wrong. None believes a digest, a status or an outcome that the product
// worked out itself, and none knows which faults there were.
import { createHash } from 'node:crypto'
import type { Catalogue } from '../kernel/catalogue.ts'
import type { AnyRow } from '../kernel/table.ts'
import type { Hub } from '../hub/hub.ts'
import { inTenant } from '../sync/hub/tenant.ts'
import { selectedOf } from '../store/postgres/hub-tables.ts'
import { disagreements } from './replica-truth.ts'
import { differencesToModel } from './world/compare.ts'
import { needsAuthor } from './world/denied.ts'
import type { Fault } from './world/faults.ts'
import type { Told, Verdict } from './world/model.ts'
import { Model } from './world/model.ts'
import type { WorldDevice } from './world/world-device.ts'

export interface Finding {
  readonly law: string
  readonly wrong: readonly string[]
}

export interface LogRow {
  readonly dev: string
  readonly ep: number
  readonly seq: number
  readonly at: number
  readonly type: string
  readonly seal: string
  readonly prev: string
  readonly line: string
  readonly outcome: string
  readonly reason: string | null
}

export interface Evidence {
  readonly hub: Hub
  readonly catalogue: Catalogue
  /** Devices of people. */
  readonly devices: readonly WorldDevice[]
  /** The hub came back with less than it had and nobody was told: devices notice by their digests, and mend it. */
  readonly hasFailedOver: boolean
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
    { law: 'L12', wrong: [...(running.replica.isReady ? tornJobs(device) : []), ...backInTime(device, hubLife)] },
  ]
}

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
  // It heard of a hub that lost something, or is about to: that one counts anew.
  if (device.hubLife !== hubLife) {
    device.watermark = 0
    return []
  }
  const before = device.watermark
  device.watermark = now
  return now < before ? [`${device.name} went back from @${before} to @${now}.`] : []
}

/** Everything healed and exchanged: what must be true of the whole world. */
export async function lawsAtRest(evidence: Evidence): Promise<AtRest> {
  const { hub, catalogue, devices, hasFailedOver } = evidence
  const log = await logOf(hub)
  const rows = await rowsOf(hub, catalogue)
  const settling = devices.filter(({ excuse }) => excuse === null)
  const running = settling.flatMap(({ device }) => (device === null ? [] : [device]))
  const told = devices.flatMap((device) => [...device.told.values()])
  const model = modelOf(rows, log, told)
  const wasLogged = (type: string, reason: string): boolean =>
    log.some((row) => row.type === type && row.outcome === 'parked' && row.reason === reason)
  return {
    found: [
      { law: 'L1', wrong: devices.flatMap((device) => lostWork(device, log)) },
      { law: 'L2', wrong: [...sequences(log), ...wrongForks(devices, rows)] },
      { law: 'L3', wrong: [...model.wrong, ...(await disagreements(hub, catalogue, running))] },
      { law: 'L4', wrong: settling.flatMap((device) => unsettled(device, hasFailedOver)) },
      { law: 'L5', wrong: books('the hub', rows) },
      { law: 'L6', wrong: numbers(log) },
      { law: 'L7', wrong: await brokenChains(hub, log) },
      { law: 'L13', wrong: (await Promise.all(settling.map((device) => dishonest(device, log, rows)))).flat() },
      { law: 'L14', wrong: otherPaper(devices, rows) },
    ],
    digests: [`the hub has ${log.length} commands and ${digestOf(rows)}`],
    met: [
      ...(wasLogged('sim.poison', 'hub.bug') ? (['poison-command'] as const) : []),
      ...(wasLogged('sim.receive', 'hub.cannot-store') ? (['unstorable-command'] as const) : []),
      ...(model.revived > 0 ? (['delete-against-edit'] as const) : []),
      ...reviewsIn(log),
      ...(model.followed > 0 ? (['parked-child-ran'] as const) : []),
    ],
  }
}

async function logOf(hub: Hub): Promise<LogRow[]> {
  const found = await inTenant(hub.pool, hub.tenant, (client) =>
    client.query<LogRow>(
      'SELECT dev, ep, seq, at, type, seal, prev, line, outcome, reason FROM command_log WHERE tenant_id = $1 ORDER BY at',
      [hub.tenant],
    ),
  )
  return found.rows
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

export type HubRows = ReadonlyMap<string, readonly AnyRow[]>

function rowsOf(hub: Hub, catalogue: Catalogue): Promise<HubRows> {
  return inTenant(hub.pool, hub.tenant, async (client) => {
    const rows = new Map<string, AnyRow[]>()
    for (const table of catalogue.tables.values()) {
      const { rows: found } = await client.query<AnyRow & Record<string, unknown>>(
        `SELECT ${selectedOf(table, 't')} FROM ${table.sqlName} t WHERE tenant_id = $1 ORDER BY id`,
        [hub.tenant],
      )
      rows.set(table.name, found)
    }
    return rows
  })
}

const keyOf = ({ dev, ep, seq }: Pick<Told, 'dev' | 'ep' | 'seq'>): string => `${dev}/${ep}/${seq}`
const said = (device: WorldDevice, seq: number): string => `${device.name}:c${seq}`

/** L1: what was told as saved is in the hub's log as it was said, or still waits where it must. */
function lostWork(device: WorldDevice, log: readonly LogRow[]): string[] {
  const logged = new Map(log.map((row) => [keyOf(row), row]))
  const wrong: string[] = []
  for (const kept of device.told.values()) {
    const row = logged.get(keyOf(kept))
    if (row?.seal !== kept.seal) {
      // What its platform threw away unsent is lost, and everybody knows.
      if (kept.dev !== device.dev) continue
      if (device.excuse === null) wrong.push(`${said(device, kept.seq)} ${kept.command} never reached the hub.`)
      else if (!isHeld(device, kept)) wrong.push(`${said(device, kept.seq)} is neither on the hub nor on its device.`)
      continue
    }
    if (row.type !== kept.command) wrong.push(`${said(device, kept.seq)} was ${kept.command}, the hub has ${row.type}.`)
  }
  return wrong
}

/** A device that can't settle any more keeps its work, unless its owner put an older image on it. */
const isHeld = (device: WorldDevice, { seal }: Told): boolean =>
  device.excuse === 'restored' ||
  device.device?.replica.db.get('SELECT 1 FROM outbox WHERE seal = ?', [seal]) !== undefined

/** L6: each device draws its numbers one after the other, and none twice. */
function numbers(log: readonly LogRow[]): string[] {
  const wrong: string[] = []
  const last = new Map<string, number>()
  for (const { dev, ep, seq, line } of log) {
    const { nos = {} } = JSON.parse(line) as { nos?: Readonly<Record<string, readonly number[]>> }
    for (const [series, counters] of Object.entries(nos)) {
      for (const counter of counters) {
        const key = `${dev}/${ep}/${series}`
        const expected = (last.get(key) ?? 0) + 1
        if (counter !== expected)
          wrong.push(`${dev}:c${seq} carries ${series} ${counter} where ${expected} comes next.`)
        last.set(key, counter)
      }
    }
  }
  return wrong
}

/** L13: the outbox on the screen says what the hub decided, and the pill that nothing waits. */
async function dishonest(device: WorldDevice, log: readonly LogRow[], rows: HubRows): Promise<string[]> {
  const running = device.device
  if (running === null) return []
  const logged = new Map(log.map((row) => [keyOf(row), row]))
  const { waiting, isOnline, fault, needsYou } = await running.status()
  const shown = await running.outbox()
  const wrong = shown.flatMap(({ seq, state }) => {
    const decided = logged.get(keyOf({ dev: device.dev, ep: device.ep, seq }))?.outcome
    return decided === state ? [] : [`${said(device, seq)} is shown as ${state}, and the hub says ${decided}.`]
  })
  const items = new Map((rows.get('kernel.reviewItem') ?? []).map((row) => [row.id, row]))
  const stateOf = (id: string): string | null => (items.get(id)?.['state'] as string | undefined) ?? null
  const itemOf = (seal: string) =>
    [...items.values()].find((row) => row['seal'] === seal) as { state: string; waitsFor: string | null } | undefined
  const denied = log.filter(
    ({ dev, ep, seal, outcome }) =>
      dev === device.dev &&
      ep === device.ep &&
      (outcome === 'refused' || (outcome === 'parked' && needsAuthor(itemOf(seal), stateOf))),
  ).length
  const listed = shown.filter((entry) => entry.needsYou).length
  if (waiting !== 0 || !isOnline || fault !== null || needsYou !== denied || listed !== denied)
    wrong.push(`${device.name} shows ${JSON.stringify({ waiting, isOnline, fault, needsYou, listed, denied })}.`)
  return wrong
}

/** L2: one place for each number of a device, none left out. */
function sequences(log: readonly LogRow[]): string[] {
  const wrong: string[] = []
  const next = new Map<string, number>()
  for (const { dev, ep, seq } of log) {
    const expected = next.get(`${dev}/${ep}`) ?? 1
    if (seq !== expected) wrong.push(`The log has ${dev} c${seq} where c${expected} comes next.`)
    next.set(`${dev}/${ep}`, seq + 1)
  }
  return wrong
}

/** L2: a fork is raised for a device that had two lives, and for no other. */
function wrongForks(devices: readonly WorldDevice[], rows: HubRows): string[] {
  const doubled = new Set(
    devices.filter(({ excuse }) => excuse === 'cloned' || excuse === 'restored').map(({ dev }) => dev),
  )
  return (rows.get('kernel.exception') ?? [])
    .filter((row) => row['code'] === 'FORK' && !doubled.has(String(row['dev'])))
    .map((row) => `A fork of ${String(row['dev'])} was raised, which had one life.`)
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

const living = (rows: HubRows, table: string): AnyRow[] =>
  (rows.get(table) ?? []).filter(({ goneAt }) => goneAt === null)

/** L5: what moved is what lies there. */
function books(where: string, rows: HubRows): string[] {
  const moved = new Map<string, number>()
  const at = (row: AnyRow): string => `${String(row['branch'])} ${String(row['item'])}`
  for (const row of living(rows, 'sim.move')) moved.set(at(row), (moved.get(at(row)) ?? 0) + Number(row['quantity']))
  return living(rows, 'sim.shelf')
    .filter((row) => Number(row['onHand']) !== (moved.get(at(row)) ?? 0))
    .map((row) => `${where}: ${at(row)} holds ${String(row['onHand'])}, and ${moved.get(at(row)) ?? 0} moved.`)
}

/** L7: each device's chain of seals, worked out anew over the bytes in the log. */
async function brokenChains(hub: Hub, log: readonly LogRow[]): Promise<string[]> {
  const devices = await inTenant(hub.pool, hub.tenant, (client) =>
    client.query<{ dev: string; ep: number; certificate: string }>(
      'SELECT dev, ep, certificate FROM device WHERE tenant_id = $1',
      [hub.tenant],
    ),
  )
  const sha = (text: string): string => createHash('sha256').update(text).digest('hex')
  const seals = new Map(devices.rows.map(({ dev, ep, certificate }) => [`${dev}/${ep}`, sha(certificate)]))
  const wrong: string[] = []
  for (const { dev, ep, seq, prev, seal, line } of log) {
    const before = seals.get(`${dev}/${ep}`) ?? ''
    const after = sha(`${before}\n${line}`)
    if (prev !== before || seal !== after) wrong.push(`The chain of ${dev} is broken at c${seq}.`)
    seals.set(`${dev}/${ep}`, after)
  }
  return wrong
}

/** L14: the number on a receipt is the number in the books. */
function otherPaper(devices: readonly WorldDevice[], rows: HubRows): string[] {
  const jobs = new Map((rows.get('sim.job') ?? []).map((row) => [row.id, row]))
  const wrong: string[] = []
  for (const device of devices) {
    for (const { seq, number, made } of device.told.values()) {
      const job = jobs.get(made['sim.job']?.[0] ?? '')
      if (job !== undefined && number !== null && job['number'] !== number)
        wrong.push(
          `${said(device, seq)} printed ${JSON.stringify(number)}, and the books say ${String(job['number'])}.`,
        )
    }
  }
  return wrong
}

interface Modelled {
  readonly wrong: string[]
  readonly revived: number
  /** Commands that ran because what they had waited for did. */
  readonly followed: number
}

/** The reference goes through the hub's order, and every row, exception, lost value and outcome must be its own. */
function modelOf(rows: HubRows, log: readonly LogRow[], told: readonly Told[]): Modelled {
  const wrong: string[] = []
  const ids = new Map<string, string>()
  for (const [table, key] of [
    ['sim.shelf', ['branch', 'item']],
    ['sim.slot', ['zone', 'name']],
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
  })
  const said = new Map(told.map((each) => [each.seal, each]))
  for (const row of log) {
    const each = said.get(row.seal)
    if (each === undefined) {
      if (!row.type.startsWith('masters.'))
        wrong.push(`The log has ${keyOf(row)} ${row.type}, which nobody was told of.`)
      continue
    }
    const verdict = model.commit(each)
    const stands: Verdict = row.outcome === 'refused' || row.outcome === 'parked' ? row.outcome : 'stands'
    if (verdict !== stands)
      wrong.push(`${keyOf(row)} ${row.type} is ${row.outcome} (${row.reason}), and should be ${verdict}.`)
  }
  return {
    wrong: [...wrong, ...differencesToModel(model, rows)],
    revived: model.revived,
    followed: model.review.followed,
  }
}

const digestOf = (rows: HubRows): string => {
  const hash = createHash('sha256')
  for (const [table, of] of rows) for (const row of of) hash.update(JSON.stringify([table, row]))
  return hash.digest('hex').slice(0, 16)
}
