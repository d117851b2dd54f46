// `npm run campaign -- backlog [commands]`: a device that worked alone comes back with 50 000 commands unless told, on a hub of its own.
// What is wrong is printed and makes it fail; how long each part took is printed beside.
import { LeapingTime, runBacklog } from '../backlog-world.ts'
import { onOwnHub } from '../own-hub.ts'

const [count = '50000'] = process.argv.slice(2)
const commands = Number(count)
if (!Number.isSafeInteger(commands) || commands < 1) {
  console.log('Usage: npm run campaign -- backlog [how many commands (50000)]')
  process.exit(2)
}
const MIB = 1024 * 1024
const time = new LeapingTime()
let most = 0
const looking = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 200)
try {
  await onOwnHub(async (hub) => {
    const { wrong, took } = await runBacklog({ ...hub, time, commands })
    for (const [what, ms] of Object.entries(took)) console.log(`  ${what}: ${(ms / 1000).toFixed(1)} s`)
    console.log(`${commands} commands, hub and devices in one process of at most ${Math.round(most / MIB)} MiB`)
    for (const each of wrong.slice(0, 20)) console.log(`wrong: ${each}`)
    process.exitCode = wrong.length > 0 ? 1 : 0
  }, time.now)
} finally {
  clearInterval(looking)
}
