// Real processes: a hub and devices, each its own Node, a real PostgreSQL, and the chaos proxy between them; devices and hub
// are killed with SIGKILL while they work, the network goes wrong, then all heals and the checker judges. From one seed.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { HubDatabase } from '../../hub/postgres/open-database.ts'
import { chaosProxy, seededRandom, type ChaosProxy, type Fate } from '../chaos-proxy.ts'
import { judge, type Evidence } from './checker.ts'
import type { DeviceProcessOptions } from './device-process.ts'
import { readJournal, type Told } from './journal.ts'

export interface BlackBoxOptions {
  readonly database: HubDatabase
  /** Rows of a query on the hub's database, past row-level security. */
  readonly sql: Evidence['sql']
  readonly seed: number
  readonly devices: number
  /** Times at which something is killed or the network changes. */
  readonly turns: number
  readonly signIn: string
  readonly password: string
  /** Makes an enrolment code that is good once. */
  readonly newCode: () => Promise<string>
}

export interface BlackBoxReport {
  readonly wrong: readonly string[]
  readonly saved: number
  readonly kills: { readonly device: number; readonly hub: number }
  readonly fired: ReadonlyMap<Fate, number>
  /** From healing until every device held the same. */
  readonly healedMs: number
}

const program = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const TURN_MS = 350
/** Partitions and delays may last so long. */
const LONGEST_MS = 3_000
/** As long as the product waits for an answer. */
const PATIENT_MS = 60_000
/** Some lives of a device give a request up before it comes late. */
const TIMEOUTS_MS = [2_000, PATIENT_MS]
/** From healing until all hold the same; how fast it must be on a machine of its own says the campaign. */
const PATIENCE_MS = 60_000

export async function runBlackBox(options: BlackBoxOptions): Promise<BlackBoxReport> {
  const root = mkdtempSync(join(tmpdir(), 'holdfast-black-box-'))
  const world = new BlackBox(options, root)
  try {
    return await world.run()
  } finally {
    await world.end()
    rmSync(root, { recursive: true, force: true })
  }
}

interface Running {
  readonly child: ChildProcess
  readonly options: DeviceProcessOptions
}

class BlackBox {
  private readonly options: BlackBoxOptions
  private readonly root: string
  private readonly flag: string
  private readonly random: () => number
  private readonly devices: Running[] = []
  private readonly kills = { device: 0, hub: 0 }
  private hub: ChildProcess | null = null
  private proxy: ChaosProxy | null = null
  private port = 0

  constructor(options: BlackBoxOptions, root: string) {
    this.options = options
    this.root = root
    this.flag = join(root, 'working')
    this.random = seededRandom(options.seed)
  }

  async run(): Promise<BlackBoxReport> {
    const { seed, turns } = this.options
    writeFileSync(this.flag, 'yes')
    await this.startHub()
    const proxy = (this.proxy = await chaosProxy({
      port: this.port,
      seed,
      longestMs: LONGEST_MS,
      mayForget: true,
    }))
    await Promise.all(Array.from({ length: this.options.devices }, (_, index) => this.enrol(index, proxy.url)))
    proxy.chaos(0.4)
    for (let turn = 0; turn < turns; turn++) await this.turn(proxy)
    if (this.hub === null) await this.startHub()
    proxy.chaos(0)
    const healedAt = performance.now()
    rmSync(this.flag)
    await this.untilAll('settled')
    for (const { child } of this.devices) child.stdin?.end()
    await this.untilAll('holds')
    const healedMs = performance.now() - healedAt
    const journals = this.journals()
    const saved = [...journals.values()].flat().filter(({ told }) => told === 'saved').length
    const wrong = await this.judge(journals)
    return { wrong, saved, kills: this.kills, fired: proxy.fired, healedMs }
  }

  private async turn(proxy: ChaosProxy): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, TURN_MS * (0.5 + this.random())))
    // Seldom down for long: where nobody answers nothing goes wrong.
    if (this.hub === null && this.random() < 0.7) return this.startHub()
    const what = this.random()
    if (what < 0.35) {
      const index = Math.floor(this.random() * this.devices.length)
      await this.killDevice(index)
    } else if (what < 0.55) {
      if (this.hub === null) await this.startHub()
      else await this.killHub()
    } else proxy.chaos(this.random() * 0.7)
  }

  private async startHub(): Promise<void> {
    const { stop: _, ...database } = this.options.database
    const given = JSON.stringify({ dataDir: this.root, port: this.port, database })
    const child = spawn(process.execPath, ['--import', 'tsx', program('../serve-process.ts'), given], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
    this.port = (JSON.parse(chunk.toString()) as { port: number }).port
    this.hub = child
  }

  private async killHub(): Promise<void> {
    const { hub } = this
    this.hub = null
    this.kills.hub += 1
    await killed(hub)
  }

  private async enrol(index: number, hubUrl: string): Promise<void> {
    const { signIn, password, newCode, seed } = this.options
    const directory = join(this.root, `device-${index}`)
    const journal = `${directory}.journal`
    const code = await newCode()
    const options = {
      directory,
      journal,
      hubUrl,
      seed: seed * 31 + index,
      code,
      signIn,
      password,
      workingFlag: this.flag,
      timeoutMs: PATIENT_MS,
    }
    this.devices[index] = { child: start(options), options }
    await until(() => this.journalOf(options).some(({ told }) => told === 'open'), 'a device to open')
  }

  /** Killed wherever it is, and started again on the same files with other work ahead of it. */
  private async killDevice(index: number): Promise<void> {
    const { child, options } = this.devices[index] as Running
    await killed(child)
    this.kills.device += 1
    const next = { ...options, seed: Math.floor(this.random() * 2 ** 31), timeoutMs: this.timeout() }
    this.devices[index] = { child: start(next), options: next }
  }

  private timeout(): number {
    return TIMEOUTS_MS[Math.floor(this.random() * TIMEOUTS_MS.length)] as number
  }

  private journalOf({ journal }: DeviceProcessOptions): Told[] {
    try {
      return readJournal(journal)
    } catch (fault) {
      if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return []
      throw fault
    }
  }

  private journals(): Map<string, Told[]> {
    const entries = this.devices.map(({ options }) => this.journalOf(options))
    return new Map(entries.map((told) => [told.find(({ dev }) => dev !== undefined)?.dev ?? '', told]))
  }

  private untilAll(what: Told['told']): Promise<void> {
    return until(
      () => this.devices.every(({ options }) => this.journalOf(options).some(({ told }) => told === what)),
      `all devices to have ${what}`,
      () =>
        this.devices
          .map(({ child, options }) => `${child.exitCode}: ${JSON.stringify(this.journalOf(options).at(-1))}`)
          .join('; '),
    )
  }

  private judge(journals: ReadonlyMap<string, readonly Told[]>): Promise<string[]> {
    return judge({ journals, sql: this.options.sql })
  }

  async end(): Promise<void> {
    for (const { child } of this.devices) await killed(child)
    await killed(this.hub)
    await this.proxy?.stop()
  }
}

const start = (options: DeviceProcessOptions): ChildProcess =>
  spawn(process.execPath, ['--import', 'tsx', program('device-process.ts'), JSON.stringify(options)], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })

async function killed(child: ChildProcess | null): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function until(isDone: () => boolean, what: string, details = (): string => ''): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (!isDone()) {
    if (performance.now() > deadline) throw new Error(`Waited ${PATIENCE_MS} ms for ${what}. ${details()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
