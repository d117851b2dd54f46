// Shows that the import table can fail, edge by edge, over small trees in memory.
import { describe, expect, test } from 'vitest'
import { importsFollowTheTable, importsOf } from './imports.ts'

const wrong = (from: string, to: string): number =>
  importsFollowTheTable([{ path: from, text: `import { x } from '${to}'` }]).length

describe('the table', () => {
  test.each([
    ['src/kernel/a.ts', '../store/b.ts'],
    ['src/kernel/a.ts', '../modules/pos/b.ts'],
    ['src/store/a.ts', '../sync/b.ts'],
    ['src/sync/a.ts', '../modules/pos/b.ts'],
    ['src/modules/pos/a.ts', '../../store/b.ts'],
    ['src/modules/pos/a.ts', '../sales/b.ts'],
    ['src/modules/masters/a.ts', '../sales/b.ts'],
    ['src/modules/pos/a.ts', './screen.tsx'],
    ['src/modules/pos/a.ts', '../../app/design/button.tsx'],
    ['src/modules/pos/screen.tsx', '../../app/shell.tsx'],
    ['src/hub/a.ts', '../app/b.ts'],
    ['src/app/a.ts', '../hub/b.ts'],
    ['src/app/a.ts', '../cli/b.ts'],
    ['src/hub/a.ts', '../testing/b.ts'],
    ['src/kernel/a.ts', '../testing/b.ts'],
    ['src/cli/a.ts', '../../bench/b.ts'],
    ['src/hub/a.ts', '../../demo/retail/b.ts'],
  ])('%s never imports %s', (from, to) => {
    expect(wrong(from, to)).toBe(1)
  })

  test.each([
    ['src/kernel/a.ts', './b.ts'],
    ['src/store/sqlite/a.ts', '../../kernel/b.ts'],
    ['src/sync/a.ts', '../store/b.ts'],
    ['src/modules/pos/a.ts', './b.ts'],
    ['src/modules/pos/a.ts', '../masters/b.ts'],
    ['src/modules/all.ts', './pos/b.ts'],
    ['src/modules/pos/screen.tsx', './other.tsx'],
    ['src/modules/pos/screen.tsx', '../../app/design/button.tsx'],
    ['src/hub/a.ts', '../modules/all.ts'],
    ['src/cli/a.ts', '../hub/b.ts'],
    ['src/cli/a.ts', '../../package.json'],
    ['src/testing/a.ts', '../hub/b.ts'],
    ['src/kernel/a.test.ts', '../testing/b.ts'],
    ['src/kernel/a.bench.ts', '../store/b.ts'],
    ['bench/a.bench.ts', '../src/testing/b.ts'],
    ['demo/retail/main.ts', '../../src/testing/b.ts'],
    ['src/kernel/a.ts', 'zod/mini'],
  ])('%s may import %s', (from, to) => {
    expect(wrong(from, to)).toBe(0)
  })
})

test('every form of import is seen, and comments are not', () => {
  const text = [
    `import a from './a.ts'; import './b.css'`,
    `import type { C } from "./c.ts"`,
    `import {\n  d,\n  e as f,\n} from './d.ts'`,
    `export * from './e.ts'`,
    `const f = await import('./f.ts')`,
    `new Worker(new URL('./g.ts', import.meta.url))`,
    `// import h from './h.ts'`,
    `/* export * from './i.ts' */`,
    `const address = 'https://example.com' // import x from './j.ts'`,
  ].join('\n')
  expect(importsOf(text)).toEqual(['./a.ts', './b.css', './c.ts', './d.ts', './e.ts', './f.ts', './g.ts'])
})
