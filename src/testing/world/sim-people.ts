// People about whom the simulated company writes things down, and who are erased while devices still have unsent work about them. Whatever is
// said carries a mark that nothing else has, so that the law of erasure can look for it in every store. Arguments name them by `ref`, as business
// modules must: by it the hub knows whom a command is about that it parks without running it.
import { command, ELSEWHERE } from '../../kernel/command.ts'
import { quantity6 } from '../../kernel/amount.ts'
import { quantityDelta, ref, text } from '../../kernel/field.ts'
import { table } from '../../kernel/table.ts'
import type { Replica } from '../../sync/device/replica.ts'
import type { Dice } from './dice.ts'
import type { Told } from './model.ts'
import type { Intent } from './work.ts'

export const person = table('sim.person', {
  fields: { name: text(80).personal(), phone: text(80).optional().personal(), calls: quantityDelta() },
  indexes: { byName: ['name'] },
  subject: ['id'],
  search: ['name'],
  buckets: () => ['company'],
  whole: ['company'],
})

export const call = table('sim.call', {
  fields: { person: ref(person), said: text(200).personal() },
  indexes: { byPerson: ['person'] },
  subject: ['person'],
  buckets: () => ['catalogue'],
  whole: ['catalogue'],
})

const work = { version: 1, permission: 'sim.work' } as const

const addPerson = command('sim.addPerson', {
  ...work,
  kind: 'fact',
  args: { name: text(80).personal(), phone: text(80).optional().personal() },
  run: (ctx, a) => void ctx.insert(person, { id: ctx.id('person'), name: a.name, phone: a.phone ?? null }),
})

const editPerson = command('sim.editPerson', {
  ...work,
  kind: 'edit',
  args: { person: ref(person), name: text(80).optional().personal(), phone: text(80).optional().personal() },
  run(ctx, a) {
    const found = ctx.get(person, a.person)
    if (found === null || found === ELSEWHERE) return
    ctx.patch(person, a.person, {
      ...(a.name != null && { name: a.name }),
      ...(a.phone != null && { phone: a.phone }),
    })
  },
})

const callPerson = command('sim.callPerson', {
  ...work,
  kind: 'fact',
  args: { person: ref(person), said: text(200).personal() },
  run(ctx, a) {
    const found = ctx.get(person, a.person)
    ctx.insert(call, { id: ctx.id('call'), person: a.person, said: a.said })
    if (found === null || found === ELSEWHERE) return
    ctx.add(person, a.person, { calls: quantity6(1) })
    ctx.describe({ party: found.name })
  },
})

export const peopleTables = [person, call]
export const peopleCommands = [addPerson, editPerson, callPerson]
const names: ReadonlySet<string> = new Set(peopleCommands.map(({ name }) => name))

const isAboutPeople = (name: string): boolean => names.has(name)

const MARK = 'qmark'
const marked = (dice: Dice): string => `${MARK}${dice.whole(1_000_000_000)}z`

export function aboutPeople(dice: Dice, { store }: Replica, known: readonly string[]): Intent {
  const plain = (name: string, args: Readonly<Record<string, unknown>>): Intent => ({ command: name, args, seen: null })
  const of = known.length === 0 || dice.isOneIn(5) ? null : dice.pick(known)
  if (of === null) return plain('sim.addPerson', { name: marked(dice), phone: marked(dice) })
  if (dice.isOneIn(2)) return plain('sim.callPerson', { person: of, said: marked(dice) })
  const field = dice.pick(['name', 'phone'])
  const row = store.read(person, of)
  const seen = row === null ? null : { [field]: row[field] ?? null }
  return { ...plain('sim.editPerson', { person: of, [field]: marked(dice) }), seen }
}

/** The marks that somebody was told are saved about a person. */
export function saidOf(told: Iterable<Told>, subject: string): string[] {
  return [...told].flatMap(({ command: name, args, made }) => {
    const isOf = args['person'] === subject || (made['sim.person'] ?? []).includes(subject)
    if (!isAboutPeople(name) || !isOf) return []
    return Object.values(args).filter((value): value is string => typeof value === 'string' && value.startsWith(MARK))
  })
}
