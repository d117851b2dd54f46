// Money taken out of the drawer that goes to no customer: petty cash, change to the safe. It always says why.
import { amountMinor } from '../../kernel/amount.ts'
import { command } from '../../kernel/command.ts'
import { amount, code } from '../../kernel/field.ts'
import { cashOutReasons, purposeOfReason } from './cash-movement.ts'
import { movementArgs, moveCash, positive } from './move-cash.ts'

export const cashOut = command('pos.cashOut', {
  kind: 'fact',
  version: 1,
  permission: 'pos.cash',
  args: { ...movementArgs, amount: amount(), method: code().optional(), reason: code(cashOutReasons) },
  run(ctx, a) {
    const taken = amountMinor(-positive(ctx, a.amount))
    moveCash(ctx, {
      ...a,
      kind: 'out',
      cashKind: 'out',
      amount: taken,
      method: a.method ?? 'cash',
      purpose: purposeOfReason[a.reason],
    })
  },
})
