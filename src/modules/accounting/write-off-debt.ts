// Writes a bad debt off, or takes a write-off back: Dr or Cr receivable against `bad-debt`. The same imported document is
// recorded once.
import { amountMinor } from '../../kernel/amount.ts'
import { command } from '../../kernel/command.ts'
import { list } from '../../kernel/field.ts'
import { debtAdjustment, debtAdjustmentLine } from './debt-adjustment.ts'
import { negated, openOwed, owedArgs, owedLineArgs, postOwedDocument } from './owed-document.ts'

export const writeOffDebt = command('accounting.writeOffDebt', {
  kind: 'fact',
  version: 1,
  permission: 'accounting.writeOffDebt',
  args: {
    ...owedArgs,
    /** Below zero takes debt away. */
    lines: list(owedLineArgs),
  },
  run(ctx, a) {
    const of = { table: debtAdjustment, label: 'adjustment', series: 'B', purpose: 'receivable' } as const
    const opened = openOwed(ctx, a, of)
    if (opened === null) return
    const { header, amounts, total } = opened
    ctx.insert(debtAdjustment, header)
    a.lines.forEach(({ about, quantity, rate }, position) => {
      ctx.insert(debtAdjustmentLine, {
        id: ctx.id(`line/${position}`),
        document: header.id,
        position,
        about,
        quantity,
        rate,
        amount: amounts[position] ?? amountMinor(0),
      })
    })
    postOwedDocument(ctx, a, opened, {
      table: debtAdjustment,
      lines: [
        { purpose: 'receivable', amount: total, party: a.party ?? null },
        { purpose: 'bad-debt', amount: negated(total) },
      ],
      amount: total,
    })
  },
})
