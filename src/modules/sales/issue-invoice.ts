// Invoices what was delivered (or done). Its lines carry price and tax as printed; billing beyond what was delivered and
// accepted is a rule. What is printed is what is stored: no sum comes from a row that may differ elsewhere.
import { amountMinor } from '../../kernel/amount.ts'
import { command, row, type Context } from '../../kernel/command.ts'
import { headerOf } from '../../kernel/document.ts'
import { date, integer, list, ref, text, type ArgsOf } from '../../kernel/field.ts'
import { postJournal, postParty } from '../../kernel/ledger.ts'
import { item, type Item } from '../masters/item.ts'
import { party } from '../masters/party.ts'
import type { DocumentTotals } from '../pricing/price-types.ts'
import { importedId } from './already-imported.ts'
import { invoice, invoiceLine } from './invoice.ts'
import { moveOrderLine, orderLineOf } from './move-order-line.ts'
import { order, orderLine, type OrderLine } from './order.ts'
import { billableOf } from './order-sums.ts'
import { schedule, type Instalment, type revenuePurposes } from './price-fields.ts'
import { pricedArgs, pricedLineArgs } from './priced-args.ts'
import {
  checkedTotals,
  checkPrices,
  checkSettings,
  customerOf,
  itemOf,
  lineLabel,
  storedLine,
  storedTotals,
  type Customer,
} from './priced-lines.ts'
import { refuse, rule } from './refusals.ts'

const args = {
  ...pricedArgs,
  order: ref('sales.order').optional(),
  customerOrderNumber: text(64).optional(),
  taxPoint: date().optional(),
  termsDays: integer(),
  /** Instalments; default: the whole, `termsDays` after the business date. */
  schedule: schedule().optional(),
  lines: list({ ...pricedLineArgs, orderLine: ref('sales.orderLine').optional() }),
}
export type InvoiceArgs = ArgsOf<typeof args>

const DAY_MS = 86_400_000

/** The day `days` after `day`, both `YYYY-MM-DD`. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)

interface Billing {
  readonly id: string
  readonly number: string
  readonly customer: Customer
  readonly totals: DocumentTotals
  readonly instalments: readonly Instalment[]
  readonly lines: readonly { readonly from: OrderLine | null; readonly item: Item | null }[]
}

export const issueInvoice = command('sales.issueInvoice', {
  kind: 'fact',
  version: 1,
  permission: 'sales.invoice',
  args,
  reads: (a) => [
    row(party, a.party),
    ...(a.order == null ? [] : [row(order, a.order)]),
    ...a.lines.flatMap((line) => [
      row(item, line.item),
      ...(line.orderLine == null ? [] : [row(orderLine, line.orderLine)]),
    ]),
  ],
  run(ctx, a) {
    const { id, isNew } = importedId(ctx, invoice, { ...a, label: 'invoice' })
    if (!isNew) return
    const totals = checkedTotals(ctx, a)
    const instalments = instalmentsOf(ctx, a)
    checkSettings(ctx, a)
    const customer = customerOf(ctx, a)
    const lines = a.lines.map((line, at) => {
      const item = itemOf(ctx, line.item, at)
      return { item, from: line.orderLine == null ? null : checkOrigin(ctx, a, { line, at, item }) }
    })
    checkPrices(ctx, a, (at) => a.lines[at]?.orderLine != null)
    const number = ctx.nextNumber('I', a.businessDate)
    const billing = { id, number, customer, totals, instalments, lines }
    insertHeader(ctx, a, billing)
    a.lines.forEach((_, at) => insertLine(ctx, a, billing, at))
    postInvoice(ctx, a, billing)
    ctx.describe({
      number,
      party: customer.name,
      amountMinor: totals.total,
      currency: a.currency,
      dueOn: instalments.at(-1)?.dueOn ?? a.businessDate,
    })
  },
})

function instalmentsOf(ctx: Context, a: InvoiceArgs): readonly Instalment[] {
  if (a.termsDays < 0) refuse(ctx, 'sales.terms-negative', { termsDays: a.termsDays })
  if (a.schedule == null || a.schedule.length === 0)
    return [{ dueOn: dayAfter(a.businessDate, a.termsDays), amountMinor: a.total }]
  const sum = a.schedule.reduce((all, { amountMinor: part }) => all + part, 0)
  if (sum !== a.total) refuse(ctx, 'sales.schedule-differs', { total: a.total, scheduled: sum })
  return [...a.schedule].sort((x, y) => (x.dueOn < y.dueOn ? -1 : x.dueOn > y.dueOn ? 1 : 0))
}

/** The order line that is billed; null where this device doesn't hold it. */
function checkOrigin(
  ctx: Context,
  a: InvoiceArgs,
  { line, at, item }: { line: InvoiceArgs['lines'][number]; at: number; item: Item | null },
): OrderLine | null {
  const id = line.orderLine ?? ''
  const found = orderLineOf(ctx, id)
  if (found === undefined) refuse(ctx, 'sales.unknown-order-line', { line: at, orderLine: id })
  if (found == null) return null
  const { line: from, order } = found
  if (order.party !== a.party) refuse(ctx, 'sales.party-differs', { line: at, order: order.number })
  if (from.item !== line.item) refuse(ctx, 'sales.item-differs', { line: at, order: order.number })
  // The same order line may stand on two lines of this invoice.
  const before = a.lines.slice(0, at).reduce((sum, other) => (other.orderLine === id ? sum + other.quantity : sum), 0)
  const billable = billableOf(from, item?.tolerancePercent ?? null)
  const billed = from.billed + before + line.quantity
  rule(ctx, 'sales.billed-over-delivered', billed <= billable, {
    order: order.number,
    line: from.position,
    billed,
    billable,
  })
  if (from.rate !== line.rate && from.unit === line.unit) {
    ctx.exception('PRICE_DIFFERS', {
      line: lineLabel(at),
      item: line.item,
      agreedRate: line.rate,
      expectedRate: from.rate,
    })
  }
  return from
}

