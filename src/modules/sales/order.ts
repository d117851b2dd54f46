// A sales order and its lines. What was ordered stays as it was agreed; delivered, billed, returned, amended and closed
// are sums that only deltas change, so that two drivers and an office never overwrite each other.
import { document, lines, workBucket, type HeaderFields } from '../../kernel/document.ts'
import { amount, date, flag, instant, integer, json, quantityDelta, ref, set, text } from '../../kernel/field.ts'
import type { Row } from '../../kernel/table.ts'
import { addressSchema, type Address } from '../masters/organisation.ts'
import { pricedLineFields, ruleFields, totalFields } from './price-fields.ts'

const own = {
  ...totalFields,
  party: ref('masters.party'),
  /** As printed; it stays when the party is renamed or merged. */
  partyName: text(200).personal(),
  territory: text(64),
  customerOrderNumber: text(64).optional(),
  deliverOn: date().optional(),
  shipTo: json<Address>(addressSchema).optional().personal(),
  contact: ref('masters.contact').optional(),
  salesperson: ref('masters.user').optional(),
  warehouse: ref('masters.warehouse').optional(),
  termsDays: integer(),
  documentRules: set().default([]),
  /** Beyond the credit: nothing of it counts or is delivered until it is released. */
  isOnHold: flag(),
  releasedAt: instant().optional().merge('stamp'),
  releasedBy: ref('masters.user').optional().merge('stamp'),
  isShortClosed: flag().default(false),
  cancelReason: text(200).optional(),
  /** What its lines still have to be delivered or billed, in their units: until it is nothing the order is open work. */
  pending: quantityDelta().since(2),
}

const isOpenOrder = (row: { readonly state: string; readonly isOnHold: boolean; readonly pending: number }): boolean =>
  row.state === 'draft' || (row.state === 'submitted' && (row.isOnHold || row.pending !== 0))

export const order = document<typeof own>('sales.order', {
  key: ['company', 'externalRef'],
  // document() puts the header's fields beside these.
  fields: own as typeof own & HeaderFields,
  subject: ['party'],
  indexes: {
    byParty: ['party', 'businessDate'],
    byCustomerNumber: ['party', 'customerOrderNumber'],
    byBranch: ['branch', 'businessDate'],
    byNumber: ['number'],
  },
  search: ['number', 'partyName', 'customerOrderNumber'],
  buckets: (row) => [workBucket('orders', row.branch, { day: row.businessDate ?? '', isOpen: isOpenOrder(row) })],
  bucketsSince: 2,
})

/** Quantities are in the line's own unit. */
export const orderLine = lines('sales.orderLine', order, {
  fields: {
    ...pricedLineFields,
    ...ruleFields,
    lineDiscount: amount(),
    documentDiscount: amount(),
    /** A service needs no delivery before it is billed. */
    isGoods: flag(),
    deliverOn: date().optional(),
    warehouse: ref('masters.warehouse').optional(),
    /** Ordered more (or less) after it was submitted. */
    amended: quantityDelta(),
    /** Will not be delivered any more. */
    closed: quantityDelta(),
    /** Deliveries less what came back to be delivered again. */
    delivered: quantityDelta(),
    /** Came back for good. */
    returned: quantityDelta(),
    /** Invoices less what was credited to be billed again. */
    billed: quantityDelta(),
    /** Beyond the tolerance, but the customer keeps and pays it. */
    excessConfirmed: quantityDelta(),
  },
  indexes: { byItem: ['item'] },
})

export type Order = Row<typeof order>
export type OrderLine = Row<typeof orderLine>
