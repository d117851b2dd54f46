// Money put into the drawer that no customer paid: change from the safe, a correction. It always says why.
import { command } from '../../kernel/command.ts'
import { amount, code } from '../../kernel/field.ts'
import { cashInReasons, purposeOfReason } from './cash-movement.ts'
import { movementArgs, moveCash, positive } from './move-cash.ts'

export const cashIn = command('pos.cashIn', {
  kind: 'fact',
  version: 1,
  permission: 'pos.cash',
  args: { ...movementArgs, amount: amount(), method: code().optional(), reason: code(cashInReasons) },
  run(ctx, a) {
    const purpose = purposeOfReason[a.reason]
    moveCash(ctx, {
      ...a,
      kind: 'in',
      cashKind: 'in',
      amount: positive(ctx, a.amount),
      method: a.method ?? 'cash',
      purpose,
    })
  },
})