function insertHeader(ctx: Context, a: InvoiceArgs, { id, number, customer, totals, instalments }: Billing): void {
  ctx.insert(invoice, {
    ...headerOf(ctx, a),
    ...storedTotals(a, totals),
    id,
    number,
    state: 'submitted',
    party: a.party,
    partyName: customer.name,
    territory: customer.territory,
    order: a.order ?? null,
    customerOrderNumber: a.customerOrderNumber ?? null,
    taxPoint: a.taxPoint ?? null,
    termsDays: a.termsDays,
    dueOn: instalments.at(-1)?.dueOn ?? a.businessDate,
    schedule: instalments,
    documentRules: a.documentRules ?? [],
  })
}

const revenueOf = (of: Item | null): (typeof revenuePurposes)[number] =>
  of?.type === 'voucher'
    ? 'voucher-liability'
    : of?.type === 'deposit'
      ? 'deposit-liability'
      : of?.type === 'service' || of?.type === 'fee'
        ? 'service-income'
        : 'sales'

function insertLine(ctx: Context, a: InvoiceArgs, { id, totals, lines }: Billing, at: number): void {
  const line = a.lines[at]
  if (line === undefined) return
  const { from, item } = lines[at] ?? { from: null, item: null }
  const lineId = ctx.insert(invoiceLine, {
    ...storedLine(
      { ...line, itemCode: line.itemCode ?? from?.itemCode, itemName: line.itemName ?? from?.itemName },
      item,
      totals,
      at,
    ),
    id: ctx.id(lineLabel(at)),
    document: id,
    source: line.source,
    rules: line.rules ?? [],
    ruleDiscount: totals.lines[at]?.ruleDiscount ?? amountMinor(0),
    revenue: revenueOf(item),
    orderLine: line.orderLine ?? null,
  })
  if (line.orderLine == null) return
  moveOrderLine(
    ctx,
    line.orderLine,
    { billed: line.quantity },
    { label: `bill/${at}`, document: { table: invoice, id }, businessDate: a.businessDate },
  )
  ctx.link({ table: invoiceLine, id: lineId }, { table: orderLine, id: line.orderLine }, 'bills', line.quantity)
}

/** Dr receivable by instalment; Cr what was earned by purpose, Cr tax by code. */
function postInvoice(ctx: Context, a: InvoiceArgs, { id, customer, totals, instalments, lines }: Billing): void {
  const { company, branch } = ctx.lease
  const document = { table: invoice, id }
  const common = { document, businessDate: a.businessDate, company, branch }
  instalments.forEach(({ dueOn, amountMinor: part }, at) => {
    if (part === 0) return
    postParty(ctx, {
      ...common,
      label: `due/${at}`,
      party: a.party,
      territory: customer.territory,
      account: 'receivable',
      amount: amountMinor(part),
      item: id,
      dueOn,
    })
  })
  const earned = new Map<string, number>()
  totals.lines.forEach((sums, at) => {
    const purpose = revenueOf(lines[at]?.item ?? null)
    earned.set(purpose, (earned.get(purpose) ?? 0) + sums.net)
  })
  postJournal(ctx, {
    ...common,
    label: 'journal',
    lines: [
      { purpose: 'receivable', amount: totals.total, party: a.party },
      ...[...earned].map(([purpose, net]) => ({ purpose, amount: amountMinor(-net) })),
      ...totals.taxes.map(({ code, tax }) => ({ purpose: `tax-${code}`, amount: amountMinor(-tax) })),
    ],
  })
}
