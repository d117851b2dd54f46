// `npm run campaign -- cuts <seeds> [first]`: the cuts of src/sync/cuts.pg.test.ts for as many seeds as asked, on hubs of
// its own. It stops at nothing: each broken seed is printed with what is wrong, and any of them makes it fail.
import { fates, type Fate } from '../chaos-proxy.ts'
import { runCutWorld } from '../cut-world.ts'
import { onOwnHub, type OwnHub } from '../own-hub.ts'

const [count = '200', first = '1'] = process.argv.slice(2)
if (!/^\d+$/.test(count) || !/^\d+$/.test(first)) {
  console.log('Usage: npm run campaign -- cuts <how many seeds> [first seed]')
  process.exit(2)
}
/** A hub keeps the rows of the seeds before; a new one now and then keeps each seed as fast as the first. */
const SEEDS_A_HUB = 25
const fired = new Map<Fate, number>()
let broken = 0
let commands = 0
let slowestMs = 0

async function runSeed({ served, ...account }: OwnHub, seed: number): Promise<void> {
  try {
    const report = await runCutWorld({ hub: served.hub, port: served.port, seed, ...account })
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
  await onOwnHub(async (hub) => {
    for (let seed = from; seed < from + SEEDS_A_HUB && seed <= last; seed++) await runSeed(hub, seed)
  })
  console.log(`seeds ${first} to ${Math.min(from + SEEDS_A_HUB - 1, last)}: ${commands} commands, ${broken} broken`)
}
const missing = fates.filter((fate) => !fired.has(fate))
console.log(
  `faults: ${fates.map((fate) => `${fate} ${fired.get(fate) ?? 0}`).join(', ')}; healed within ${Math.round(slowestMs)} ms`,
)
if (missing.length > 0) console.log(`Never came to pass: ${missing.join(', ')}. Run more seeds.`)
process.exitCode = broken > 0 || missing.length > 0 ? 1 : 0
