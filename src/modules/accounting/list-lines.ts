// Lists lines of an imported document for a person to look at, and names each as an exception. It books nothing; the
// same line is listed once, on whichever device the import runs.
import { lineAmount } from '../../kernel/amount.ts'
import { ELSEWHERE, command } from '../../kernel/command.ts'
import { code, date, integer, list, quantity, rate, text } from '../../kernel/field.ts'
import { listedLine, listedReasons } from './listed-line.ts'
import { refuse } from './refusals.ts'

const exceptionOf = { 'not-stock': 'LISTED_NOT_STOCK', 'unknown-code': 'LISTED_UNKNOWN_CODE' } as const

export const listLines = command('accounting.listLines', {
  kind: 'fact',
  version: 1,
  permission: 'accounting.listLines',
  args: {
    externalRef: text(128),
    businessDate: date(),
    minorDigits: integer(),
    remarks: text().optional(),
    lines: list({
      position: integer(),
      reason: code(listedReasons),
      itemCode: text(64),
      about: text(200).optional(),
      quantity: quantity(),
      rate: rate(),
    }),
  },
  run(ctx, a) {
    if (a.lines.length === 0) refuse(ctx, 'accounting.nothing-given')
    const { company, branch } = ctx.lease
    const { externalRef, businessDate } = a
    for (const { position, reason, itemCode, about, quantity, rate } of a.lines) {
      const key = { company, externalRef, position, reason }
      const known = ctx.getByKey(listedLine, { ...key, branch, businessDate })
      if (known !== null && known !== ELSEWHERE) continue
      const facts = { externalRef, position, itemCode, quantity, rate }
      ctx.exception(exceptionOf[reason], facts)
      const amount = lineAmount(quantity, rate, a.minorDigits)
      ctx.insert(listedLine, {
        id: ctx.idOf(listedLine, key),
        ...key,
        branch,
        businessDate,
        device: ctx.device,
        itemCode,
        about: about ?? null,
        quantity,
        rate,
        amount,
        remarks: a.remarks ?? null,
      })
    }
    ctx.describe({ number: externalRef, lines: a.lines.length })
  },
})
