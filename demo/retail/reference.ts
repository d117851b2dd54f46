// The left side of the retail comparison: reads the retailer's CSV in exact decimals and says what the product must arrive at.
// It imports nothing from src/ and must never do so: two programs that share a mistake would agree on it. The rules are in rules.md.
//
//   npx tsx demo/retail/reference.ts sales.csv.gz --devices 4 --json reference.json
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { lineValue, printMicro, printMoney } from './decimal.ts'
import { accountByClass, classifyLine, documentClass, isUnknownCode, stockSign } from './reference-classes.ts'
import type { Account, DocumentClass, InvoiceKind, LineClass } from './reference-classes.ts'
import { readFileLines } from './reference-csv.ts'
import type { FileLine } from './reference-csv.ts'
import { ReturnLinker } from './reference-returns.ts'
import { deviceOf, isElsewhere } from './reference-split.ts'
import { deviceName, noKey, sections, toSection } from './result.ts'
import type { RetailResult, SectionName } from './result.ts'

type Invoice = { readonly number: string; readonly lines: FileLine[] }

/** Lines gathered by invoice number, invoices in the order of their first line, lines in file order whatever came between. */
export async function gatherInvoices(lines: AsyncIterable<FileLine>): Promise<Invoice[]> {
  const byNumber = new Map<string, Invoice>()
  for await (const line of lines) {
    const known = byNumber.get(line.invoice)
    if (known === undefined) byNumber.set(line.invoice, { number: line.invoice, lines: [line] })
    else known.lines.push(line)
  }
  return [...byNumber.values()]
}

function kindOf(invoice: Invoice, customer: string): InvoiceKind {
  const initial = invoice.number.charAt(0).toUpperCase()
  return {
    kind: initial === 'A' ? 'journal' : initial === 'C' ? 'cancellation' : 'invoice',
    hasCustomer: customer !== '',
    isStockCorrection: customer === '' && invoice.lines.every((line) => line.price === 0n),
  }
}

/** Running sums; it only adds, so that the order of calls matters for the lowest stock balance alone. */
class Sums {
  readonly #maps = new Map<SectionName, Map<string, bigint>>(sections.map(({ name }) => [name, new Map()]))
  readonly #balance = new Map<string, bigint>()
  readonly #lowest = new Map<string, bigint>()

  add(section: SectionName, key: string, amount: bigint): void {
    const map = this.of(section)
    map.set(key, (map.get(key) ?? 0n) + amount)
  }

  of(section: SectionName): Map<string, bigint> {
    const map = this.#maps.get(section)
    if (map === undefined) throw new Error(`Section "${section}" is not in result.ts.`)
    return map
  }

