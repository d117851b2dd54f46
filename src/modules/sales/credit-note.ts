// A credit note: it takes back a part of an invoice, by quantity or by amount, under its own number. Quantities and
// amounts are stored above zero; what they do to the ledgers has the other sign of an invoice.
import { document, lines, workBucket, type HeaderFields } from '../../kernel/document.ts'
import { amount, code, flag, quantity, ref, text } from '../../kernel/field.ts'
import type { Row } from '../../kernel/table.ts'
import { unconfirmedSerials } from '../masters/batch.ts'
import { pricedLineFields, revenuePurposes, totalFields } from './price-fields.ts'

export const creditReasons = ['return', 'price', 'damage', 'error', 'goodwill', 'other'] as const
/** saleable: on the shelf again · quarantine: to be looked at · scrap: came back and was thrown away. */
export const dispositions = ['saleable', 'quarantine', 'scrap'] as const

const own = {
  ...totalFields,
  party: ref('masters.party'),
  partyName: text(200).personal(),
  territory: text(64),
  invoice: ref('sales.invoice'),
  invoiceNumber: text(32).optional(),
  reason: code(creditReasons),
  /** What of it settled the invoice; the rest is the customer's advance. */
  applied: amount(),
  /** Where goods came back to. */
  warehouse: ref('masters.warehouse').optional(),
}

export const creditNote = document<typeof own>('sales.creditNote', {
  key: ['company', 'externalRef'],
  // document() puts the header's fields beside these.
  fields: own as typeof own & HeaderFields,
  subject: ['party'],
  indexes: { byInvoice: ['invoice'], byParty: ['party', 'businessDate'], byBranch: ['branch', 'businessDate'] },
  search: ['number', 'partyName', 'invoiceNumber'],
  buckets: (row) => [workBucket('orders', row.branch, { day: row.businessDate ?? '', isOpen: row.state === 'draft' })],
  bucketsSince: 2,
})

export const creditLine = lines('sales.creditLine', creditNote, {
  fields: {
    ...pricedLineFields,
    invoiceLine: ref('sales.invoiceLine'),
    revenue: code(revenuePurposes),
    /** The order line may be billed again. */
    billAgain: flag().default(false),
    disposition: code(dispositions).optional(),
    batch: text(64).optional(),
    stockQuantity: quantity(),
    unconfirmedSerials: unconfirmedSerials(),
  },
  indexes: { byInvoiceLine: ['invoiceLine'] },
})

export type CreditLine = Row<typeof creditLine>
