// What people of the simulated company do: facts, requests and edits that clash as often as they can. The reference
// model (model.ts) says in its own words what each of them means; the two share no code.
import { amountMinor, quantity6 } from '../../kernel/amount.ts'
import { blob } from '../../kernel/blob.ts'
import { assert } from '../../kernel/assert.ts'
import { command, ELSEWHERE, range, row } from '../../kernel/command.ts'
import { amount, code, date, flag, integer, list, quantity, set, text } from '../../kernel/field.ts'
import type { AnyTable, Row } from '../../kernel/table.ts'
import { job, jobLine, lineNote, move, note, photo, shelf, slot } from './sim-tables.ts'

const fact = { kind: 'fact', version: 1, permission: 'sim.work' } as const
const edit = { kind: 'edit', version: 1, permission: 'sim.work' } as const
const request = { kind: 'request', version: 1, permission: 'sim.work' } as const

const there = <T extends AnyTable>(found: Row<T> | null | typeof ELSEWHERE): Row<T> | null =>
  found === ELSEWHERE ? null : found

const noteFields = {
  body: text(200).optional(),
  first: text(40).optional(),
  most: integer().optional(),
  least: integer().optional(),
  tags: set().optional(),
  secret: text(80).optional().personal(),
}

const given = <T extends object>(fields: T): { [K in keyof T]: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined)) as never

export const addNote = command('sim.addNote', {
  ...fact,
  args: { title: text(200), ...noteFields },
  run: (ctx, a) => void ctx.insert(note, { id: ctx.id('note'), ...given(a) }),
})

/** Without a look: it revives a removed note, and where there never was one the hub parks it. */
export const editNote = command('sim.editNote', {
  ...edit,
  args: { note: text(64), title: text(200).optional(), ...noteFields },
  run(ctx, { note: id, ...fields }) {
    ctx.patch(note, id, given(fields))
  },
})

export const removeNote = command('sim.removeNote', {
  ...fact,
  args: { note: text(64) },
  run(ctx, a) {
    if (there(ctx.get(note, a.note)) === null) return ctx.exception('NO_NOTE')
    ctx.remove(note, a.note)
  },
})

/** A hot row: only a delta, never read. */
export const scoreNote = command('sim.scoreNote', {
  ...fact,
  args: { note: text(64), by: quantity() },
  reads: (a) => [row(note, a.note)],
  run: (ctx, a) => void ctx.add(note, a.note, { score: a.by }),
})

/** A note below another one: where that one never arrived the hub parks it, and then what is said about the reply too. */
export const replyNote = command('sim.replyNote', {
  ...fact,
  args: { to: text(64), title: text(200) },
  run(ctx, a) {
    ctx.add(note, a.to, { score: quantity6(1) })
    ctx.insert(note, { id: ctx.id('reply'), title: a.title })
  },
})

export const addPhoto = command('sim.addPhoto', {
  ...fact,
  args: { note: text(64), picture: blob() },
  run: (ctx, a) => void ctx.insert(photo, { id: ctx.id('photo'), note: a.note, picture: a.picture }),
})

export const openJob = command('sim.openJob', {
  ...fact,
  args: {
    branch: text(64),
    day: date(),
    rank: integer(),
    isNumbered: flag(),
    lines: list({ item: text(40), quantity: quantity(), text: text(200).optional() }),
  },
  reads: (a) => a.lines.map(({ item }) => range(shelf, 'byBranch', { branch: a.branch, item })),
  run(ctx, a) {
    if (a.lines.length === 0) ctx.refuse('sim.no-lines')
    const id = ctx.id('job')
    const number = a.isNumbered ? ctx.nextNumber('J', a.day) : null
    const due = amountMinor(a.lines.reduce((sum, line) => sum + line.quantity * 100, 0))
    ctx.insert(job, { id, number, state: 'open', branch: a.branch, day: a.day, rank: a.rank, due })
    ctx.add(job, id, { lines: quantity6(a.lines.length) })
    for (const [index, line] of a.lines.entries()) {
      const lineId = ctx.insert(jobLine, {
        id: ctx.id(`line/${index}`),
        document: id,
        item: line.item,
        quantity: line.quantity,
      })
      if (line.text != null) ctx.insert(lineNote, { id: ctx.id(`note/${index}`), document: lineId, text: line.text })
      const held = there(ctx.getByKey(shelf, { branch: a.branch, item: line.item }, { soft: true }))
      ctx.rule('sim.too-little', (held?.onHand ?? 0) >= line.quantity, { exception: 'TOO_LITTLE', item: line.item })
      ctx.add(shelf, { branch: a.branch, item: line.item }, { onHand: quantity6(-line.quantity) })
      ctx.insert(move, {
        id: ctx.id(`move/${index}`),
        branch: a.branch,
        item: line.item,
        quantity: quantity6(-line.quantity),
      })
    }
    ctx.describe({ number, amountMinor: due })
  },
})

/** A dependent find: whichever open job of the branch has the lowest rank now. */
export const payLowest = command('sim.payLowest', {
  ...fact,
  args: { branch: text(64), amount: amount() },
  run(ctx, a) {
    const [lowest] = ctx.find(job, 'byState', { branch: a.branch, state: 'open' }, { limit: 1 })
    if (lowest === undefined) return ctx.exception('NOTHING_OPEN')
    ctx.add(job, lowest.id, { paid: a.amount })
    if (lowest.paid + a.amount >= lowest.due) ctx.patch(job, lowest.id, { state: 'closed' })
  },
})

