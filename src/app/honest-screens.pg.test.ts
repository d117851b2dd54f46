// What a device shows of its own work, against what the hub's log and its rows say: any run of work, contacts, decisions and restarts, and at
// each stop every command is shown once, as what it is. The oracle reads the hub's database and a list of what was saved, never the outbox.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assert } from '../kernel/assert.ts'
import { catalogueOf } from '../kernel/catalogue.ts'
import { command, ELSEWHERE } from '../kernel/command.ts'
import { name, text } from '../kernel/field.ts'
import { rowId } from '../kernel/hash.ts'
import { reviewModule } from '../modules/review/module.ts'
import { pillOf } from './pill/pill-of.ts'
import { seededDraw, pick } from '../testing/any-row.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { addItem, item, rename, wireTables } from '../testing/wire-catalogue.ts'
import type { OutboxEntry } from '../sync/device/api.ts'
import type { Device } from '../sync/device/device.ts'
import { ROWS_IN_QUESTION_SQL } from '../sync/device/saved-work.ts'
import { CHANGED_ROWS_SQL } from '../sync/device/touch-page.ts'

let isBroken = false
const label = command('wire.label', {
  kind: 'fact',
  version: 1,
  permission: 'wire.work',
  args: { name: name() },
  run(ctx, a) {
    assert(!(ctx.isHub && isBroken), 'The posting of this release is wrong.')
    ctx.insert(item, { id: ctx.id('item'), name: a.name })
  },
})
const stick = command('wire.stick', {
  kind: 'edit',
  version: 1,
  permission: 'wire.work',
  args: { item: text(64), name: name() },
  run(ctx, a) {
    if (ctx.get(item, a.item) === null) ctx.refuse('wire.unknown-item', { item: a.item })
    if (ctx.isHub && a.name.startsWith('wrong')) ctx.refuse('wire.no-such-name')
    ctx.patch(item, a.item, { name: a.name })
  },
})
/** What it makes of a row depends on the row: the hub may come to something else than the device foretold. */
const star = command('wire.star', {
  kind: 'fact',
  version: 1,
  permission: 'wire.work',
  args: { item: text(64) },
  run(ctx, a) {
    const found = ctx.get(item, a.item)
    if (found === null || found === ELSEWHERE) return ctx.refuse('wire.unknown-item', { item: a.item })
    ctx.patch(item, a.item, { name: `${found.name}*` })
  },
})
const ask = command('wire.ask', {
  kind: 'request',
  version: 1,
  permission: 'wire.work',
  args: { item: text(64), name: name() },
  run(ctx, a) {
    const found = ctx.get(item, a.item)
    if (found === null) ctx.refuse('wire.unknown-item', { item: a.item })
    ctx.rule('wire.not-now', !ctx.isHub || !a.name.startsWith('no'), { name: a.name })
    ctx.patch(item, a.item, { name: a.name })
  },
})
const module = { name: 'wire', tables: wireTables, commands: [addItem, rename, ask, label, star, stick] }
const catalogue = catalogueOf([module, reviewModule([module])])

let hub: HubUnderTest
beforeAll(async () => (hub = await aHub(catalogue)))
afterAll(() => hub.end())

/** What was saved on a device, as its person knows it. */
interface Saved {
  readonly seq: number
  readonly type: string
  readonly item: string | null
}
interface Desk {
  device: Device
  readonly directory: string
  readonly dev: string
  readonly saved: Saved[]
  /** What the person has said to have seen. */
  readonly seen: Set<number>
}

/** Everything that a command can become was met, or the runs above prove less than they say. */
const met = new Set<string>()

interface Truth {
  readonly seq: number
  readonly outcome: OutboxEntry['state']
  readonly reason: string | null
  readonly decided: string | null
  readonly waits: string | null
  readonly at: number
}

const truthOf = (dev: string): Promise<Truth[]> =>
  hub.rows(
    `SELECT l.seq, l.outcome, l.reason, nullif(r.state, 'open') AS decided, p.command AS waits, l.captured_at AS at FROM command_log l
     LEFT JOIN kernel_review_item r ON r.tenant_id = l.tenant_id AND r.dev = l.dev AND r.seq = l.seq
     LEFT JOIN kernel_review_item p ON p.tenant_id = l.tenant_id AND p.id = r.waits_for AND p.state = 'open' AND r.state = 'open'
     WHERE l.dev = $1 ORDER BY l.seq`,
    [dev],
  )

