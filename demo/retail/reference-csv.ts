// Reads the retailer's CSV record by record from a stream (plain, or gzip by the name's ending) without holding the file.
// It belongs to the reference side: the product's importer must not use it, or the comparison would compare a thing with itself.
import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { parseMicro } from './decimal.ts'

/** One line of the file: ids trimmed, quantity and price in millionths, `date` as YYYY-MM-DD. */
export type FileLine = {
  readonly invoice: string
  readonly code: string
  readonly quantity: bigint
  readonly price: bigint
  readonly date: string
  readonly customer: string
  readonly country: string
}

type CsvRecord = { readonly fields: string[]; readonly at: number }

/** Splits CSV text into records: quoted fields may hold commas, doubled quotes and line ends; a record ends with LF or CRLF. */
async function* readRecords(chunks: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  let fields: string[] = []
  let field = ''
  let quoted = false
  let quoteJustClosed = false
  let row = 1
  let startedAt = 1
  for await (const chunk of chunks) {
    const done: CsvRecord[] = []
    for (const char of chunk) {
      if (char === '\n') row += 1
      if (quoted) {
        if (char === '"') {
          quoted = false
          quoteJustClosed = true
        } else field += char
        continue
      }
      if (char === '"' && (quoteJustClosed || field === '')) {
        // The quote after a closing one is a doubled quote: the field goes on.
        if (quoteJustClosed) field += '"'
        quoted = true
        quoteJustClosed = false
        continue
      }
      quoteJustClosed = false
      if (char === ',') {
        fields.push(field)
        field = ''
      } else if (char === '\n') {
        fields.push(field.endsWith('\r') ? field.slice(0, -1) : field)
        done.push({ fields, at: startedAt })
        fields = []
        field = ''
        startedAt = row
      } else field += char
    }
    yield* done
  }
  if (quoted)
    throw new Error(
      `Row ${startedAt}: a quoted field is never closed. Close it with a quote, or export the file again.`,
    )
  if (field !== '' || fields.length > 0) yield { fields: [...fields, field.replace(/\r$/, '')], at: startedAt }
}

const columns = ['InvoiceNo', 'StockCode', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID', 'Country'] as const
type Column = (typeof columns)[number]

function readHeader(fields: readonly string[]): { position: ReadonlyMap<Column, number>; width: number } {
  const names = fields.map((name) => name.replace(/^\uFEFF/, '').trim())
  const position = new Map<Column, number>()
  for (const column of columns) {
    const at = names.indexOf(column)
    if (at < 0)
      throw new Error(
        `Row 1: column "${column}" is missing (found: ${names.join(', ')}). The first row must name the columns.`,
      )
    position.set(column, at)
  }
  return { position, width: names.length }
}

function toLine(at: number, value: (column: Column) => string): FileLine {
  const decimal = (column: Column): bigint => {
    const micro = parseMicro(value(column))
    if (micro === undefined)
      throw new Error(`Row ${at}: ${column} "${value(column)}" is not a decimal of at most six places.`)
    return micro
  }
  const date = /^(\d{4}-\d{2}-\d{2})(?:[ T]|$)/.exec(value('InvoiceDate'))?.[1]
  if (date === undefined)
    throw new Error(`Row ${at}: InvoiceDate "${value('InvoiceDate')}" does not begin with YYYY-MM-DD.`)
  for (const column of ['InvoiceNo', 'StockCode'] as const) {
    if (value(column) === '') throw new Error(`Row ${at}: ${column} is blank, so the line has no identity.`)
  }
  return {
    invoice: value('InvoiceNo'),
    code: value('StockCode'),
    quantity: decimal('Quantity'),
    price: decimal('UnitPrice'),
    date,
    // The file's ids went through a float once and read `17850.0`.
    customer: value('CustomerID').replace(/\.0+$/, ''),
    country: value('Country'),
  }
}

/** The lines of CSV text in file order. Throws a sentence with the row's number when a row can't be read. */
export async function* readLines(chunks: AsyncIterable<string>): AsyncGenerator<FileLine> {
  let header: ReturnType<typeof readHeader> | undefined
  for await (const { fields, at } of readRecords(chunks)) {
    if (header === undefined) {
      header = readHeader(fields)
      continue
    }
    if (fields.length === 1 && fields[0] === '') continue
    if (fields.length !== header.width)
      throw new Error(`Row ${at}: ${fields.length} fields where the first row names ${header.width}.`)
    const { position } = header
    yield toLine(at, (column) => (fields[position.get(column) ?? 0] ?? '').trim())
  }
  if (header === undefined) throw new Error('The file is empty: even the row that names the columns is missing.')
}

/** The lines of a file, plain or (named `.gz`) compressed. */
export function readFileLines(path: string): AsyncGenerator<FileLine> {
  const raw = createReadStream(path)
  let stream: Readable = raw
  if (path.endsWith('.gz')) {
    const gunzip = createGunzip()
    raw.on('error', (error) => gunzip.destroy(error))
    stream = raw.pipe(gunzip)
  }
  return readLines(stream.setEncoding('utf8'))
}