/** Moves a job with its lines between branches, months and states; whoever doesn't hold it may do it too. */
export const moveJob = command('sim.moveJob', {
  ...fact,
  args: { job: text(64), branch: text(64).optional(), day: date().optional(), state: code(['open', 'closed']) },
  run(ctx, a) {
    if (ctx.get(job, a.job) === null) return ctx.exception('NO_JOB')
    ctx.patch(job, a.job, {
      state: a.state,
      ...(a.branch != null && { branch: a.branch }),
      ...(a.day != null && { day: a.day }),
    })
  },
})

/** Moves the first line of a job below another job, or removes it. */
export const moveLine = command('sim.moveLine', {
  ...fact,
  args: { from: text(64), to: text(64), isGone: flag() },
  run(ctx, a) {
    const [line] = ctx.find(jobLine, 'byParent', { document: a.from })
    const to = there(ctx.get(job, a.to))
    if (line === undefined || to === null) return ctx.exception('NO_LINE')
    ctx.add(job, a.from, { lines: quantity6(-1) })
    if (a.isGone) return ctx.remove(jobLine, line.id)
    ctx.patch(jobLine, line.id, { document: to.id })
    ctx.add(job, to.id, { lines: quantity6(1) })
  },
})

export const receive = command('sim.receive', {
  ...fact,
  args: { branch: text(64), item: text(20_000), quantity: quantity() },
  run(ctx, a) {
    ctx.add(shelf, { branch: a.branch, item: a.item }, { onHand: a.quantity })
    ctx.insert(move, { id: ctx.id('move'), branch: a.branch, item: a.item, quantity: a.quantity })
  },
})

/** A request on sums: the hub alone decides. */
export const reserve = command('sim.reserve', {
  ...request,
  args: { branch: text(64), item: text(40), quantity: quantity() },
  run(ctx, a) {
    const held = ctx.getByKey(shelf, { branch: a.branch, item: a.item })
    const free = held === null || held === ELSEWHERE ? 0 : held.onHand - held.reserved
    ctx.rule('sim.not-enough', free >= a.quantity)
    ctx.add(shelf, { branch: a.branch, item: a.item }, { reserved: a.quantity })
  },
})

/** Not there and elsewhere are two things: of a shelf that may be elsewhere it stands. */
export const letGo = command('sim.letGo', {
  ...fact,
  args: { branch: text(64), item: text(40), quantity: quantity() },
  run(ctx, a) {
    const key = { branch: a.branch, item: a.item }
    if (ctx.getByKey(shelf, key) === null) return ctx.exception('NO_SHELF')
    ctx.add(shelf, key, { reserved: quantity6(-a.quantity) })
  },
})

/** Reads a whole range, and keeps what it saw. */
export const countShelves = command('sim.countShelves', {
  ...fact,
  args: { branch: text(64) },
  run(ctx, a) {
    const held = ctx.find(shelf, 'byBranch', { branch: a.branch })
    ctx.insert(note, {
      id: ctx.id('count'),
      title: `count of ${held.length}`,
      most: held.reduce((sum, { onHand }) => sum + onHand, 0),
    })
  },
})

export const useSlot = command('sim.useSlot', {
  ...fact,
  args: { zone: code(), name: text(64), note: text(200).optional() },
  run(ctx, a) {
    const key = { zone: a.zone, name: a.name }
    const found = ctx.getByKey(slot, key)
    if (found === null) ctx.insert(slot, { id: ctx.idOf(slot, key), ...key, note: a.note ?? null })
    else if (found !== ELSEWHERE && a.note != null) ctx.patch(slot, found.id, { note: a.note })
    ctx.add(slot, key, { uses: quantity6(1) })
  },
})

export const dropSlot = command('sim.dropSlot', {
  ...fact,
  args: { zone: code(), name: text(64) },
  run(ctx, a) {
    const found = there(ctx.getByKey(slot, { zone: a.zone, name: a.name }))
    if (found === null) return ctx.exception('NO_SLOT')
    ctx.remove(slot, found.id)
  },
})

/** Uses the least used slot of a zone and puts its name behind: a range that its own writes reorder. */
export const takeLeast = command('sim.takeLeast', {
  ...fact,
  args: { zone: code(), times: integer() },
  run(ctx, a) {
    for (let time = 0; time < a.times; time++) {
      const [least] = ctx.find(slot, 'byZone', { zone: a.zone }, { limit: 1 })
      if (least === undefined) return ctx.exception('NO_SLOT')
      ctx.add(slot, least.id, { uses: quantity6(2) })
    }
  },
})

/** Breaks on the hub after it has written something: it must be parked whole and block nobody, until somebody mends it. */
export const poison = command('sim.poison', {
  ...fact,
  args: { note: text(64), zone: code(), isMended: flag().optional() },
  run(ctx, a) {
    ctx.add(note, a.note, { score: quantity6(1_000) })
    ctx.add(slot, { zone: a.zone, name: 'poison' }, { uses: quantity6(1) })
    assert(!ctx.isHub || a.isMended === true, 'This command never works on a hub.')
  },
})

export const simCommands = [
  addNote,
  editNote,
  removeNote,
  scoreNote,
  replyNote,
  addPhoto,
  openJob,
  payLowest,
  moveJob,
  moveLine,
  receive,
  reserve,
  letGo,
  countShelves,
  useSlot,
  dropSlot,
  takeLeast,
  poison,
]