async function save(desk: Desk, type: string, args: object, about: string | null): Promise<string> {
  const answer = await desk.device.run(type, args as Readonly<Record<string, unknown>>)
  if (!answer.saved) return ''
  const made = answer.inserted[item.name]?.[0] ?? null
  desk.saved.push({ seq: answer.seq, type, item: about ?? made })
  return made ?? ''
}

/** After a contact: everything is shown as the hub has it. */
async function settled(desk: Desk): Promise<void> {
  const { device, dev, saved, seen } = desk
  const [truth, shown] = [await truthOf(dev), await device.outbox()]
  expect(shown.map(({ seq }) => seq).toReversed()).toEqual(saved.map(({ seq }) => seq))
  const bySeq = new Map(shown.map((entry) => [entry.seq, entry]))
  for (const each of truth) {
    const entry = bySeq.get(each.seq)
    expect({
      seq: each.seq,
      state: entry?.state,
      reason: entry?.reason,
      decided: entry?.decision?.state ?? null,
    }).toEqual({
      seq: each.seq,
      state: each.outcome,
      reason: each.reason,
      decided: each.decided,
    })
    expect(entry?.waitsFor?.command ?? null).toBe(each.waits)
    met.add(each.decided ?? (each.waits === null ? each.outcome : 'waits'))
  }
  await lostAsShown(desk, truth, bySeq)
  const needing = truth.filter(
    ({ seq, outcome, decided, waits }) =>
      !seen.has(seq) &&
      (outcome === 'refused' ||
        (outcome === 'parked' && (decided === null || decided === 'discarded') && waits === null)),
  )
  const status = await device.status()
  expect([status.needsYou, shown.filter(({ needsYou }) => needsYou).length]).toEqual([needing.length, needing.length])
  expect(status.waiting).toBe(0)
  const pill = pillOf(status, Date.now())
  expect(pill.state).toBe(needing.length > 0 ? 'action' : 'synced')
  // An edit that wasn't taken is marked on its row, and nothing else is.
  const marked = new Set(
    truth.flatMap(({ seq, outcome, decided }) => {
      const work = saved.find((each) => each.seq === seq)
      const isEdit = work !== undefined && ['wire.rename', 'wire.stick', 'wire.ask'].includes(work.type)
      const isOpen = outcome === 'parked' ? decided === null : outcome === 'refused' && !seen.has(seq)
      return isEdit && isOpen && work.item !== null ? [work.item] : []
    }),
  )
  expect(marksOf(device)).toEqual(marked)
}

const marksOf = ({ replica: { db } }: Device): Set<string> =>
  new Set([
    ...db.all<{ id: string }>(ROWS_IN_QUESTION_SQL, [item.name]).map(({ id }) => id),
    ...db.all<{ id: string }>(CHANGED_ROWS_SQL, [item.name]).map(({ id }) => id),
  ])

/** A value that lost, also against later work of the same person that was sent again, is shown at the command that it was of: of the second, by the id that its command gives the row; of the first, by its moment. */
async function lostAsShown(
  { dev }: Desk,
  truth: readonly Truth[],
  bySeq: ReadonlyMap<number, OutboxEntry>,
): Promise<void> {
  const lost = await hub.rows<{ id: string; row_id: string; is_mine: boolean; dev: string; other_at: number | null }>(
    "SELECT id, row_id, is_mine, dev, other_at FROM kernel_lost_value WHERE state = 'open'",
  )
  for (const { seq, at } of truth) {
    const own = lost.filter(({ id, row_id, is_mine, dev: second, other_at }) =>
      is_mine
        ? second === dev &&
          id ===
            rowId({ tenant: hub.hub.tenant, device: dev, epoch: 1, seq, at, label: `lost/${item.name}/${row_id}/name` })
        : other_at === at,
    )
    if (own.length > 0) met.add('lost')
    expect({
      seq,
      lost: bySeq
        .get(seq)
        ?.lost.map(({ id }) => id)
        .toSorted(),
    }).toEqual({
      seq,
      lost: own.map(({ id }) => id).toSorted(),
    })
  }
}

