// Credits a part of an invoice under its own number: by quantity or by amount, with a reason, and with the goods back if
// they came. It settles what the invoice still owes; what is more becomes the customer's advance, never a negative bill.
import { amountMinor, quantity6, type AmountMinor, type Quantity6 } from '../../kernel/amount.ts'
import { ELSEWHERE, command, type Context } from '../../kernel/command.ts'
import { headerOf } from '../../kernel/document.ts'
import { postJournal, postStock } from '../../kernel/ledger.ts'
import { sameValue } from '../../kernel/merge.ts'
import { isFactor, toStock } from '../../kernel/unit.ts'
import { takeSerialIn } from '../masters/batch.ts'
import { warehouse } from '../masters/organisation.ts'
import type { DocumentTotals } from '../pricing/price-types.ts'
import { importedId } from './already-imported.ts'
import { creditLine, creditNote } from './credit-note.ts'
import {
  creditArgs,
  creditTotalsOf,
  isByQuantity,
  sumsOf,
  type CreditArgs,
  type CreditLineArgs,
} from './credit-sums.ts'
import { invoice, invoiceLine, type Invoice, type InvoiceLine } from './invoice.ts'
import { moveOrderLine } from './move-order-line.ts'
import { checkSettings, customerOf, lineLabel, storedTotals, type Customer } from './priced-lines.ts'
import { refuse, rule } from './refusals.ts'
import { postAdvance, settleInvoice } from './settle-invoice.ts'

const DECIMALS_MAX = 6

export const issueCreditNote = command('sales.issueCreditNote', {
  kind: 'fact',
  version: 1,
  permission: 'sales.creditNote',
  args: creditArgs,
  run(ctx, a) {
    const { id, isNew } = importedId(ctx, creditNote, { ...a, label: 'creditNote' })
    if (!isNew) return
    const totals = checkedCredit(ctx, a)
    checkSettings(ctx, a)
    const customer = customerOf(ctx, a)
    const credited = invoiceOf(ctx, a)
    const lines = a.lines.map((line, at) => originOf(ctx, a, line, at, totals))
    const number = ctx.nextNumber('C', a.businessDate)
    const crediting = { id, number, customer, totals, credited, lines }
    const applied = settle(ctx, a, crediting)
    insertHeader(ctx, a, crediting, applied)
    a.lines.forEach((line, at) => insertLine(ctx, a, crediting, { line, at }))
    postCredit(ctx, a, crediting, applied)
    ctx.describe({
      number,
      party: customer.name,
      amountMinor: totals.total,
      currency: a.currency,
      invoice: credited?.number ?? null,
    })
  },
})

interface Crediting {
  readonly id: string
  readonly number: string
  readonly customer: Customer
  readonly totals: DocumentTotals
  /** Null where this device doesn't hold it. */
  readonly credited: Invoice | null
  readonly lines: readonly (InvoiceLine | null)[]
}

function checkedCredit(ctx: Context, a: CreditArgs): DocumentTotals {
  if (a.lines.length === 0) refuse(ctx, 'sales.no-lines')
  a.lines.forEach((line, at) => {
    const isByAmount = line.quantity == null && line.origin == null && line.amount != null && line.taxes != null
    if (isByQuantity(line) === isByAmount || (isByQuantity(line) && line.amount != null))
      refuse(ctx, 'sales.credit-incomplete', { line: at })
    if (isByAmount && (line.amount ?? 0) <= 0) refuse(ctx, 'sales.amount-not-positive', { line: at })
    if (!isByAmount && (line.quantity ?? 0) <= 0) refuse(ctx, 'sales.quantity-not-positive', { line: at })
    if (line.disposition != null && (a.warehouse == null || !isByQuantity(line)))
      refuse(ctx, 'sales.credit-incomplete', { line: at })
  })
  const totals = creditTotalsOf(a)
  if (!totals.ok) return ctx.refuse(totals.code, totals.facts)
  if (totals.total !== a.total || totals.tax !== a.tax) {
    refuse(ctx, 'sales.totals-differ', {
      total: a.total,
      expectedTotal: totals.total,
      tax: a.tax,
      expectedTax: totals.tax,
    })
  }
  return totals
}

