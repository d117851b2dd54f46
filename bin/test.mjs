// `npm test`: installs, finds Chromium, builds, and runs every test; arguments go to vitest (`npm test -- src/kernel`).
// Its last line is plain, `N passed, N failed`, and never claims success when the run itself broke.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { ensureChromium } from './chromium.mjs'
import { ensureInstalled } from './install.mjs'
import { isStarted, main, root, runTool } from './run.mjs'

/** Prepares all that the tests need and runs them. Answers the exit code. */
export async function test(args) {
  await ensureInstalled()
  await ensureChromium()
  await ensureBuilt()
  mkdirSync(join(root, '.tmp'), { recursive: true })
  const reportPath = join(root, '.tmp', `test-report-${process.pid}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`]
  const { code } = await runTool('vitest/vitest.mjs', ['run', ...reporters, ...args])
  const { passed, failed } = count(readReport(reportPath), code)
  rmSync(reportPath, { force: true })
  console.log(`${passed} passed, ${failed} failed`)
  return failed > 0 && code === 0 ? 1 : code
}

/**
 * Counts tests. A file that could not be loaded counts as one failure, and so does a run that ended badly with no
 * failed test (an unhandled error, a crash, nothing to run): the line must never look better than the exit code.
 */
export function count(report, code) {
  const passed = report?.numPassedTests ?? 0
  const broken = (report?.testResults ?? []).filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'))
  const failed = (report?.numFailedTests ?? 0) + broken.length
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed }
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

if (isStarted(import.meta.url)) await main(test)
