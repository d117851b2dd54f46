// Shows what the commands in bin/ decide, each in a Node of its own as a person would start them. No network, no install.
import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const bin = new URL('../../bin/', import.meta.url)
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'commands-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** Imports one file of bin/ as `m` in a new Node, evaluates the expression there, and answers its value. */
async function ask(file: string, expression: string): Promise<unknown> {
  const program = `import(${JSON.stringify(new URL(file, bin).href)}).then(async (m) => {
    let answer
    try { answer = await (${expression}) } catch (error) { answer = { problem: error.message } }
    console.log(JSON.stringify({ answer }))
  })`
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program])
  const last = stdout.trim().split('\n').at(-1) ?? ''
  return (JSON.parse(last) as { answer?: unknown }).answer
}

describe('install', () => {
  const lock = (packages: object): string => JSON.stringify({ packages: { '': {}, ...packages } })
  const one = { version: '1.0.0', integrity: 'sha512-a' }

  async function isInstalled(wanted: object, present: object | undefined): Promise<unknown> {
    const root = mkdtempSync(join(folder, 'install-'))
    writeFileSync(join(root, 'package-lock.json'), lock(wanted))
    for (const path of Object.keys(present ?? {})) mkdirSync(join(root, path), { recursive: true })
    if (present) writeFileSync(join(root, 'node_modules', '.package-lock.json'), lock(present).replace('"":{},', ''))
    return ask('install.mjs', `m.isInstalled(${JSON.stringify(root)})`)
  }

  test('the same packages are installed; other platforms may be absent', async () => {
    const wanted = { 'node_modules/a': one, 'node_modules/a-for-mars': { ...one, optional: true } }
    expect(await isInstalled(wanted, { 'node_modules/a': one })).toBe(true)
  })

  test('a missing, older or foreign package is not installed', async () => {
    expect(await isInstalled({ 'node_modules/a': one }, undefined)).toBe(false)
    expect(await isInstalled({ 'node_modules/a': one, 'node_modules/b': one }, { 'node_modules/a': one })).toBe(false)
    expect(await isInstalled({ 'node_modules/a': { ...one, version: '1.0.1' } }, { 'node_modules/a': one })).toBe(false)
    expect(await isInstalled({ 'node_modules/a': one }, { 'node_modules/a': one, 'node_modules/b': one })).toBe(false)
  })

  test('an old Node is told so, and what to do', async () => {
    expect(await ask('install.mjs', `m.ensureNode('20.18.3')`)).toEqual({
      problem: expect.stringMatching(/20\.19.*20\.18\.3/),
    })
    expect(await ask('install.mjs', `[m.ensureNode('20.19.0'), m.ensureNode('24.0.0')].length`)).toBe(2)
  })
})

describe('chromium', () => {
  test('is found on the PATH or by its name, and a wrong name is refused', async () => {
    const program = join(folder, 'chromium')
    writeFileSync(program, '')
    chmodSync(program, 0o755)
    expect(await ask('chromium.mjs', `m.findChromium({ PATH: ${JSON.stringify(folder)} })`)).toBe(program)
    expect(await ask('chromium.mjs', `m.findChromium({ HOLDFAST_CHROMIUM: ${JSON.stringify(program)} })`)).toBe(program)
    expect(await ask('chromium.mjs', `m.findChromium({ HOLDFAST_CHROMIUM: '/nowhere' })`)).toEqual({
      problem: expect.stringContaining('/nowhere'),
    })
  })
})

describe('test', () => {
  const file = (status: string, ...tests: string[]): object => ({
    status,
    assertionResults: tests.map((each) => ({ status: each })),
  })
  const count = (report: object | undefined, code: number): Promise<unknown> =>
    ask('test.mjs', `m.count(${JSON.stringify(report)}, ${code})`)

  test('counts what passed and failed', async () => {
    const report = { numPassedTests: 3, numFailedTests: 1, testResults: [file('failed', 'passed', 'failed')] }
    expect(await count(report, 1)).toEqual({ passed: 3, failed: 1 })
  })

  test('a file that can not be loaded and a run that broke are failures', async () => {
    const unloaded = { numPassedTests: 3, numFailedTests: 0, testResults: [file('failed'), file('passed', 'passed')] }
    expect(await count(unloaded, 1)).toEqual({ passed: 3, failed: 1 })
    expect(await count({ numPassedTests: 3, numFailedTests: 0, testResults: [] }, 1)).toEqual({ passed: 3, failed: 1 })
    expect(await count(undefined, 1)).toEqual({ passed: 0, failed: 1 })
  })
})

describe('lock', () => {
  const name = `lock-test-${process.pid}`

  test('two processes take turns', async () => {
    const log = JSON.stringify(join(folder, 'turns'))
    const turn = `m.withLock('${name}', async () => {
      const { appendFileSync, readFileSync } = await import('node:fs')
      appendFileSync(${log}, '(')
      for (let turns = 0; turns < 200; turns++) await new Promise(setImmediate)
      appendFileSync(${log}, ')')
      return readFileSync(${log}, 'utf8')
    })`
    const seen = await Promise.all([1, 2, 3].map(() => ask('lock.mjs', turn)))
    expect(seen.map(String).toSorted()).toEqual(['()', '()()', '()()()'])
  })

  test('the lock of a process that died is broken', async () => {
    await ask('lock.mjs', `m.withLock('${name}', () => process.kill(process.pid, 'SIGKILL'))`).catch(() => undefined)
    expect(await ask('lock.mjs', `m.withLock('${name}', () => 'mine')`)).toBe('mine')
  })
})
