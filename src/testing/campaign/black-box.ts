// `npm run campaign -- black-box <rounds> [first seed]`: real processes over a real PostgreSQL behind the chaos proxy, killed
// and cut, each round on a hub of its own. Every broken round is printed with its seed, and any of them makes it fail.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { newEnrolmentCode, setAccount } from '../../hub/enrolment.ts'
import { SETUP_USER } from '../../hub/leases.ts'
import { openDatabase } from '../../hub/postgres/open-database.ts'
import { serve } from '../../hub/serve.ts'
import { inTenant } from '../../sync/hub/tenant.ts'
import { fates, type Fate } from '../chaos-proxy.ts'
import { runBlackBox, type BlackBoxReport } from '../black-box/world.ts'
import { wireCatalogue } from '../wire-catalogue.ts'

const [count = '20', first = '1'] = process.argv.slice(2)
if (!/^\d+$/.test(count) || !/^\d+$/.test(first)) {
  console.log('Usage: npm run campaign -- black-box <how many rounds> [first seed]')
  process.exit(2)
}
/** From so many rounds on a fault that never came to pass is a fault of the campaign. */
const ROUNDS_FOR_ALL = 5
const password = 'only for this campaign'
const fired = new Map<Fate, number>()
/** From healing until all hold the same. */
const CONVERGED_MS_MAX = 10_000
const sum = { saved: 0, broken: 0, devices: 0, hubs: 0, slowestMs: 0 }

async function round(seed: number): Promise<BlackBoxReport> {
  const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-black-box-hub-'))
  const database = await openDatabase({ dataDir, log: pino({ level: 'warn' }) })
  const served = await serve({ dataDir, port: 0, catalogue: wireCatalogue, database })
  try {
    await setAccount(served.hub, { user: SETUP_USER, signIn: SETUP_USER, password })
    return await runBlackBox({
      database,
      sql: (text) =>
        inTenant(served.hub.pool, served.hub.tenant, async (client) => (await client.query(text)).rows as never[]),
      seed,
      devices: 3,
      turns: 24,
      signIn: SETUP_USER,
      password,
      newCode: () => newEnrolmentCode(served.hub, null),
    })
  } finally {
    await served.stop()
    await database.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  try {
    const report = await round(seed)
    sum.saved += report.saved
    sum.devices += report.kills.device
    sum.hubs += report.kills.hub
    sum.slowestMs = Math.max(sum.slowestMs, report.healedMs)
    for (const [fate, times] of report.fired) fired.set(fate, (fired.get(fate) ?? 0) + times)
    const wrong = [...report.wrong]
    if (report.healedMs > CONVERGED_MS_MAX)
      wrong.push(`all held the same ${Math.round(report.healedMs)} ms after healing`)
    if (wrong.length > 0) throw new Error(wrong.slice(0, 20).join('\n  '))
    console.log(`seed ${seed}: ${report.saved} saved, healed in ${Math.round(report.healedMs)} ms`)
  } catch (fault) {
    sum.broken += 1
    console.log(`seed ${seed} is broken:\n  ${fault instanceof Error ? fault.message : String(fault)}`)
  }
}
console.log(
  `${count} rounds: ${sum.saved} saved, ${sum.devices} devices and ${sum.hubs} hubs killed, ${sum.broken} broken; healed within ${Math.round(sum.slowestMs)} ms`,
)
console.log(`faults: ${fates.map((fate) => `${fate} ${fired.get(fate) ?? 0}`).join(', ')}`)
const missing = Number(count) < ROUNDS_FOR_ALL ? [] : fates.filter((fate) => !fired.has(fate))
if (missing.length > 0) console.log(`Never came to pass: ${missing.join(', ')}.`)
process.exitCode = sum.broken > 0 || missing.length > 0 ? 1 : 0
