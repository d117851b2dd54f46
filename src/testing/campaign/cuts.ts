// `npm run campaign -- cuts <seeds> [first]`: the cuts of src/sync/cuts.pg.test.ts for as many seeds as asked, on hubs of
// its own. It stops at nothing: each broken seed is printed with what is wrong, and any of them makes it fail.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setAccount } from '../../hub/enrolment.ts'
import { SETUP_USER } from '../../hub/leases.ts'
import { serve, type ServedHub } from '../../hub/serve.ts'
import { fates, type Fate } from '../chaos-proxy.ts'
import { runCutWorld } from '../cut-world.ts'
import { wireCatalogue } from '../wire-catalogue.ts'

const [count = '200', first = '1'] = process.argv.slice(2)
if (!/^\d+$/.test(count) || !/^\d+$/.test(first)) {
  console.log('Usage: npm run campaign -- cuts <how many seeds> [first seed]')
  process.exit(2)
}
/** A hub keeps the rows of the seeds before; a new one now and then keeps each seed as fast as the first. */
const SEEDS_A_HUB = 25
const password = 'only for this campaign'
const fired = new Map<Fate, number>()
let broken = 0
let commands = 0
let slowestMs = 0

async function onAHub(work: (served: ServedHub) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-campaign-'))
  const served = await serve({ dataDir, port: 0, catalogue: wireCatalogue })
  try {
    await setAccount(served.hub, { user: SETUP_USER, signIn: SETUP_USER, password })
    await work(served)
  } finally {
    await served.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function runSeed(served: ServedHub, seed: number): Promise<void> {
  try {
    const report = await runCutWorld({ hub: served.hub, port: served.port, seed, signIn: SETUP_USER, password })
    commands += report.commands
    slowestMs = Math.max(slowestMs, report.healedMs)
    for (const [fate, times] of report.fired) fired.set(fate, (fired.get(fate) ?? 0) + times)
    if (report.wrong.length === 0) return
    broken += 1
    console.log(`seed ${seed} is broken:\n  ${report.wrong.slice(0, 20).join('\n  ')}`)
  } catch (fault) {
    broken += 1
    console.log(`seed ${seed} broke off:`, fault)
  }
}

const last = Number(first) + Number(count) - 1
for (let from = Number(first); from <= last; from += SEEDS_A_HUB) {
  await onAHub(async (served) => {
    for (let seed = from; seed < from + SEEDS_A_HUB && seed <= last; seed++) await runSeed(served, seed)
  })
  console.log(`seeds ${first} to ${Math.min(from + SEEDS_A_HUB - 1, last)}: ${commands} commands, ${broken} broken`)
}
const missing = fates.filter((fate) => !fired.has(fate))
console.log(
  `faults: ${fates.map((fate) => `${fate} ${fired.get(fate) ?? 0}`).join(', ')}; healed within ${Math.round(slowestMs)} ms`,
)
if (missing.length > 0) console.log(`Never came to pass: ${missing.join(', ')}. Run more seeds.`)
process.exitCode = broken > 0 || missing.length > 0 ? 1 : 0
