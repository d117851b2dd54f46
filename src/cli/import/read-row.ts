// From a row's cells to values, by the mapping: every fault of the row at once, so that it is mended in one go.
import type { CellStyle } from './cell.ts'
import type { Mapping } from './columns.ts'
import type { CsvRow } from './csv.ts'
import type { ImportKind, ReadRow } from './kind.ts'

/** One wrong cell (or a whole row, then the column is empty). */
export interface BadCell {
  readonly line: number
  readonly column: string
  readonly value: string
  readonly reason: string
}

export type RowReading =
  | { readonly ok: true; readonly row: ReadRow }
  | { readonly ok: false; readonly faults: readonly BadCell[] }

export interface RowReader {
  readonly kind: ImportKind
  readonly headers: readonly string[]
  readonly mapping: Mapping
  readonly style: CellStyle
}

/** The column as the file calls it; for a value said with --set the field itself. */
export const columnName = ({ headers, mapping }: Pick<RowReader, 'headers' | 'mapping'>, field: string): string =>
  headers[mapping.positions.get(field) ?? -1] ?? field

export function readRow(reader: RowReader, { line, cells, flaw }: CsvRow): RowReading {
  const { kind, headers, mapping, style } = reader
  if (flaw !== null)
    return { ok: false, faults: [{ line, column: '', value: cells.join(' | ').slice(0, 80), reason: flaw }] }
  if (cells.length > headers.length) {
    const reason = `has ${cells.length} cells where the first row names ${headers.length} columns: quote the cell that holds the delimiter`
    return { ok: false, faults: [{ line, column: '', value: cells.join(' | ').slice(0, 80), reason }] }
  }
  const values: Record<string, unknown> = {}
  const faults: BadCell[] = []
  for (const column of kind.columns) {
    const cell = mapping.constants.get(column.field) ?? cells[mapping.positions.get(column.field) ?? -1] ?? ''
    if (cell === '') {
      if (column.isRequired)
        faults.push({ line, column: columnName(reader, column.field), value: '', reason: 'is empty' })
      continue
    }
    const reading = column.read(cell, style)
    if (reading.ok) values[column.field] = reading.value
    else faults.push({ line, column: columnName(reader, column.field), value: cell, reason: reading.reason })
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, row: { line, cells, values } }
}
