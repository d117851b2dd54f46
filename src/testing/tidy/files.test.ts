// Shows that the rules about size, names and words can fail. Banned words are put together here, so that this file passes them.
import { describe, expect, test } from 'vitest'
import { everyTestRuns, everyTodoIsDecided, filesAreSmall, namesAreKebab } from './files.ts'

const at = (path: string, text = ''): { path: string; text: string } => ({ path, text })

test('400 lines are small, 401 are not, and only what we write by hand counts', () => {
  expect(filesAreSmall([at('src/kernel/a.ts', 'x\n'.repeat(400))])).toEqual([])
  expect(filesAreSmall([at('src/kernel/a.ts', `${'x\n'.repeat(400)}x`)])).toHaveLength(1)
  for (const path of ['src/app/a.tsx', 'bin/a.mjs', 'src/app/a.css']) {
    expect(filesAreSmall([at(path, 'x\n'.repeat(401))])).toEqual([expect.stringContaining(`${path} has 401 lines`)])
  }
  expect(filesAreSmall([at('package-lock.json', 'x\n'.repeat(9000)), at('docs/a.md', 'x\n'.repeat(401))])).toEqual([])
})

describe('names', () => {
  test.each([
    'src/kernel/index.ts',
    'src/app/Sale.tsx',
    'src/kernel/a_b.ts',
    'src/Kernel/a.ts',
    'bin/index.mjs',
    'src/kernel/date-utils.ts',
    'src/hub/lock-manager.ts',
    'src/app/helper.ts',
  ])('%s is refused', (path) => {
    expect(namesAreKebab([at(path)])).toHaveLength(1)
  })
  test.each([
    'src/kernel/a.ts',
    'src/kernel/number-series.test.ts',
    'src/hub/a.pg.test.ts',
    'vite.config.ts',
    'src/app/till.module.css',
    'docs/README.md',
  ])('%s is fine', (path) => {
    expect(namesAreKebab([at(path)])).toEqual([])
  })
})

describe('every test runs', () => {
  test.each([
    'it.#only',
    'test.#skip',
    'describe.#todo',
    'test.concurrent.#only',
    'it.#skipIf',
    'suite.#runIf',
    'ctx.#skip',
  ])('%s is refused', (call) => {
    expect(everyTestRuns([at('src/a.test.ts', `\n${call.replace('#', '')}('x', () => {})`)])).toEqual([
      expect.stringContaining('src/a.test.ts:2'),
    ])
  })
  test('words that only look alike are fine', () => {
    expect(everyTestRuns([at('src/a.ts', 'row.skip(3); list.only; edit.only')])).toEqual([])
  })
})

describe('work put off', () => {
  const word = ['TO', 'DO'].join('')
  const decision = at('docs/decisions/0012-later.md')
  test.each([`// ${word}: later`, `// ${word}(0013) later`, `/* ${['FIX', 'ME'].join('')} */`])(
    '%s without its decision is refused',
    (text) => {
      expect(everyTodoIsDecided([decision, at('src/a.ts', text)])).toHaveLength(1)
    },
  )
  test('with its decision it is fine', () => {
    expect(everyTodoIsDecided([decision, at('src/a.ts', `// ${word}(0012) when branches relay`)])).toEqual([])
  })
})
