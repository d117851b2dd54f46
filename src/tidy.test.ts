// The house rules, held against this repository. Each rule's own tests (src/testing/tidy) show that it can fail.
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { everyRuleIsCited } from './testing/tidy/citations.ts'
import { everyTestRuns, everyTodoIsDecided, filesAreSmall, namesAreKebab } from './testing/tidy/files.ts'
import { importsFollowTheTable } from './testing/tidy/imports.ts'
import { nothingIsPrivate, versionsAreExact } from './testing/tidy/privacy.ts'
import { readTree } from './testing/tidy/tree.ts'

const files = readTree(fileURLToPath(new URL('..', import.meta.url)))
const rules = {
  'imports follow the table': importsFollowTheTable,
  'files are small': filesAreSmall,
  'names are kebab-case and say something': namesAreKebab,
  'every test runs': everyTestRuns,
  'every put-off work names its decision': everyTodoIsDecided,
  'every sync rule is implemented and tested': everyRuleIsCited,
  'nothing is private to one machine': nothingIsPrivate,
  'versions are exact': versionsAreExact,
}

test('the tree was found', () => {
  const paths = files.map((file) => file.path)
  expect(paths).toContain('package.json')
  expect(paths).toContain('src/tidy.test.ts')
})

test.each(Object.entries(rules))('%s', (_, rule) => {
  expect(rule(files)).toEqual([])
})
