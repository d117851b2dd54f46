// `npm run campaign -- sim <commands> [first seed] [--processes 2] [--size 300]`: the simulated world, seed after seed,
// each as long as its people's habits want or of `--size` commands, until so many commands were saved. A broken law is
// printed with its seed, the command that repeats it and the shortest plan that still breaks it. A fault that never came
// to pass makes the campaign fail: it would have shown nothing.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import '../../device/native-sha256.ts'
import { FaultCount } from '../world/faults.ts'
import { planOf } from '../world/plan.ts'
import { shrink, told } from '../world/shrink.ts'
import { simCatalogue } from '../world/sim-catalogue.ts'
import { runPlan } from '../world/world.ts'
import { WorldDatabase } from '../world/world-database.ts'
import { groundOver } from '../world/world-hub.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    processes: { type: 'string', default: '1' },
    size: { type: 'string', default: '0' },
    /** Of a process of this campaign: every so many seeds, beginning with this one. */
    stride: { type: 'string', default: '1' },
    worker: { type: 'boolean', default: false },
  },
})
const [wanted = '20000', first = '1'] = positionals
const numbers = [wanted, first, values.processes, values.stride, values.size].map(Number)
if (numbers.some((each, index) => !Number.isSafeInteger(each) || each < (index < 4 ? 1 : 0))) {
  console.log('Usage: npm run campaign -- sim <commands> [first seed] [--processes 2] [--size 300]')
  process.exit(2)
}
const [commandsWanted, firstSeed, processes, stride, size] = numbers as [number, number, number, number, number]
/** Each so many seeds one is run twice and must write the same trace; the tenants of the seeds before are forgotten. */
const TWICE_EVERY = 25

/** Of one seed, as a process tells it. */
interface SeedLine {
  readonly seed: number
  readonly tried: number
  readonly saved: number
  readonly faults: Readonly<Record<string, number>>
  readonly laws: Readonly<Record<string, number>>
  readonly broken: string | null
}

async function work(from: number, tell: (line: SeedLine) => void, isEnough: () => boolean): Promise<void> {
  const database = await WorldDatabase.open(simCatalogue)
  const ground = await groundOver(database, simCatalogue)
  for (let seed = from, count = 1; !isEnough(); seed += stride, count++) {
    const plan = planOf({ seed, ...(size > 0 && { commands: size }) })
    let broken: string | null = null
    const report = await runPlan(ground, plan)
    const laws: Record<string, number> = { ...report.laws }
    if (report.wrong.length > 0) broken = told(await shrink(ground, plan, report))
    else if (count % TWICE_EVERY === 0) {
      laws['L11'] = 1
      const again = await runPlan(ground, plan)
      if (again.traceHash !== report.traceHash) broken = 'L11 The same seed gave another trace.'
    }
    if (count % TWICE_EVERY === 0) await database.clear()
    tell({ seed, tried: report.tried, saved: report.saved, faults: report.faults, laws, broken })
  }
}

const count = new FaultCount()
const laws = new Map<string, number>()
const startedAt = Date.now()
let [seeds, tried, saved, broken, saidAt] = [0, 0, 0, 0, 0]

function take(line: SeedLine): void {
  seeds += 1
  tried += line.tried
  saved += line.saved
  count.add(line.faults)
  for (const [law, times] of Object.entries(line.laws)) laws.set(law, (laws.get(law) ?? 0) + times)
  if (line.broken !== null) {
    broken += 1
    console.log(
      `seed ${line.seed} is broken; repeat with: npm run campaign -- sim 1 ${line.seed}${size > 0 ? ` --size ${size}` : ''}\n${line.broken}`,
    )
  }
  if (Date.now() - saidAt < 30_000) return
  saidAt = Date.now()
  const rate = Math.round((saved / (Date.now() - startedAt)) * 1000)
  console.log(`${saved} commands of ${commandsWanted}, ${seeds} seeds, ${rate} commands/s, ${broken} broken`)
}

/** One more process of this campaign, which takes every so many seeds and says what it found, line by line. */
function spawnWorker(index: number): Promise<void> {
  const child = spawn(
    process.execPath,
    [
      ...process.execArgv,
      fileURLToPath(import.meta.url),
      wanted,
      String(firstSeed + index),
      '--worker',
      '--stride',
      String(processes),
      '--size',
      String(size),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  createInterface({ input: child.stdout }).on('line', (text) => {
    take(JSON.parse(text) as SeedLine)
    if (saved >= commandsWanted) child.kill()
  })
  return new Promise((resolve) =>
    child.once('exit', (code) => {
      if (code !== null && code !== 0) broken += 1
      resolve()
    }),
  )
}

if (values.worker)
  await work(
    firstSeed,
    (line) => console.log(JSON.stringify(line)),
    () => false,
  )
else {
  if (processes === 1) await work(firstSeed, take, () => saved >= commandsWanted)
  else await Promise.all(Array.from({ length: processes }, (_, index) => spawnWorker(index)))
  const listed = (record: Readonly<Record<string, number>>): string =>
    Object.entries(record)
      .map(([name, times]) => `${name} ${times}`)
      .join(', ')
  console.log(`faults: ${listed(count.toRecord())}`)
  console.log(`laws: ${listed(Object.fromEntries([...laws].toSorted(([a], [b]) => a.localeCompare(b))))}`)
  console.log(
    `${saved} commands saved of ${tried} tried, ${seeds} seeds, ${broken} broken, in ${Math.round((Date.now() - startedAt) / 1000)} s`,
  )
  // A single seed is repeated to be looked at; only a campaign must have met everything.
  const { missing } = count
  if (missing.length > 0) console.log(`Never came to pass: ${missing.join(', ')}. Run more seeds.`)
  process.exitCode = broken > 0 || (missing.length > 0 && seeds > 1) ? 1 : 0
}
