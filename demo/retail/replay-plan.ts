// From the file to a plan: which documents an invoice becomes, on which device, and which earlier line a returned one
// goes back to. All of it is decided from the file in its order, so that no interleaving of devices can change it.
import { quantity6, type Quantity6 } from '../../src/kernel/amount.ts'
import { utf8 } from '../../src/kernel/bytes.ts'
import { classLines, type ClassedLine, type DocumentKind } from './replay-classes.ts'
import type { SoldInvoice } from './replay-file.ts'

/** The line that a returned one goes back to: by invoice and position. */
export interface Origin {
  readonly invoice: string
  readonly position: number
}
export const originKey = ({ invoice, position }: Origin): string => `${invoice} ${position}`

export interface PlannedLine extends ClassedLine {
  readonly origin: Origin | null
}

export interface PlannedDocument {
  readonly kind: DocumentKind
  /** Unique reference of the imported document. */
  readonly ref: string
  readonly lines: readonly PlannedLine[]
}

export interface PlannedInvoice extends Omit<SoldInvoice, 'lines'> {
  readonly device: number
  readonly documents: readonly PlannedDocument[]
}

export interface Plan {
  readonly invoices: readonly PlannedInvoice[]
  /** What must be on the shelf the day before, so that it never runs empty. */
  readonly opening: ReadonlyMap<string, Quantity6>
  readonly lineCount: number
  /** Lines that some return goes back to. */
  readonly origins: ReadonlySet<string>
}

const FNV_BASIS = 2_166_136_261
const FNV_PRIME = 16_777_619

/** FNV-1a, 32 bits, unsigned. */
export function fnv1a(text: string): number {
  let hash = FNV_BASIS
  for (const byte of utf8(text)) hash = Math.imul(hash ^ byte, FNV_PRIME) >>> 0
  return hash
}

const ELSEWHERE_ONE_IN = 100

/** By customer (by invoice where nobody is named); one invoice in a hundred at the next device. */
export function deviceFor({ number, customer }: Pick<SoldInvoice, 'number' | 'customer'>, devices: number): number {
  const home = fnv1a(customer === '' ? number : customer) % devices
  return fnv1a(`elsewhere:${number}`) % ELSEWHERE_ONE_IN === 0 ? (home + 1) % devices : home
}

interface Returnable {
  readonly origin: Origin
  left: number
}

/** Finds the latest sold line of the same customer, item and price that has all of it left. */
class Returns {
  private readonly sold = new Map<string, Returnable[]>()

  private listOf(customer: string, { code, rate }: ClassedLine): Returnable[] {
    const key = `${customer} ${rate} ${code}`
    const known = this.sold.get(key)
    if (known !== undefined) return known
    const made: Returnable[] = []
    this.sold.set(key, made)
    return made
  }

  take(invoice: SoldInvoice, line: ClassedLine): Origin | null {
    if (line.kind !== 'goods' || invoice.customer === '') return null
    const list = this.listOf(invoice.customer, line)
    if (line.document === 'sale') {
      if (line.quantity > 0)
        list.push({ origin: { invoice: invoice.number, position: line.position }, left: line.quantity })
      return null
    }
    const wanted = -line.quantity
    const found = wanted > 0 ? list.findLast(({ left }) => left >= wanted) : undefined
    if (found === undefined) return null
    found.left -= wanted
    return found.origin
  }
}

/** The lowest balance of each item, looked at after each document. */
class Shelf {
  private readonly balance = new Map<string, number>()
  private readonly lowest = new Map<string, number>()

  post(lines: readonly ClassedLine[]): void {
    const moved = new Map<string, number>()
    for (const { kind, code, quantity } of lines) {
      if (kind !== 'goods' && kind !== 'issue' && kind !== 'receipt') continue
      moved.set(code, (moved.get(code) ?? 0) + (kind === 'goods' ? -quantity : quantity))
    }
    for (const [code, delta] of moved) {
      const balance = (this.balance.get(code) ?? 0) + delta
      this.balance.set(code, balance)
      this.lowest.set(code, Math.min(balance, this.lowest.get(code) ?? 0))
    }
  }

  opening(): Map<string, Quantity6> {
    return new Map(
      [...this.lowest].filter(([, lowest]) => lowest < 0).map(([code, lowest]) => [code, quantity6(-lowest)]),
    )
  }
}

/** Lines by document in the order of their earliest line; the first document has the invoice's own reference. */
function documentsOf(number: string, lines: readonly PlannedLine[]): PlannedDocument[] {
  const byKind = new Map<DocumentKind, PlannedLine[]>()
  for (const line of lines) {
    const own = byKind.get(line.document)
    if (own === undefined) byKind.set(line.document, [line])
    else own.push(line)
  }
  let isFirst = true
  return [...byKind].map(([kind, own]) => {
    const ref = isFirst || kind === 'listed' ? number : `${number}#${kind}`
    if (kind !== 'listed') isFirst = false
    return { kind, ref, lines: own }
  })
}

export function planReplay(invoices: readonly SoldInvoice[], devices: number): Plan {
  const returns = new Returns()
  const shelf = new Shelf()
  let lineCount = 0
  const planned = invoices.map((invoice): PlannedInvoice => {
    const lines = classLines(invoice).map((line): PlannedLine => ({ ...line, origin: returns.take(invoice, line) }))
    lineCount += lines.length
    const documents = documentsOf(invoice.number, lines)
    for (const document of documents) shelf.post(document.lines)
    return {
      number: invoice.number,
      date: invoice.date,
      customer: invoice.customer,
      country: invoice.country,
      device: deviceFor(invoice, devices),
      documents,
    }
  })
  const origins = planned.flatMap(({ documents }) =>
    documents.flatMap(({ lines }) => lines.flatMap(({ origin }) => (origin === null ? [] : [originKey(origin)]))),
  )
  return { invoices: planned, opening: shelf.opening(), lineCount, origins: new Set(origins) }
}
