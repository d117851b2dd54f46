import { expect, test } from 'vitest'
import { catalogueOf } from './catalogue.ts'
import { to } from './exception-owner.ts'
import { command } from './command.ts'
import { code, name, quantityDelta, text } from './field.ts'
import { lostValue } from './kernel-tables.ts'
import { postJournal, postStock, stockBalance } from './ledger.ts'
import { table } from './table.ts'
import { TestWorld } from '../testing/two-sides.ts'

const thing = table('test.thing', {
  fields: { name: name(), phone: text().optional(), kind: code(['a', 'b']).default('a'), stock: quantityDelta() },
  indexes: { byKind: ['kind', 'name'] },
  buckets: () => ['things'],
})
const addThing = command('test.addThing', {
  kind: 'fact',
  version: 1,
  permission: 'test.write',
  args: { name: name(), kind: code(['a', 'b']).optional() },
  run(ctx, a) {
    ctx.rule('test.name-taken', ctx.find(thing, 'byKind', { kind: 'a', name: a.name }).length === 0, {
      exception: 'NAME_TWICE',
    })
    const id = ctx.insert(thing, { id: ctx.id('thing'), name: a.name, kind: a.kind ?? 'a' })
    ctx.add(thing, id, { stock: 2_000_000 as never })
    postStock(ctx, {
      label: 's',
      document: { table: thing, id },
      businessDate: '2026-11-20',
      branch: 'leeds',
      item: 'i',
      warehouse: 'w',
      quantity: -1_000_000 as never,
    })
    postJournal(ctx, {
      label: 'j',
      document: { table: thing, id },
      company: 'co',
      branch: 'leeds',
      businessDate: '2026-11-20',
      lines: [
        { purpose: 'a', amount: 5 as never },
        { purpose: 'b', amount: -5 as never },
      ],
    })
    ctx.nextNumber('S', '2026-11-20')
  },
})
const editThing = command('test.editThing', {
  kind: 'edit',
  version: 1,
  permission: 'test.write',
  args: { id: text(), phone: text().optional(), name: name().optional() },
  run(ctx, a) {
    ctx.patch(thing, a.id, {
      ...(a.phone == null ? {} : { phone: a.phone }),
      ...(a.name == null ? {} : { name: a.name }),
    })
  },
})
const exceptions = { NAME_TWICE: to('stockController') }
const catalogue = catalogueOf([{ name: 'test', tables: [thing], commands: [addThing, editThing], exceptions }])

test('[OWN1] a code that two modules raise has one owner', () => {
  const of = (name: string, owner: 'quality' | 'buyer') => ({
    name,
    tables: [],
    commands: [],
    exceptions: { SPOILT: to(owner) },
  })
  expect(catalogueOf([of('a', 'buyer'), of('b', 'buyer')]).exceptions.get('SPOILT')?.owner).toBe('buyer')
  expect(() => catalogueOf([of('a', 'buyer'), of('b', 'quality')])).toThrow('SPOILT is declared with two owners')
})

test('[KIND1] a fact refused at capture stands on the hub with an exception', () => {
  const world = new TestWorld(catalogue)
  const a = world.device({ dev: 'AAAA' })
  const b = world.device({ dev: 'BBBB' })
  a.do(addThing, { name: 'pump' })
  b.do(addThing, { name: 'pump' })
  expect(a.run(addThing, { name: 'pump' }).refusal?.code).toBe('test.name-taken')
  expect(world.settle().map((s) => s.outcome)).toEqual(['accepted', 'accepted'])
  expect(world.exceptions.map((e) => e.code)).toEqual(['NAME_TWICE'])
  expect(world.rows(stockBalance)[0]?.onHand).toBe(-2_000_000)
  expect(world.rows(thing).map((row) => row.stock)).toEqual([2_000_000, 2_000_000])
})

test('[MRG1] d365-start-end: different fields both survive; on the same field the later commit wins and the loser is kept', () => {
  const world = new TestWorld(catalogue)
  const a = world.device({ dev: 'AAAA', user: 'ann' })
  const id = a.do(addThing, { name: 'pump' }, thing)
  world.settle()
  const b = world.device({ dev: 'BBBB', user: 'bob' })
  a.do(editThing, { id, phone: '1' })
  b.do(editThing, { id, name: 'Pump 2', phone: '2' })
  world.settle([b, a])
  expect(world.rows(thing)).toMatchObject([{ name: 'Pump 2', phone: '1' }])
  expect(world.rows(lostValue)).toMatchObject([{ field: 'phone', lost: '2', kept: '1', isMine: false }])
})

test('arguments that do not fit are refused with the path', () => {
  const world = new TestWorld(catalogue)
  const run = world.device().run(addThing, { name: '' })
  expect(run.refusal).toMatchObject({ code: 'kernel.bad-arguments', check: 'shape', facts: { path: 'name' } })
})
