// The next release of the simulated company, made of today's: tables with columns that came later, a table that is new, rows that go into
// other buckets, a command whose arguments grew, handlers that do more, and a command that is new. What isn't said here is today's. The
// reference (model.ts) says in its own words what each release makes of a command.
import { quantity6 } from '../../kernel/amount.ts'
import { command, type AnyCommand, type Context, type ReadHint } from '../../kernel/command.ts'
import { lines } from '../../kernel/document.ts'
import { code, quantityDelta, text } from '../../kernel/field.ts'
import { table, type AnyTable } from '../../kernel/table.ts'
import { addNote, editNote, openJob, useSlot } from './sim-commands.ts'
import { job, jobLine, lineNote, note, slot } from './sim-tables.ts'

/** Beyond whatever the kernel's own schema comes to. */
const SINCE = 90

const nextNote = table('sim.note', {
  fields: { ...note.fields, mood: code().default('plain').since(SINCE) },
  subject: ['id'],
  indexes: { byTitle: ['title'], byMood: ['mood', 'title'] },
  search: ['title', 'body'],
  buckets: () => ['company'],
  whole: ['company'],
})

/** A closed one stays with its branch: months are no more. */
const nextJob = table('sim.job', {
  fields: job.fields,
  indexes: { byState: ['branch', 'state', 'rank'] },
  buckets: (row) => [`stock:${row.branch}`],
  bucketsSince: SINCE,
})
const nextJobLine = lines('sim.jobLine', nextJob, { fields: jobLine.fields, indexes: { byItem: ['item', 'quantity'] } })
const nextLineNote = lines('sim.lineNote', nextJobLine, { fields: lineNote.fields })

const stamp = lines('sim.stamp', nextJob, { since: SINCE, fields: { said: text(40) } })

const nextSlot = table('sim.slot', {
  key: ['zone', 'name'],
  fields: { ...slot.fields, turns: quantityDelta().since(SINCE) },
  indexes: { byZone: ['zone', 'uses'] },
  buckets: () => ['catalogue'],
  whole: ['catalogue'],
})

const changed: ReadonlyMap<AnyTable, AnyTable> = new Map<AnyTable, AnyTable>([
  [note, nextNote],
  [job, nextJob],
  [jobLine, nextJobLine],
  [lineNote, nextLineNote],
  [slot, nextSlot],
])
const nextOf = (before: AnyTable): AnyTable => changed.get(before) ?? before

/** A handler of today's sees the tables of its own release, as if it had been compiled with them. */
const overNext = (ctx: Context): Context =>
  new Proxy(ctx, {
    get(of, name) {
      const found = of[name as keyof Context] as unknown
      if (typeof found !== 'function') return found
      return (first: unknown, ...rest: unknown[]): unknown =>
        Reflect.apply(found, of, [changed.get(first as AnyTable) ?? first, ...rest])
    },
  })

function rebuilt(today: AnyCommand): AnyCommand {
  const { run, reads } = today
  return {
    ...today,
    run: (ctx, args) => run(overNext(ctx), args),
    reads: (args) => reads(args).map((hint): ReadHint => ({ ...hint, table: nextOf(hint.table) })),
  }
}

const nextAddNote = command('sim.addNote', {
  kind: 'fact',
  version: 2,
  permission: 'sim.work',
  args: { ...addNote.args, mood: code().optional() },
  upcast: { 1: (args) => ({ ...args, mood: 'unasked' }) },
  run(ctx, { mood, ...fields }) {
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null)) as typeof fields
    ctx.insert(nextNote, { id: ctx.id('note'), ...given, mood: mood ?? 'calm' })
  },
})

const nextEditNote = command('sim.editNote', {
  kind: 'edit',
  version: 2,
  permission: 'sim.work',
  args: { ...editNote.args, mood: code().optional() },
  upcast: { 1: (args) => args },
  run(ctx, { note: id, ...fields }) {
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null))
    ctx.patch(nextNote, id, given)
  },
})

/** The same arguments, and more comes of it. */
const nextOpenJob: AnyCommand = {
  ...rebuilt(openJob),
  run(ctx, args) {
    openJob.run(overNext(ctx), args as Parameters<typeof openJob.run>[1])
    ctx.insert(stamp, { id: ctx.id('stamp'), document: ctx.id('job'), said: 'opened' })
  },
}

const nextUseSlot: AnyCommand = {
  ...rebuilt(useSlot),
  run(ctx, args) {
    const a = args as Parameters<typeof useSlot.run>[1]
    useSlot.run(overNext(ctx), a)
    ctx.add(nextSlot, { zone: a.zone, name: a.name }, { turns: quantity6(1) })
  },
}

const stampJob = command('sim.stampJob', {
  kind: 'fact',
  version: 1,
  permission: 'sim.work',
  args: { job: text(64), said: text(40) },
  run(ctx, a) {
    if (ctx.get(nextJob, a.job) === null) return ctx.exception('NO_JOB')
    ctx.insert(stamp, { id: ctx.id('stamp'), document: a.job, said: a.said })
  },
})

const grown: ReadonlyMap<string, AnyCommand> = new Map(
  [nextAddNote as unknown as AnyCommand, nextEditNote as unknown as AnyCommand, nextOpenJob, nextUseSlot].map(
    (each) => [each.name, each] as const,
  ),
)

export const nextTables = (today: readonly AnyTable[]): AnyTable[] => [...today.map(nextOf), stamp]

export const nextCommands = (today: readonly AnyCommand[]): AnyCommand[] => [
  ...today.map((each) => grown.get(each.name) ?? rebuilt(each)),
  stampJob,
]
