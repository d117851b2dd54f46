// Who is erased stays erased, whatever a handler writes: on both sides, in every phase, for every kind of command.
import { expect, test } from 'vitest'
import { MemoryStore } from '../store/memory.ts'
import { aLease } from '../testing/two-sides.ts'
import { command, type CommandKind } from './command.ts'
import { completeRow } from './effects.ts'
import { erasure, erasureId, pseudonymOf } from './erasure.ts'
import { integer, json, name, ref, set, text } from './field.ts'
import { lostValue } from './kernel-tables.ts'
import { runCommand, type Phase } from './run.ts'
import { table } from './table.ts'

const person = table('test.person', {
  subject: ['id'],
  fields: {
    name: name().personal(),
    phone: text().optional().personal(),
    tags: set().default([]).personal(),
    size: integer().optional(),
  },
  buckets: () => ['company'],
})
const visit = table('test.visit', {
  subject: ['person'],
  fields: { person: ref('test.person'), said: text().personal(), place: json().optional().personal(), on: integer() },
  indexes: { byPerson: ['person', 'on'] },
  buckets: () => ['company'],
})
const TENANT = 't1'
const [ANNE, BO, GONE] = ['anne', 'bo', 'gone']
const pseudonym = pseudonymOf(ANNE)

function aStore(): MemoryStore {
  const store = new MemoryStore()
  for (const id of [ANNE, BO]) store.put(person, completeRow(person, id, { name: id === ANNE ? pseudonym : 'Bo' }))
  store.put(visit, completeRow(visit, 'v1', { person: ANNE, said: pseudonym, on: 1 }))
  for (const subject of [ANNE, GONE]) {
    const fields = { subject, table: person.name, by: 'u', at: 1 }
    store.put(erasure, completeRow(erasure, erasureId(TENANT, subject), fields))
  }
  return store
}

const frame = (base = {}) => {
  const lease = { ...aLease(), permissions: ['*'] }
  return { tenant: TENANT, dev: 'AAAA', ep: 1, seq: 1, at: 5, tz: 'UTC', lease, nos: {}, base }
}

type Work = Parameters<typeof command>[1]['run']
const run = (work: Work, phase: Phase, kind: CommandKind = 'edit', more: object = {}) =>
  runCommand(
    command('test.work', { kind, version: 1, permission: 'test.work', args: {}, run: work }),
    {},
    {
      phase,
      reader: aStore(),
      frame: frame(),
      ...more,
    },
  )

test.each(['fact', 'edit', 'request'] as const)(
  '[ERASE2] a %s says nothing about an erased person, and the rest of it stands',
  (kind) => {
    for (const phase of ['replay', 'hub', 'foresee'] as const) {
      const ran = run(
        (ctx) => {
          ctx.patch(person, ANNE, { name: 'Anne', phone: '0113', tags: ['kind'], size: 4 })
          ctx.insert(visit, { id: 'v2', person: ANNE, said: 'that', place: { x: 1 }, on: 2 })
          ctx.patch(visit, 'v1', { said: 'again', on: 3 })
          ctx.patch(person, BO, { name: 'Bob' })
        },
        phase,
        kind,
      )
      expect([...ran.erased]).toEqual([ANNE])
      expect(ran.effects.get(person, ANNE)?.patch).toEqual({ name: pseudonym, phone: null, tags: [], size: 4 })
      expect(ran.effects.get(visit, 'v2')?.insert).toMatchObject({ said: pseudonym, place: null, on: 2 })
      expect(ran.effects.get(visit, 'v1')?.patch).toEqual({ said: pseudonym, on: 3 })
      expect(ran.effects.get(person, BO)?.patch).toEqual({ name: 'Bob' })
    }
  },
)

test('[ERASE2] nothing about them begins on a device; what says nothing about them does', () => {
  const named = run((ctx) => ctx.patch(person, ANNE, { phone: '0113' }), 'capture')
  expect(named.refusal).toMatchObject({ code: 'kernel.subject-erased', check: 'rule' })
  const sized = run((ctx) => ctx.patch(person, ANNE, { name: pseudonym, size: 5 }), 'capture')
  expect(sized).toMatchObject({ refusal: null })
  expect(sized.effects.get(person, ANNE)?.patch).toEqual({ size: 5 })
})

test('[ERASE2] a clash about them keeps no losing value', () => {
  const base = { [person.name]: { [ANNE]: { name: 'Anne', size: 1 }, [BO]: { name: 'B' } } }
  const ran = run(
    (ctx) => {
      ctx.patch(person, ANNE, { name: 'Annie', size: 2 })
      ctx.patch(person, BO, { name: 'Bobby' })
    },
    'hub',
    'edit',
    { frame: frame(base) },
  )
  const lost = [...(ran.effects.ofTable(lostValue)?.values() ?? [])].map(({ insert }) => insert)
  // What isn’t about a person may be restored as ever.
  expect(lost).toMatchObject([
    { rowId: ANNE, field: 'size' },
    { rowId: BO, field: 'name', lost: 'Bo' },
  ])
})

test('[ERASE2] no work begins about somebody who is erased and whose row is not here', () => {
  const begun = (id: string) => run((ctx) => void ctx.get(person, id), 'capture').refusal?.code ?? null
  expect([begun(GONE), begun('nobody'), begun(BO)]).toEqual(['kernel.subject-erased', null, null])
})

test('[ERASE3] a command without its values tells whom it met, also when it writes nothing or is refused', () => {
  const met = (work: Work, isIncomplete: boolean) => [...run(work, 'hub', 'request', { isIncomplete }).erased]
  expect(met((ctx) => void ctx.get(person, ANNE), true)).toEqual([ANNE])
  expect(met((ctx) => void ctx.get(visit, 'v1'), true)).toEqual([ANNE])
  expect(met((ctx) => void ctx.get(person, BO), true)).toEqual([])
  expect(met((ctx) => void ctx.get(person, ANNE), false)).toEqual([])
  // A hub that was restored may know whom it erased, and have no row of theirs yet.
  expect(met((ctx) => void ctx.get(person, GONE), true)).toEqual([GONE])
  const refused = (ctx: Parameters<Work>[0]): void => {
    ctx.get(person, ANNE)
    ctx.rule('test.no', false)
  }
  expect(met(refused, true)).toEqual([ANNE])
})
