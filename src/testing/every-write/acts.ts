// What a device does to its database: every command of the product on a company in the middle of its work, and every step
// of an exchange. Each is done by the device's own code; the hub's answers come from a hub on paper.
import type { AnyCommand } from '../../kernel/command.ts'
import type { AnyTable } from '../../kernel/table.ts'
import { catalogue } from '../../modules/all.ts'
import type { RunAnswer } from '../../sync/device/api.ts'
import { capture } from '../../sync/device/capture.ts'
import { Replica } from '../../sync/device/replica.ts'
import { storeOutcomes } from '../../sync/device/outcomes.ts'
import { applyPull, type PulledPage } from '../../sync/device/settle.ts'
import type { Outcome } from '../../sync/protocol.ts'
import { bucketsOf } from '../../store/postgres/flush.ts'
import { aPicture, asBlob, shaOf } from '../album-catalogue.ts'
import { builders, type Builder } from '../command-builders.ts'
import { captureOf } from '../command-pairs.ts'
import { newCrashDisk } from '../crash-vfs.ts'
import { shop } from '../decision-world.ts'
import { aLivingWorld, type LivingWorld } from '../living-world.ts'
import { identify } from '../identify.ts'
import { PaperHub, type PaperDevice } from '../paper-hub.ts'
import { emptyDatabase, openOn } from '../world/world-disk.ts'
import type { Act, Files } from './cut.ts'

export const NOON = Date.UTC(2026, 10, 20, 12)
/** Three pieces. */
const PHOTO_BYTES = 600_000
export const DEV = 'DEVA'

export interface Company {
  readonly world: LivingWorld
  /** A database that is no device's yet. */
  readonly fresh: Files
  /** A device that never heard of the hub. */
  readonly empty: Files
  /** The same device with everything that the company has. */
  readonly full: Files
  /** What brings it from the one to the other. */
  readonly download: PulledPage
  readonly hub: PaperHub
  readonly paper: PaperDevice
}

export async function aCompany(): Promise<Company> {
  const world = aLivingWorld()
  const hub = hubOf(world)
  const buckets = allBuckets(hub)
  const fresh = await emptyDatabase(catalogue)
  const disk = newCrashDisk(() => 0, fresh)
  const db = await openOn(disk)
  const { company, branch } = shop
  const replica = new Replica(db, catalogue)
  identify(replica, { dev: DEV, user: 'deva', company, branch, buckets, policy: { stockPolicy: 'warn' } })
  const empty = disk.files()
  const paper = paperDevice(buckets)
  const download = hub.page(paper)
  applyPull(replica, [download], NOON)
  db.close()
  return { world, fresh, empty, full: disk.files(), download, hub, paper }
}

/** A hub with everything that the company has. */
export function hubOf(world: LivingWorld): PaperHub {
  const hub = new PaperHub(catalogue)
  for (const table of catalogue.tables.values())
    for (const row of world.hub.rowsOf(table).values()) hub.rows.put(table, row)
  return hub
}

/** The page of a paper hub asks for nothing but the device's code and buckets. */
export const paperDevice = (buckets: readonly string[]): PaperDevice =>
  ({ dev: DEV, buckets, last: 0, sent: new Map(), unanswered: [] }) as unknown as PaperDevice

function allBuckets(hub: PaperHub): string[] {
  const found = new Set<string>()
  const header = (table: AnyTable, id: string) => hub.rows.rowsOf(table).get(id) ?? null
  for (const table of catalogue.tables.values())
    for (const row of hub.rows.rowsOf(table).values())
      for (const bucket of bucketsOf(table, row, header)) found.add(bucket)
  return [...found].sort()
}

/** Saves a command as a person would who goes on whatever rule the device shows; `key` makes a repetition harmless. */
export function save(
  replica: Replica,
  name: string,
  args: Readonly<Record<string, unknown>>,
  key: string,
): Extract<RunAnswer, { saved: true }> {
  const seq = replica.seq + 1
  const moment = { at: NOON + seq * 1000, tz: 'Europe/London', mono: seq * 1000, app: 'test', off: null }
  const overrides: string[] = []
  for (;;) {
    const answer = capture(replica, moment, name, args, { requestKey: key, overrides })
    if (answer.saved) return answer
    const { code, check } = answer.refusal
    if (check !== 'rule' || overrides.includes(code))
      throw new Error(`${name} is refused: ${JSON.stringify(answer.refusal)}`)
    overrides.push(code)
  }
}

export function commandActs({ world }: Company): Act[] {
  return [...builders].map(([name, build]) => {
    const args = build(world, 0)
    return { name, run: (replica) => void save(replica, name, args, 'once'), isRepeatable: true }
  })
}

