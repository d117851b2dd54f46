// An adjustment of what customers owe that no invoice and no payment explains: a bad debt written off, or one taken back.
// Signed like an invoice: below zero takes debt away.
import { document, lines, monthOf, type HeaderFields } from '../../kernel/document.ts'
import { amount, integer, quantity, rate, ref, text } from '../../kernel/field.ts'

const own = {
  /** Null when it is known only in total. */
  party: ref('masters.party').optional(),
  partyName: text(200).optional().personal(),
  minorDigits: integer(),
  total: amount(),
}

export const debtAdjustment = document<typeof own>('accounting.debtAdjustment', {
  key: ['company', 'externalRef'],
  // document() puts the header's fields beside these.
  fields: own as typeof own & HeaderFields,
  subject: ['party'],
  indexes: { byParty: ['party', 'businessDate'] },
  buckets: (row) => [`accounts:${row.branch}:${monthOf(row.businessDate)}`],
})

export const debtAdjustmentLine = lines('accounting.debtAdjustmentLine', debtAdjustment, {
  fields: {
    position: integer(),
    about: text(200),
    quantity: quantity(),
    /** Signed: a debt written off is below zero. */
    rate: rate(),
    amount: amount(),
  },
})