/** Without a contact: what is saved waits, whatever else happened. */
async function unsent({ device, saved, dev }: Desk): Promise<void> {
  const known = new Set((await truthOf(dev)).map(({ seq }) => seq))
  const open = saved.filter(({ seq }) => !known.has(seq))
  const status = await device.status()
  expect(status.waiting).toBe(open.length)
  const shown = await device.outbox()
  for (const { seq } of open) expect(shown.find((entry) => entry.seq === seq)?.state).toBe('captured')
  const marks = marksOf(device)
  for (const { item: about } of open) if (about !== null) expect(marks).toContain(about)
  const pill = pillOf({ ...status, isOnline: false }, Date.now())
  if (open.length > 0) expect(pill.state).not.toMatch(/synced|unverified/)
}

/** Whoever came first is told by person and moment, and one person of this test has all desks: no two commands of one millisecond. */
async function anotherMoment(): Promise<void> {
  for (const now = Date.now(); Date.now() === now;) await new Promise((resolve) => setImmediate(resolve))
}

test.each([1, 2, 3, 4])('[OUT1] [REV3] what is shown of saved work is what it is (seed %i)', async (seed) => {
  const draw = seededDraw(seed)
  const aDesk = async (): Promise<Desk> => {
    const directory = hub.directory()
    const device = await hub.device({ directory })
    return { device, directory, dev: device.replica.identity()?.dev ?? '', saved: [], seen: new Set() }
  }
  const desks = [await aDesk(), await aDesk()]
  const reviewer = await hub.device()
  const shared = await save(desks[0] as Desk, 'wire.addItem', { name: `pump ${seed}` }, null)
  for (const { device } of desks) await device.sync()
  const known = [shared]
  const work = async (desk: Desk, at: number): Promise<void> => {
    const about = draw(10) < 6 ? shared : pick(draw, known)
    const what = pick(draw, ['add', 'rename', 'rename', 'wrong', 'ask', 'no', 'star', 'label', 'follow'])
    if (what === 'add') known.push(await save(desk, 'wire.addItem', { name: `item ${at}` }, null))
    if (what === 'rename') await save(desk, 'wire.rename', { item: about, name: `name ${at}` }, about)
    if (what === 'star') await save(desk, 'wire.star', { item: about }, about)
    if (what === 'wrong') await save(desk, 'wire.stick', { item: about, name: `wrong ${at}` }, about)
    if (what === 'ask' || what === 'no') await save(desk, 'wire.ask', { item: about, name: `${what} ${at}` }, about)
    if (what === 'label' || what === 'follow') {
      const made = await save(desk, 'wire.label', { name: `label ${at}` }, null)
      if (what === 'follow') await save(desk, 'wire.stick', { item: made, name: `sticker ${at}` }, made)
    }
  }
  for (let round = 0; round < 6; round++) {
    isBroken = draw(10) < 4
    for (let at = 0; at < 5; at++) {
      await anotherMoment()
      await work(pick(draw, desks), round * 10 + at)
    }
    for (const desk of desks) await unsent(desk)
    for (const desk of desks) {
      if (draw(10) < 3) {
        await desk.device.close()
        desk.device = await hub.device({ directory: desk.directory })
        await unsent(desk)
      }
      await desk.device.sync()
    }
    isBroken = false
    await reviewer.sync()
    const [parked] = await hub.rows<{ id: string }>(
      "SELECT id FROM kernel_review_item WHERE state = 'open' AND waits_for IS NULL AND dev = ANY ($1) ORDER BY id",
      [desks.map(({ dev }) => dev)],
    )
    if (parked !== undefined && draw(10) < 7) {
      const decision = pick(draw, ['review.resubmit', 'review.discard'])
      await reviewer.run(decision, {
        item: parked.id,
        ...(decision === 'review.discard' && { reason: 'It never was.' }),
      })
      await reviewer.sync()
    }
    for (const { device } of desks) await device.sync()
    for (const desk of desks) {
      await settled(desk)
      const [told] = (await desk.device.outbox()).filter(({ needsYou }) => needsYou)
      if (told === undefined || draw(10) < 5) continue
      await desk.device.acknowledge(told.seq)
      desk.seen.add(told.seq)
      await settled(desk)
    }
  }
})

test('everything that a command can become was met', () => {
  expect([...met].toSorted()).toEqual(
    ['accepted', 'adjusted', 'discarded', 'lost', 'parked', 'refused', 'resubmitted', 'waits'].toSorted(),
  )
})
