// Where the money of a sale goes: which payments pass the drawer, and the balanced journal of the whole document. The
// cost of what was sold is never written here; the hub's valuation does that.
import { amountMinor, type AmountMinor } from '../../kernel/amount.ts'
import type { JournalLine } from '../../kernel/ledger.ts'
import type { OpenLine } from './sale-lines.ts'
import type { SaleArgs, TenderArgs } from './sale-args.ts'
import type { DocumentTotals } from '../pricing/price-types.ts'

/** The method by which a customer is owed instead of paid. */
export const STORE_CREDIT = 'store-credit'

/** Money, cards and vouchers are counted at the close; what is owed either way is not. */
export const passesTill = ({ kind, method }: Pick<TenderArgs, 'kind' | 'method'>): boolean =>
  kind !== 'account' && method !== STORE_CREDIT

/** The ledger purpose of a payment. */
export function purposeOfTender({ kind, method }: Pick<TenderArgs, 'kind' | 'method'>): string {
  switch (kind) {
    case 'cash':
      return 'till-cash'
    case 'card':
      return 'card-clearing'
    case 'account':
      return 'receivable'
    case 'voucher':
      return method === STORE_CREDIT ? 'store-credit' : 'voucher-liability'
    case 'other':
      return `${method}-clearing`
  }
}

/** Cr what was earned or owed, Dr what came back. */
const purposeOfLine = ({ back, revenue }: OpenLine): string =>
  back !== null && revenue === 'sales' ? 'sales-returns' : revenue

/** Dr each payment; Cr sales, tax by code and cash rounding. A return is the same with the signs turned. */
export function journalOf(a: SaleArgs, lines: readonly OpenLine[], totals: DocumentTotals): JournalLine[] {
  const sums = new Map<string, number>()
  const post = (purpose: string, amount: number): void => void sums.set(purpose, (sums.get(purpose) ?? 0) + amount)
  for (const tender of a.tenders) post(purposeOfTender(tender), tender.amount)
  for (const line of lines) post(purposeOfLine(line), -line.sums.net)
  for (const { code, tax } of totals.taxes) post(`tax-${code}`, -tax)
  post('cash-rounding', -(a.cashRounding ?? 0))
  return [...sums].map(([purpose, amount]) => ({
    purpose,
    amount: amountMinor(amount),
    party: purpose === 'receivable' ? (a.party ?? null) : null,
  }))
}

const DAY_MS = 86_400_000

/** The day an invoice falls due: `days` after `day`. */
export const dueOn = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)

export const changeOf = ({ given, amount }: Pick<TenderArgs, 'given' | 'amount'>): AmountMinor =>
  amountMinor((given ?? amount) - amount)