/** Commands of the device that wait while an exchange goes on, and what another device did to the same rows. */
const WAITING = [
  'pos.completeSale',
  'masters.editParty',
  'sales.placeOrder',
  'crm.addNote',
  'inventory.countStock',
] as const
const ELSEWHERE = [
  'masters.editParty',
  'masters.editItem',
  'inventory.issueGoods',
  'crm.addNote',
  'delivery.deliver',
] as const

export const builderOf = (name: string): Builder => {
  const build = builders.get(name)
  if (build === undefined) throw new Error(`There is no builder of ${name}.`)
  return build
}

export const commandOf = (name: string): AnyCommand => {
  const command = catalogue.commands.get(name)
  if (command === undefined) throw new Error(`There is no command ${name}.`)
  return command
}

/** Saves what waits. */
export const workOf =
  ({ world }: Company) =>
  (replica: Replica): void => {
    for (const name of WAITING) save(replica, name, builderOf(name)(world, 0), name)
  }

export function exchangeActs(company: Company): Act[] {
  const { world, hub, paper, download } = company
  const work = workOf(company)
  for (const name of ELSEWHERE) {
    const { command, args, frame } = captureOf(world, commandOf(name), builderOf(name), 1)
    hub.w += 1
    const done = hub.run(command, args, { ...frame, commit: hub.w })
    if (done.outcome === 'parked') throw new Error(`${name} of the other device was parked.`)
  }
  const page = hub.page(paper)
  const answers = (replica: Replica, outcome: Outcome['outcome']): Outcome[] =>
    replica.db
      .all<{ seq: number; seal: string; predicted: string }>('SELECT seq, seal, predicted FROM outbox ORDER BY seq')
      .map(({ seq, seal, predicted }) => ({ dev: DEV, ep: 1, seq, seal, outcome, eff: predicted, at: page.head.w }))
  const acknowledging = { ...page, head: { ...page.head, has: WAITING.length } }
  const sent = (outcome: Outcome['outcome']) => (replica: Replica) => {
    work(replica)
    storeOutcomes(replica, answers(replica, outcome))
  }
  const pull = (given: PulledPage) => (replica: Replica) => void applyPull(replica, [given], NOON)
  const isRepeatable = false
  return [
    {
      name: 'answers arrive',
      prepare: work,
      run: (replica) => storeOutcomes(replica, answers(replica, 'accepted')),
      isRepeatable: true,
    },
    { name: 'rows arrive, nothing waits', run: pull(page), isRepeatable },
    { name: 'rows arrive under waiting work', prepare: work, run: pull(page), isRepeatable },
    { name: 'rows arrive with accepted work', prepare: sent('accepted'), run: pull(acknowledging), isRepeatable },
    { name: 'rows arrive with parked work', prepare: sent('parked'), run: pull(acknowledging), isRepeatable },
    { name: 'rows leave', prepare: work, run: pull(leaving(download)), isRepeatable },
  ]
}

/** A photo from the moment it is taken until its bytes leave: kept, named by a delivery, confirmed, gone. */
export function photoActs({ world }: Company): Act[] {
  const photo = aPicture(1, PHOTO_BYTES)
  const sha = shaOf(photo)
  const take = ({ blobs }: Replica): void => void blobs.take(photo, NOON)
  const args = { ...builderOf('delivery.deliver')(world, 0), photos: [asBlob(photo)], signature: 'M1 2L3 4' }
  const deliver = (replica: Replica): void => void save(replica, 'delivery.deliver', args, 'once')
  const delivered = (replica: Replica): void => {
    take(replica)
    deliver(replica)
  }
  return [
    { name: 'a photo is taken', run: take, isRepeatable: true },
    { name: 'a delivery with a photo', prepare: take, run: deliver, isRepeatable: true },
    {
      name: 'a photo is confirmed',
      prepare: delivered,
      run: ({ blobs }) => blobs.confirm(sha, blobs.incarnation(), NOON),
      isRepeatable: true,
    },
    {
      name: 'a photo can’t be sent now',
      prepare: delivered,
      run: ({ blobs }) => blobs.putOff(sha, NOON, 'blob.gap'),
      isRepeatable: false,
    },
    { name: 'a photo leaves', prepare: delivered, run: ({ blobs }) => blobs.leave(sha), isRepeatable: true },
  ]
}

/** The first download, on a device that has nothing. */
export const downloadAct = ({ download }: Company): Act => ({
  name: 'the first download',
  run: (replica) => void applyPull(replica, [download], NOON),
  isRepeatable: false,
})

/** Every row of the download leaves again. */
function leaving({ head, rows, end }: PulledPage): PulledPage {
  const left = rows.flatMap(({ rows: table, ids, buckets }) =>
    ids.flatMap((id, at) => (buckets[at] ?? []).map((bucket) => ({ left: table, ids: [id], buckets: [bucket] }))),
  )
  return { head: { ...head, w: head.w + 1, upto: head.w + 1 }, rows: [], left, end }
}
