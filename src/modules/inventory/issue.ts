// An issue: goods taken out of a store for a reason that is no sale. What they were worth is the valuation's matter.
import { document, lines, monthOf, type HeaderFields } from '../../kernel/document.ts'
import { code, date, integer, quantity, ref, set, text } from '../../kernel/field.ts'
import { unconfirmedSerials } from '../masters/batch.ts'

export const issueReasons = ['consumption', 'breakage', 'expired', 'sample', 'loss', 'own-use', 'correction'] as const

const own = {
  warehouse: ref('masters.warehouse'),
  reason: code(issueReasons),
  /** What the goods were used for: a job, a vehicle, a person. */
  purpose: text(200).optional(),
  reversedOn: date().optional(),
}

export const issue = document<typeof own>('inventory.issue', {
  key: ['company', 'externalRef'],
  // document() puts the header's fields beside these.
  fields: own as typeof own & HeaderFields,
  indexes: { byBranch: ['branch', 'businessDate'] },
  buckets: (row) => [`entries:${row.branch}:${monthOf(row.businessDate)}`],
})

export const issueLine = lines('inventory.issueLine', issue, {
  fields: {
    line: integer(),
    item: ref('masters.item'),
    unit: code(),
    num: integer(),
    den: integer(),
    /** In `unit`. */
    quantity: quantity(),
    stockQuantity: quantity(),
    batch: text(64).optional(),
    serials: set().default([]),
    unconfirmedSerials: unconfirmedSerials(),
  },
})
