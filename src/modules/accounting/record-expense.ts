// Records an expense and posts it: Dr the purpose of each line, Cr where the money came from. It happened, so the hub
// never refuses it; the same imported document is recorded once.
import { amountMinor } from '../../kernel/amount.ts'
import { command } from '../../kernel/command.ts'
import { code, list, ref } from '../../kernel/field.ts'
import { expense, expenseLine } from './expense.ts'
import { negated, openOwed, owedArgs, owedLineArgs, postOwedDocument } from './owed-document.ts'
import { refuse } from './refusals.ts'

export const recordExpense = command('accounting.recordExpense', {
  kind: 'fact',
  version: 1,
  permission: 'accounting.recordExpense',
  args: {
    ...owedArgs,
    paidFrom: code(),
    lines: list({ ...owedLineArgs, item: ref('masters.item').optional(), purpose: code() }),
  },
  run(ctx, a) {
    a.lines.forEach((line, at) => {
      if (line.quantity === 0) refuse(ctx, 'accounting.quantity-zero', { line: at })
      if (line.rate < 0) refuse(ctx, 'accounting.price-negative', { line: at })
    })
    const opened = openOwed(ctx, a, { table: expense, label: 'expense', series: 'E', purpose: a.paidFrom })
    if (opened === null) return
    const { header, amounts, total, owed } = opened
    ctx.insert(expense, { ...header, paidFrom: a.paidFrom })
    a.lines.forEach(({ item, about, purpose, quantity, rate }, position) => {
      ctx.insert(expenseLine, {
        id: ctx.id(`line/${position}`),
        document: header.id,
        position,
        item: item ?? null,
        about,
        purpose,
        quantity,
        rate,
        amount: amounts[position] ?? amountMinor(0),
      })
    })
    postOwedDocument(ctx, a, opened, {
      table: expense,
      lines: [
        ...a.lines.map((line, at) => ({ purpose: line.purpose, amount: amounts[at] ?? amountMinor(0) })),
        { purpose: a.paidFrom, amount: negated(total), party: owed.isOwing ? (a.party ?? null) : null },
      ],
      amount: negated(total),
    })
  },
})
