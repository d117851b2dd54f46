// An expense: money that went for a fee, a charge, a thing used up, with no stock and no supplier's bill behind it. A
// quantity below zero takes an earlier expense back. Amounts carry no tax of their own.
import { document, lines, monthOf, type HeaderFields } from '../../kernel/document.ts'
import { amount, code, integer, quantity, rate, ref, text } from '../../kernel/field.ts'

const own = {
  /** Null when it concerns no customer or supplier. */
  party: ref('masters.party').optional(),
  partyName: text(200).optional().personal(),
  /** Ledger purpose of where the money came from: `till-cash`, `card-clearing`, `web-clearing`, `receivable`, `payable`. */
  paidFrom: code(),
  minorDigits: integer(),
  total: amount(),
}

export const expense = document<typeof own>('accounting.expense', {
  key: ['company', 'externalRef'],
  // document() puts the header's fields beside these.
  fields: own as typeof own & HeaderFields,
  subject: ['party'],
  indexes: { byBranch: ['branch', 'businessDate'], byParty: ['party', 'businessDate'] },
  buckets: (row) => [`accounts:${row.branch}:${monthOf(row.businessDate)}`],
})

export const expenseLine = lines('accounting.expenseLine', expense, {
  fields: {
    position: integer(),
    /** The fee or service item, where the company keeps one. */
    item: ref('masters.item').optional(),
    about: text(200),
    /** Ledger purpose that bears it: `fees`, `travel`, `office` … */
    purpose: code(),
    quantity: quantity(),
    rate: rate(),
    amount: amount(),
  },
})
