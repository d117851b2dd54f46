// Notes taken from the drawer to the safe during a shift. It never closes or counts anything.
import { amountMinor } from '../../kernel/amount.ts'
import { command } from '../../kernel/command.ts'
import { amount, code, text } from '../../kernel/field.ts'
import { movementArgs, moveCash, positive } from './move-cash.ts'

export const safeDrop = command('pos.safeDrop', {
  kind: 'fact',
  version: 1,
  permission: 'pos.cash',
  args: { ...movementArgs, amount: amount(), method: code().optional(), reason: text(200).optional() },
  run(ctx, a) {
    const taken = amountMinor(-positive(ctx, a.amount))
    moveCash(ctx, {
      ...a,
      kind: 'drop',
      cashKind: 'drop',
      amount: taken,
      method: a.method ?? 'cash',
      reason: a.reason ?? 'drop',
      purpose: 'safe',
    })
  },
})
