// One seed of a campaign: the plan is run, now and then a second time to see that it writes the same trace, and made short
// when it broke a law. It says what it found as plain data, because campaigns run it in processes of their own.
import '../../device/native-sha256.ts'
import { planOf, type Mode } from './plan.ts'
import { regressions } from './regressions.ts'
import { shrink, told } from './shrink.ts'
import { simReleases } from './sim-catalogue.ts'
import { runPlan } from './world.ts'
import { WorldDatabase } from './world-database.ts'
import { groundOver, type Ground } from './world-hub.ts'

export interface SeedLine {
  readonly seed: number
  readonly tried: number
  readonly saved: number
  readonly faults: Readonly<Record<string, number>>
  readonly laws: Readonly<Record<string, number>>
  readonly broken: string | null
}

/** Each so many seeds one is run twice. */
const TWICE_EVERY = 25
/** Rows of seeds that are over slow the next ones down. */
const CLEAR_AFTER_COMMANDS = 5_000

export class SeedRunner {
  private readonly database: WorldDatabase
  private readonly ground: Ground
  private readonly isShort: boolean
  private sinceCleared = 0

  private constructor(database: WorldDatabase, ground: Ground, isShort: boolean) {
    this.database = database
    this.ground = ground
    this.isShort = isShort
  }

  /** `isShort`: broken plans are made short before they are told. */
  static async open({ isShort }: { readonly isShort: boolean }): Promise<SeedRunner> {
    const database = await WorldDatabase.open(simReleases.newer)
    return new SeedRunner(database, await groundOver(database, simReleases), isShort)
  }

  /** What once found something, as it stands in regressions.ts: seed 0 with the first sentence of what is wrong, if anything is. */
  async again(): Promise<SeedLine> {
    const wrong: string[] = []
    for (const { plan } of regressions) wrong.push(...(await runPlan(this.ground, plan)).wrong.slice(0, 1))
    return { seed: 0, tried: 0, saved: 0, faults: {}, laws: {}, broken: wrong[0] ?? null }
  }

  /** `size` 0: as long as the people's habits want. */
  async run(
    seed: number,
    { size, mode }: { readonly size: number; readonly mode: Mode | undefined },
  ): Promise<SeedLine> {
    const plan = planOf({ seed, ...(size > 0 && { commands: size }), ...(mode !== undefined && { mode }) })
    const report = await runPlan(this.ground, plan)
    const laws: Record<string, number> = { ...report.laws }
    let broken: string | null = null
    const isBroken = report.wrong.length > 0
    if (isBroken) broken = told(this.isShort ? await shrink(this.ground, plan, report) : { plan, report })
    else if (seed % TWICE_EVERY === 0) {
      laws['L11'] = 1
      const again = await runPlan(this.ground, plan)
      if (again.traceHash !== report.traceHash) broken = 'L11 The same seed gave another trace.'
    }
    this.sinceCleared += report.saved
    if (this.sinceCleared > CLEAR_AFTER_COMMANDS) {
      await this.database.clear()
      this.sinceCleared = 0
    }
    const { tried, saved, faults } = report
    return { seed, tried, saved, faults, laws, broken }
  }
}
