// A receipt printed again, marked as a copy. The receipt is made from the stored sale: this only says that it was done.
import { amountMinor } from '../../kernel/amount.ts'
import { command } from '../../kernel/command.ts'
import { ref, text } from '../../kernel/field.ts'
import { refuse } from './guard.ts'
import { movementArgs, moveCash } from './move-cash.ts'
import { sale } from './sale.ts'

export const reprintReceipt = command('pos.reprintReceipt', {
  kind: 'fact',
  version: 1,
  permission: 'pos.sell',
  args: { ...movementArgs, sale: ref('pos.sale'), reason: text(200) },
  run(ctx, a) {
    if (ctx.get(sale, a.sale, { soft: true }) === null) refuse(ctx, 'pos.unknown-sale', { sale: a.sale })
    moveCash(ctx, { ...a, kind: 'reprint', amount: amountMinor(0), method: 'cash', purpose: null, cashKind: null })
  },
})
