// The truth at any moment: what a device must show is what the reference makes of the hub's log up to the device's
// watermark, in the device's buckets, and of the device's own work that the hub hasn't committed by then, in its order. At
// rest the hub's rows heal everything; here a missing rebase, work that settles early or a forgotten touch shows at once.
// It believes the hub's log and what devices were told, and neither outcomes, touches nor digests.
import { CONFIRM_ERASURE } from '../../kernel/erasure.ts'
import { keyId } from '../../kernel/hash.ts'
import type { AnyRow } from '../../kernel/table.ts'
import { codecOf } from '../../store/sqlite/device-tables.ts'
import type { Replica } from '../../sync/device/replica.ts'
import type { Finding } from '../laws.ts'
import { differing, differingRows, fieldsOf, isOther, type TableFields } from './compare.ts'
import { deniedOn } from './denied.ts'
import { lastingId, reviewItemOf } from './made-rows.ts'
import {
  Model,
  originOf,
  type Change,
  type ModelRow,
  type ModelRows,
  type Names,
  type Told,
  type Verdict,
} from './model.ts'
import { isAboutOne } from './model-people.ts'
import { bucketOfPosting } from './model-postings.ts'
import { wrongShares } from './model-shares.ts'
import type { Release } from './sim-catalogue.ts'
import type { WorldDatabase } from './world-database.ts'
import { Disabled, needsPeople, type Revocation } from './revocations.ts'
import { wrongMarks, wrongQuestions } from './screen-law.ts'
import type { Kept } from './kept.ts'
import type { WorldDevice } from './world-device.ts'

interface Committed {
  readonly seal: string
  readonly at: number
  readonly type: string
  readonly line: string
  readonly outcome: string
  readonly reason: string | null
}

/** The hub's rows as a device that is at `upto` must know them. */
interface Truth {
  readonly life: number
  upto: number
  /** Changes of the reference that are in it. */
  applied: number
  readonly tables: ModelRows
  /** The part of them that the device holds in these buckets; null when they changed since. */
  held: { readonly buckets: string; readonly rows: ModelRows } | null
}

interface Pending extends Told {
  readonly state: string
}

const SHOWN_MAX = 4

export interface OracleParts {
  readonly database: WorldDatabase
  readonly tenant: string
  /** Whether the older release decided what the hub has at this value of its clock. */
  readonly isOlderAt: (at: number) => boolean
  readonly told: (seal: string) => Kept | undefined
  readonly revocations: readonly Revocation[]
  /** How many requests came to the hub: without one its log stays what it was. */
  readonly requests: () => number
  /** People who are erased: of them erasure-law.ts knows. */
  readonly erased: ReadonlySet<string>
}

export class Oracle {
  private readonly parts: OracleParts
  private readonly names: Names
  private readonly truths = new Map<WorldDevice, Truth>()
  private hub: Model
  private changes: (Change & { readonly at: number })[] = []
  private commits = new Map<string, Committed>()
  /** Where each piece of work came in first, whichever life brought it. */
  private origins = new Map<string, number>()
  private upto = 0
  /** Requests to the hub by the time that its log was read. */
  private readAfter = -1
  /** So many of the office's revocations the hub's log has. */
  private shutOut = 0
  private life = 1
  private disabled: Disabled

  constructor(parts: OracleParts) {
    this.parts = parts
    const { tenant } = parts
    this.names = {
      key: (table, key) => keyId(tenant, table, [...key]),
      item: (told) => reviewItemOf({ tenant, ...told }),
      hubMade: (told, label) => lastingId({ tenant, ...told }, label),
    }
    this.hub = new Model(this.names)
    this.disabled = new Disabled(tenant)
  }

  /** The hub came back from a backup: its log is another one from there on. */
  restored(): void {
    this.hub = new Model(this.names)
    this.changes = []
    this.commits = new Map()
    this.origins = new Map()
    this.upto = 0
    this.readAfter = -1
    this.shutOut = 0
    this.disabled = new Disabled(this.parts.tenant)
    this.life += 1
  }

