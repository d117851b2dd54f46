// docs/reference says what the code declares, or fails here and says how to mend it.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { duties, hasDuty, to } from './kernel/exception-owner.ts'
import { exceptionsPage, refusalsPage, type Source } from './cli/reference/code-pages.ts'
import { referencePages } from './cli/reference/reference-pages.ts'
import { catalogue } from './modules/all.ts'
import { standardRoles } from './modules/masters/standard-roles.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'docs/reference')
const pages = referencePages(catalogue, join(root, 'src'))

test.each([...pages])(
  'docs/reference/%s is what the declarations say (run `npm run fix -- docs/reference`)',
  (name, text) => {
    expect(readFileSync(join(folder, name), 'utf8')).toBe(text)
  },
)

test('there is no page that nobody generates', () => {
  expect(readdirSync(folder).toSorted()).toEqual([...pages.keys()].toSorted())
})

test('every table, command and code of the catalogue is on its page', () => {
  for (const name of catalogue.tables.keys()) expect(pages.get('tables.md')).toContain(`### ${name}\n`)
  for (const name of catalogue.commands.keys()) expect(pages.get('commands.md')).toContain(`### ${name}\n`)
  for (const code of [
    'kernel.bad-arguments',
    'sync.lease-expired',
    'hub.bug',
    'pos.no-lines',
    'review.already-settled',
  ])
    expect(pages.get('refusals.md')).toContain(`\`${code}\``)
  for (const code of ['OVERSOLD', 'NUMBER_GAP', 'LATE_AUTHORITY', 'PAID_TWICE'])
    expect(pages.get('exceptions.md')).toContain(`\`${code}\``)
})

test('every exception goes to a duty, and every duty is held by a role that a company starts with', () => {
  const rows =
    pages
      .get('exceptions.md')
      ?.split('\n')
      .filter((line) => line.startsWith('| `')) ?? []
  expect(rows.length).toBeGreaterThan(50)
  expect(rows.filter((line) => line.split('|')[3]?.trim() === '')).toEqual([])
  const working = standardRoles.filter(({ permissions }) => !permissions.includes('*'))
  for (const duty of duties)
    if (duty !== 'it') expect([duty, working.some((role) => hasDuty(role, duty))]).toEqual([duty, true])
})

test('a code is found with its sentence and its exception, wherever it stands', () => {
  const sources: Source[] = [
    {
      path: 'modules/toy/refusals.ts',
      text: "export const x = {\n  'toy.too-small':\n    'It\\'s too small.',\n  'toy.sold-out': 'SOLD_OUT',\n}",
    },
    {
      path: 'modules/toy/sell.ts',
      text: "ctx.refuse('toy.gone')\nctx.rule('toy.not-here', ok, { exception: 'NOT_HERE' })",
    },
    {
      path: 'app/text/toy-en.ts',
      text: "'refusal.toy.gone': 'It is gone.', 'exception.SOLD_OUT': 'More than there was.', 'duty.storekeeper': 'Store'",
    },
  ]
  expect(refusalsPage(sources)).toContain(
    "| `toy.gone` | It is gone. |  |\n| `toy.not-here` |  |  |\n| `toy.sold-out` |  | `SOLD_OUT` |\n| `toy.too-small` | It's too small. |  |",
  )
  const ownerOf = (code: string) => (code === 'SOLD_OUT' ? to('storekeeper', 'at once') : null)
  expect(exceptionsPage(sources, ownerOf)).toContain(
    '| `NOT_HERE` |  |  | toy |  |\n| `SOLD_OUT` | More than there was. | Store, at once | toy | `toy.sold-out` |',
  )
})
