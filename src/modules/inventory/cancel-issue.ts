// Undoes an issue that was written wrongly: the goods are in the store again.
import { command } from '../../kernel/command.ts'
import { date, ref, text } from '../../kernel/field.ts'
import { issue } from './issue.ts'
import { reverseStock } from './reverse.ts'

export const cancelIssue = command('inventory.cancelIssue', {
  kind: 'request',
  version: 1,
  permission: 'inventory.cancel',
  args: { issue: ref('inventory.issue'), businessDate: date(), reason: text(200) },
  run(ctx, a) {
    const header = reverseStock(ctx, {
      table: issue,
      id: a.issue,
      businessDate: a.businessDate,
      serialsBecome: 'in-stock',
    })
    if (header !== null) ctx.describe({ number: header.number, reason: a.reason })
  },
})