  /** What is wrong on a device that has heard all of this life of the hub. */
  async look(device: WorldDevice): Promise<Finding[]> {
    const replica = device.device?.replica
    // One that couldn't be updated has the tables of before: it is read and sends, and nothing more comes of it.
    if (replica === undefined || !replica.isReady || replica.isHeldBack) return []
    const decided = await this.catchUp()
    return [
      { law: 'L3', wrong: decided },
      { law: 'L13', wrong: [...(await dishonest(device)), ...wrongQuestions(device)] },
      ...this.shown(device, replica),
    ]
  }

  /** Reads on in the hub's log. What the hub decided must be what the reference decides. */
  private async catchUp(): Promise<string[]> {
    const { database, tenant, told, requests, isOlderAt } = this.parts
    if (this.readAfter === requests()) return []
    this.readAfter = requests()
    const { rows } = await database.asOwner((client) =>
      client.query<Committed>({
        name: 'oracle',
        text: 'SELECT seal, at, type, line, outcome, reason FROM command_log WHERE tenant_id = $1 AND at > $2 ORDER BY at',
        values: [tenant, this.upto],
      }),
    )
    const wrong: string[] = []
    for (const row of rows) {
      this.upto = row.at
      this.commits.set(row.seal, row)
      if (row.type === 'masters.revokeDevice') this.shutOut += 1
      const isDenied = this.disabled.denies(row)
      const each = told(row.seal)
      if (each === undefined) continue
      const needsPeople = this.needsPeople(each, row)
      const verdict = this.hub.commit(each, { needsPeople, isDenied, isOlder: isOlderAt(row.at) })
      const stands: Verdict = row.outcome === 'refused' || row.outcome === 'parked' ? row.outcome : 'stands'
      if (verdict !== stands)
        wrong.push(`${each.dev}/${each.seq} ${row.type} is ${row.outcome} (${row.reason}), and should be ${verdict}.`)
      if (!this.origins.has(originOf(each))) this.origins.set(originOf(each), row.at)
      for (const change of this.hub.changes) this.changes.push({ ...change, at: row.at })
    }
    return wrong
  }

  private needsPeople(kept: Kept, { reason }: Committed): boolean {
    const needs = needsPeople(kept, this.parts.revocations.slice(0, this.shutOut))
    return needs ?? reason === 'AFTER_REVOCATION'
  }

  /** What the device must have of the hub's rows. */
  private heldBy(device: WorldDevice, watermark: number, buckets: ReadonlySet<string>): ModelRows {
    const truth = this.truthOf(device, watermark)
    const isOlder = this.parts.isOlderAt(watermark)
    const key = [isOlder, ...buckets].join(' ')
    if (truth.held?.buckets !== key) truth.held = { buckets: key, rows: rowsIn(truth.tables, buckets, isOlder) }
    return truth.held.rows
  }

  private truthOf(device: WorldDevice, watermark: number): Truth {
    let truth = this.truths.get(device)
    if (truth === undefined || truth.life !== this.life || truth.upto > watermark)
      this.truths.set(device, (truth = { life: this.life, upto: 0, applied: 0, tables: new Map(), held: null }))
    for (let next = this.changes[truth.applied]; next !== undefined && next.at <= watermark;) {
      let rows = truth.tables.get(next.table)
      if (rows === undefined) truth.tables.set(next.table, (rows = new Map()))
      rows.set(next.id, next.row)
      next = this.changes[++truth.applied]
      truth.held = null
    }
    truth.upto = watermark
    return truth
  }

