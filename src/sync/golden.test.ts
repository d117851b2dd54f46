// Golden envelopes: what every released version sealed must open, verify and run for ever. A release captures its own
// with HOLDFAST_GOLDEN=<version>; files of earlier releases are never written again, the upcasters must read them.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { effOf } from '../kernel/effects.ts'
import { runCommand } from '../kernel/run.ts'
import { catalogue } from '../modules/all.ts'
import { shopIds } from '../modules/pos/till-builders.ts'
import { MemoryStore } from '../store/memory.ts'
import { captureGoldenDay, type GoldenDay } from '../testing/golden-day.ts'
import { brokenPromises, releasedSchema, type ReleasedSchema } from '../testing/released-schema.ts'
import { aLease } from '../testing/two-sides.ts'
import { openEnvelope, parseEnvelope } from './envelope.ts'

const folder = fileURLToPath(new URL('./golden/', import.meta.url))
const release = process.env['HOLDFAST_GOLDEN']
if (release !== undefined) {
  const path = `${folder}${release}.json`
  if (existsSync(path))
    throw new Error(`${path} was released: what was sealed then stays as it is. Take the next version's name.`)
  writeFileSync(path, `${JSON.stringify(await captureGoldenDay(), null, 1)}\n`)
  const schemaPath = `${folder}schema-${catalogue.schema}.json`
  if (!existsSync(schemaPath)) writeFileSync(schemaPath, `${JSON.stringify(releasedSchema(catalogue), null, 1)}\n`)
}
const captured = readdirSync(folder).filter((name) => name.endsWith('.json'))
const files = captured.filter((name) => !name.startsWith('schema-'))
const schemas = captured.filter((name) => name.startsWith('schema-'))
const dayOf = (file: string): GoldenDay => JSON.parse(readFileSync(folder + file, 'utf8')) as GoldenDay

test('[VER4] what the schemas of releases promised is kept', () => {
  const broken = schemas.flatMap((name) =>
    brokenPromises(catalogue, JSON.parse(readFileSync(folder + name, 'utf8')) as ReleasedSchema),
  )
  expect(broken).toEqual([])
  // The next release's can be captured, and is one and the same each time.
  expect(brokenPromises(catalogue, releasedSchema(catalogue))).toEqual([])
})

test('there is a release to keep faith with', () => expect(files).toContain('0.1.0.json'))

test.each(files)('[SEAL1] the seals of %s verify, by Node’s hash alone', (file) => {
  const day = dayOf(file)
  let { prev } = day
  for (const { line, seal } of day.commands) {
    prev = createHash('sha256').update(`${prev}\n${line}`).digest('hex')
    expect(prev).toBe(seal)
  }
})

test.each(files)('[VER1] the commands of %s open with their personal values and run on the hub', (file) => {
  const ids = shopIds('t1')
  const lease = aLease({ company: ids.company, branch: ids.branch, policy: { stockPolicy: 'warn' } })
  const hub = new MemoryStore()
  const seen = new Map<string, number>()
  for (const { line, pd } of dayOf(file).commands) {
    const envelope = parseEnvelope(line)
    if (envelope === null) throw new Error(`No envelope any more: ${line}`)
    const opened = openEnvelope(catalogue, envelope, pd)
    if (!opened.ok) throw new Error(`${envelope.type} can't be opened any more: ${opened.reason} ${opened.detail}`)
    const { command, args, base } = opened
    if (command === null) throw new Error(`${envelope.type} was released and is gone: keep it, with its upcasters.`)
    const { dev, ep, seq, at, tz, nos = {} } = envelope
    const run = runCommand(
      command,
      args,
      { phase: 'hub', reader: hub, frame: { tenant: 't1', dev, ep, seq, at, tz, lease, nos, base } },
      catalogue.passes,
    )
    expect([envelope.type, run.refusal]).toEqual([envelope.type, null])
    expect(effOf(run.effects)).not.toBe('')
    hub.apply(run.effects)
    seen.set(envelope.type, (seen.get(envelope.type) ?? 0) + 1)
  }
  expect(seen.size).toBeGreaterThan(20)
})

test('what is captured today is of the same kinds as the newest release', async () => {
  const newest = files.toSorted().at(-1) ?? ''
  const types = (day: GoldenDay): string[] =>
    [...new Set(day.commands.map(({ line }) => parseEnvelope(line)?.type ?? ''))].sort()
  expect(types(await captureGoldenDay())).toEqual(types(dayOf(newest)))
})
