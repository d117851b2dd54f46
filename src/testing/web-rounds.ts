// Runs Chromium tests with more rounds than CI has time for. The tests themselves are the same.
import { spawnSync } from 'node:child_process'

/** Ends the process with the test's own exit code. */
export function runRounds(files: readonly string[], variable: string, roundsDefault: number): void {
  const rounds = process.argv[2] ?? String(roundsDefault)
  const seed = process.argv[3]
  const env = { ...process.env, [variable]: rounds, ...(seed !== undefined && { HOLDFAST_SEED: seed }) }
  const run = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--project', 'web', ...files], {
    stdio: 'inherit',
    env,
  })
  process.exitCode = run.status ?? 1
}
