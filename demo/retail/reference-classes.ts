// The retailer's table as the reference side reads it: what a line is, which document it belongs to, which account it meets (rules.md §2, §3).
// Only item types are data here; it must never name a month, a customer or an invoice, and it shares nothing with the product.

export type ItemType = 'goods' | 'carriage' | 'adjustment' | 'discount' | 'sample' | 'voucher' | 'fee'

/** Codes that aren't goods, upper case. The only thing about this retailer that is written down by name. */
const itemTypeByCode: ReadonlyMap<string, ItemType> = new Map([
  ['POST', 'carriage'],
  ['DOT', 'carriage'],
  ['C2', 'carriage'],
  ['23444', 'carriage'],
  ['M', 'adjustment'],
  ['D', 'discount'],
  ['S', 'sample'],
  ['22016', 'voucher'],
  ['AMAZONFEE', 'fee'],
  ['BANK CHARGES', 'fee'],
  ['CRUK', 'fee'],
])
const voucherPrefix = 'GIFT_0001_'

/** The type of an item code (upper case). A code that isn't known is goods. */
export const itemType = (code: string): ItemType =>
  itemTypeByCode.get(code) ?? (code.startsWith(voucherPrefix) ? 'voucher' : 'goods')

/** Goods whose code doesn't begin with a digit: nobody told us what it is, so it is listed. */
export const isUnknownCode = (code: string): boolean => itemType(code) === 'goods' && !/^[0-9]/.test(code)

export const lineClasses = [
  'bad-debt',
  'stock-issue',
  'stock-receipt',
  'listed',
  'return',
  'sale',
  'free',
  'carriage',
  'adjustment',
  'discount',
  'sample',
  'voucher',
  'expense',
  'recharge',
] as const
export type LineClass = (typeof lineClasses)[number]

export const documentClasses = [
  'journal',
  'stock-issue',
  'stock-receipt',
  'return',
  'sale',
  'expense',
  'listed',
] as const
export type DocumentClass = (typeof documentClasses)[number]

/** What an invoice as a whole says about each of its lines. */
export type InvoiceKind = {
  readonly kind: 'journal' | 'cancellation' | 'invoice'
  readonly hasCustomer: boolean
  /** Every line of the invoice has price 0 and it has no customer: it moves the shelf, not a customer. */
  readonly isStockCorrection: boolean
}

/** The table, first match wins. Quantity and price in any unit: only their signs matter. */
export function classifyLine(invoice: InvoiceKind, line: { code: string; quantity: bigint; price: bigint }): LineClass {
  const type = itemType(line.code)
  if (invoice.kind === 'journal') return 'bad-debt'
  if (invoice.isStockCorrection) {
    if (type !== 'goods') return 'listed'
    if (line.quantity < 0n) return 'stock-issue'
    if (line.quantity > 0n) return 'stock-receipt'
  }
  if (type === 'goods') {
    if (invoice.kind === 'cancellation') return 'return'
    return line.price === 0n ? 'free' : 'sale'
  }
  if (type !== 'fee') return type
  return invoice.kind === 'cancellation' || !invoice.hasCustomer ? 'expense' : 'recharge'
}

/** The document a line belongs to; `listed` means none. */
export function documentClass(invoice: InvoiceKind, line: LineClass): DocumentClass {
  if (line === 'bad-debt') return 'journal'
  if (line === 'stock-issue' || line === 'stock-receipt' || line === 'listed' || line === 'expense') return line
  return invoice.kind === 'cancellation' ? 'return' : 'sale'
}

/** +1 where a quantity counts towards the shelf, −1 where it counts towards the customer, 0 where no goods move. */
export function stockSign(line: LineClass): bigint {
  if (line === 'stock-issue' || line === 'stock-receipt') return 1n
  return line === 'sale' || line === 'free' || line === 'return' ? -1n : 0n
}

/** Every ledger account of the comparison; amounts are Dr positive. The last two carry no amount: the file knows no cost. */
export const accounts = [
  'receivable',
  'web-payments',
  'sales',
  'sales-returns',
  'carriage-income',
  'sales-adjustments',
  'discounts',
  'samples',
  'voucher-liability',
  'fees',
  'other-income',
  'bad-debt',
  'write-off',
  'stock-adjustment',
] as const
export type Account = (typeof accounts)[number]

/** The account that is credited with a line's value (a negative value debits it). */
export const accountByClass: Readonly<Record<Exclude<LineClass, 'listed'>, Account>> = {
  'bad-debt': 'bad-debt',
  'stock-issue': 'write-off',
  'stock-receipt': 'stock-adjustment',
  return: 'sales-returns',
  sale: 'sales',
  free: 'sales',
  carriage: 'carriage-income',
  adjustment: 'sales-adjustments',
  discount: 'discounts',
  sample: 'samples',
  voucher: 'voucher-liability',
  expense: 'fees',
  recharge: 'other-income',
}