  /** Posts a whole document's movements at once: the balance is looked at after the document, never inside it. */
  postStock(movement: ReadonlyMap<string, bigint>): void {
    for (const [item, delta] of movement) {
      const balance = (this.#balance.get(item) ?? 0n) + delta
      this.#balance.set(item, balance)
      if (balance < (this.#lowest.get(item) ?? 0n)) this.#lowest.set(item, balance)
      this.add('stockMovement', item, delta)
    }
  }

  openStock(): void {
    for (const [item, lowest] of this.#lowest) this.add('openingStock', item, -lowest)
  }
}

type Posting = {
  readonly sums: Sums
  readonly linker: ReturnLinker
  readonly devices: number
  readonly unlinked: Map<string, bigint>
}

function postGoods(to: Posting, customer: string, item: string, line: FileLine, lineClass: LineClass): void {
  const goods = { customer, item, price: line.price, quantity: line.quantity }
  if (lineClass === 'sale' || lineClass === 'free') to.linker.sell(goods)
  if (lineClass !== 'return') return
  const outcome = to.linker.giveBack(goods)
  to.sums.add('returnLinks', outcome === 'linked' ? 'linked' : 'unlinked', -line.quantity)
  if (outcome === 'linked') return
  to.sums.add('exceptions', 'RETURN_UNLINKED', 1n)
  to.unlinked.set(outcome, (to.unlinked.get(outcome) ?? 0n) + 1n)
}

function list(sums: Sums, reason: 'not-stock' | 'unknown-code', item: string): void {
  sums.add('listed', `${reason}|${item}`, 1n)
  sums.add('exceptions', reason === 'not-stock' ? 'LISTED_NOT_STOCK' : 'LISTED_UNKNOWN_CODE', 1n)
}

/** Books one invoice: customer, country and date are those of its first line in the file. */
function postInvoice(to: Posting, invoice: Invoice): void {
  const { sums } = to
  const first = invoice.lines[0]
  if (first === undefined) return
  const { customer, country } = first
  const kind = kindOf(invoice, customer)
  const device = deviceName(deviceOf({ number: invoice.number, customer }, to.devices))
  const tender: Account = kind.kind === 'journal' || customer !== '' ? 'receivable' : 'web-payments'
  const stockByDocument = new Map<DocumentClass, Map<string, bigint>>()

  for (const line of invoice.lines) {
    const item = line.code.toUpperCase()
    const lineClass = classifyLine(kind, { code: item, quantity: line.quantity, price: line.price })
    const value = lineValue(line)
    const month = `${first.date.slice(0, 7)}|${country}|${lineClass}`
    sums.add('linesByClass', lineClass, 1n)
    sums.add('quantityByMonth', month, line.quantity)
    sums.add('valueByMonth', month, value)
    sums.add('deviceLines', `${device}|${lineClass}`, 1n)
    sums.add('deviceQuantity', `${device}|${lineClass}`, line.quantity)
    sums.add('deviceValue', `${device}|${lineClass}`, value)
    if (lineClass === 'listed') {
      list(sums, 'not-stock', item)
      continue
    }
    sums.add('trialBalance', accountByClass[lineClass], -value)
    sums.add('trialBalance', tender, value)
    sums.add('deviceTender', `${device}|${tender}`, value)
    if (tender === 'receivable') sums.add('receivable', customer === '' ? noKey : customer, value)
    const document = documentClass(kind, lineClass)
    const stock = stockByDocument.get(document) ?? new Map<string, bigint>()
    stockByDocument.set(document, stock)
    const sign = stockSign(lineClass)
    if (sign === 0n) continue
    stock.set(item, (stock.get(item) ?? 0n) + sign * line.quantity)
    sums.add('deviceStock', device, sign * line.quantity)
    if (isUnknownCode(item)) list(sums, 'unknown-code', item)
    postGoods(to, customer, item, line, lineClass)
  }
  const booked: Iterable<DocumentClass> = stockByDocument.size === 0 ? ['listed'] : stockByDocument.keys()
  for (const document of booked) {
    sums.add('documentsByClass', document, 1n)
    sums.add('deviceDocuments', `${device}|${document}`, 1n)
  }
  for (const movement of stockByDocument.values()) sums.postStock(movement)
}

function toNotes(invoices: readonly Invoice[], to: Posting): Record<string, string> {
  const total = (section: SectionName): bigint => [...to.sums.of(section).values()].reduce((sum, one) => sum + one, 0n)
  const count = (initial: string): number =>
    invoices.filter(({ number }) => number.toUpperCase().startsWith(initial)).length
  return {
    lines: total('linesByClass').toString(),
    invoices: String(invoices.length),
    cancellations: String(count('C')),
    journals: String(count('A')),
    quantity: printMicro(total('quantityByMonth')),
    value: printMoney(total('valueByMonth')),
    'net stock movement': printMicro(total('stockMovement')),
    'opening stock': printMicro(total('openingStock')),
    'invoices elsewhere': String(invoices.filter(({ number }) => isElsewhere(number)).length),
    ...Object.fromEntries(
      [...to.unlinked]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([reason, lines]) => [`return lines unlinked: ${reason}`, lines.toString()]),
    ),
  }
}

/** What the file comes to, split over `devices` (a whole number from 1). Throws a sentence with the row when the file can't be read. */
export async function refer(lines: AsyncIterable<FileLine>, devices: number): Promise<RetailResult> {
  if (!Number.isInteger(devices) || devices < 1)
    throw new Error(`The number of devices is ${devices}: give a whole number from 1.`)
  const posting: Posting = { sums: new Sums(), linker: new ReturnLinker(), devices, unlinked: new Map() }
  const invoices = await gatherInvoices(lines)
  for (const invoice of invoices) postInvoice(posting, invoice)
  posting.sums.openStock()
  const print = { count: String, quantity: printMicro, money: printMoney }
  const found = sections.map(({ name, unit }) => [name, toSection(posting.sums.of(name), print[unit])] as const)
  return {
    format: 1,
    side: 'reference',
    devices,
    sections: Object.fromEntries(found) as RetailResult['sections'],
    notes: toNotes(invoices, posting),
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { devices: { type: 'string', default: '4' }, json: { type: 'string' } },
  })
  const path = positionals[0]
  if (path === undefined) throw new Error('Name the file: reference.ts FILE.csv[.gz] [--devices N] [--json FILE].')
  const result = await refer(readFileLines(path), Number(values.devices))
  for (const [name, value] of Object.entries(result.notes)) console.log(`${name.padEnd(40)} ${value}`)
  for (const { name, title } of sections) {
    const entries = Object.entries(result.sections[name])
    console.log(`\n${title}: ${entries.length} keys`)
    for (const [key, value] of entries.slice(0, 20)) console.log(`  ${key.padEnd(38)} ${value.padStart(16)}`)
    if (entries.length > 20) console.log(`  … ${entries.length - 20} more (--json FILE writes all)`)
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 1)}\n`)
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
  })
}
