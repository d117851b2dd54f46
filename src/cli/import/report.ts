// What an import tells: the preview, the counts, and the bad rows as a table for people and as a file that can be mended
// and imported again. It never leaves a bad row out.
import { writeFileSync } from 'node:fs'
import Papa from 'papaparse'
import type { ImportOutcome } from './import-rows.ts'
import type { BadCell, RowReader } from './read-row.ts'
import { columnName } from './read-row.ts'
import type { ReadRow } from './kind.ts'

const SHOWN_MAX = 20
const CELL_WIDTH_MAX = 28

const shorten = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, width - 1)}…`)

/** Columns of text, as wide as their content needs. */
export function formatTable(rows: readonly (readonly string[])[], widthMax = CELL_WIDTH_MAX): string {
  const cells = rows.map((row) =>
    row.map((cell, at) => shorten(cell.replaceAll(/\s+/g, ' '), at === row.length - 1 ? 90 : widthMax)),
  )
  const widths = (cells[0] ?? []).map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)))
  return cells
    .map(
      (row) =>
        `  ${row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}`,
    )
    .join('\n')
}

/** The first bad cells as a table; the file holds all. */
export function formatBadCells(cells: readonly BadCell[]): string {
  const rows = cells.slice(0, SHOWN_MAX).map(({ line, column, value, reason }) => [String(line), column, value, reason])
  const more = cells.length > SHOWN_MAX ? `\n  … ${cells.length - SHOWN_MAX} more` : ''
  return `${formatTable([['line', 'column', 'value', 'reason'], ...rows])}${more}`
}

/** Writes every bad cell as CSV: line, column, value, reason. Throws the file system's own error. */
export function writeBadCells(path: string, cells: readonly BadCell[]): void {
  // A value that a spreadsheet would take for a formula is written as text.
  const csv = Papa.unparse(
    {
      fields: ['line', 'column', 'value', 'reason'],
      data: cells.map(({ line, column, value, reason }) => [line, column, value, reason]),
    },
    { escapeFormulae: true },
  )
  writeFileSync(path, `\uFEFF${csv}\r\n`)
}

/** Which column became which field. */
export function formatMapping(reader: RowReader): string {
  const { kind, mapping } = reader
  const rows = kind.columns.flatMap(({ field, title, about }) => {
    const constant = mapping.constants.get(field)
    if (constant !== undefined) return [[title, `always "${constant}"`, about]]
    return mapping.positions.has(field) ? [[title, `← ${columnName(reader, field)}`, about]] : []
  })
  const unused = mapping.unused.length === 0 ? '' : `\n  Not imported: ${mapping.unused.join(', ')}`
  return `${formatTable([['field', 'column', ''], ...rows])}${unused}`
}

/** Rows as they were understood: by field, in the kind's order. */
export function formatRows(reader: RowReader, rows: readonly ReadRow[]): string {
  const fields = reader.kind.columns
    .map(({ field }) => field)
    .filter((field) => rows.some(({ values }) => values[field] !== undefined))
  const show = (field: string, { values, cells }: ReadRow): string => {
    const value = values[field]
    if (value === undefined) return ''
    // Numbers are held in their smallest unit; a person knows them as the file writes them.
    return typeof value === 'number'
      ? (cells[reader.mapping.positions.get(field) ?? -1] ?? String(value))
      : typeof value === 'string'
        ? value
        : JSON.stringify(value)
  }
  const titles = fields.map((field) => reader.kind.columns.find((column) => column.field === field)?.title ?? field)
  return formatTable(
    [['line', ...titles], ...rows.map((row) => [String(row.line), ...fields.map((field) => show(field, row))])],
    22,
  )
}

const plural = (count: number, noun: string): string =>
  `${count.toLocaleString('en-GB')} ${noun}${count === 1 ? '' : 's'}`

/** One line: what became of the rows. */
export const formatOutcome = ({ rows, created, changed, unchanged, bad }: ImportOutcome): string =>
  `${plural(rows, 'row')}: ${created.toLocaleString('en-GB')} new, ${changed.toLocaleString('en-GB')} changed, ${unchanged.toLocaleString('en-GB')} unchanged, ${bad.toLocaleString('en-GB')} bad`
