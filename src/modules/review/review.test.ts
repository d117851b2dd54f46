// What a company decides about merges, and what people decide about values that lost, without a wire.
import { expect, test } from 'vitest'
import { catalogueOf, type Module } from '../../kernel/catalogue.ts'
import { command } from '../../kernel/command.ts'
import { amount, name, ref, set, text } from '../../kernel/field.ts'
import { lostValue, mergeRule } from '../../kernel/kernel-tables.ts'
import { table } from '../../kernel/table.ts'
import { TestWorld, type TestDevice } from '../../testing/two-sides.ts'
import { reviewModule } from './module.ts'
import { reopenOf } from './reopen.ts'
import { restoreLostOf } from './restore-lost.ts'
import { setMergeRuleOf } from './set-merge-rule.ts'

const fields = {
  name: name(),
  limit: amount().optional().sensitive(),
  tags: set().default([]),
  advice: text().optional().merge('append'),
}
const thing = table('test.thing', { fields, buckets: () => ['company'] })
const make = command('test.make', {
  kind: 'fact',
  version: 1,
  permission: 'test.do',
  args: { name: name() },
  run: (ctx, a) => void ctx.insert(thing, { id: ctx.id('thing'), name: a.name }),
})
const edit = command('test.edit', {
  kind: 'edit',
  version: 1,
  permission: 'test.do',
  args: { id: ref(thing), name: name().optional(), limit: amount().optional(), advice: text().optional() },
  run(ctx, { id, ...changes }) {
    if (ctx.get(thing, id) === null) ctx.refuse('test.unknown', { id })
    ctx.patch(thing, id, changes as { name?: string })
  },
})
const remove = command('test.remove', {
  kind: 'edit',
  version: 1,
  permission: 'test.do',
  args: { id: ref(thing) },
  run: (ctx, a) => ctx.remove(thing, a.id),
})
const tables = new Map([[thing.name, thing]])
const [restoreLost, reopen, setMergeRule] = [restoreLostOf(tables), reopenOf(tables), setMergeRuleOf(tables)]
const module: Module = { name: 'test', tables: [thing], commands: [make, edit, remove] }

function disputed(): { world: TestWorld; a: TestDevice; b: TestDevice; id: string } {
  const world = new TestWorld(catalogueOf([module, reviewModule([module])]))
  const [a, b] = [world.device({ dev: 'AAAA', user: 'ann' }), world.device({ dev: 'BBBB', user: 'bob' })]
  const id = a.do(make, { name: 'pump' }, thing)
  world.settle()
  return { world, a, b, id }
}
const theLost = (world: TestWorld) => {
  const [lost] = world.rows(lostValue)
  if (lost === undefined) throw new Error('nothing was lost')
  return lost
}

test('[MRG2] a company’s own rule decides the next clash on both sides, and without it the declared one holds again', () => {
  const { world, a, b, id } = disputed()
  a.do(setMergeRule, { table: thing.name, field: 'name', rule: 'first' })
  world.settle()
  a.do(edit, { id, name: 'first pump' })
  b.do(edit, { id, name: 'second pump' })
  world.settle()
  expect(world.rows(thing)).toMatchObject([{ name: 'first pump' }])
  expect(theLost(world)).toMatchObject({ lost: 'second pump', isMine: true, rule: 'first', isOwnRule: true })
  a.do(setMergeRule, { table: thing.name, field: 'name', rule: null })
  world.settle()
  expect(world.rows(mergeRule)).toEqual([])
  a.do(edit, { id, name: 'third' })
  b.do(edit, { id, name: 'fourth' })
  world.settle()
  expect(world.rows(thing)).toMatchObject([{ name: 'fourth' }])
})

test.each([
  ['nothing', 'first', 'review.unknown-field'],
  ['tags', 'larger', 'review.rule-does-not-fit'],
  ['limit', 'append', 'review.rule-does-not-fit'],
] as const)('[MRG2] the field %s can’t have the rule %s', (field, rule, code) => {
  const { a } = disputed()
  expect(a.run(setMergeRule, { table: thing.name, field, rule }).refusal?.code).toBe(code)
})

test('[MRG1] the lost value names both people, the rule, and whether it is sensitive; appended texts lose nothing', () => {
  const { world, a, b, id } = disputed()
  a.do(edit, { id, limit: 100 as never, advice: 'ring twice' })
  b.do(edit, { id, limit: 200 as never, advice: 'use the back door' })
  world.settle()
  expect(world.rows(thing)).toMatchObject([{ limit: 200, advice: 'ring twice\nuse the back door' }])
  expect(world.rows(lostValue)).toMatchObject([
    { field: 'limit', lost: 100, by: 'bob', otherBy: 'ann', rule: 'later', isOwnRule: false, isSensitive: true },
  ])
})

test('[MRG3] an edit of a row that somebody removed meanwhile brings it back, and the removal is what lost', () => {
  const { world, a, b, id } = disputed()
  a.do(remove, { id })
  b.do(edit, { id, name: 'still needed' })
  expect(world.settle().map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted'])
  expect(world.rows(thing)).toMatchObject([{ name: 'still needed' }])
  expect(theLost(world)).toMatchObject({ field: 'goneAt', isMine: false })
  a.do(restoreLost, { lost: theLost(world).id, restore: true })
  world.settle()
  expect(world.rows(thing)).toEqual([])
})

test('[REV5] a decision about a value is undone: what stood before it stands again, and it waits again', () => {
  const { world, a, b, id } = disputed()
  a.do(edit, { id, name: 'one' })
  b.do(edit, { id, name: 'two' })
  world.settle()
  const lost = theLost(world)
  a.do(restoreLost, { lost: lost.id, restore: true, instead: ['one or two'], remark: 'ask them' })
  world.settle()
  expect(world.rows(thing)).toMatchObject([{ name: 'one or two' }])
  expect(theLost(world)).toMatchObject({ state: 'restored', kept: 'one or two', lost: 'two', settledBy: 'ann' })
  b.do(reopen, { kind: 'value', item: lost.id })
  world.settle()
  expect(world.rows(thing)).toMatchObject([{ name: 'two' }])
  expect(theLost(world)).toMatchObject({ state: 'open', settledBy: null })
  expect(a.run(reopen, { kind: 'value', item: lost.id }).refusal).toBeNull()
  expect(world.settle()[0]?.refusal?.code).toBe('review.cannot-reopen')
})
