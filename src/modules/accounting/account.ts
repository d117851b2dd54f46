// The chart of accounts. Accounts change only by request and are never removed.
import { code, flag, name, ref } from '../../kernel/field.ts'
import { table } from '../../kernel/table.ts'

export const accountTypes = ['asset', 'liability', 'equity', 'income', 'expense'] as const

export const account = table('accounting.account', {
  key: ['company', 'code'],
  fields: {
    company: ref('masters.company'),
    code: code(),
    name: name(),
    type: code(accountTypes),
    isDisabled: flag().default(false),
  },
  indexes: { byCompany: ['company', 'code'] },
  buckets: (row) => [`ledger:${row.company}`],
})