  private shown(device: WorldDevice, replica: Replica): Finding[] {
    const buckets = heldWhole(replica)
    if (buckets === null) return []
    const { watermark } = replica
    const { erased } = this.parts
    const held = this.heldBy(device, watermark, buckets)
    const pending = this.pendingOf(device, replica)
    // What another life brought is here twice, until this one hears that it counts once.
    if (pending.some((told) => (this.origins.get(originOf(told)) ?? Infinity) <= watermark)) return []
    // What was refused or parked stays on the screen until the next pull takes it back.
    if (pending.some(({ state }) => state === 'refused' || state === 'parked')) return []
    const release = learnedBy(device, replica)
    const fields = fieldsOf[release]
    const expected = new Model(this.names, buckets, copied(held))
    const written = new Set<string>()
    const unwritten: string[] = []
    const marks = { must: new Set<string>(), may: new Set<string>() }
    for (const told of pending) {
      expected.commit(told, { isOlder: device.release === 'older' })
      const touched = new Set(replica.touches.writtenBy(told.seq).map(({ tbl, id }) => `${tbl} ${id}`))
      for (const key of touched) marks.may.add(`${key} ${told.state}`)
      for (const { table, id, before, row } of expected.changes) {
        if (!isOther(fields[table] ?? null, before, row) || isAboutOne(erased, row)) continue
        written.add(`${table} ${id}`)
        marks.must.add(`${table} ${id} ${told.state}`)
        if (!touched.has(`${table} ${id}`))
          unwritten.push(`c${told.seq} ${told.command} wrote ${table} ${id} untouched.`)
      }
    }
    const rows = rowsOn(replica, release)
    const about = `${device.name} at @${watermark} with ${pending.map(({ seq }) => `c${seq}`).join(' ') || 'no work'}:`
    const say = (wrong: readonly string[]): string[] => wrong.slice(0, SHOWN_MAX).map((each) => `${about} ${each}`)
    return [
      { law: 'rows', wrong: say(differingRows(expected, rows, { fields, erased })) },
      { law: 'L13', wrong: say(wrongMarks(replica, Object.keys(fields), marks)) },
      { law: 'L15', wrong: say(wrongShares('its shares', rows)) },
      { law: 'shadows', wrong: say([...unwritten, ...wrongShadows(replica, { fields, held, written, erased })]) },
    ]
  }

  /** Work on this disk that isn't in what it has of the hub's. */
  private pendingOf(device: WorldDevice, { db, watermark }: Replica): Pending[] {
    const pending: Pending[] = []
    for (const { seal, state } of db.all<{ seal: string; state: string }>(
      'SELECT seal, state FROM outbox ORDER BY seq',
    )) {
      const told = device.told.get(seal)
      const commit = this.commits.get(seal)
      if (told !== undefined && !(commit !== undefined && commit.at <= watermark)) pending.push({ ...told, state })
    }
    return pending
  }
}

/** The buckets of the device's lease; null while some of them aren't here as of its watermark. */
function heldWhole(replica: Replica): ReadonlySet<string> | null {
  const { db, watermark } = replica
  const whole = new Set(
    db
      .all<{ name: string }>('SELECT name FROM bucket WHERE is_complete = 1 AND cursor = ?', [watermark])
      .map(({ name }) => name),
  )
  const buckets = replica.lease()?.lease.buckets ?? []
  return buckets.every((name) => whole.has(name)) ? new Set(buckets) : null
}

const headers: Readonly<Record<string, string>> = {
  'sim.lineNote': 'sim.jobLine',
  'sim.settlementEntry': 'sim.settlement',
}

/** In which buckets the company's rules put a row, in the reference's own words. */
function bucketOf(tables: ModelRows, table: string, row: ModelRow, isOlder: boolean): string | null {
  switch (table) {
    case 'sim.note':
    case 'sim.photo':
    case 'sim.person':
      return 'company'
    case 'sim.call':
    case 'sim.slot':
      return 'catalogue'
    case 'sim.job':
      return row['state'] === 'open' || !isOlder
        ? `stock:${String(row['branch'])}`
        : `entries:${String(row['branch'])}:${String(row['day']).slice(0, 7)}`
    case 'sim.jobLine':
    case 'sim.stamp':
    case 'sim.lineNote':
    case 'sim.settlementEntry': {
      const above = headers[table] ?? 'sim.job'
      const header = tables.get(above)?.get(String(row['document']))
      return header === undefined ? null : bucketOf(tables, above, header, isOlder)
    }
    case 'kernel.allotment':
    case 'kernel.allotmentSum':
      return `stock:${String(row['area'])}`
    default:
      return bucketOfPosting(table, row) ?? `stock:${String(row['branch'])}`
  }
}

/** What is parked is its branch's to decide, and its author sees what becomes of it. */
function isIn(buckets: ReadonlySet<string>, bucket: string | null, table: string, row: ModelRow): boolean {
  if (table !== 'kernel.reviewItem') return buckets.has(bucket ?? '')
  return buckets.has(`review:${String(row['branch'])}`) || buckets.has(`device:${String(row['dev'])}`)
}

const copied = (tables: ModelRows): ModelRows => new Map([...tables].map(([table, rows]) => [table, new Map(rows)]))

