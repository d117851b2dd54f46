// Money received from a customer or paid out, and which invoices it settled. What is not allocated is the customer's
// advance. A payment is never changed; a bounced one is reversed with entries of that day.
import { document, lines, workBucket, type HeaderFields } from '../../kernel/document.ts'
import { amount, amountDelta, code, date, integer, ref, text } from '../../kernel/field.ts'

export const methodKinds = ['cash', 'bank', 'card', 'cheque', 'other'] as const
export const directions = ['in', 'out'] as const
/** What money paid out is for. */
export const outPurposes = ['supplier', 'refund'] as const

/** The drawer that money went into, in the arguments and in the row alike. */
export const drawerFields = {
  till: ref('masters.till').optional(),
  shift: ref('pos.shift').optional(),
  /** The shift's own day: it names the bucket of the drawer's balance. */
  shiftDate: date().optional(),
}

const own = {
  ...drawerFields,
  direction: code(directions),
  party: ref('masters.party'),
  partyName: text(200).personal(),
  territory: text(64),
  method: code(),
  methodKind: code(methodKinds),
  amount: amount(),
  /** The bank's or terminal's own reference, the cheque's number. */
  reference: text(128).optional(),
  /** The day on the cheque. */
  chequeDate: date().optional(),
  outPurpose: code(outPurposes).optional(),
  /** What of it settled invoices; the rest is an advance. Discounts and write-offs are not in it. */
  allocated: amountDelta(),
  reversedOn: date().optional(),
  reverseReason: text(200).optional(),
}

/** Something of it may still settle an invoice. */
const hasAdvance = (row: {
  readonly state: string
  readonly direction: string
  readonly amount: number
  readonly allocated: number
  readonly reversedOn: string | null
}): boolean =>
  row.state === 'submitted' && row.direction === 'in' && row.reversedOn === null && row.amount !== row.allocated

export const payment = document<typeof own>('payments.payment', {
  key: ['company', 'externalRef'],
  // document() puts the header's fields beside these.
  fields: own as typeof own & HeaderFields,
  subject: ['party'],
  indexes: { byParty: ['party', 'businessDate'], byBranch: ['branch', 'businessDate'], byReference: ['reference'] },
  search: ['number', 'partyName', 'reference'],
  buckets: (row) => [
    workBucket('orders', row.branch, { day: row.businessDate ?? '', isOpen: row.state === 'draft' || hasAdvance(row) }),
  ],
  bucketsSince: 2,
})

export const allocation = lines('payments.allocation', payment, {
  fields: {
    position: integer(),
    invoice: ref('sales.invoice'),
    invoiceNumber: text(32).optional(),
    businessDate: date(),
    /** What was meant for the invoice, and what of it the invoice still owed. */
    amount: amount(),
    applied: amount(),
    /** Given for paying early; taken as lost. Both settle the invoice without money. */
    discount: amount(),
    writeOff: amount(),
  },
  indexes: { byInvoice: ['invoice'] },
})

/** The ledger purpose of the money itself. */
export function purposeOfMethod(of: {
  readonly methodKind: (typeof methodKinds)[number]
  readonly method: string
  readonly shift?: string | null | undefined
}): string {
  switch (of.methodKind) {
    case 'cash':
      return of.shift == null ? 'cash-in-hand' : 'till-cash'
    case 'bank':
      return 'bank'
    case 'card':
      return 'card-clearing'
    case 'cheque':
      return 'cheques-in-hand'
    case 'other':
      return `${of.method}-clearing`
  }
}
