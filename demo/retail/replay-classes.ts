// What each line of the retailer's file is for the product: the table of rules.md §2 as code. It knows items by their
// type and nothing by its name beyond the table of types.
import type { SoldInvoice, SoldLine } from './replay-file.ts'

export type LineKind = 'debt' | 'issue' | 'receipt' | 'listed' | 'goods' | 'service' | 'expense'
export type DocumentKind = 'debt' | 'issue' | 'receipt' | 'return' | 'sale' | 'expense' | 'listed'
export type Goods = 'goods' | 'carriage' | 'adjustment' | 'discount' | 'sample' | 'voucher' | 'fee'

const types: Readonly<Record<string, Goods>> = {
  POST: 'carriage',
  DOT: 'carriage',
  C2: 'carriage',
  '23444': 'carriage',
  M: 'adjustment',
  D: 'discount',
  S: 'sample',
  '22016': 'voucher',
  AMAZONFEE: 'fee',
  'BANK CHARGES': 'fee',
  CRUK: 'fee',
}

/** The type of an item by its code (upper case). */
export const typeOf = (code: string): Goods => types[code] ?? (code.startsWith('GIFT_0001_') ? 'voucher' : 'goods')

/** Ledger purpose of what isn't goods, when it stands on a sale or return. */
export const revenueOf = {
  goods: 'sales',
  carriage: 'carriage-income',
  adjustment: 'sales-adjustments',
  discount: 'discounts',
  sample: 'samples',
  voucher: 'voucher-liability',
  fee: 'other-income',
} as const satisfies Record<Goods, string>

const initial = ({ number }: SoldInvoice): string => number.slice(0, 1).toUpperCase()
export const isCancellation = (invoice: SoldInvoice): boolean => initial(invoice) === 'C'

/** Nobody is charged anything: somebody found or lost something. */
const isStockCorrection = ({ customer, lines }: SoldInvoice): boolean =>
  customer === '' && lines.every(({ rate }) => rate === 0)

function kindOf(invoice: SoldInvoice, { code, quantity }: SoldLine, isCorrection: boolean): LineKind {
  if (initial(invoice) === 'A') return 'debt'
  const type = typeOf(code)
  if (isCorrection && type !== 'goods') return 'listed'
  if (isCorrection && quantity < 0) return 'issue'
  if (isCorrection && quantity > 0) return 'receipt'
  if (type === 'goods') return 'goods'
  return type === 'fee' && (isCancellation(invoice) || invoice.customer === '') ? 'expense' : 'service'
}

export interface ClassedLine extends SoldLine {
  readonly kind: LineKind
  readonly document: DocumentKind
  /** Moves stock under a code that nobody explained. */
  readonly isUnknown: boolean
}

export function classLines(invoice: SoldInvoice): ClassedLine[] {
  const isCorrection = isStockCorrection(invoice)
  const trade: DocumentKind = isCancellation(invoice) ? 'return' : 'sale'
  return invoice.lines.map((line) => {
    const kind = kindOf(invoice, line, isCorrection)
    const document: DocumentKind = kind === 'goods' || kind === 'service' ? trade : kind
    const isUnknown = (kind === 'goods' || kind === 'issue' || kind === 'receipt') && !/^\d/.test(line.code)
    return { ...line, kind, document, isUnknown }
  })
}
