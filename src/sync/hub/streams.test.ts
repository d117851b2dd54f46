// What the hub reads of a push body before it asks the database anything.
import { expect, test } from 'vitest'
import { canonical } from '../../kernel/canonical.ts'
import { commitment } from '../personal.ts'
import { COMMANDS_PER_PUSH_MAX } from '../protocol.ts'
import { sealOf } from '../seal.ts'
import { readPush } from './streams.ts'

const head = JSON.stringify({ push: 1, protocol: 1, incarnation: 'i1', streams: 1 })
const line = (seq: number, more: object = {}): string =>
  canonical({
    p: 1,
    dev: 'K7Q2',
    ep: 1,
    seq,
    type: 'test.add',
    tv: 1,
    args: {},
    seen: 0,
    user: 'ann',
    lease: 'l',
    at: 1,
    tz: 'UTC',
    mono: 0,
    app: 'test',
    eff: '0',
    ...more,
  })
const lastSeal = (lines: readonly string[], prev = 'start'): string => lines.reduce(sealOf, prev)
const stream = (lines: readonly string[], more: object = {}): string =>
  JSON.stringify({
    stream: {
      tenant: 'main',
      dev: 'K7Q2',
      ep: 1,
      firstSeq: 1,
      lastSeq: lines.length,
      prev: 'start',
      lastSeal: lastSeal(lines),
      signature: 's',
      ...more,
    },
  })
const body = (...parts: readonly string[]): string => `${[head, ...parts].join('\n')}\n`
const read = (text: string): Exclude<ReturnType<typeof readPush>, string> => {
  const push = readPush(text)
  if (typeof push === 'string') throw new Error(push)
  return push
}

test('[PUSH1] a whole stream is read with each command’s seal over its exact bytes', () => {
  const lines = [line(1), line(2)]
  const { streams, problems } = read(body(stream(lines), ...lines))
  expect(problems).toEqual([])
  expect(streams[0]?.commands.map(({ line: text, seal, prev }) => [text, prev, seal])).toEqual([
    [lines[0], 'start', lastSeal(lines.slice(0, 1))],
    [lines[1], lastSeal(lines.slice(0, 1)), lastSeal(lines)],
  ])
})

test('[PUSH1] what is wrong is said of the stream that has it, and the others of the body go on', () => {
  const [good, bad] = [
    [line(1), line(2)],
    [line(1), line(3)],
  ]
  const { streams, problems } = read(
    body(
      stream(bad),
      ...bad,
      stream(good),
      ...good,
      stream(good, { lastSeal: 'x' }),
      ...good,
      stream(good, { lastSeq: 3 }),
      ...good,
    ),
  )
  expect(streams).toHaveLength(1)
  expect(problems.map(({ problem }) => problem)).toEqual(['malformed', 'seal', 'seal'])
})

test('[PUSH1] a body that was cut or is no push is refused as a whole', () => {
  const lines = [line(1)]
  const whole = body(stream(lines), ...lines)
  expect(readPush(whole.slice(0, -1))).toBe('push.malformed')
  expect(readPush('')).toBe('push.malformed')
  expect(readPush('{}\n')).toBe('push.malformed')
  expect(readPush(`${head}\n${line(1)}\n`)).toBe('push.malformed')
  expect(readPush(whole.replace('"protocol":1', '"protocol":9'))).toBe('push.other-protocol')
  const many = Array.from({ length: 501 }, (_, index) => line(index + 1))
  expect(readPush(body(stream(many), ...many))).toBe('push.too-many')
})

test('only what the line commits to is kept beside it, and a missing value is named', () => {
  const args = { phone: { $pd: commitment('5a', '0113') }, name: { $pd: commitment('5b', 'Ann') } }
  const lines = [line(1, { args })]
  const pd = { 'args/phone': { value: '0113', salt: '5a' }, 'args/extra': { value: 'x', salt: '1' } }
  const { streams } = read(body(stream(lines), ...lines, JSON.stringify(['pd', pd])))
  expect(streams[0]?.commands[0]).toMatchObject({
    pd: { 'args/phone': { value: '0113', salt: '5a' } },
    missingPd: 'args/name',
  })
  expect(Object.keys(streams[0]?.commands[0]?.pd ?? {})).toEqual(['args/phone'])
})

test('[LIFE2] leases that the device shows are read: one for each command that a push may have, and no more', () => {
  const lines = [line(1)]
  const shown = Array.from({ length: COMMANDS_PER_PUSH_MAX + 1 }, (_, at) => JSON.stringify(['lease', `jws ${at}`]))
  const { streams } = read(body(stream(lines), ...shown, ...lines))
  expect(streams[0]?.leases).toHaveLength(COMMANDS_PER_PUSH_MAX)
  expect(streams[0]?.commands).toHaveLength(1)
})
