// What stock cost: entries and the balance of each item at each branch. Hub tables that only the valuation writes; a
// device holds them only if its profile carries costs, and no command ever does.
import { amount, amountDelta, code, date, quantity, quantityDelta, rate, ref, text } from '../../kernel/field.ts'
import { table } from '../../kernel/table.ts'

/** receipt and issue move value with goods; difference is what a covering receipt cost more than was assumed. */
export const costKinds = ['receipt', 'issue', 'difference'] as const

/** Never changed; Σ amount is the stock account. */
export const costEntry = table('accounting.costEntry', {
  side: 'hub',
  fields: {
    company: ref('masters.company'),
    branch: ref('masters.branch'),
    item: ref('masters.item'),
    kind: code(costKinds),
    document: code(),
    documentId: text(64),
    line: text(64).optional(),
    /** The first stock entry that it values. */
    stockEntry: ref('kernel.stockEntry'),
    /** The document's own day. */
    businessDate: date(),
    /** Signed like the stock entry, in stock units. */
    quantity: quantity(),
    /** Signed value in the company's currency. */
    amount: amount(),
    /** The account on the other side. */
    purpose: code(),
  },
  indexes: { byDocument: ['documentId'], byLine: ['line'], byItem: ['item', 'branch', 'businessDate'] },
  buckets: () => ['costs'],
})

export const costBalance = table('accounting.costBalance', {
  side: 'hub',
  key: ['company', 'branch', 'item'],
  fields: {
    company: ref('masters.company'),
    branch: ref('masters.branch'),
    item: ref('masters.item'),
    quantity: quantityDelta(),
    value: amountDelta(),
    /** What one stock unit cost last: for goods sold before any came. */
    lastCost: rate().optional(),
  },
  indexes: { byItem: ['item', 'branch'] },
  buckets: () => ['costs'],
})
