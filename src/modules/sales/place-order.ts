// A customer orders. The order stands at the prices agreed; beyond the customer's credit it is kept on hold, and its
// release is a request of its own. It reserves nothing: that would promise goods that two devices both see.
import { quantity6 } from '../../kernel/amount.ts'
import { command, row, type Context } from '../../kernel/command.ts'
import { headerOf } from '../../kernel/document.ts'
import { date, integer, json, list, ref, text, type ArgsOf } from '../../kernel/field.ts'
import { postParty } from '../../kernel/ledger.ts'
import { item } from '../masters/item.ts'
import { addressSchema, type Address } from '../masters/organisation.ts'
import { party } from '../masters/party.ts'
import type { DocumentTotals } from '../pricing/price-types.ts'
import { importedId } from './already-imported.ts'
import { isBeyondCredit } from './credit.ts'
import { order, orderLine } from './order.ts'
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
  /** Days until an invoice of it is due. */
  termsDays: integer(),
  customerOrderNumber: text(64).optional(),
  deliverOn: date().optional(),
  shipTo: json<Address>(addressSchema).optional().personal(),
  contact: ref('masters.contact').optional(),
  /** Default: whoever captures it. */
  salesperson: ref('masters.user').optional(),
  warehouse: ref('masters.warehouse').optional(),
  lines: list({ ...pricedLineArgs, deliverOn: date().optional(), warehouse: ref('masters.warehouse').optional() }),
}
type Args = ArgsOf<typeof args>

export const placeOrder = command('sales.placeOrder', {
  kind: 'fact',
  version: 1,
  permission: 'sales.order',
  args,
  reads: (a) => [row(party, a.party), ...a.lines.map((line) => row(item, line.item))],
  run(ctx, a) {
    const { id, isNew } = importedId(ctx, order, { ...a, label: 'order' })
    if (!isNew) return
    if (a.termsDays < 0) refuse(ctx, 'sales.terms-negative', { termsDays: a.termsDays })
    const totals = checkedTotals(ctx, a)
    checkSettings(ctx, a)
    const customer = customerOf(ctx, a)
    checkOrderNumber(ctx, a, customer)
    checkPrices(ctx, a, () => false)
    const isOnHold = isBeyondCredit(ctx, customer, totals.total)
    const number = ctx.nextNumber('O', a.businessDate)
    insertHeader(ctx, a, { id, number, customer, totals, isOnHold })
    a.lines.forEach((line, at) => insertLine(ctx, id, { a, line, at, totals }))
    ctx.add(order, id, { pending: quantity6(a.lines.reduce((sum, line) => sum + line.quantity, 0)) })
    if (!isOnHold) postOrdered(ctx, a, { id, customer, totals })
    ctx.describe({ number, party: customer.name, amountMinor: totals.total, currency: a.currency, isOnHold })
  },
})

/** A customer's own order number twice is likely the same order twice: said, never refused. */
function checkOrderNumber(ctx: Context, a: Args, customer: Customer): void {
  const given = a.customerOrderNumber ?? null
  rule(ctx, 'sales.order-number-needed', !customer.needsOrderNumber || given !== null, { party: a.party })
  if (given === null) return
  const same = ctx.find(
    order,
    'byCustomerNumber',
    { party: a.party, customerOrderNumber: given },
    { soft: true, limit: 1 },
  )[0]
  if (same !== undefined)
    ctx.exception('ORDER_NUMBER_TWICE', { party: a.party, customerOrderNumber: given, order: same.number })
}

interface Placing {
  readonly id: string
  readonly number: string
  readonly customer: Customer
  readonly totals: DocumentTotals
  readonly isOnHold: boolean
}

function insertHeader(ctx: Context, a: Args, { id, number, customer, totals, isOnHold }: Placing): void {
  ctx.insert(order, {
    ...headerOf(ctx, { ...a, postsNothing: true }),
    ...storedTotals(a, totals),
    id,
    number,
    state: 'submitted',
    party: a.party,
    partyName: customer.name,
    territory: customer.territory,
    customerOrderNumber: a.customerOrderNumber ?? null,
    deliverOn: a.deliverOn ?? null,
    shipTo: a.shipTo ?? null,
    contact: a.contact ?? null,
    salesperson: a.salesperson ?? ctx.user,
    warehouse: a.warehouse ?? null,
    termsDays: a.termsDays,
    documentRules: a.documentRules ?? [],
    isOnHold,
  })
}

interface PlacingLine {
  readonly a: Args
  readonly line: Args['lines'][number]
  readonly at: number
  readonly totals: DocumentTotals
}

function insertLine(ctx: Context, id: string, { a, line, at, totals }: PlacingLine): void {
  const known = itemOf(ctx, line.item, at)
  const sums = totals.lines[at]
  ctx.insert(orderLine, {
    ...storedLine(line, known, totals, at),
    id: ctx.id(lineLabel(at)),
    document: id,
    source: line.source,
    rules: line.rules ?? [],
    ruleDiscount: sums?.ruleDiscount ?? totals.discount,
    lineDiscount: sums?.lineDiscount ?? totals.discount,
    documentDiscount: sums?.documentDiscount ?? totals.discount,
    isGoods: known === null || known.type === 'goods' || known.type === 'deposit',
    deliverOn: line.deliverOn ?? a.deliverOn ?? null,
    warehouse: line.warehouse ?? a.warehouse ?? null,
  })
}

/** The whole order counts towards credit from now on: the sum of what its lines count by themselves. */
function postOrdered(
  ctx: Context,
  a: Args,
  { id, customer, totals }: Pick<Placing, 'id' | 'customer' | 'totals'>,
): void {
  if (totals.total === 0) return
  const { company, branch } = ctx.lease
  postParty(ctx, {
    label: 'ordered',
    document: { table: order, id },
    businessDate: a.businessDate,
    branch,
    company,
    party: a.party,
    territory: customer.territory,
    account: 'ordered',
    amount: totals.total,
    item: id,
  })
}
