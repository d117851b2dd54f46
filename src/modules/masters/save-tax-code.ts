// Makes a tax code or renames it; its percentages are set by setTaxRate.
import { command } from '../../kernel/command.ts'
import { code, name } from '../../kernel/field.ts'
import { bringToStand } from './stand.ts'
import { taxCode, taxTreatments } from './tax-code.ts'

export const saveTaxCode = command('masters.saveTaxCode', {
  kind: 'edit',
  version: 1,
  permission: 'masters.configure',
  edits: taxCode,
  args: { code: code(), name: name(64), treatment: code(taxTreatments) },
  run(ctx, a) {
    bringToStand(ctx, taxCode, { code: a.code }, a)
    ctx.describe({ name: a.name })
  },
})
