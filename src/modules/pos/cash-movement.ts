// Money that moves in or out of a drawer beside the sales, drawers opened for nothing, and receipts printed again: each
// a document of its own with a reason, so that a close can explain every difference.
import { monthOf } from '../../kernel/document.ts'
import { amount, code, ref, text } from '../../kernel/field.ts'
import { tillDocument } from './till-document.ts'

export const movementKinds = ['in', 'out', 'drop', 'no-sale', 'handover', 'reprint'] as const
/** Why money goes in or out; each is a ledger purpose on its other side. */
export const cashInReasons = ['change', 'correction', 'other-income'] as const
export const cashOutReasons = ['change', 'correction', 'petty-cash'] as const

/** The ledger purpose on the other side of the till's cash. */
export const purposeOfReason = {
  change: 'safe',
  correction: 'cash-difference',
  'other-income': 'other-income',
  'petty-cash': 'petty-cash',
} as const

export const cashMovement = tillDocument('pos.cashMovement', {
  fields: {
    kind: code(movementKinds),
    till: ref('masters.till'),
    shift: ref('pos.shift'),
    method: code().optional(),
    /** Positive into the drawer; 0 when only the drawer opened. */
    amount: amount(),
    reason: text(200),
    /** The receipt that was printed again. */
    sale: ref('pos.sale').optional(),
  },
  indexes: { byShift: ['shift', 'kind'], bySale: ['sale', 'capturedAt'] },
  buckets: (row) => [`sales:${row.branch}:${monthOf(row.businessDate)}`],
})
