// `npm run campaign -- properties [seeds] [first seed]`: every property test with dice of its own, seed after seed, each ten times as long
// as in a test run. What fails is printed by fast-check, with the path that repeats it; the rest goes on.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [count = '5', first = '1'] = process.argv.slice(2)
if (!/^\d+$/.test(count) || !/^\d+$/.test(first)) {
  console.log('Usage: npm run campaign -- properties [how many seeds] [first seed]')
  process.exit(2)
}
const TIMES = '10'
/** What takes a moment in a test run may take minutes here: only a property that never ends is stopped. */
const TIMEOUT_MS = '7200000'

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((file) => join('src', file))
  .filter((file) => file.endsWith('.test.ts') && readFileSync(file, 'utf8').includes('fc.assert('))
const broken: number[] = []
for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  const run = spawnSync(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--project',
      'unit',
      '--project',
      'pg',
      `--testTimeout=${TIMEOUT_MS}`,
      ...files,
    ],
    { stdio: 'inherit', env: { ...process.env, HOLDFAST_TIMES: TIMES, HOLDFAST_SEED: String(seed) } },
  )
  if (run.status !== 0) broken.push(seed)
  console.log(`seed ${seed}: ${run.status === 0 ? 'every property holds' : 'broken'}`)
}
console.log(`${files.length} files of properties, ${count} seeds, ${broken.length} broken ${broken.join(', ')}`)
process.exitCode = broken.length > 0 ? 1 : 0
