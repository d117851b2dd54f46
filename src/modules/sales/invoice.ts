// A sales invoice and its lines. Once numbered it is never changed or cancelled; paid and credited are sums, and a
// credit note with its own number is the only way to undo a part of it.
import { document, lines, workBucket, type HeaderFields } from '../../kernel/document.ts'
import { amountDelta, code, date, integer, quantityDelta, ref, set, text } from '../../kernel/field.ts'
import type { Row } from '../../kernel/table.ts'
import { pricedLineFields, revenuePurposes, ruleFields, schedule, totalFields } from './price-fields.ts'

const own = {
  ...totalFields,
  party: ref('masters.party'),
  partyName: text(200).personal(),
  territory: text(64),
  order: ref('sales.order').optional(),
  customerOrderNumber: text(64).optional(),
  /** The day that decides the tax rate, where it isn't the business date. */
  taxPoint: date().optional(),
  termsDays: integer(),
  /** The last instalment's day. */
  dueOn: date(),
  schedule: schedule(),
  documentRules: set().default([]),
  /** Money and discounts that settled it. */
  paid: amountDelta(),
  /** Credit notes that settled it. */
  credited: amountDelta(),
}

/** Until it is settled it is open work. */
const isOwed = (row: {
  readonly state: string
  readonly total: number
  readonly paid: number
  readonly credited: number
}): boolean => row.state === 'submitted' && row.total !== row.paid + row.credited

export const invoice = document<typeof own>('sales.invoice', {
  key: ['company', 'externalRef'],
  // document() puts the header's fields beside these.
  fields: own as typeof own & HeaderFields,
  subject: ['party'],
  indexes: {
    byParty: ['party', 'dueOn'],
    byOrder: ['order'],
    byBranch: ['branch', 'businessDate'],
    byNumber: ['number'],
  },
  search: ['number', 'partyName'],
  buckets: (row) => [
    workBucket('orders', row.branch, { day: row.businessDate ?? '', isOpen: row.state === 'draft' || isOwed(row) }),
  ],
  bucketsSince: 2,
})

export const invoiceLine = lines('sales.invoiceLine', invoice, {
  fields: {
    ...pricedLineFields,
    ...ruleFields,
    revenue: code(revenuePurposes),
    orderLine: ref('sales.orderLine').optional(),
    /** How much of the quantity, and of the total, credit notes took back. */
    credited: quantityDelta(),
    creditedAmount: amountDelta(),
  },
  indexes: { byOrderLine: ['orderLine'] },
})

export type Invoice = Row<typeof invoice>
export type InvoiceLine = Row<typeof invoiceLine>

/** What is still owed of it. */
export const owedOf = (of: Pick<Invoice, 'total' | 'paid' | 'credited'>): number => of.total - of.paid - of.credited
