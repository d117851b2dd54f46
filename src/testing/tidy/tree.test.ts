// Shows that the tree is read from a real folder, without what is generated, fetched or not text.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isSource, isTest, readTree } from './tree.ts'

test('reads texts, leaves out pictures and foreign folders', () => {
  const root = mkdtempSync(join(tmpdir(), 'tidy-'))
  try {
    for (const folder of ['src/data', 'data', 'node_modules/a', 'dist', '.tmp', '.ci'])
      mkdirSync(join(root, folder), { recursive: true })
    for (const path of ['src/data/a.ts', 'data/b.ts', 'node_modules/a/c.ts', 'dist/d.ts', '.tmp/e.ts', '.ci/run'])
      writeFileSync(join(root, path), path)
    writeFileSync(join(root, 'picture.png'), Buffer.from([1, 0, 2]))
    expect(readTree(root)).toEqual([
      { path: '.ci/run', text: '.ci/run' },
      { path: 'src/data/a.ts', text: 'src/data/a.ts' },
    ])
  } finally {
    rmSync(root, { recursive: true })
  }
})

test('knows what is source and what is test', () => {
  expect(['a.ts', 'a.tsx', 'a.mjs', 'a.css', 'a.json', 'a.md'].map(isSource)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
  ])
  expect(['a.test.ts', 'a.web.test.ts', 'a.bench.ts', 'test.ts'].map(isTest)).toEqual([true, true, true, false])
})
