// A goods receipt: what came in, what of it was accepted, and from whom. Rejected goods never enter the stock; what the
// goods cost is the valuation's matter on the hub.
import { document, lines, monthOf, type HeaderFields } from '../../kernel/document.ts'
import { code, date, integer, quantity, rate, ref, set, text } from '../../kernel/field.ts'
import { unconfirmedSerials } from '../masters/batch.ts'

const own = {
  warehouse: ref('masters.warehouse'),
  supplier: ref('masters.party').optional(),
  /** The supplier's own delivery note number. */
  supplierNote: text(64).optional(),
  /** The purchase order's id; absent for a receipt without one. */
  order: text(64).optional(),
  reversedOn: date().optional(),
}

export const receipt = document<typeof own>('inventory.receipt', {
  key: ['company', 'externalRef'],
  // document() puts the header's fields beside these.
  fields: own as typeof own & HeaderFields,
  indexes: {
    byBranch: ['branch', 'businessDate'],
    bySupplierNote: ['supplier', 'supplierNote'],
    byOrder: ['order'],
  },
  buckets: (row) => [`entries:${row.branch}:${monthOf(row.businessDate)}`],
})

export const receiptLine = lines('inventory.receiptLine', receipt, {
  fields: {
    line: integer(),
    item: ref('masters.item'),
    unit: code(),
    /** The unit's factor as it was: `num/den` stock units each. */
    num: integer(),
    den: integer(),
    /** In `unit`. */
    accepted: quantity(),
    rejected: quantity(),
    rejectReason: text(200).optional(),
    /** What entered the stock, in stock units. */
    stockQuantity: quantity(),
    batch: text(64).optional(),
    expiresOn: date().optional(),
    serials: set().default([]),
    unconfirmedSerials: unconfirmedSerials(),
    /** Agreed price per `unit` without tax: the valuation reads it. */
    rate: rate().optional(),
    orderLine: text(64).optional(),
  },
})
