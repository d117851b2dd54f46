// Envelopes: one canonical line, read back strictly; arguments of every version ever released reach today's handler.
import { expect, test } from 'vitest'
import { catalogueOf } from '../kernel/catalogue.ts'
import { command } from '../kernel/command.ts'
import { quantity, name, text } from '../kernel/field.ts'
import { lineOf, openEnvelope, parseEnvelope } from './envelope.ts'
import type { Envelope } from './protocol.ts'

/** Three versions: `count` in whole pieces, then `quantity` in six decimals, then with a unit. */
const count = command('test.count', {
  kind: 'fact',
  version: 3,
  permission: 'test.count',
  args: { item: name(), quantity: quantity(), unit: text(8) },
  upcast: {
    1: ({ count: pieces, ...rest }) => ({ ...rest, quantity: (pieces as number) * 1_000_000 }),
    2: (args) => ({ ...args, unit: (args['item'] as string).startsWith('bulk ') ? 'kg' : 'pcs' }),
  },
  run: () => undefined,
})
const catalogue = catalogueOf([{ name: 'test', tables: [], commands: [count] }])
const envelope = (more: Partial<Envelope> = {}): Envelope => ({
  p: 1,
  dev: 'K7Q2',
  ep: 1,
  seq: 3,
  type: 'test.count',
  tv: 3,
  args: { item: 'pump', quantity: 2_000_000, unit: 'pcs' },
  seen: 9,
  user: 'ann',
  lease: 'f'.repeat(64),
  at: 1_795_165_200_000,
  tz: 'Europe/London',
  mono: 7,
  app: 'test',
  eff: '0'.repeat(16),
  ...more,
})

test('[CMD2] the line has its keys in order at every depth and comes back as the same envelope', () => {
  const line = lineOf(envelope({ args: { unit: 'pcs', item: 'Ä', quantity: 1 }, nos: { 'S-26': [1, 2] } }))
  expect(line).toBe(
    `{"app":"test","args":{"item":"Ä","quantity":1,"unit":"pcs"},"at":1795165200000,"dev":"K7Q2","eff":"0000000000000000","ep":1,"lease":"${'f'.repeat(64)}","mono":7,"nos":{"S-26":[1,2]},"p":1,"seen":9,"seq":3,"tv":3,"type":"test.count","tz":"Europe/London","user":"ann"}`,
  )
  expect(lineOf(parseEnvelope(line) as Envelope)).toBe(line)
})

test('[CMD2] a line that is not canonical is no envelope, however well it reads', () => {
  const line = lineOf(envelope())
  expect(parseEnvelope(line)).not.toBeNull()
  for (const other of [
    ` ${line}`,
    line.replace('"ep":1', '"ep":1.0'),
    line.replace('{"app"', '{ "app"'),
    `${line.slice(0, -1)},"aaa":1}`,
    line.slice(0, -1),
  ])
    expect([other, parseEnvelope(other)]).toEqual([other, null])
  expect(() => lineOf(envelope({ args: { quantity: 1.5 } }))).toThrow('1.5')
})

test('[VER1] arguments of the first version pass every upcaster on their way to today’s handler', () => {
  const opened = openEnvelope(catalogue, envelope({ tv: 1, args: { item: 'bulk cement', count: 3 } }), null)
  expect(opened).toMatchObject({ ok: true, args: { item: 'bulk cement', quantity: 3_000_000, unit: 'kg' } })
  expect(openEnvelope(catalogue, envelope({ tv: 2, args: { item: 'pump', quantity: 5 } }), null)).toMatchObject({
    ok: true,
    args: { item: 'pump', quantity: 5, unit: 'pcs' },
  })
  expect(openEnvelope(catalogue, envelope(), null)).toMatchObject({
    ok: true,
    args: { item: 'pump', quantity: 2_000_000, unit: 'pcs' },
  })
})

test('[VER1] what no upcaster can read, a newer version and another protocol are told apart; an unknown command is kept', () => {
  expect(openEnvelope(catalogue, envelope({ tv: 2, args: { item: 7 } }), null)).toMatchObject({
    ok: false,
    reason: 'sync.cannot-upcast',
  })
  expect(openEnvelope(catalogue, envelope({ tv: 4 }), null)).toMatchObject({
    ok: false,
    reason: 'sync.unknown-version',
  })
  expect(openEnvelope(catalogue, envelope({ p: 2 }), null)).toMatchObject({
    ok: false,
    reason: 'sync.unknown-protocol',
  })
  expect(openEnvelope(catalogue, envelope({ type: 'test.fly' }), null)).toMatchObject({ ok: true, command: null })
})

test('[VER1] a command can’t be declared without an upcaster for each version before it', () => {
  const two = { kind: 'fact', version: 3, permission: 'x.y', args: {}, run: () => undefined } as const
  expect(() => command('test.late', { ...two, upcast: { 1: (args) => args } })).toThrow('version 2 needs an upcaster')
})
