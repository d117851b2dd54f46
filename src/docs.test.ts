// The pages against the tree: every file they name is there, every link leads somewhere, every requirement stands once.
// It can't know whether a sentence is true; it only sees to it that what a sentence leans on exists.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readTree } from './testing/tidy/tree.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const tree = readTree(root).map(({ path }) => path)
const names = new Set(tree.map((path) => basename(path)))
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8')
/** Without fenced code: what it names is told in its own words. */
const proseOf = (page: string): string => textOf(page).replaceAll(/```[\s\S]*?```/g, '')

test.each(pages)('%s names only files that are there', (page) => {
  const prose = proseOf(page)
  const paths = [...prose.matchAll(/`((?:src|bin|bench|demo|docs)\/[\w./-]*)`/g)].map(([, path = '']) => path)
  expect(paths.filter((path) => !path.includes('NNNN') && !existsSync(join(root, path)))).toEqual([])
  const tests = [...prose.matchAll(/`([\w-]+(?:\.\w+)?\.test\.ts)`/g)].map(([, name = '']) => name)
  expect(tests.filter((name) => !names.has(name))).toEqual([])
})

test.each(pages)('every link of %s leads somewhere', (page) => {
  const links = [...proseOf(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link = '']) => link)
  expect(links.filter((link) => !/^https?:/.test(link) && !existsSync(join(root, dirname(page), link)))).toEqual([])
})

test('every requirement stands once, says whether it is true, and what shows it when it is', () => {
  const rows = [...textOf('docs/requirements.md').matchAll(/^\| (S[123]\.\d+) \| ([^|]+) \| ([^|]+) \| ([^|]*) \|$/gm)]
  const ids = ['S1', 'S2', 'S3'].flatMap((list, index) =>
    Array.from({ length: [100, 32, 21][index] ?? 0 }, (_, at) => `${list}.${at + 1}`),
  )
  expect(rows.map(([, id]) => id)).toEqual(ids)
  const states = new Map<string, number>()
  for (const [, id, , state = '', proof = ''] of rows) {
    states.set(state, (states.get(state) ?? 0) + 1)
    if (state === 'yes') expect([id, /[`(]/.test(proof)]).toEqual([id, true])
  }
  expect([...states.keys()].sort()).toEqual(['by design', 'not yet', 'partly', 'yes'])
  const [, yes, partly, notYet] = /(\d+) yes, (\d+) partly, (\d+) not yet/.exec(textOf('docs/requirements.md')) ?? []
  expect([yes, partly, notYet]).toEqual(['yes', 'partly', 'not yet'].map((state) => String(states.get(state))))
})
