// Tax codes and their rates over time. A document freezes the code and percentage it used: a new rate is a new row in
// force from its day, never a change of an old one.
import { code, date, name, rate } from '../../kernel/field.ts'
import { table } from '../../kernel/table.ts'

export const taxTreatments = ['standard', 'reduced', 'zero', 'exempt', 'reverse-charge', 'outside-scope'] as const

export const taxCode = table('masters.taxCode', {
  key: ['code'],
  fields: { code: code(), name: name(64), treatment: code(taxTreatments) },
  buckets: () => ['company'],
  whole: ['company'],
})

export const taxRate = table('masters.taxRate', {
  key: ['code', 'from'],
  fields: {
    code: code(),
    /** In force from this day until the next row's. */
    from: date(),
    /** 20 % is 20 000 000. */
    percent: rate(),
  },
  indexes: { byCode: ['code', 'from'] },
  buckets: () => ['company'],
  whole: ['company'],
})
