// Compares two retail results key by key and prints an aligned table; exit code 0 only when nothing differs.
// It knows no rule of the retailer and rounds nothing: a difference of a penny or a unit is a difference.
//
//   npx tsx demo/retail/compare.ts reference.json product.json [--json FILE]
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { parseMicro, printMicro, printMoney } from './decimal.ts'
import { readResult, sections } from './result.ts'
import type { RetailResult, Section, Unit } from './result.ts'

export type Difference = { readonly key: string; readonly left: string; readonly right: string }
export type Comparison = {
  readonly section: string
  readonly leftKeys: number
  readonly rightKeys: number
  /** Sum of all values of the section: a quick look, never the proof (a trial balance sums to 0). */
  readonly leftTotal: string
  readonly rightTotal: string
  readonly differences: readonly Difference[]
}

/** How many differing keys of a section are printed; the JSON holds all. */
const differencesShownMax = 20

const exact = (value: string, where: string): bigint => {
  const micro = parseMicro(value)
  if (micro === undefined) throw new Error(`${where} holds "${value}", which is not a decimal of at most six places.`)
  return micro
}

const print = (micro: bigint, unit: Unit): string => {
  const isWholeMinor = micro % 10_000n === 0n
  return unit === 'money' && isWholeMinor ? printMoney(micro / 10_000n) : printMicro(micro)
}

function compareSection(title: string, unit: Unit, left: Section, right: Section): Comparison {
  const differences: Difference[] = []
  const totals = { left: 0n, right: 0n }
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort()
  const read = (side: Section, key: string): bigint =>
    Object.hasOwn(side, key) ? exact(side[key] ?? '', `${title} → ${key}`) : 0n
  for (const key of keys) {
    const one = read(left, key)
    const other = read(right, key)
    totals.left += one
    totals.right += other
    if (one !== other) differences.push({ key, left: print(one, unit), right: print(other, unit) })
  }
  const count = (side: Section): number => keys.filter((key) => read(side, key) !== 0n).length
  return {
    section: title,
    leftKeys: count(left),
    rightKeys: count(right),
    leftTotal: print(totals.left, unit),
    rightTotal: print(totals.right, unit),
    differences,
  }
}

/** Every section's comparison; a missing key counts as zero. Throws when a value isn't decimal text. */
export function compareResults(left: RetailResult, right: RetailResult): Comparison[] {
  const devices = compareSection(
    'Devices',
    'count',
    { devices: String(left.devices) },
    { devices: String(right.devices) },
  )
  return [
    devices,
    ...sections.map(({ name, title, unit }) => compareSection(title, unit, left.sections[name], right.sections[name])),
  ]
}

export const isEqual = (comparisons: readonly Comparison[]): boolean =>
  comparisons.every(({ differences }) => differences.length === 0)

/** The table as text, then the differing keys of each section. */
export function formatComparison(comparisons: readonly Comparison[], sides: { left: string; right: string }): string {
  const verdict = ({ differences }: Comparison): string =>
    differences.length === 0 ? 'equal' : `${differences.length} differ`
  const rows = [
    ['Section', 'keys', sides.left, 'keys', sides.right, ''],
    ...comparisons.map((one) => [
      one.section,
      String(one.leftKeys),
      one.leftTotal,
      String(one.rightKeys),
      one.rightTotal,
      verdict(one),
    ]),
  ]
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0))
  const widths = [0, 1, 2, 3, 4, 5].map(width)
  const isText = (column: number): boolean => column === 0 || column === 5
  const pad = (cell: string, column: number): string =>
    isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
  const out = rows.map((row) => row.map(pad).join('  ').trimEnd())
  for (const { section, differences } of comparisons) {
    if (differences.length === 0) continue
    out.push('', `${section}: ${differences.length} differ (${sides.left} / ${sides.right})`)
    for (const { key, left, right } of differences.slice(0, differencesShownMax))
      out.push(`  ${key}: ${left} / ${right}`)
    if (differences.length > differencesShownMax) out.push(`  … ${differences.length - differencesShownMax} more`)
  }
  const differing = comparisons.filter(({ differences }) => differences.length > 0).length
  out.push('', differing === 0 ? 'All sections are equal.' : `${differing} of ${comparisons.length} sections differ.`)
  return out.join('\n')
}

function main(): void {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } })
  const [leftPath, rightPath] = positionals
  if (leftPath === undefined || rightPath === undefined)
    throw new Error('Name two results: compare.ts LEFT.json RIGHT.json [--json FILE].')
  const left = readResult(readFileSync(leftPath, 'utf8'), leftPath)
  const right = readResult(readFileSync(rightPath, 'utf8'), rightPath)
  const comparisons = compareResults(left, right)
  console.log(formatComparison(comparisons, { left: left.side, right: right.side }))
  const equal = isEqual(comparisons)
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ equal, comparisons, left, right }, null, 1)}\n`)
  process.exitCode = equal ? 0 : 1
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    main()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
  }
}