function invoiceOf(ctx: Context, a: CreditArgs): Invoice | null {
  const found = ctx.get(invoice, a.invoice)
  if (found === null) return refuse(ctx, 'sales.unknown-invoice', { invoice: a.invoice })
  if (found === ELSEWHERE) return null
  if (found.party !== a.party) refuse(ctx, 'sales.party-differs', { invoice: found.number })
  return found
}

/** The invoiced line, checked against what the note says of it. */
function originOf(
  ctx: Context,
  a: CreditArgs,
  line: CreditLineArgs,
  at: number,
  totals: DocumentTotals,
): InvoiceLine | null {
  const found = ctx.get(invoiceLine, line.invoiceLine)
  if (found === null) return refuse(ctx, 'sales.unknown-invoice-line', { line: at, invoiceLine: line.invoiceLine })
  if (found === ELSEWHERE) return null
  if (found.document !== a.invoice) refuse(ctx, 'sales.line-of-other-invoice', { line: at })
  if (found.item !== line.item) refuse(ctx, 'sales.item-differs', { line: at })
  if (line.origin != null)
    rule(ctx, 'sales.origin-differs', sameValue(line.origin.sold, sumsOf([found])), { line: at, invoiceLine: found.id })
  const before = a.lines
    .slice(0, at)
    .flatMap((other, i) =>
      other.invoiceLine === line.invoiceLine
        ? [{ quantity: other.quantity ?? 0, total: totals.lines[i]?.total ?? 0 }]
        : [],
    )
  const quantity = before.reduce((sum, other) => sum + other.quantity, found.credited + (line.quantity ?? 0))
  const total = before.reduce((sum, other) => sum + other.total, found.creditedAmount + (totals.lines[at]?.total ?? 0))
  const isWithin = quantity <= found.quantity && total <= found.total
  rule(ctx, 'sales.credit-exceeds-invoice', isWithin, {
    line: at,
    quantity,
    invoiced: found.quantity,
    totalMinor: total,
    invoicedMinor: found.total,
  })
  return found
}

function settle(ctx: Context, a: CreditArgs, { id, customer, totals }: Crediting): AmountMinor {
  const { company, branch } = ctx.lease
  const common = {
    document: { table: creditNote, id },
    businessDate: a.businessDate,
    company,
    branch,
    party: a.party,
    territory: customer.territory,
  }
  const applied = settleInvoice(ctx, a.invoice, { ...common, label: 'settle', by: 'credited', amount: totals.total })
  postAdvance(ctx, { ...common, label: 'advance', amount: amountMinor(totals.total - applied) })
  return applied
}

function insertHeader(
  ctx: Context,
  a: CreditArgs,
  { id, number, customer, totals, credited }: Crediting,
  applied: AmountMinor,
): void {
  ctx.insert(creditNote, {
    ...headerOf(ctx, a),
    ...storedTotals(a, totals),
    id,
    number,
    state: 'submitted',
    party: a.party,
    partyName: customer.name,
    territory: customer.territory,
    invoice: a.invoice,
    invoiceNumber: credited?.number ?? null,
    reason: a.reason,
    applied,
    warehouse: a.warehouse ?? null,
  })
}

function stockQuantityOf(ctx: Context, line: CreditLineArgs, at: number): Quantity6 {
  const factor = { num: line.factorNum ?? 1, den: line.factorDen ?? 1 }
  const stock = isFactor(factor) ? toStock(line.quantity ?? quantity6(0), factor.num, factor.den, DECIMALS_MAX) : null
  return stock?.ok === true
    ? stock.value
    : refuse(ctx, 'sales.quantity-not-exact', { line: at, quantity: line.quantity ?? 0 })
}

