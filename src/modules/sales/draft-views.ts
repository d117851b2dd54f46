// What screens read before they propose an invoice or a credit note: the orders that have something to bill, and the rows that the drafts of
// drafts.ts are made of. Reading only; a handler never uses a view.
import { searchTerms, view } from '../../kernel/view.ts'
import { item } from '../masters/item.ts'
import { wholeRows } from '../pricing/quote-rows.ts'
import { creditLine } from './credit-note.ts'
import { invoice, invoiceLine } from './invoice.ts'
import { order, orderLine } from './order.ts'

const LIST_LIMIT = 50

/** A stored row as JSON text, with the name of its table. */
export type WholeRow = { readonly table: string; readonly id: string; readonly row: string }

export type BillableOrder = {
  readonly id: string
  readonly number: string
  readonly businessDate: string
  readonly party: string
  readonly partyName: string
  readonly total: number
  readonly currency: string
  /** Lines with something to bill. */
  readonly lines: number
}

/** Goods are billed when they were delivered and kept, services when they were ordered; nothing of an order on hold is listed. */
export const ordersToBill = view<BillableOrder>()(
  'sales.ordersToBill',
  [order, orderLine],
  (a: { search?: string; limit?: number }) => ({
    text: `select d.id, d.number, d.business_date as businessDate, d.party, d.party_name as partyName, d.total, d.currency, count(l.id) as lines
    from sales_order d join sales_order_line l on l.document = d.id and l.gone_at is null
      and case when l.is_goods = 1 then min(l.delivered, l.quantity + l.amended - l.closed + l.excess_confirmed) - l.returned
        else l.quantity + l.amended - l.closed end > l.billed
    where d.gone_at is null and d.state = 'submitted' and d.is_on_hold = 0
      and (?1 = '' or d.rid in (select rowid from sales_order_search where sales_order_search match ?1))
    group by d.id order by d.business_date, d.captured_at, d.id limit ?2`,
    params: [searchTerms(a.search ?? ''), a.limit ?? LIST_LIMIT],
  }),
)

/** The order, its lines and their items: what an invoice's draft is made of. */
export const invoiceDraftRows = view<WholeRow>()(
  'sales.invoiceDraftRows',
  [order, orderLine, item],
  (a: { order: string }) => ({
    text: [
      wholeRows(order, 'id = ?1'),
      wholeRows(orderLine, 'document = ?1'),
      wholeRows(item, 'id in (select item from sales_order_line where document = ?1)'),
    ].join('\nunion all '),
    params: [a.order],
  }),
)

/** The invoice, its lines and what was credited of them: what a credit note's draft is made of. */
export const creditDraftRows = view<WholeRow>()(
  'sales.creditDraftRows',
  [invoice, invoiceLine, creditLine, item],
  (a: { invoice: string }) => ({
    text: [
      wholeRows(invoice, 'id = ?1'),
      wholeRows(invoiceLine, 'document = ?1'),
      wholeRows(creditLine, 'invoice_line in (select id from sales_invoice_line where document = ?1)'),
      wholeRows(item, 'id in (select item from sales_invoice_line where document = ?1)'),
    ].join('\nunion all '),
    params: [a.invoice],
  }),
)

export type CreditLineRow = {
  readonly id: string
  readonly position: number
  readonly itemName: string
  readonly unit: string
  readonly quantity: number
  readonly disposition: string | null
  readonly total: number
}

export const creditLines = view<CreditLineRow>()('sales.creditLines', [creditLine], (a: { creditNote: string }) => ({
  text: `select id, position, item_name as itemName, unit, quantity, disposition, total from sales_credit_line
    where document = ? and gone_at is null order by position`,
  params: [a.creditNote],
}))

export const draftViews = [ordersToBill, invoiceDraftRows, creditDraftRows, creditLines]
