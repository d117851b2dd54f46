// `npm test`: installs, finds Chromium, builds, and runs every test; arguments go to vitest (`npm test -- src/kernel`).
// Its last line is plain, `N passed, N failed`, and never claims success when the run itself broke.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
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
  const report = readReport(reportPath)
  rmSync(reportPath, { force: true })
  const { passed, failed } = count(report, code)
  // Only a whole run can tell that a file was forgotten; with arguments leaving files out is what was asked for.
  const forgotten = args.length === 0 && report !== undefined ? findForgotten(report) : []
  if (forgotten.length > 0) {
    console.log(
      `No project of vitest.config.ts includes:\n  ${forgotten.join('\n  ')}\nAdd them to one: each counts as a failure.`,
    )
  }
  console.log(`${passed} passed, ${failed + forgotten.length} failed`)
  return code === 0 && failed + forgotten.length > 0 ? 1 : code
}

/** Test files that are in the tree and not in the report: a test that never runs proves nothing and looks as if it did. */
function findForgotten(report) {
  const ran = new Set(report.testResults.map((file) => relative(root, file.name).replaceAll('\\', '/')))
  const present = ['src', 'demo', 'bench', 'bin'].flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: true }).map((path) => `${folder}/${path}`.replaceAll('\\', '/'))
      : [],
  )
  return present.filter((path) => /\.test\.tsx?$/.test(path) && !ran.has(path))
}

/**
 * Counts tests. A file that could not be loaded counts as one failure, and so does a run that ended badly with no
 * failed test (an unhandled error, a crash, nothing to run): the line must never look better than the exit code.
 */
export function count(report, code) {
  const passed = report?.numPassedTests ?? 0
  const broken = (report?.testResults ?? []).filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
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
