// `npm run demo:retail -- FILE`: replays a retailer's year through the product on a hub and devices of its own, and holds
// it against the reference to the penny and the unit. Exit code 0 only when nothing differs.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { serve } from '../../src/hub/serve.ts'
import { catalogue } from '../../src/modules/all.ts'
import { compareResults, formatComparison, isEqual } from './compare.ts'
import { replay, type Replayed } from './replay.ts'

import { readResult, sections, type RetailResult } from './result.ts'

const usage = 'npm run demo:retail -- FILE.csv[.gz] [--devices N] [--processes N] [--twice] [--json OUT] [--keep]'

/** The reference, in a process that shares no code with this one. */
function refer(file: string, devices: number, directory: string): Promise<RetailResult> {
  const out = join(directory, 'reference.json')
  const program = fileURLToPath(new URL('reference.ts', import.meta.url))
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [...process.execArgv, program, file, '--devices', String(devices), '--json', out],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    )
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0
        ? resolve(readResult(readFileSync(out, 'utf8'), 'the reference'))
        : reject(new Error(`The reference could not read ${file} (exit ${code}).`)),
    )
  })
}

/** The reference's device sections against what each device counted by itself. */
function compareDevices(reference: RetailResult, { fromDevices }: Replayed): ReturnType<typeof compareResults> {
  const own = { ...reference, side: 'devices', sections: { ...reference.sections, ...fromDevices } }
  const titles = new Set<string>(sections.filter(({ name }) => name in fromDevices).map(({ title }) => title))
  return compareResults(reference, own).filter(({ section }) => titles.has(section))
}

const isUnsettled = (outcome: string): boolean => outcome.startsWith('parked') || outcome.startsWith('refused')

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      devices: { type: 'string', default: '4' },
      processes: { type: 'string', default: '2' },
      twice: { type: 'boolean', default: false },
      json: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  })
  const file = positionals[0]
  const devices = Number(values.devices)
  const processes = Number(values.processes)
  if (file === undefined || !Number.isInteger(processes) || processes < 0 || !Number.isInteger(devices) || devices < 1)
    throw new Error(`Usage: ${usage}`)
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-retail-'))
  const startedAt = performance.now()
  const served = await serve({ dataDir: join(directory, 'hub'), port: 0, catalogue })
  const end = async (): Promise<void> => {
    await served.stop()
    if (values.keep) console.log(`Hub and devices are kept in ${directory}`)
    else rmSync(directory, { recursive: true, force: true })
  }
  // The database is a process of its own: it must not stay behind when a person has seen enough.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void end().finally(() => process.exit(130)))
  try {
    const referring = refer(file, devices, directory)
    referring.catch(() => {}) // told below, when the replay is done
    const replayed = await replay({
      served,
      directory,
      file,
      devices,
      processes,
      isTwice: values.twice,
      say: (text) => console.log(text),
    })
    const reference = await referring
    const comparisons = compareResults(reference, replayed.result)
    const byDevices = compareDevices(reference, replayed)
    console.log(`\n${formatComparison(comparisons, { left: 'reference', right: 'product' })}`)
    console.log(
      `\nEach device by its own rows:\n${formatComparison(byDevices, { left: 'reference', right: 'devices' })}`,
    )
    const changed = replayed.again === null ? [] : compareResults(replayed.result, replayed.again)
    if (replayed.again !== null)
      console.log(
        `\nThe file imported again, each invoice on another device:\n${formatComparison(changed, { left: 'once', right: 'twice' })}`,
      )
    console.log('\nWhat the hub made of the commands:')
    for (const [outcome, count] of Object.entries(replayed.outcomes))
      console.log(`  ${String(count).padStart(8)}  ${outcome}`)
    for (const [note, value] of Object.entries(replayed.result.notes)) console.log(`  ${value.padStart(8)}  ${note}`)
    const unsettled = Object.keys(replayed.outcomes).filter(isUnsettled)
    const equal = isEqual(comparisons) && isEqual(byDevices) && isEqual(changed) && unsettled.length === 0
    console.log(
      `\n${equal ? 'Equal to the penny and the unit' : 'NOT EQUAL'}, in ${((performance.now() - startedAt) / 1000).toFixed(0)} s.`,
    )
    if (values.json !== undefined) {
      const { result, fromDevices, outcomes, seconds } = replayed
      writeFileSync(
        values.json,
        `${JSON.stringify({ equal, comparisons, byDevices, reference, product: result, fromDevices, outcomes, seconds }, null, 1)}\n`,
      )
    }
    return equal ? 0 : 1
  } finally {
    await end()
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(process.env['HOLDFAST_DEBUG'] === '1' ? error : error instanceof Error ? error.message : error)
  process.exitCode = 2
}
