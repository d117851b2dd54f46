// What screens read of orders, invoices and credit notes. Reading only; a handler never uses a view.
import { partyEntry } from '../../kernel/ledger.ts'
import { searchTerms, view } from '../../kernel/view.ts'
import { item } from '../masters/item.ts'
import { party } from '../masters/party.ts'
import { creditLine, creditNote } from './credit-note.ts'
import { draftViews } from './draft-views.ts'
import { invoice, invoiceLine } from './invoice.ts'
import { order, orderLine } from './order.ts'

const LIST_LIMIT = 50

export interface ListGiven {
  readonly search?: string
  readonly party?: string
  /** The one document that is open, wherever it stands in the list. */
  readonly id?: string
  readonly limit?: number
  readonly offset?: number
}

/** The conditions, order and page of a list of documents `d`, by number, party or both. */
function listed(
  sqlName: string,
  { search, party: of, id, limit, offset }: ListGiven,
): { readonly text: string; readonly params: (string | number)[] } {
  const terms = searchTerms(search ?? '')
  const conditions = ['d.gone_at is null']
  const params: (string | number)[] = []
  if (terms !== '') {
    conditions.push(`d.rid in (select rowid from ${sqlName}_search where ${sqlName}_search match ?)`)
    params.push(terms)
  }
  if (of !== undefined) {
    conditions.push('d.party = ?')
    params.push(of)
  }
  if (id !== undefined) {
    conditions.push('d.id = ?')
    params.push(id)
  }
  params.push(limit ?? LIST_LIMIT, offset ?? 0)
  return {
    text: `where ${conditions.join(' and ')} order by d.business_date desc, d.captured_at desc, d.id limit ? offset ?`,
    params,
  }
}

export type OrderRow = {
  readonly id: string
  readonly number: string
  readonly businessDate: string
  readonly party: string
  readonly partyName: string
  readonly customerOrderNumber: string | null
  readonly deliverOn: string | null
  readonly state: string
  readonly isOnHold: number
  readonly isShortClosed: number
  readonly total: number
  readonly currency: string
  /** Sums over the goods lines, in their own units × 10⁶: the fulfilment axis. */
  readonly ordered: number
  readonly delivered: number
  readonly open: number
  readonly billed: number
}

export const orders = view<OrderRow>()('sales.orders', [order, orderLine], (a: ListGiven) => {
  const page = listed('sales_order', a)
  return {
    text: `select d.id, d.number, d.business_date as businessDate, d.party, d.party_name as partyName, d.customer_order_number as customerOrderNumber,
      d.deliver_on as deliverOn, d.state, d.is_on_hold as isOnHold, d.is_short_closed as isShortClosed, d.total, d.currency,
      l.ordered, l.delivered, l.open, l.billed
      from sales_order d join (select document, coalesce(sum(quantity + amended - closed), 0) as ordered, coalesce(sum(delivered), 0) as delivered,
        coalesce(sum(max(0, quantity + amended - closed - delivered)), 0) as open, coalesce(sum(billed), 0) as billed
        from sales_order_line where gone_at is null group by document) l on l.document = d.id
      ${page.text}`,
    params: page.params,
  }
})

export type OrderLineRow = {
  readonly id: string
  readonly position: number
  readonly item: string
  readonly itemCode: string
  readonly itemName: string
  readonly unit: string
  readonly factorNum: number
  readonly factorDen: number
  readonly quantity: number
  readonly amended: number
  readonly closed: number
  readonly delivered: number
  readonly returned: number
  readonly billed: number
  readonly rate: number
  readonly total: number
  readonly isGoods: number
  readonly deliverOn: string | null
}

export const orderLines = view<OrderLineRow>()('sales.orderLines', [orderLine], (a: { order: string }) => ({
  text: `select id, position, item, item_code as itemCode, item_name as itemName, unit, factor_num as factorNum, factor_den as factorDen, quantity, amended,
    closed, delivered, returned, billed, rate, total, is_goods as isGoods, deliver_on as deliverOn
    from sales_order_line where document = ? and gone_at is null order by position`,
  params: [a.order],
}))

export type InvoiceRow = {
  readonly id: string
  readonly number: string
  readonly businessDate: string
  readonly dueOn: string
  readonly party: string
  readonly partyName: string
  readonly total: number
  readonly paid: number
  readonly credited: number
  readonly owed: number
  readonly currency: string
}

export const invoices = view<InvoiceRow>()('sales.invoices', [invoice], (a: ListGiven) => {
  const page = listed('sales_invoice', a)
  return {
    text: `select d.id, d.number, d.business_date as businessDate, d.due_on as dueOn, d.party, d.party_name as partyName, d.total, d.paid, d.credited,
      d.total - d.paid - d.credited as owed, d.currency from sales_invoice d ${page.text}`,
    params: page.params,
  }
})

export type InvoiceLineRow = {
  readonly id: string
  readonly position: number
  readonly item: string
  readonly itemCode: string
  readonly itemName: string
  readonly unit: string
  readonly quantity: number
  readonly rate: number
  readonly discount: number
  readonly net: number
  readonly tax: number
  readonly total: number
  readonly credited: number
  readonly creditedAmount: number
}

