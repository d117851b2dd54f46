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
import { captureGoldenDevice, restoreDatabase, type StoredDatabase } from '../testing/golden-device.ts'
import { brokenPromises, releasedSchema, type ReleasedSchema } from '../testing/released-schema.ts'
import { aLease } from '../testing/two-sides.ts'
import { newCrashDisk } from '../testing/crash-vfs.ts'
import { openOn } from '../testing/world/world-disk.ts'
import type { AnyRow } from '../kernel/table.ts'
import { Replica } from './device/replica.ts'
import { openEnvelope, parseEnvelope } from './envelope.ts'
import type { Personal } from './protocol.ts'

const folder = fileURLToPath(new URL('./golden/', import.meta.url))
const release = process.env['HOLDFAST_GOLDEN']
if (release !== undefined) {
  const path = `${folder}${release}.json`
  if (existsSync(path))
    throw new Error(`${path} was released: what was sealed then stays as it is. Take the next version's name.`)
  writeFileSync(path, `${JSON.stringify(await captureGoldenDay(), null, 1)}\n`)
  const schemaPath = `${folder}schema-${catalogue.schema}.json`
  if (!existsSync(schemaPath)) {
    writeFileSync(schemaPath, `${JSON.stringify(releasedSchema(catalogue), null, 1)}\n`)
    writeFileSync(
      `${folder}device-${catalogue.schema}.json`,
      `${JSON.stringify(await captureGoldenDevice(), null, 1)}\n`,
    )
  }
}
const captured = readdirSync(folder).filter((name) => name.endsWith('.json'))
const schemas = captured.filter((name) => name.startsWith('schema-'))
const devices = captured.filter((name) => name.startsWith('device-'))
const files = captured.filter((name) => !schemas.includes(name) && !devices.includes(name))
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

/** Opened through the upcasters and run as the hub runs it; nothing is refused. */
function runOnHub(hub: MemoryStore, line: string, pd: Personal | null) {
  const ids = shopIds('t1')
  const lease = aLease({ company: ids.company, branch: ids.branch, policy: { stockPolicy: 'warn' } })
  const envelope = parseEnvelope(line)
  if (envelope === null) throw new Error(`No envelope any more: ${line}`)
  const opened = openEnvelope(catalogue, envelope, pd)
  if (!opened.ok) throw new Error(`${envelope.type} can't be opened any more: ${opened.reason} ${opened.detail}`)
  const { command, args, base } = opened
  if (command === null) throw new Error(`${envelope.type} was released and is gone: keep it, with its upcasters.`)
  const { dev, ep, seq, at, tz, nos = {}, type } = envelope
  const run = runCommand(
    command,
    args,
    { phase: 'hub', reader: hub, frame: { tenant: 't1', dev, ep, seq, at, tz, lease, nos, base } },
    catalogue.passes,
  )
  expect([type, run.refusal]).toEqual([type, null])
  return { type, run }
}

test.each(files)('[VER1] the commands of %s open with their personal values and run on the hub', (file) => {
  const hub = new MemoryStore()
  const seen = new Map<string, number>()
  for (const { line, pd } of dayOf(file).commands) {
    const { type, run } = runOnHub(hub, line, pd)
    expect(effOf(run.effects)).not.toBe('')
    hub.apply(run.effects)
    seen.set(type, (seen.get(type) ?? 0) + 1)
  }
  expect(seen.size).toBeGreaterThan(20)
})

test('what is captured today is of the same kinds as the newest release', async () => {
  const newest = files.toSorted().at(-1) ?? ''
  const types = (day: GoldenDay): string[] =>
    [...new Set(day.commands.map(({ line }) => parseEnvelope(line)?.type ?? ''))].sort()
  expect(types(await captureGoldenDay())).toEqual(types(dayOf(newest)))
})

/** Rows of all tables that devices hold, as the rules of today make them of the lines alone, and what each line does by them. */
function byTodaysRules(lines: readonly { readonly line: string; readonly pd: string | null }[]): {
  readonly hub: MemoryStore
  readonly effs: readonly string[]
} {
  const hub = new MemoryStore()
  const effs = lines.map(({ line, pd }) => {
    const { run } = runOnHub(hub, line, pd === null ? null : (JSON.parse(pd) as Personal))
    hub.apply(run.effects)
    return effOf(run.effects)
  })
  return { hub, effs }
}

test.each(devices)(
  '[VER3] %s, the database of a device of that schema with a day of pending work, is today’s',
  async (file) => {
    const stored = JSON.parse(readFileSync(folder + file, 'utf8')) as StoredDatabase
    const disk = newCrashDisk(() => 0)
    const older = await openOn(disk)
    restoreDatabase(older, stored)
    const outbox = 'SELECT seq, type, line, pd, seal, state FROM outbox ORDER BY seq'
    const before = older.all<{ seq: number; line: string; pd: string | null; seal: string; state: string }>(outbox)
    older.close()

    const replica = new Replica(await openOn(disk), catalogue)
    expect(replica.heldBack).toBe(null)
    const { db, store } = replica
    expect(db.all(outbox)).toEqual(before)
    const pending = before.filter(({ state }) => state === 'captured')
    expect(pending.length).toBeGreaterThan(10)
    expect(pending.length).toBeLessThan(before.length)
    // What the device now predicts is what today's hub will do: command by command, and row by row.
    const { hub, effs } = byTodaysRules(before)
    const predicted = db.all<{ predicted: string }>('SELECT predicted FROM outbox ORDER BY seq')
    expect(predicted.map((row) => row.predicted)).toEqual(effs)
    for (const table of catalogue.tables.values()) {
      if (table.side !== 'both') continue
      const held = db.all<{ id: string }>(`SELECT id FROM ${table.sqlName}`).map(({ id }) => store.read(table, id))
      const byId = (rows: readonly (AnyRow | null)[]) => new Map(rows.map((row) => [row?.id, row]))
      expect([table.name, byId(held)]).toEqual([table.name, byId([...hub.rowsOf(table).values()])])
    }
    expect(db.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' })
    db.close()
  },
)
