// The retailer's file as the product reads it: by the importer's own CSV reader, into the kernel's scaled integers. It
// shares nothing with the reference side but the written rules.
import { parseQuantity, parseRate, type Quantity6, type Rate6 } from '../../src/kernel/amount.ts'
import { codeKeyOf } from '../../src/modules/masters/item.ts'
import { readCsv } from '../../src/cli/import/csv.ts'

export interface SoldLine {
  /** Place in its invoice, from 1. */
  readonly position: number
  /** Upper case. */
  readonly code: string
  readonly about: string
  readonly quantity: Quantity6
  readonly rate: Rate6
}

export interface SoldInvoice {
  readonly number: string
  /** `YYYY-MM-DD` of its first line, like customer and country. */
  readonly date: string
  /** Empty: nobody is named. */
  readonly customer: string
  readonly country: string
  readonly lines: readonly SoldLine[]
}

const columns = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const
type Column = (typeof columns)[number]

function columnsOf(headers: readonly string[]): (cells: readonly string[], column: Column) => string {
  const positions = new Map(columns.map((column) => [column, headers.indexOf(column)]))
  const missing = columns.find((column) => column !== 'Description' && positions.get(column) === -1)
  if (missing !== undefined)
    throw new Error(`The file has no column "${missing}". Its first row must name the columns.`)
  return (cells, column) => cells[positions.get(column) ?? -1] ?? ''
}

/** Every invoice with all its lines, in the order of their first lines. Throws a sentence with the line's number. */
export async function readInvoices(path: string): Promise<SoldInvoice[]> {
  const byNumber = new Map<string, SoldInvoice & { lines: SoldLine[] }>()
  let cell: ReturnType<typeof columnsOf> | null = null
  for await (const { line, cells, flaw } of readCsv(path)) {
    if (cell === null) {
      cell = columnsOf(cells)
      continue
    }
    if (flaw !== null) throw new Error(`Line ${line}: ${flaw}.`)
    const quantity = parseQuantity(cell(cells, 'Quantity'))
    const rate = parseRate(cell(cells, 'UnitPrice'))
    const date = cell(cells, 'InvoiceDate').slice(0, 10)
    if (!quantity.ok || !rate.ok || !/^\d{4}-\d{2}-\d{2}$/.test(date))
      throw new Error(`Line ${line}: quantity, price or date can't be read (${cells.join(', ')}).`)
    const number = cell(cells, 'InvoiceNo')
    let invoice = byNumber.get(number)
    if (invoice === undefined) {
      invoice = {
        number,
        date,
        customer: cell(cells, 'CustomerID').replace(/\.0+$/, ''),
        country: cell(cells, 'Country'),
        lines: [],
      }
      byNumber.set(number, invoice)
    }
    invoice.lines.push({
      position: invoice.lines.length + 1,
      code: codeKeyOf(cell(cells, 'StockCode')),
      about: cell(cells, 'Description').slice(0, 200),
      quantity: quantity.value,
      rate: rate.value,
    })
  }
  return [...byNumber.values()]
}