function insertLine(
  ctx: Context,
  a: CreditArgs,
  { id, totals, lines }: Crediting,
  { line, at }: { line: CreditLineArgs; at: number },
): void {
  const origin = lines[at] ?? null
  const sums = totals.lines[at]
  if (sums === undefined) return
  const quantity = line.quantity ?? quantity6(0)
  const stockQuantity = stockQuantityOf(ctx, line, at)
  const lineId = ctx.insert(creditLine, {
    id: ctx.id(lineLabel(at)),
    document: id,
    position: at,
    item: line.item,
    itemCode: origin?.itemCode ?? line.item,
    itemName: origin?.itemName ?? line.item,
    quantity,
    unit: line.unit,
    factorNum: line.factorNum ?? 1,
    factorDen: line.factorDen ?? 1,
    rate: origin?.rate ?? (0 as InvoiceLine['rate']),
    gross: sums.gross,
    discount: sums.discount,
    net: sums.net,
    tax: sums.tax,
    taxes: sums.taxes,
    total: sums.total,
    invoiceLine: line.invoiceLine,
    revenue: origin?.revenue ?? 'sales',
    billAgain: line.billAgain ?? false,
    disposition: line.disposition ?? null,
    batch: line.batch ?? null,
    stockQuantity,
  })
  const document = { table: creditNote, id }
  ctx.add(invoiceLine, line.invoiceLine, { credited: quantity, creditedAmount: sums.total })
  ctx.link({ table: creditLine, id: lineId }, { table: invoiceLine, id: line.invoiceLine }, 'credits', quantity)
  if (line.billAgain === true && origin?.orderLine != null && quantity > 0) {
    moveOrderLine(
      ctx,
      origin.orderLine,
      { billed: quantity6(-quantity) },
      { label: `unbill/${at}`, document, businessDate: a.businessDate },
    )
  }
  if (line.disposition != null && a.warehouse != null)
    takeGoodsBack(ctx, a, { line, at, lineId, stockQuantity, document })
}

interface GoodsBack {
  readonly line: CreditLineArgs
  readonly at: number
  readonly lineId: string
  readonly stockQuantity: Quantity6
  readonly document: { readonly table: typeof creditNote; readonly id: string }
}

/** Back into stock; scrap comes in and goes out again, so that both are seen. */
function takeGoodsBack(ctx: Context, a: CreditArgs, { line, at, lineId, stockQuantity, document }: GoodsBack): void {
  const to = a.warehouse ?? ''
  const place = ctx.get(warehouse, to)
  const branch = place === null || place === ELSEWHERE ? ctx.lease.branch : place.branch
  const unconfirmed = (line.serials ?? []).filter(
    (number) => !takeSerialIn(ctx, { item: line.item, number, branch, warehouse: to, document, party: a.party }),
  )
  if (unconfirmed.length > 0) ctx.patch(creditLine, lineId, { unconfirmedSerials: unconfirmed })
  const posting = {
    label: `stock/${at}`,
    document,
    businessDate: a.businessDate,
    branch,
    item: line.item,
    warehouse: to,
    quantity: stockQuantity,
    state: line.disposition === 'quarantine' ? ('quarantine' as const) : ('onHand' as const),
    line: lineId,
    batch: line.batch ?? null,
    reason: 'return',
  }
  postStock(ctx, posting)
  if (line.disposition === 'scrap')
    postStock(ctx, { ...posting, label: `scrap/${at}`, quantity: quantity6(-stockQuantity), reason: 'scrap' })
}

/** Dr what was earned and its tax; Cr receivable for what settled the invoice, Cr advance for the rest. */
function postCredit(ctx: Context, a: CreditArgs, { id, totals, lines }: Crediting, applied: AmountMinor): void {
  const taken = new Map<string, number>()
  totals.lines.forEach((sums, at) => {
    const revenue = lines[at]?.revenue ?? 'sales'
    const purpose = revenue === 'sales' ? 'sales-returns' : revenue
    taken.set(purpose, (taken.get(purpose) ?? 0) + sums.net)
  })
  const { company, branch } = ctx.lease
  postJournal(ctx, {
    label: 'journal',
    document: { table: creditNote, id },
    businessDate: a.businessDate,
    company,
    branch,
    lines: [
      ...[...taken].map(([purpose, net]) => ({ purpose, amount: amountMinor(net) })),
      ...totals.taxes.map(({ code, tax }) => ({ purpose: `tax-${code}`, amount: tax })),
      { purpose: 'receivable', amount: amountMinor(-applied), party: a.party },
      { purpose: 'customer-advance', amount: amountMinor(applied - totals.total), party: a.party },
    ],
  })
}
