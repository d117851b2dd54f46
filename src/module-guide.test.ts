// The worked example of docs/module-guide.md, written out as its files and run, with the tests that the page shows.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { catalogueOf, type Module } from './kernel/catalogue.ts'
import { modules } from './modules/all.ts'
import { aLoneDevice } from './testing/lone-device.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = readFileSync(join(root, 'docs/module-guide.md'), 'utf8')
const folder = join(root, '.tmp', `module-guide-${process.pid}`)

const files = new Map(
  [...page.matchAll(/```ts file=([\w.-]+)\n([\s\S]*?)```/g)].map(([, name = '', text = '']) => [name, text]),
)
mkdirSync(folder, { recursive: true })
for (const [name, text] of files) {
  // On the page it stands in src/modules/loans; here its neighbours are reached from elsewhere.
  const placed = text
    .replaceAll("from '../../", "from '../../src/")
    .replaceAll("from '../masters/", "from '../../src/modules/masters/")
  writeFileSync(join(folder, name), placed)
}
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// Its tests become tests of this file.
await import(pathToFileURL(join(folder, 'loans.test.ts')).href)

test('the page’s module fits beside all others, and its view reads what its command wrote', async () => {
  expect([...files.keys()].sort()).toEqual([
    'lend-tool.ts',
    'loan.ts',
    'loans.test.ts',
    'module.ts',
    'take-tool-back.ts',
    'views.ts',
  ])
  const { loansModule } = (await import(pathToFileURL(join(folder, 'module.ts')).href)) as { loansModule: Module }
  const catalogue = catalogueOf([...modules, loansModule])
  const device = await aLoneDevice(catalogue)
  try {
    for (const view of loansModule.views ?? []) {
      const { text, params } = (view.sql as (args: object) => { text: string; params: readonly string[] })({
        branch: 'leeds',
      })
      expect(device.replica.db.all(text, params)).toEqual([])
    }
    const answer = device.run('loans.lendTool', {
      item: 'elsewhere',
      borrower: 'Dale',
      quantity: 1_000_000,
      on: '2026-11-20',
      dueOn: '2026-11-27',
    })
    expect(answer).toMatchObject({ saved: true, about: { number: 'L-K7Q2A-26-000001' } })
  } finally {
    device.end()
  }
})