function rowsIn(tables: ModelRows, buckets: ReadonlySet<string>, isOlder: boolean): ModelRows {
  const held: ModelRows = new Map()
  for (const [table, rows] of tables) {
    const of = new Map<string, ModelRow>()
    for (const [id, row] of rows) if (isIn(buckets, bucketOf(tables, table, row, isOlder), table, row)) of.set(id, row)
    held.set(table, of)
  }
  return held
}

function rowsOn({ db, catalogue }: Replica, release: Release): Map<string, AnyRow[]> {
  const rows = new Map<string, AnyRow[]>()
  for (const name of Object.keys(fieldsOf[release])) {
    const table = catalogue.tables.get(name)
    if (table === undefined) continue
    const codec = codecOf(table)
    rows.set(
      name,
      db.all(`SELECT ${codec.selected} FROM ${table.sqlName}`).map((row) => codec.decode(row)),
    )
  }
  return rows
}

/** After an update a device learns with its next whole exchange what is new of the rows that it has. */
function learnedBy({ release }: WorldDevice, { db, catalogue }: Replica): Release {
  return db.get('SELECT 1 FROM bucket WHERE sv < ?', [catalogue.schema]) === undefined ? release : 'older'
}

interface Shadows {
  readonly fields: TableFields
  readonly held: ModelRows
  /** `table id`: what its own work changed. */
  readonly written: ReadonlySet<string>
  readonly erased: ReadonlySet<string>
}

/** Under each row that its own work changed lies the hub's image, and it is the hub's. */
function wrongShadows({ touches }: Replica, { fields, held, written, erased }: Shadows): string[] {
  const wrong: string[] = []
  const left = new Set(written)
  for (const { tbl, id, image: is } of touches.shadows()) {
    if (!(tbl in fields)) continue
    left.delete(`${tbl} ${id}`)
    const should = held.get(tbl)?.get(id)
    if (isAboutOne(erased, is ?? should ?? { id })) continue
    if (is === null && should !== undefined) wrong.push(`the shadow of ${tbl} ${id} is empty.`)
    else if (is !== null && should === undefined) wrong.push(`the shadow of ${tbl} ${id} should be empty.`)
    else if (is !== null && should !== undefined)
      wrong.push(...differing(tbl, fields[tbl] ?? [], is, should).map((each) => `in the shadow, ${each}`))
  }
  for (const key of left) wrong.push(`${key} was written and has no shadow.`)
  return wrong
}

/** What its screens say of the device's work is what it was told, no more and no less. */
async function dishonest(device: WorldDevice): Promise<string[]> {
  const running = device.device
  if (running === null || running.isPushOnly) return []
  const { db } = running.replica
  const stored = db.all<{ seq: number; seal: string; state: string; type: string; at: number }>(
    'SELECT seq, seal, state, type, at FROM outbox',
  )
  const isWaiting = (state: string): boolean => state === 'captured' || state === 'sent'
  const wrong = stored
    .filter(({ seal, state }) => !isWaiting(state) && device.heard.get(seal)?.has(state) !== true)
    .map(({ seq, state }) => `${device.name}:c${seq} is shown as ${state}, and nobody said so.`)
  const { waiting, needsYou, oldestWaitingAt } = await running.status()
  const due = stored.filter(({ state }) => isWaiting(state)).length
  const denied = deniedOn(device)
  if (waiting !== due || needsYou !== denied)
    wrong.push(`${device.name} shows ${waiting} waiting of ${due} and ${needsYou} denied of ${denied}.`)
  // What it says by itself nobody was told of.
  const captured = stored
    .filter(({ state }) => isWaiting(state))
    .flatMap(({ seal, type, at }) => (type === CONFIRM_ERASURE ? at : (device.told.get(seal)?.at ?? [])))
  const oldest = captured.length === 0 ? null : Math.min(...captured)
  if (oldestWaitingAt !== oldest)
    wrong.push(`${device.name} shows work that waits since ${oldestWaitingAt} instead of ${oldest}.`)
  const listed = new Map((await running.outbox()).map(({ seq, state }) => [seq, state]))
  for (const { seq, state } of stored)
    if (listed.has(seq) && listed.get(seq) !== state)
      wrong.push(`${device.name}:c${seq} is listed as ${listed.get(seq)} and is ${state}.`)
  return wrong
}
