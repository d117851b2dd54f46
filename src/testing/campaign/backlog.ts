// `npm run campaign -- backlog [commands]`: a device that worked alone comes back with 50 000 commands unless told, on a hub of its own.
// What is wrong is printed and makes it fail; how long each part took is printed beside.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setAccount } from '../../hub/enrolment.ts'
import { SETUP_USER } from '../../hub/leases.ts'
import { serve } from '../../hub/serve.ts'
import { LeapingTime, runBacklog } from '../backlog-world.ts'
import { wireCatalogue } from '../wire-catalogue.ts'

const [count = '50000'] = process.argv.slice(2)
const commands = Number(count)
if (!Number.isSafeInteger(commands) || commands < 1) {
  console.log('Usage: npm run campaign -- backlog [how many commands (50000)]')
  process.exit(2)
}
const MIB = 1024 * 1024
const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-campaign-'))
const time = new LeapingTime()
const password = 'only for this campaign'
const served = await serve({ dataDir, port: 0, catalogue: wireCatalogue, now: time.now })
let most = 0
const looking = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 200)
try {
  await setAccount(served.hub, { user: SETUP_USER, signIn: SETUP_USER, password })
  const { wrong, took } = await runBacklog({ served, time, signIn: SETUP_USER, password, commands })
  for (const [what, ms] of Object.entries(took)) console.log(`  ${what}: ${(ms / 1000).toFixed(1)} s`)
  console.log(`${commands} commands, hub and devices in one process of at most ${Math.round(most / MIB)} MiB`)
  for (const each of wrong.slice(0, 20)) console.log(`wrong: ${each}`)
  process.exitCode = wrong.length > 0 ? 1 : 0
} finally {
  clearInterval(looking)
  await served.stop()
  rmSync(dataDir, { recursive: true, force: true })
}
