// Items, customers and opening stock of the replay, by the product's own importer over rows made from the file: what a
// company does on its first day.
import { formatQuantity } from '../../src/kernel/amount.ts'
import { mapColumns } from '../../src/cli/import/columns.ts'
import type { CsvRow } from '../../src/cli/import/csv.ts'
import { importRows } from '../../src/cli/import/import-rows.ts'
import { importKinds } from '../../src/cli/import/kinds.ts'
import type { Device } from '../../src/sync/device/device.ts'
import { stockUnit, taxCode, territory } from './replay-company.ts'
import { typeOf } from './replay-classes.ts'
import type { SoldInvoice } from './replay-file.ts'
import type { Plan } from './replay-plan.ts'

export interface MastersImported {
  readonly created: number
  readonly changed: number
  readonly unchanged: number
}

async function* rowsOf(rows: readonly (readonly string[])[]): AsyncGenerator<CsvRow> {
  for (const [at, cells] of rows.entries()) yield { line: at + 2, cells, flaw: null }
}

async function importTable(
  device: Device,
  name: string,
  {
    headers,
    rows,
    businessDate,
  }: { headers: readonly string[]; rows: readonly (readonly string[])[]; businessDate: string },
): Promise<MastersImported> {
  const kind = importKinds.find((each) => each.name === name)
  if (kind === undefined) throw new Error(`There is no import of ${name}.`)
  const style = { decimalComma: false, dates: 'ymd' } as const
  const reader = { kind, headers, mapping: mapColumns(kind, headers, { map: [], set: [] }), style }
  const outcome = await importRows(kind, { reader, rows: rowsOf(rows), context: { device, style, businessDate } })
  const bad = outcome.badCells[0]
  if (bad !== undefined)
    throw new Error(
      `${outcome.bad} rows of ${name} were not imported. The first: line ${bad.line}, ${bad.column} "${bad.value}" ${bad.reason}.`,
    )
  return outcome
}

const itemTypeOf = (code: string): string => {
  const type = typeOf(code)
  return type === 'goods' || type === 'voucher' || type === 'fee' ? type : 'service'
}

/** A code has many texts in the file; the first that says anything is its name. */
function itemRows(invoices: readonly SoldInvoice[]): string[][] {
  const named = new Map<string, string>()
  const fractional = new Set<string>()
  for (const { code, about, quantity } of invoices.flatMap(({ lines }) => lines)) {
    if (!named.has(code) || named.get(code) === '') named.set(code, about)
    if (quantity % 1_000_000 !== 0) fractional.add(code)
  }
  return [...named].map(([code, about]) => [
    code,
    about === '' ? code : about,
    itemTypeOf(code),
    stockUnit,
    taxCode,
    itemTypeOf(code),
    fractional.has(code) ? '6' : '0',
  ])
}

function partyRows(invoices: readonly SoldInvoice[]): string[][] {
  const countries = new Map<string, string>()
  for (const { customer, country } of invoices)
    if (customer !== '' && !countries.has(customer)) countries.set(customer, country)
  // The file knows no limits: nobody is stopped by one.
  return [...countries].map(([customer, country]) => [
    customer,
    `Customer ${customer}`,
    'customer',
    territory,
    country,
    '1000000000',
  ])
}

const DAY_MS = 86_400_000
const dayBefore = (day: string): string => new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10)

/** Imports all three on the office's device. Shape of the answer: counts over the three. */
export async function importMasters(
  office: Device,
  invoices: readonly SoldInvoice[],
  plan: Plan,
): Promise<MastersImported> {
  const firstDay = invoices.reduce((first, { date }) => (date < first ? date : first), '9999-12-31')
  const businessDate = invoices.length === 0 ? '2000-01-01' : dayBefore(firstDay)
  const opening = [...plan.opening].map(([code, quantity]) => [code, formatQuantity(quantity)])
  const done = [
    await importTable(office, 'items', {
      headers: ['Code', 'Name', 'Group', 'Unit', 'Tax code', 'Type', 'Decimals'],
      rows: itemRows(invoices),
      businessDate,
    }),
    await importTable(office, 'parties', {
      headers: ['Code', 'Name', 'Roles', 'Territory', 'Country', 'Credit limit'],
      rows: partyRows(invoices),
      businessDate,
    }),
    await importTable(office, 'opening-stock', { headers: ['Item', 'Quantity'], rows: opening, businessDate }),
  ]
  const sum = (pick: (each: MastersImported) => number): number => done.reduce((all, each) => all + pick(each), 0)
  return {
    created: sum((each) => each.created),
    changed: sum((each) => each.changed),
    unchanged: sum((each) => each.unchanged),
  }
}
