// Running only what is connected must come to exactly what running everything comes to, and both to the hub: devices with
// random commands, answers and pulls in any order while others change the same few rows on the hub; each device is there
// twice, with the same work and the same answers, and only one of the two may choose what runs again.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rowId } from '../../kernel/hash.ts'
import { columnOf } from '../../kernel/table.ts'
import { aLoneDevice, type LoneDevice, NOON } from '../../testing/lone-device.ts'
import { PaperHub, type PaperDevice } from '../../testing/paper-hub.ts'
import { scriptCatalogue, scriptCommands } from '../../testing/script-catalogue.ts'
import { aStep, type Step } from '../../testing/script.ts'
import { aLease } from '../../testing/two-sides.ts'
import type { Outcome } from '../protocol.ts'
import { storeOutcomes } from './outcomes.ts'
import { applyPull } from './settle.ts'
import { Touches } from './touches.ts'
import { times } from '../../testing/properties.ts'

const RUNS = times(60)
const months = ['2026-01', '2026-02', '2026-11', '2026-12']
const near = [
  'samples:red',
  'samples:green',
  'zone:z1',
  'bills:north',
  'open:ann',
  'stock:shop',
  'stock:north',
  'links:leeds',
  ...months.flatMap((month) => [`bills:north:${month}`, `entries:north:${month}`]),
]
const far = [
  'samples:blue',
  'samples:hot',
  'zone:z2',
  'bills:south',
  'open:bob',
  'stock:van',
  'stock:south',
  'all',
  ...months.flatMap((month) => [`bills:south:${month}`, `entries:south:${month}`]),
]

/** Twice the same device: `free` runs again what it thinks is connected, `all` everything, always. */
interface Twins {
  readonly free: LoneDevice
  readonly all: LoneDevice
  readonly paper: PaperDevice
}

async function twins(dev: string, buckets: readonly string[]): Promise<Twins> {
  const lease = { dev, buckets: [...buckets, `device:${dev}`], permissions: ['script.*'] }
  const free = await aLoneDevice(scriptCatalogue, lease)
  const all = await aLoneDevice(scriptCatalogue, lease)
  return { free, all, paper: { device: free, dev, buckets: lease.buckets, last: 0, sent: new Map(), unanswered: [] } }
}

/** All of a device that rebase may change, without the salts that chance made. */
function stateOf({ replica: { db, store, touches } }: LoneDevice): Readonly<Record<string, unknown>> {
  const pages = db.all<{ seq: number; page: string }>('SELECT seq, page FROM touched ORDER BY seq')
  // What a device remembers of its book is what it would read in it.
  const read = new Touches(store)
  for (const { seq } of pages)
    for (const { tbl, id } of read.by(seq)) expect(touches.of(tbl, id)).toEqual(read.of(tbl, id))
  const images = (book: Touches): unknown => new Map(book.shadows().map((row) => [`${row.tbl} ${row.id}`, row.image]))
  expect(images(touches)).toEqual(images(read))
  const state: Record<string, unknown> = {
    outbox: db.all('SELECT seq, type, predicted, state, is_settled FROM outbox ORDER BY seq'),
    // That the hub has no such row may stand with its first change or in a shadow.
    pages: pages.map(({ seq, page }) => [seq, page.replaceAll('"W"', '"w"').replaceAll('"D"', '"d"')]),
    images: images(touches),
  }
  for (const table of scriptCatalogue.tables.values()) {
    const columns = ['id', 'gone_at', ...table.fieldNames.map((field) => `"${columnOf(field)}"`)]
    state[table.name] = db.all(`SELECT ${columns.join(', ')} FROM ${table.sqlName} ORDER BY id`)
  }
  return state
}

const expectSame = ({ free, all }: Twins): void => expect(stateOf(free)).toEqual(stateOf(all))

class World {
  readonly hub = new PaperHub(scriptCatalogue)
  readonly made: Record<string, string[]> = { sample: [], bill: [] }
  readonly devices: readonly Twins[]
  private elsewhere = 0

  constructor(devices: readonly Twins[]) {
    this.devices = devices
  }

  private resolve(value: unknown): unknown {
    const named = typeof value === 'string' ? /^#(\w+)\/(\d+)$/.exec(value) : null
    if (named === null) return value
    const ids = this.made[named[1] ?? ''] ?? []
    return ids[Number(named[2]) % Math.max(ids.length, 1)] ?? 'nobody'
  }

