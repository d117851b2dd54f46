// The chart of accounts and the fiscal periods. Accounts change only by request and are never removed; a period that has
// no row is open.
import { code, flag, instant, name, ref, text } from '../../kernel/field.ts'
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

/** soft-closed: only who may post into it still does · closed: nobody does. */
export const periodStates = ['open', 'soft-closed', 'closed'] as const

export const fiscalPeriod = table('accounting.fiscalPeriod', {
  key: ['company', 'month'],
  fields: {
    company: ref('masters.company'),
    /** `2026-11` */
    month: code(),
    state: code(periodStates),
    changedAt: instant(),
    changedBy: ref('masters.user'),
    /** Devices that had not reported when it was closed, by name; empty when all had. */
    missing: text(500).optional(),
  },
  indexes: { byCompany: ['company', 'month'] },
  buckets: () => ['company'],
  whole: ['company'],
})
