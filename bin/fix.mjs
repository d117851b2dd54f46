// `npm run fix`: mends what a tool can mend: lint, then format, then docs/reference. Paths may be given; without any it is the whole checkout.
// It applies safe fixes only, never those that may change what the code does.
import { ensureInstalled } from './install.mjs'
import { main, runTool } from './run.mjs'
import { runProgram } from './script.mjs'

await main(async (args) => {
  await ensureInstalled()
  const lint = await runTool('oxlint/bin/oxlint', ['--type-aware', '--fix', ...args])
  const format = await runTool('oxfmt/bin/oxfmt', ['--no-error-on-unmatched-pattern', ...args])
  // Generated from the declarations, whichever path was given.
  const reference = await runProgram('src/cli/reference/reference-process.ts', [])
  return lint.code || format.code || reference.code
})
