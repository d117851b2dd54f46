// A journal entry made by a person: opening balances, adjustments. Debit is positive, credit negative; an entry is never
// changed, only reversed by another.
import { document, lines, type HeaderFields } from '../../kernel/document.ts'
import { amount, code, integer, ref, text } from '../../kernel/field.ts'

export const journalKinds = ['manual', 'opening', 'adjustment', 'reversal'] as const

const own = {
  kind: code(journalKinds),
  text: text(200),
  reverses: ref('accounting.journal').optional(),
  /** The entry that took this one back. */
  reversedBy: ref('accounting.journal').optional(),
}

export const journal = document<typeof own>('accounting.journal', {
  key: ['company', 'externalRef'],
  // document() puts the header's fields beside these.
  fields: own as typeof own & HeaderFields,
  indexes: { byDate: ['company', 'businessDate'] },
  buckets: (row) => [`ledger:${row.company}`],
})

export const journalLine = lines('accounting.journalLine', journal, {
  fields: {
    position: integer(),
    account: code(),
    amount: amount(),
    party: ref('masters.party').optional(),
    text: text(200).optional(),
  },
  indexes: { byAccount: ['account'] },
})
