// Sets the percentage of a tax code from a day on. The rates of earlier days stay as they are.
import { command } from '../../kernel/command.ts'
import { code, date, rate } from '../../kernel/field.ts'
import { bringToStand } from './stand.ts'
import { taxCode, taxRate } from './tax-code.ts'

const HUNDRED_PERCENT = 100_000_000

export const setTaxRate = command('masters.setTaxRate', {
  kind: 'request',
  version: 1,
  permission: 'masters.setTax',
  edits: taxRate,
  args: { code: code(), from: date(), percent: rate() },
  run(ctx, a) {
    if (a.percent < 0 || a.percent > HUNDRED_PERCENT)
      ctx.refuse('masters.tax-percent-out-of-range', { percent: a.percent })
    if (ctx.getByKey(taxCode, { code: a.code }) === null) ctx.refuse('masters.unknown-tax-code', { code: a.code })
    bringToStand(ctx, taxRate, { code: a.code, from: a.from }, a)
    ctx.describe({ name: a.code, from: a.from })
  },
})
