// What two sides must agree on: the hash of a command's operations, how two edits of one field settle, and what a failing
// rule does in each phase.
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { MemoryStore } from '../store/memory.ts'
import { aLease } from '../testing/two-sides.ts'
import { command, type CommandKind } from './command.ts'
import { canonicalOps, Effects, effOf } from './effects.ts'
import { name, quantityDelta, text } from './field.ts'
import { ruleFits, settleField } from './merge.ts'
import { runCommand, type Phase } from './run.ts'
import { table } from './table.ts'

const thing = table('test.thing', { fields: { name: name(), note: text().default(''), stock: quantityDelta() } })
const other = table('test.other', { fields: { name: name() } })
const ledger = table('test.ledger', { side: 'hub', fields: { name: name() } })

function work(order: readonly (() => void)[] = []): Effects {
  const effects = new Effects()
  const steps = [
    () => effects.insert(thing, 'b', { name: 'pump', note: '' }),
    () => effects.add(thing, 'a', { stock: 2 }, null),
    () => effects.add(thing, 'a', { stock: 3 }, null),
    () => effects.patch(other, 'z', { name: 'new' }),
    ...order,
  ]
  for (const step of steps) step()
  return effects
}

test('[EFF1] it is 64 bits over one operation a row, sorted by table and id, defaults left out', () => {
  const expected =
    '[["test.other","z",{"p":{"name":"new"}}],["test.thing","a",{"a":{"stock":5}}],["test.thing","b",{"i":{"name":"pump"}}]]'
  expect(canonicalOps(work())).toBe(expected)
  expect(effOf(work())).toBe(createHash('sha256').update(expected).digest('hex').slice(0, 16))
})

test('[EFF1] what only the hub writes isn’t in it, whatever else is', () => {
  const effects = work()
  const before = effOf(effects)
  effects.insert(ledger, 'x', { name: 'posting' })
  expect(effOf(effects)).toBe(before)
  effects.remove(other, 'z', 1)
  expect(effOf(effects)).not.toBe(before)
})

test.each([
  ['later', 'a', 'b', 'c', 'c', { value: 'b', isMine: false }],
  ['first', 'a', 'b', 'c', 'b', { value: 'c', isMine: true }],
  ['larger', 1, 5, 3, 5, { value: 3, isMine: true }],
  ['larger', 1, 3, 5, 5, { value: 3, isMine: false }],
  ['smaller', 9, 5, 3, 3, { value: 5, isMine: false }],
  ['later', 'a', 'a', 'c', 'c', null],
  ['later', 'a', 'c', 'c', 'c', null],
  ['first', 'a', 'a', 'c', 'c', null],
] as const)('[MRG1] %s: seen %j, now %j, wanted %j gives %j', (rule, base, current, wanted, value, lost) => {
  expect(settleField(rule, base, current, wanted)).toEqual({ value, lost })
})

test('[MRG1] sets keep what both added and drop what either removed', () => {
  expect(settleField('union', ['a', 'b', 'c'], ['a', 'b', 'd'], ['b', 'c', 'e'])).toEqual({
    value: ['b', 'd', 'e'],
    lost: null,
  })
})

const strict = (kind: CommandKind) =>
  command(`test.${kind}`, {
    kind,
    version: 1,
    permission: 'test.write',
    args: {},
    run: (ctx) => void ctx.rule('test.never', false, { exception: 'NEVER' }),
  })
const frame = { tenant: 't1', dev: 'K7Q2', ep: 1, seq: 1, at: 0, tz: 'UTC', lease: aLease(), nos: {}, base: {} }

test.each([
  ['fact', 'capture', 'refused'],
  ['fact', 'replay', 'NEVER'],
  ['fact', 'hub', 'NEVER'],
  ['request', 'capture', 'refused'],
  ['request', 'replay', 'NEVER'],
  ['request', 'hub', 'refused'],
  ['edit', 'capture', 'refused'],
  ['edit', 'hub', 'NEVER'],
] as const)('[KIND1] a failing rule of a %s at %s: %s', (kind: CommandKind, phase: Phase, expected) => {
  const { refusal, exceptions } = runCommand(strict(kind), {}, { phase, reader: new MemoryStore(), frame })
  expect(refusal === null ? exceptions.map(({ code }) => code).join() : 'refused').toBe(expected)
  expect(refusal?.code ?? 'test.never').toBe('test.never')
})

test.each([
  ['later', 'a', 'b', 'a', 'b', null],
  ['append', 'a', 'a\nb', 'a\nc', 'a\nb\nc', null],
  ['append', '', 'left', 'right', 'left\nright', null],
  ['append', 'a', 'b', null, 'b', { value: null, isMine: true }],
  ['append', 'a', null, 'b', 'b', { value: null, isMine: false }],
  ['larger', '2026-01-01', '2026-02-01', '2026-03-01', '2026-03-01', { value: '2026-02-01', isMine: false }],
  ['smaller', 5, null, 3, null, { value: 3, isMine: true }],
  ['union', [{ a: 1 }], [{ a: 1 }, { b: 1 }], [{ c: 1 }], [{ b: 1 }, { c: 1 }], null],
] as const)('[MRG1] %s: seen %j, now %j, wanted %j gives %j', (rule, base, current, wanted, value, lost) => {
  expect(settleField(rule, base, current, wanted)).toEqual({ value, lost })
})

test.each([
  ['union', 'json', true],
  ['union', 'text', false],
  ['append', 'text', true],
  ['append', 'amount', false],
  ['larger', 'date', true],
  ['smaller', 'json', false],
  ['first', 'flag', true],
] as const)('[MRG2] the rule %s of a field of type %s: %s', (rule, type, fits) => {
  expect(ruleFits(rule, { type, need: 'required', schema: name().traits.schema })).toBe(fits)
})
