import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { tell } from './exit.ts'
import { runCommandLine } from './program.ts'

let said: string[]
let folder: string
beforeEach(() => {
  said = []
  folder = mkdtempSync(join(tmpdir(), 'holdfast-cli-'))
  const hear = (text: unknown): boolean => said.push(String(text)) > 0
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockImplementation(hear)
  for (const method of ['log', 'error'] as const)
    vi.spyOn(console, method).mockImplementation((text) => void said.push(String(text)))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true, force: true })
})

const aFile = (text: string): string => {
  const path = join(folder, 'items.csv')
  writeFileSync(path, text)
  return path
}

test('help and version are no error; an unknown command is usage', async () => {
  expect(await runCommandLine(['--help'])).toBe(0)
  expect(said.join('')).toContain('holdfast import items items.csv --preview')
  expect(await runCommandLine(['--version'])).toBe(0)
  expect(await runCommandLine(['imp'])).toBe(2)
  expect(await runCommandLine(['serve', '--port', 'eighty'])).toBe(2)
  expect(await runCommandLine(['serve', '--tls-cert', 'a.pem'])).toBe(2)
  for (const room of ['0', '1.5', 'much']) expect(await runCommandLine(['serve', '--photo-room', room])).toBe(2)
})

test('a preview shows rows as understood and every bad cell, and needs no device', async () => {
  const file = aFile('Code;Name;Group;Unit;Tax;Reorder level\nA;Pipe;g;m;std;1.234,5\nB;Bend;g;each;std;many\n')
  expect(await runCommandLine(['import', 'items', file, '--preview', '--decimal-comma'])).toBe(1)
  const text = said.join('\n')
  expect(text).toContain('2 rows of items')
  expect(text).toMatch(/Code\s+← Code/)
  expect(text).toMatch(/2 +A +Pipe/)
  expect(text).toMatch(/3 +Reorder level +many +is not a number/)
})

test('a column that is missing, a kind that is unknown and a device that is none are usage, with the remedy', async () => {
  const file = aFile('Code,Name\nA,Pipe\n')
  expect(await runCommandLine(['import', 'items', file, '--preview'])).toBe(2)
  expect(said.join('\n')).toContain('--map group=Column or --set group=value')
  expect(await runCommandLine(['import', 'things', file])).toBe(2)
  const all = ['--set', 'group=g', '--set', 'stockUnit=each', '--set', 'taxCode=std']
  expect(await runCommandLine(['import', 'items', file, '--device', join(folder, 'none'), ...all])).toBe(2)
  expect(said.join('\n')).toContain('holdfast device enrol')
})

test('a file that is not there is the world, in a sentence and without a stack', async () => {
  expect(await runCommandLine(['import', 'items', join(folder, 'nowhere.csv')])).toBe(3)
  expect(said.join('\n')).toMatch(/nowhere\.csv does not exist/)
  expect(said.join('\n')).not.toMatch(/at \w+ \(/)
})

test('a stack is shown only when asked for', () => {
  const bug = new Error('a bug')
  expect(tell(bug, false).text).not.toContain('program.test')
  expect(tell(bug, true).text).toContain('program.test')
  expect(tell(Object.assign(new Error('x'), { code: 'ENOSPC' }), false)).toMatchObject({
    exitCode: 3,
    text: expect.stringContaining('disk is full') as string,
  })
})

test('a role that is none is told before any hub is opened', async () => {
  expect(await runCommandLine(['profile', 'priya', '--role', aFile('{"code": "x"}')])).toBe(2)
  expect(said.join('')).toMatch(/is no role/)
})
