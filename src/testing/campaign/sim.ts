// `npm run campaign -- sim <commands> [first seed] [--processes 2] [--size 300] [--mode liveness]`: the simulated world, seed
// after seed, each as long as its people's habits want or of `--size` commands, until so many commands were saved. A broken law is
// printed with its seed, the command that repeats it and the shortest plan that still breaks it. A fault that never came
// to pass makes the campaign fail: it would have shown nothing. Interrupted, it says what it found and where to go on.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { LAWS } from '../laws.ts'
import { FaultCount } from '../world/faults.ts'
import type { Mode } from '../world/plan.ts'
import { SeedRunner, type SeedLine } from '../world/run-seed.ts'

const usage = `Usage: npm run campaign -- sim <commands> [first seed] [--processes 2] [--size 300] [--mode liveness]
  <commands>    how many commands shall be saved in all (20000)
  [first seed]  where to begin (1); a campaign says at its end which seed comes next
  --processes   how many seeds run at once (1)
  --size        commands of each seed; left out, a seed is as long as its people's habits want
  --mode        safety: all heal together at the end; liveness: before that some get through by themselves, the others never
                healed; left out, one seed in three is of liveness
  --as-found    a broken plan is told as it is, and not made short`
const SAY_EVERY_MS = 30_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    processes: { type: 'string', default: '1' },
    size: { type: 'string', default: '0' },
    mode: { type: 'string' },
    help: { type: 'boolean', default: false },
    /** A process of a campaign: takes seeds from its input, line by line, and answers with what it found; 0 is all that once found something. */
    worker: { type: 'boolean', default: false },
    /** A broken plan is told as it is, and not made short. */
    'as-found': { type: 'boolean', default: false },
  },
})
const [commandsWanted = 20_000, firstSeed = 1] = positionals.map(Number)
const [processes, size] = [values.processes, values.size].map(Number) as [number, number]
const mode = values.mode as Mode | undefined
const isMode = mode === undefined || mode === 'safety' || mode === 'liveness'
const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 1
if (values.help || !isMode || ![commandsWanted, firstSeed, processes, size + 1].every(isCount)) {
  console.log(usage)
  process.exit(values.help ? 0 : 2)
}

const sizeAndMode = [...(size > 0 ? ['--size', String(size)] : []), ...(mode === undefined ? [] : ['--mode', mode])]

class Campaign {
  private readonly count = new FaultCount()
  private readonly laws = new Map<string, number>()
  private readonly startedAt = Date.now()
  private readonly running = new Set<number>()
  private saidAt = Date.now()
  private next = firstSeed
  private seeds = 0
  private tried = 0
  private saved = 0
  private broken = 0
  private isStopped = false

  stop(): void {
    this.isStopped = true
  }

  /** A seed to run, or null when there is enough. */
  take(): number | null {
    if (this.isStopped || this.saved >= commandsWanted) return null
    this.running.add(this.next)
    return this.next++
  }

  found(line: SeedLine): void {
    this.running.delete(line.seed)
    this.seeds += 1
    this.tried += line.tried
    this.saved += line.saved
    this.count.add(line.faults)
    for (const [law, times] of Object.entries(line.laws)) this.laws.set(law, (this.laws.get(law) ?? 0) + times)
    if (line.broken !== null) {
      this.broken += 1
      const again = ['npm run campaign -- sim 1', line.seed, ...sizeAndMode].join(' ')
      console.log(`seed ${line.seed} is broken; repeat with: ${again}\n${line.broken}`)
    }
    if (Date.now() - this.saidAt < SAY_EVERY_MS) return
    this.saidAt = Date.now()
    console.log(this.progress())
  }

  /** A process ended over the seeds that it had. */
  died(): void {
    this.broken += 1
  }

  private progress(): string {
    const seconds = Math.round((Date.now() - this.startedAt) / 1000)
    const rate = Math.round(this.saved / Math.max(1, seconds))
    return `${this.saved} commands of ${commandsWanted}, ${this.seeds} seeds, ${rate} commands/s, ${this.broken} broken, ${seconds} s; next seed ${Math.min(this.next, ...this.running)}`
  }

  /** The exit code. */
  end(): number {
    const listed = (record: Readonly<Record<string, number>>): string =>
      Object.entries(record)
        .map(([name, times]) => `${name} ${times}`)
        .join(', ')
    console.log(`faults: ${listed(this.count.toRecord())}`)
    console.log(`laws: ${listed(Object.fromEntries([...this.laws].toSorted(([a], [b]) => a.localeCompare(b))))}`)
    console.log(`tried ${this.tried}; ${this.progress()}`)
    const { missing } = this.count
    if (missing.length > 0) console.log(`Never came to pass: ${missing.join(', ')}. Run more seeds.`)
    const unseen = LAWS.filter((law) => !this.laws.has(law))
    if (unseen.length > 0) console.log(`Never looked at: ${unseen.join(', ')}. Run more seeds.`)
    // A single seed is repeated to be looked at; only a campaign must have met everything.
    return this.broken > 0 || (missing.length + unseen.length > 0 && this.seeds > 1) ? 1 : 0
  }
}

/** A process of its own: one seed after the other, each asked for when the one before is done. */
function spawnWorker(campaign: Campaign): Promise<void> {
  const asFound = values['as-found'] ? ['--as-found'] : []
  const program = [
    '--max-semi-space-size=64',
    ...process.execArgv,
    fileURLToPath(import.meta.url),
    '--worker',
    ...sizeAndMode,
    ...asFound,
  ]
  const child = spawn(process.execPath, program, { stdio: ['pipe', 'pipe', 'inherit'] })
  const give = (): void => {
    const seed = campaign.take()
    if (seed === null) child.stdin.end()
    else child.stdin.write(`${seed}\n`)
  }
  createInterface({ input: child.stdout }).on('line', (text) => {
    campaign.found(JSON.parse(text) as SeedLine)
    give()
  })
  give()
  return new Promise((resolve) =>
    child.once('exit', (code) => {
      if (code !== 0) campaign.died()
      resolve()
    }),
  )
}

if (values.worker) {
  const runner = await SeedRunner.open({ isShort: !values['as-found'] })
  // Whoever interrupts a campaign interrupts its processes too: they end when no more seeds come.
  process.on('SIGINT', () => undefined)
  for await (const text of createInterface({ input: process.stdin }))
    console.log(JSON.stringify(await (text === '0' ? runner.again() : runner.run(Number(text), { size, mode }))))
} else {
  const campaign = new Campaign()
  // The seeds that are under way end first: what they find is worth the seconds.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => campaign.stop())
  if (processes === 1) {
    const runner = await SeedRunner.open({ isShort: !values['as-found'] })
    for (let seed = campaign.take(); seed !== null; seed = campaign.take())
      campaign.found(await runner.run(seed, { size, mode }))
  } else await Promise.all(Array.from({ length: processes }, () => spawnWorker(campaign)))
  process.exitCode = campaign.end()
}
