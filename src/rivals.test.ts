// Failures that users of other systems published are tests here, each in the title of the test that shows it is not ours:
// `grep` the name to find it. This list only sees to it that none of them loses its test.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readTree } from './testing/tidy/tree.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

const published = {
  'odoo-288974': 'an order paid offline was reverted by the sync of another device',
  'odoo-125037': 'a power cut lost a confirmed order',
  'odoo-60939': 'a receipt was printed and no record kept',
  'odoo-152259': 'two tabs made duplicates',
  'odoo-287667': 'two sales had one receipt number',
  'odoo-261096': 'a failed sync cleared the mark of what was still to send',
  'odoo-203431': 'at the close only the last order went up',
  'odoo-288899': 'a shift could not open offline; "online" while the line was down',
  'posnext-50': 'invoices were doubled after a reconnect',
  'posawesome-310': 'the payment of an offline invoice was not applied',
  'openmsupply-8632': 'the balance was not the sum of the movements',
  'enketo-1226': 'one poisoned item blocked the queue',
  'cht-5701': 'edits silently never went up',
  'd365-start-end': 'one edited the start, one the end: only one survived',
  'actual-3786': 'a clock an hour wrong lost changes',
  'actual-1495': 'two tabs broke the database',
  'powersync-162': 'one bad row stopped all downloads',
  'replicache-errormode': 'a mutation that failed was acknowledged and dropped',
  'syncgateway-3721': 'a gap in the sequence skipped a row',
} as const

/** What is said first of `test(` or `test.each(…)(`, on that line or the next. */
const TITLE = /^\s*test(?:\.each\([\s\S]*?\))?\(\s*(['`][^\n]*)/gm
const titles = readTree(root)
  .filter(({ path }) => path.endsWith('.test.ts') && path !== 'src/rivals.test.ts')
  .flatMap(({ path }) => [...readFileSync(join(root, path), 'utf8').matchAll(TITLE)].map(([, title = '']) => title))

test.each(Object.entries(published))('%s (%s) is a named test', (name) => {
  expect(titles.filter((title) => title.includes(name))).not.toEqual([])
})
