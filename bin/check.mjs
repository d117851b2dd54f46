// `npm run check`: types, lint, format, unused code and the tidy test; a line a step, and the output of what failed.
// It never changes a file: `npm run fix` does.
import { cpus } from 'node:os'
import { ensureInstalled } from './install.mjs'
import { main, runTool } from './run.mjs'

const steps = [
  ['types: domain', 'typescript/bin/tsc', ['-p', 'tsconfig/domain.json']],
  ['types: hub', 'typescript/bin/tsc', ['-p', 'tsconfig/hub.json']],
  ['types: device', 'typescript/bin/tsc', ['-p', 'tsconfig/device.json']],
  // The tests of screens mix both worlds: here they are seen with everything else.
  ['types: all', 'typescript/bin/tsc', ['-p', 'tsconfig.json']],
  ['lint', 'oxlint/bin/oxlint', ['--type-aware', '--deny-warnings', '--report-unused-disable-directives']],
  ['format', 'oxfmt/bin/oxfmt', ['--check']],
  ['unused code', 'knip/bin/knip.js', ['--no-progress']],
  ['tidy', 'vitest/vitest.mjs', ['run', 'src/tidy.test.ts', 'src/testing/tidy']],
]

await main(async () => {
  await ensureInstalled()
  const waiting = [...steps]
  const failures = []
  const work = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const [name, file, args] = step
      const startedAt = Date.now()
      const { code, output } = await runTool(file, args, { quiet: true })
      console.log(
        `${code === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(14)} ${((Date.now() - startedAt) / 1000).toFixed(1)} s`,
      )
      if (code !== 0) failures.push({ name, output })
    }
  }
  // The compiler and the linter use several threads themselves: one step for every two cores keeps all busy.
  await Promise.all(Array.from({ length: Math.max(1, Math.floor(cpus().length / 2)) }, work))
  for (const { name, output } of failures) console.log(`\n── ${name} ──\n${output.trim()}`)
  console.log(
    failures.length === 0
      ? `All ${steps.length} steps are fine.`
      : `\n${failures.length} of ${steps.length} steps failed.`,
  )
  return failures.length === 0 ? 0 : 1
})
