// A line of an imported document that a person should look at: it was not booked, or it was booked although something
// about it was unknown. It moves no stock and no money.
import { monthOf } from '../../kernel/document.ts'
import { amount, code, date, integer, quantity, rate, ref, text } from '../../kernel/field.ts'
import { table } from '../../kernel/table.ts'

/** not-stock: a movement of something that isn't kept, not booked · unknown-code: taken for goods, and booked. */
export const listedReasons = ['not-stock', 'unknown-code'] as const

export const listedLine = table('accounting.listedLine', {
  key: ['company', 'externalRef', 'position', 'reason'],
  fields: {
    company: ref('masters.company'),
    branch: ref('masters.branch'),
    /** The imported document, as its own system calls it. */
    externalRef: text(128),
    /** The line's place in that document, from 1. */
    position: integer(),
    reason: code(listedReasons),
    businessDate: date(),
    device: text(16),
    /** The code as the document writes it. */
    itemCode: text(64),
    about: text(200).optional(),
    quantity: quantity(),
    rate: rate(),
    amount: amount(),
    remarks: text().optional(),
  },
  indexes: { byReason: ['reason', 'itemCode'], byExternalRef: ['externalRef', 'position'] },
  buckets: (row) => [`accounts:${row.branch}:${monthOf(row.businessDate)}`],
})
