// The sales module: orders, invoices and credit notes, and the sums that tie them together. Delivery and payments lean
// on it (docs/decisions/0002-chain-modules.md); it knows neither.
import type { Module } from '../../kernel/catalogue.ts'
import { cancelOrder } from './cancel-order.ts'
import { changeQuantity } from './change-quantity.ts'
import { confirmExcess } from './confirm-excess.ts'
import { creditLine, creditNote } from './credit-note.ts'
import { editOrder } from './edit-order.ts'
import { invoice, invoiceLine } from './invoice.ts'
import { issueCreditNote } from './issue-credit-note.ts'
import { issueInvoice } from './issue-invoice.ts'
import { order, orderLine } from './order.ts'
import { placeOrder } from './place-order.ts'
import { salesExceptions } from './refusals.ts'
import { releaseOrder } from './release-order.ts'
import { shortCloseOrder } from './short-close-order.ts'
import { salesViews } from './views.ts'

export const salesModule: Module = {
  name: 'sales',
  tables: [order, orderLine, invoice, invoiceLine, creditNote, creditLine],
  commands: [
    placeOrder,
    editOrder,
    changeQuantity,
    releaseOrder,
    shortCloseOrder,
    cancelOrder,
    confirmExcess,
    issueInvoice,
    issueCreditNote,
  ],
  views: salesViews,
  exceptions: salesExceptions,
}