  private bound({ args }: Step): Readonly<Record<string, unknown>> {
    const given = JSON.parse(JSON.stringify(args)) as Readonly<Record<string, unknown>>
    return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, this.resolve(value)]))
  }

  do({ free, all }: Twins, step: Step): void {
    const args = this.bound(step)
    const answers = [free, all].map((device) => {
      try {
        return device.run(`script.${step.name}`, args)
      } catch (bug) {
        return String(bug)
      }
    })
    expect(answers[0]).toEqual(answers[1])
    const [answer] = answers
    if (typeof answer === 'string' || answer?.saved !== true) return
    for (const kind of ['sample', 'bill']) this.made[kind]?.push(...(answer.inserted[`script.${kind}`] ?? []))
  }

  /** Somebody else, who is online. */
  doElsewhere(step: Step): void {
    this.elsewhere += 1
    const lease = aLease({ dev: 'HHHH', user: 'hanna', permissions: ['script.*'] })
    const at = NOON + this.elsewhere
    const frame = { tenant: 't1', dev: 'HHHH', ep: 1, seq: this.elsewhere, at, tz: 'UTC', lease, nos: {}, base: {} }
    this.hub.w += 1
    this.hub.run(scriptCommands[step.name], this.bound(step), frame)
    if (step.name !== 'addSample' && step.name !== 'openBill') return
    const label = step.name === 'addSample' ? 'sample' : 'bill'
    const { seq } = frame
    this.made[label]?.push(rowId({ tenant: 't1', device: 'HHHH', epoch: 1, seq, at, label }))
  }

  answer({ free, all, paper }: Twins): void {
    const outcomes = paper.unanswered.splice(0)
    for (const { replica } of [free, all]) {
      const sealOf = (seq: number): string =>
        replica.db.get<{ seal: string }>('SELECT seal FROM outbox WHERE seq = ?', [seq])?.seal ?? ''
      const own: Outcome[] = outcomes.map((outcome) => ({ ...outcome, seal: sealOf(outcome.seq) }))
      storeOutcomes(replica, own)
    }
  }

  pull(device: Twins): void {
    const page = this.hub.page(device.paper)
    applyPull(device.free.replica, [page], NOON, { rebaseShareMax: 1 })
    applyPull(device.all.replica, [page], NOON, { rebaseShareMax: 0 })
    expectSame(device)
  }

  settle(): void {
    for (const device of this.devices) while (this.hub.take(device.paper, false)) this.answer(device)
    for (const device of this.devices) {
      this.answer(device)
      this.pull(device)
      this.expectHubs(device)
    }
  }

  private expectHubs({ free, paper }: Twins): void {
    const { replica } = free
    expect(replica.touches.isEmpty()).toBe(true)
    const held = [...this.hub.carried(paper).values()].map(({ table, row }) => [table.name, row])
    const mine = [...scriptCatalogue.tables.values()].flatMap((table) =>
      replica.db
        .all<{ id: string }>(`SELECT id FROM ${table.sqlName}`)
        .map(({ id }) => [table.name, replica.store.read(table, id)]),
    )
    const byId = (a: unknown[], b: unknown[]): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
    expect(mine.sort(byId)).toEqual(held.sort(byId))
  }
}

const aDevice = fc.nat(1)
const named = <const A extends string>(act: A) => fc.constant(act)
const anAct = fc.oneof(
  { weight: 10, arbitrary: fc.record({ act: named('do'), device: aDevice, step: aStep(false) }) },
  { weight: 4, arbitrary: fc.record({ act: named('elsewhere'), device: aDevice, step: aStep(false) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: named('take'),
      device: aDevice,
      many: fc.integer({ min: 1, max: 4 }),
      isParked: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: named('answer'), device: aDevice }) },
  { weight: 3, arbitrary: fc.record({ act: named('pull'), device: aDevice }) },
)

let devices: readonly Twins[]
beforeAll(async () => (devices = [await twins('AAAA', [...near, ...far]), await twins('BBBB', near)]))
afterAll(() => devices.forEach(({ free, all }) => [free, all].forEach((device) => device.end())))

function emptied({ free, all, paper }: Twins): Twins {
  free.empty()
  all.empty()
  return { free, all, paper: { ...paper, last: 0, sent: new Map(), unanswered: [] } }
}

test(
  '[REB3] what is connected, run again, comes to what everything comes to, and to the hub',
  () => {
    fc.assert(
      fc.property(fc.array(anAct, { minLength: 10, maxLength: 100, size: 'max' }), (acts) => {
        const world = new World(devices.map(emptied))
        // Both hold whole buckets from the start: what is absent is known to be absent.
        for (const device of world.devices) world.pull(device)
        for (const each of acts) {
          const device = world.devices[each.device] as Twins
          if (each.act === 'do') world.do(device, each.step)
          else if (each.act === 'elsewhere') world.doElsewhere(each.step)
          else if (each.act === 'answer') world.answer(device)
          else if (each.act === 'pull') world.pull(device)
          else for (let n = 0; n < each.many; n++) world.hub.take(device.paper, each.isParked)
        }
        world.settle()
      }),
      // A script shrinks for minutes: ask for it with the seed that failed.
      { numRuns: RUNS, endOnFailure: process.env['HOLDFAST_SHRINK'] === undefined },
    )
  },
  times(600_000),
)
