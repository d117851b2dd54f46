// What the screen proposes: the lines of an invoice from what an order delivered, of a credit note from an invoice. Pure;
// the person changes what was agreed otherwise, and the command then takes the arguments as the truth.
import { amountMinor, mulDivRound, quantity6, type Quantity6, type Rate6 } from '../../kernel/amount.ts'
import type { CreditLine } from './credit-note.ts'
import { creditOrigin, creditTotalsOf, type CreditArgs, type CreditLineArgs } from './credit-sums.ts'
import type { Invoice, InvoiceLine } from './invoice.ts'
import type { InvoiceArgs } from './issue-invoice.ts'
import type { Order, OrderLine } from './order.ts'
import { atLeastZero, billableOf } from './order-sums.ts'
import { totalsOf } from './priced-lines.ts'

/** A line's discount, in proportion to what is billed; what was billed before took its own share. */
function discountShare(line: OrderLine, quantity: Quantity6): number {
  const share = (upTo: number): number =>
    mulDivRound(line.discount, Math.min(upTo, line.quantity), line.quantity, 'The share of a discount')
  return share(line.billed + quantity) - share(line.billed)
}

export interface InvoiceDraftGiven {
  readonly order: Order
  readonly lines: readonly { readonly line: OrderLine; readonly tolerancePercent: Rate6 | null }[]
  readonly businessDate: string
}

/** Everything delivered and not billed yet; null when there is nothing. */
export function invoiceDraft({ order, lines, businessDate }: InvoiceDraftGiven): InvoiceArgs | null {
  const billed = lines.flatMap(({ line, tolerancePercent }) => {
    const quantity = quantity6(atLeastZero(billableOf(line, tolerancePercent) - line.billed))
    return quantity === 0 ? [] : [lineDraft(line, quantity)]
  })
  if (billed.length === 0) return null
  const priced = {
    minorDigits: order.minorDigits,
    pricesIncludeTax: order.pricesIncludeTax,
    taxRounding: order.taxRounding,
    lines: billed,
  }
  const totals = totalsOf(priced)
  if (!totals.ok) return null
  const { party, partyName, territory, currency, termsDays, customerOrderNumber } = order
  return {
    ...priced,
    businessDate,
    party,
    partyName,
    territory,
    currency,
    termsDays,
    customerOrderNumber,
    order: order.id,
    total: totals.total,
    tax: totals.tax,
  }
}

function lineDraft(line: OrderLine, quantity: Quantity6): InvoiceArgs['lines'][number] {
  const { item, itemCode, itemName, unit, factorNum, factorDen, rate, source } = line
  const discount = discountShare(line, quantity)
  return {
    item,
    itemCode,
    itemName,
    quantity,
    unit,
    factorNum,
    factorDen,
    rate,
    source,
    rules: line.rules,
    ...(discount === 0 ? {} : { lineDiscount: { kind: 'amount' as const, amount: amountMinor(discount) } }),
    taxes: line.taxes.map(({ code, percent }) => ({ code, percent })),
    orderLine: line.id,
  }
}

export interface CreditDraftGiven {
  readonly invoice: Invoice
  /** What is credited of which line, and what earlier notes took of it. */
  readonly lines: readonly {
    readonly line: InvoiceLine
    readonly quantity: Quantity6
    readonly before: readonly CreditLine[]
    readonly more?: Partial<CreditLineArgs>
  }[]
  readonly reason: CreditArgs['reason']
  readonly businessDate: string
  readonly warehouse?: string | null
}

export function creditDraft({ invoice, lines, reason, businessDate, warehouse }: CreditDraftGiven): CreditArgs | null {
  const { party, partyName, territory, currency, minorDigits, pricesIncludeTax, taxRounding } = invoice
  const credited = lines.map(({ line, quantity, before, more }): CreditLineArgs => {
    const { id, item, unit, factorNum, factorDen } = line
    return { ...more, invoiceLine: id, item, unit, factorNum, factorDen, quantity, origin: creditOrigin(line, before) }
  })
  const totals = creditTotalsOf({ lines: credited, minorDigits, pricesIncludeTax, taxRounding })
  if (!totals.ok) return null
  return {
    party,
    partyName,
    territory,
    currency,
    minorDigits,
    pricesIncludeTax,
    taxRounding,
    businessDate,
    reason,
    warehouse: warehouse ?? null,
    invoice: invoice.id,
    lines: credited,
    total: totals.total,
    tax: totals.tax,
  }
}

/** Splits a sum over the due invoices, oldest first: what a payment without a word about it settles. */
export function allocationDraft(
  amount: number,
  owed: readonly { readonly invoice: string; readonly dueOn: string; readonly owedMinor: number }[],
): { invoice: string; amount: number }[] {
  const oldestFirst = [...owed].sort((a, b) =>
    a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : a.invoice < b.invoice ? -1 : 1,
  )
  let rest = amount
  return oldestFirst.flatMap(({ invoice, owedMinor }) => {
    const part = Math.min(rest, Math.max(0, owedMinor))
    rest -= part
    return part > 0 ? [{ invoice, amount: part }] : []
  })
}