export const invoiceLines = view<InvoiceLineRow>()('sales.invoiceLines', [invoiceLine], (a: { invoice: string }) => ({
  text: `select id, position, item, item_code as itemCode, item_name as itemName, unit, quantity, rate, discount, net, tax, total, credited,
    credited_amount as creditedAmount from sales_invoice_line where document = ? and gone_at is null order by position`,
  params: [a.invoice],
}))

export type CreditNoteRow = {
  readonly id: string
  readonly number: string
  readonly businessDate: string
  readonly party: string
  readonly partyName: string
  readonly invoice: string
  readonly invoiceNumber: string | null
  readonly reason: string
  readonly total: number
  readonly applied: number
  readonly currency: string
}

export const creditNotes = view<CreditNoteRow>()('sales.creditNotes', [creditNote, creditLine], (a: ListGiven) => {
  const page = listed('sales_credit_note', a)
  return {
    text: `select d.id, d.number, d.business_date as businessDate, d.party, d.party_name as partyName, d.invoice, d.invoice_number as invoiceNumber, d.reason,
      d.total, d.applied, d.currency from sales_credit_note d ${page.text}`,
    params: page.params,
  }
})

export type OpenItemRow = {
  readonly item: string
  readonly number: string | null
  readonly party: string
  readonly partyName: string | null
  readonly businessDate: string
  readonly dueOn: string | null
  readonly owed: number
}

/** What customers owe, by open item: invoices, and sales on account whose number another module keeps. */
export const openItems = view<OpenItemRow>()(
  'sales.openItems',
  [partyEntry, invoice, party],
  (a: { party?: string }) => ({
    text: `select e.item, i.number, e.party, p.name as partyName, min(e.business_date) as businessDate, min(e.due_on) as dueOn, sum(e.amount) as owed
    from kernel_party_entry e left join sales_invoice i on i.id = e.item left join masters_party p on p.id = e.party
    where e.account = 'receivable' and e.gone_at is null and (?1 is null or e.party = ?1)
    group by e.item, i.number, e.party, p.name having sum(e.amount) <> 0 order by dueOn, e.item`,
    params: [a.party ?? null],
  }),
)

export const orderById = view<
  OrderRow & {
    termsDays: number
    remarks: string | null
    pricesIncludeTax: number
    net: number
    tax: number
    discount: number
    capturedAt: number
    cancelReason: string | null
  }
>()('sales.orderById', [order, orderLine], (a: { order: string }) => ({
  text: `select d.id, d.number, d.business_date as businessDate, d.party, d.party_name as partyName, d.customer_order_number as customerOrderNumber,
      d.deliver_on as deliverOn, d.state, d.is_on_hold as isOnHold, d.is_short_closed as isShortClosed, d.total, d.currency, d.terms_days as termsDays,
      d.remarks, d.prices_include_tax as pricesIncludeTax, d.net, d.tax, d.discount, d.captured_at as capturedAt, d.cancel_reason as cancelReason,
      0 as ordered, 0 as delivered, 0 as open, 0 as billed
      from sales_order d where d.id = ? and d.gone_at is null`,
  params: [a.order],
}))

export const invoicesOfOrder = view<InvoiceRow>()('sales.invoicesOfOrder', [invoice], (a: { order: string }) => ({
  text: `select d.id, d.number, d.business_date as businessDate, d.due_on as dueOn, d.party, d.party_name as partyName, d.total, d.paid, d.credited,
      d.total - d.paid - d.credited as owed, d.currency from sales_invoice d where d."order" = ? and d.gone_at is null order by d.business_date, d.id`,
  params: [a.order],
}))

export type UsualItem = {
  readonly id: string
  readonly code: string
  readonly name: string
  readonly type: string
  readonly stockUnit: string
  readonly decimals: number
  readonly units: string
  readonly hasSerial: number
  readonly hasBatch: number
  readonly unit: string
  readonly lastQuantity: number
  readonly times: number
}
/** What a customer orders again and again, the most often ordered first. */
export const usualItems = view<UsualItem>()('sales.usualItems', [order, orderLine, item], (a: { party: string }) => ({
  text: `select i.id, i.code, i.name, i.type, i.stock_unit as stockUnit, i.decimals, i.units, i.has_serial as hasSerial, i.has_batch as hasBatch,
      l.unit, max(l.quantity) as lastQuantity, count(*) as times
    from sales_order d join sales_order_line l on l.document = d.id join masters_item i on i.id = l.item
    where d.party = ? and d.gone_at is null and i.is_disabled = 0 group by i.id, l.unit order by count(*) desc, max(d.business_date) desc, i.id limit 12`,
  params: [a.party],
}))

/** What a customer still owes of invoices, the first to fall due first. */
export const openInvoices = view<InvoiceRow>()('sales.openInvoices', [invoice], (a: { party: string }) => ({
  text: `select d.id, d.number, d.business_date as businessDate, d.due_on as dueOn, d.party, d.party_name as partyName, d.total, d.paid, d.credited,
      d.total - d.paid - d.credited as owed, d.currency from sales_invoice d
    where d.party = ? and d.total - d.paid - d.credited > 0 and d.gone_at is null order by d.due_on, d.business_date, d.id`,
  params: [a.party],
}))

export const salesViews = [
  openInvoices,
  orderById,
  invoicesOfOrder,
  usualItems,
  orders,
  orderLines,
  invoices,
  invoiceLines,
  creditNotes,
  openItems,
  ...draftViews,
]
