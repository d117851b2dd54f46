// The drawer opened without a sale. No money moves; that it happened, when and why is what a supervisor looks for.
import { amountMinor } from '../../kernel/amount.ts'
import { command } from '../../kernel/command.ts'
import { text } from '../../kernel/field.ts'
import { movementArgs, moveCash } from './move-cash.ts'

export const openDrawer = command('pos.openDrawer', {
  kind: 'fact',
  version: 1,
  permission: 'pos.cash',
  args: { ...movementArgs, reason: text(200) },
  run(ctx, a) {
    moveCash(ctx, { ...a, kind: 'no-sale', amount: amountMinor(0), method: 'cash', purpose: null, cashKind: null })
  },
})
