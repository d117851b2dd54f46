// Shows that a private path, host, registry or loose version is found. The bad strings are put together here from pieces.
import { describe, expect, test } from 'vitest'
import { nothingIsPrivate, versionsAreExact } from './privacy.ts'

const join = (...parts: string[]): string => parts.join('')

describe('nothing is private', () => {
  test.each([
    `see ${join('/wo', 'rk/shared/spec')}`,
    `open('${join('/ro', 'ot/.config')}')`,
    `cd ${join('/ho', 'me/anna/holdfast')}`,
    `(${join('/Us', 'ers/anna/holdfast')})`,
    join('http', '://build.', 'internal:8080/x'),
    join('https', '://git.acme.', 'corp/x'),
    join('regi', 'stry.npmjs.org'),
    join('https', '://npm.', 'acme.dev/x'),
    join('example.com/arti', 'factory/api/npm/'),
    join('"resol', 'ved": "https', '://example.com/a.tgz"'),
  ])('%s is refused', (line) => {
    expect(nothingIsPrivate([{ path: 'docs/a.md', text: `fine\n${line}\n` }])).toEqual([
      expect.stringContaining('docs/a.md:2'),
    ])
  })

  test.each([
    'https://example.com/work/orders',
    'http://localhost:8080',
    'http://127.0.0.1:5432',
    'http://metadata.google.internal/',
    'registry.tables.get(name)',
    'npm.args.length',
    'homework/plan',
    '/usr/bin/chromium',
    'https://www.postgresql.org/docs/',
  ])('%s is fine', (line) => {
    expect(nothingIsPrivate([{ path: 'docs/a.md', text: line }])).toEqual([])
  })
})

describe('versions are exact', () => {
  const wrong = (dependencies: unknown): number =>
    versionsAreExact([{ path: 'package.json', text: JSON.stringify({ dependencies }) }]).length
  test.each(['^1.2.3', '~1.2.3', '1.2', '*', 'latest', '>=1.0.0', 'file:../x', 'git+https://example.com/x.git', ''])(
    '"%s" is refused',
    (version) => {
      expect(wrong({ a: version })).toBe(1)
    },
  )
  test.each(['1.2.3', '18.4.0-beta.17', 'npm:@scope/a@1.2.3'])('"%s" is fine', (version) => {
    expect(wrong({ a: version })).toBe(0)
  })
  test('nested overrides and packages deeper in the tree count as well', () => {
    const text = JSON.stringify({
      devDependencies: { a: '^1.0.0' },
      overrides: { b: { c: '~2.0.0', d: '$a' } },
      engines: { node: '>=20.19' },
    })
    expect(versionsAreExact([{ path: 'demo/x/package.json', text }])).toHaveLength(2)
  })
})
