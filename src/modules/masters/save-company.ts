// Makes the company or changes its settings.
import { code, integer, json, name, text } from '../../kernel/field.ts'
import { command } from '../../kernel/command.ts'
import { addressSchema, company, stockPolicies, taxRoundings, type Address } from './organisation.ts'
import { bringToStand } from './stand.ts'

export const saveCompany = command('masters.saveCompany', {
  kind: 'edit',
  version: 1,
  permission: 'masters.configure',
  edits: company,
  args: {
    code: code(),
    name: name(),
    currency: code(),
    minorDigits: integer(),
    country: code(),
    tz: text(64),
    taxRounding: code(taxRoundings).optional(),
    stockPolicy: code(stockPolicies).optional(),
    taxId: text(32).optional(),
    address: json<Address>(addressSchema).optional(),
  },
  run(ctx, a) {
    if (a.minorDigits < 0 || a.minorDigits > 6)
      ctx.refuse('masters.minor-digits-out-of-range', { minorDigits: a.minorDigits, most: 6 })
    bringToStand(ctx, company, { code: a.code }, a)
    ctx.describe({ name: a.name })
  },
})
