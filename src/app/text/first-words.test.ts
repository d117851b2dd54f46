// What is loaded before the first screen says only words that are loaded with it: its files are followed from the page's start, import by
// import, and every key that they name is looked up.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { en } from './en.ts'
import { firstEn } from './first-en.ts'

const app = fileURLToPath(new URL('../', import.meta.url))
const isCatalogue = (path: string): boolean => /\/text\/[a-z-]+-(en|de)\.ts$/.test(path)

/** Files that a file brings along: not what it loads when it is needed, and no types. */
function importsOf(path: string, text: string): string[] {
  return [...text.matchAll(/^(?:import|export)(?! type)[^;'"]*?from '(\.[^']+)'|^import '(\.[^']+)'/gm)]
    .map(([, named, bare]) => resolve(dirname(path), named ?? bare ?? ''))
    .filter((found) => /\.tsx?$/.test(found) && existsSync(found))
}

function firstFiles(): Map<string, string> {
  const files = new Map<string, string>()
  const follow = (path: string): void => {
    if (files.has(path) || isCatalogue(path)) return
    const text = readFileSync(path, 'utf8')
    files.set(path, text)
    for (const next of importsOf(path, text)) follow(next)
  }
  for (const entry of ['main.tsx', 'shell/shell.tsx', 'start/enrol-screen.tsx']) follow(join(app, entry))
  return files
}

test('the start and the shell name no word that comes later', () => {
  const files = firstFiles()
  expect(files.size).toBeGreaterThan(50)
  expect([...files.keys()].some((path) => path.endsWith('sync-pill.tsx'))).toBe(true)
  const keys = Object.keys(en)
  const late = [...files].flatMap(([path, text]) => {
    const said = text.replaceAll(/^\s*permissions: .*$/gm, '') // codes of rights look like keys
    const named = [...said.matchAll(/'([a-z][\w-]*\.[\w.-]+)'/g)].map(([, key = '']) => key).filter((key) => key in en)
    const begun = [...text.matchAll(/\bt\(\s*`([^$`]+)\$\{/g)].map(([, prefix = '']) => prefix)
    const meant = keys.filter((key) => begun.some((prefix) => key.startsWith(prefix)))
    return [...named, ...meant].filter((key) => !(key in firstEn)).map((key) => `${path.slice(app.length)}: ${key}`)
  })
  expect(late).toEqual([])
})
