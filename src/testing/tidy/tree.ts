// The repository as the tidy rules see it: paths and texts, read once. It never looks into what is generated or fetched.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** One text file. `path` is relative to the checkout, with forward slashes. */
export interface TextFile {
  readonly path: string
  readonly text: string
}

/** A rule reads the whole tree and answers one sentence for each thing wrong: where, what, and how to mend it. */
export type Rule = (files: readonly TextFile[]) => string[]

const foreign = new Set(['.git', 'node_modules', 'dist', 'data', '.tmp', 'test-results', 'coverage'])

/** Reads every text file below `root`, sorted by path. Files with a zero byte are pictures and the like, and left out. */
export function readTree(root: string): TextFile[] {
  const files: TextFile[] = []
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      // `data` is the hub's own folder in the root only; deeper down the name may mean something else.
      if (foreign.has(entry.name) && (entry.name !== 'data' || folder === '')) continue
      if (entry.isDirectory()) walk(path)
      else if (entry.isFile()) addText(path)
    }
  }
  const addText = (path: string): void => {
    const bytes = readFileSync(join(root, path))
    if (!bytes.includes(0)) files.push({ path, text: bytes.toString('utf8') })
  }
  walk('')
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

/** A file that a person writes as code: the rules about size, names and words hold for these. */
export function isSource(path: string): boolean {
  return /\.(ts|tsx|mjs|css)$/.test(path)
}

/** A file that only runs in a test or a measurement. */
export function isTest(path: string): boolean {
  return /\.(test|bench)\.tsx?$/.test(path)
}
