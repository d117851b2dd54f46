// Proves that the comparison passes equal results only, names every differing key, and refuses what isn't a result.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { compareResults, formatComparison, isEqual } from './compare.ts'
import { readResult, sections } from './result.ts'
import type { RetailResult, Section } from './result.ts'

const aResult = (side: string, given: Partial<Record<string, Section>> = {}, devices = 2): RetailResult => ({
  format: 1,
  side,
  devices,
  sections: Object.fromEntries(sections.map(({ name }) => [name, given[name] ?? {}])) as RetailResult['sections'],
  notes: {},
})
const sides = { left: 'reference', right: 'product' }

test('equal results are equal, however a number is written and whether a zero is', () => {
  const left = aResult('reference', {
    receivable: { '12347': '3.10', '12348': '0.00' },
    stockMovement: { '22423': '-5' },
  })
  const right = aResult('product', { receivable: { '12347': '3.1' }, stockMovement: { '22423': '-5.0' } })
  const comparisons = compareResults(left, right)
  expect(isEqual(comparisons)).toBe(true)
  expect(formatComparison(comparisons, sides)).toContain('All sections are equal.')
})

test('a penny, a missing key, an extra key and another number of devices differ and are named', () => {
  const left = aResult('reference', { receivable: { a: '9007199254740993.01', b: '1.00' } })
  const right = aResult('product', { receivable: { a: '9007199254740993.02', c: '2.00' } }, 3)
  const comparisons = compareResults(left, right)
  expect(isEqual(comparisons)).toBe(false)
  expect(comparisons.filter(({ differences }) => differences.length > 0)).toEqual([
    {
      section: 'Devices',
      leftKeys: 1,
      rightKeys: 1,
      leftTotal: '2',
      rightTotal: '3',
      differences: [{ key: 'devices', left: '2', right: '3' }],
    },
    {
      section: 'Receivable by customer',
      leftKeys: 2,
      rightKeys: 2,
      leftTotal: '9007199254740994.01',
      rightTotal: '9007199254740995.02',
      differences: [
        { key: 'a', left: '9007199254740993.01', right: '9007199254740993.02' },
        { key: 'b', left: '1.00', right: '0.00' },
        { key: 'c', left: '0.00', right: '2.00' },
      ],
    },
  ])
  expect(formatComparison(comparisons, sides)).toContain('  b: 1.00 / 0.00')
})

test('the table is aligned and prints the first 20 differing keys', () => {
  const many = Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`item-${String(n).padStart(2, '0')}`, '1']))
  const text = formatComparison(
    compareResults(aResult('reference', { stockMovement: many }), aResult('product')),
    sides,
  )
  expect(text.match(/^ {2}item-/gm)).toHaveLength(20)
  expect(text).toContain('  … 5 more')
  const table = text.split('\n').slice(0, sections.length + 2)
  const verdictAt = table.slice(1).map((row) => row.search(/(equal|\d+ differ)$/))
  expect(new Set(verdictAt).size).toBe(1)
})

test('what is not a result is refused with a sentence', () => {
  expect(() => readResult('{', 'a.json')).toThrow('a.json is not a retail result: it is not JSON')
  expect(() => readResult('{"format":2}', 'a.json')).toThrow('"format" is not 1')
  expect(() => readResult('{"format":1,"devices":2,"sections":{}}', 'a.json')).toThrow(
    'section "documentsByClass" is missing',
  )
  const floats = { ...aResult('x'), sections: { ...aResult('x').sections, receivable: { a: 0.1 } } }
  expect(() => readResult(JSON.stringify(floats), 'a.json')).toThrow('"receivable" → "a" is not decimal text')
  expect(() => compareResults(aResult('x', { receivable: { a: 'NaN' } }), aResult('y'))).toThrow(
    'which is not a decimal',
  )
})

test('the programs as they are run: exit code 0 when equal, 1 when not, 2 when they cannot read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'retail-'))
  const run = (program: string, ...args: string[]): { code: number | null; out: string } => {
    const path = fileURLToPath(new URL(program, import.meta.url))
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', path, ...args], {
      encoding: 'utf8',
    })
    return { code: status, out: stdout + stderr }
  }
  try {
    const [csv, left, right, all] = ['a.csv', 'left.json', 'right.json', 'all.json'].map((name) =>
      join(folder, name),
    ) as [string, string, string, string]
    writeFileSync(
      csv,
      'InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n1,22423,2,2011-01-02 10:00:00,1.50,12347.0,France\n',
    )
    expect(run('reference.ts', csv, '--devices', '3', '--json', left)).toMatchObject({
      code: 0,
      out: expect.stringContaining('Receivable by customer: 1 keys'),
    })
    expect(run('compare.ts', left, left)).toMatchObject({ code: 0 })
    writeFileSync(right, readFileSync(left, 'utf8').replaceAll('"3.00"', '"3.01"'))
    expect(run('compare.ts', left, right, '--json', all)).toMatchObject({
      code: 1,
      out: expect.stringContaining('12347: 3.00 / 3.01'),
    })
    expect(JSON.parse(readFileSync(all, 'utf8'))).toMatchObject({ equal: false, left: { side: 'reference' } })
    expect(run('compare.ts', left, csv)).toMatchObject({
      code: 2,
      out: expect.stringContaining('is not a retail result'),
    })
    expect(run('reference.ts', join(folder, 'none.csv'))).toMatchObject({
      code: 2,
      out: expect.stringContaining('no such file'),
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}, 60_000)
