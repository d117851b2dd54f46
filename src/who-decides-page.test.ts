// docs/who-decides.md against the code: its rows are those of the rule book, each has a test of its name in the file it
// says, and each exception's owner is the one that its code declares.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { catalogue } from './modules/all.ts'
import { ownerOf } from './sync/refusals.ts'
import { readTree } from './testing/tidy/tree.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = readFileSync(join(root, 'docs/who-decides.md'), 'utf8')
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| Rule '))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )

test('the rows are those of the rule book', () => {
  expect(rows.map(([rule]) => rule)).toEqual([
    'too little stock',
    'serial twice',
    'expired, recalled',
    'discount, price over role',
    'stale price, tax',
    'credit, order',
    'on-account sale, delivery',
    'return, original here',
    'return, original elsewhere',
    'voucher, coupon',
    'card without network',
    'shift close',
    'number',
    'count',
    'transfer received, dispatch unknown',
    'delivered, order changed or cancelled',
    'money for a paid invoice',
    'receipt over or without order',
    'job done though reassigned',
    'time overlap',
    'new customer',
    'closed period',
    'credit limit, bank, tax id, price list',
    'user revoked meanwhile',
  ])
})

test.each(rows.map(([rule = '', , , exceptions = '', shownBy = '']) => ({ rule, exceptions, shownBy })))(
  '$rule: its owners are the declared ones, and its test is there',
  ({ rule, exceptions, shownBy }) => {
    for (const named of exceptions
      .split('`')
      .slice(1)
      .join('`')
      .matchAll(/([A-Z_]+)` → (\w+)(, at once)?/g)) {
      const [, code = '', owner, urgent] = named
      expect([code, ownerOf(catalogue, code)]).toEqual([code, { owner, isUrgent: urgent !== undefined }])
    }
    if (shownBy === 'not built') return
    const files = [...shownBy.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name.slice(name.lastIndexOf('/') + 1))
    expect(files.length).toBeGreaterThan(0)
    for (const name of files) {
      const path = readTree(root).find((file) => file.path.endsWith(`/${name}`))?.path ?? name
      expect(readFileSync(join(root, path), 'utf8')).toMatch(new RegExp(`(describe|test)\\((['"])(a )?${rule}`))
    }
  },
)
